"""Exercise 6.5. How often training meets each character."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="6.5",
    title="Knowing a text by heart",
    kind="explain",
    difficulty="medium",
    importance=3,
    task="""\
LARGE trains 5,000 steps of 64 sequences of 256 characters.
*Songci* has 2,063,345 characters, of which nine tenths are for training.
How often does the model meet each of these, on average?
Give three digits.""",
    starter="times_read = ...",
    target="times_read",
    solution="times_read = 5000 * 64 * 256 / (0.9 * 2063345)",
    wrong=(
        slip(
            "the part for validation is read as well",
            "Only nine tenths are for training.",
            "(0.9 * 2063345)",
            "2063345",
        ),
        slip(
            "nine tenths were taken of what is read, not of the text",
            "Divide what is read by 0.9 * 2,063,345.",
            "/ (0.9 * 2063345)",
            "* 0.9 / 2063345",
        ),
        slip(
            "a sequence was taken for 255 characters",
            "Each of its 256 characters is read.",
            "256",
            "255",
        ),
        slip(
            "a sequence was taken for 257 characters",
            "256 are read; the last target is not.",
            "256",
            "257",
        ),
        slip(
            "the batch was taken for 32 sequences",
            "LARGE has 64 of them in a batch.",
            "64",
            "32",
        ),
        slip(
            "one step alone was counted",
            "There are 5,000 steps.",
            "5000 * 64",
            "64",
        ),
        slip(
            "a sequence was counted as one character, and the steps as one "
            "sequence each",
            "Each step reads 64 sequences of 256.",
            "5000 * 64 * 256",
            "5000",
        ),
        slip(
            "a sequence was counted as one character",
            "Each sequence holds 256 of them.",
            "64 * 256",
            "64",
        ),
        slip(
            "a step was counted as one sequence",
            "A batch has 64 sequences.",
            "64 * 256",
            "256",
        ),
        slip(
            "the ratio is upside down",
            "Characters read, divided by characters there are.",
            "5000 * 64 * 256 / (0.9 * 2063345)",
            "(0.9 * 2063345) / (5000 * 64 * 256)",
        ),
        slip(
            "these are the characters it reads, not how often each",
            "Divide by the characters that there are to read.",
            " / (0.9 * 2063345)",
            "",
        ),
        slip(
            "the tenth for validation was taken for the training part",
            "Nine tenths are for training.",
            "0.9",
            "0.1",
        ),
        slip(
            "this is the number of steps",
            "How often each character is met: 64 * 256 are read at each "
            "step, and there are 0.9 * 2,063,345.",
            "5000 * 64 * 256 / (0.9 * 2063345)",
            "5000",
        ),
        slip(
            "this is the number of sequences that are read",
            "Times 256 characters each, divided by those there are.",
            "5000 * 64 * 256 / (0.9 * 2063345)",
            "5000 * 64",
        ),
        slip(
            "this is nine tenths of the number of steps",
            "The nine tenths belong to the text: 0.9 * 2,063,345.",
            "5000 * 64 * 256 / (0.9 * 2063345)",
            "5000 * 0.9",
        ),
        slip(
            "the characters for training were divided by the steps",
            "The other way round: characters read, divided by those there "
            "are.",
            "5000 * 64 * 256 / (0.9 * 2063345)",
            "0.9 * 2063345 / 5000",
        ),
    ),
    landmarks=(
        (1.0, "each character once, which takes 114 of the 5,000 steps"),
        (5000.0, "the whole text at every step"),
    ),
    hints=(
        "How many characters does one step read?",
        "64 * 256 a step, 5,000 steps.",
        "Divide by 0.9 * 2,063,345.",
    ),
    why="""\
It reads $5000 \\cdot 64 \\cdot 256 \\approx 81.9$ million characters and
meets each of the 1,857,010 about 44 times.
At the best use of a budget, Hoffmann et al. (2022) arrive at about twenty
tokens per parameter, for pieces of words and far larger models; here that
would be 309 million *different* characters, 150 times the corpus.""",
)
