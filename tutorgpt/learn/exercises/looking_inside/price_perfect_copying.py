"""Exercise 7.3. The loss of a model that copies perfectly."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="7.3",
    title="What perfect copying costs",
    kind="explain",
    difficulty="medium",
    importance=3,
    task="""\
A text has 32 characters: 16 different ones, drawn evenly from 69, and then
the same 16 again.
A model sees it character by character, predicts the 2nd to the 32nd, and
copies perfectly: as soon as the character in front of it has come before,
it is certain, and right.
What is its mean loss over the 31 predictions, in nats, if everywhere else
it gives all 69 the same probability?""",
    starter="mean_loss = ...",
    target="mean_loss",
    solution="""\
import math

mean_loss = 16 * math.log(69) / 31""",
    wrong=(
        slip(
            "the last uncertain prediction was priced with ln 16",
            "It gives all 69 the same probability there too.",
            "16 * math.log(69)",
            "(15 * math.log(69) + math.log(16))",
        ),
        slip(
            "each new character was taken to leave one fewer to guess from",
            "It gives all 69 the same probability each time: one that was "
            "drawn is not ruled out.",
            "16 * math.log(69)",
            "sum(math.log(69 - i) for i in range(16))",
        ),
        slip(
            "this is a probability, not its -ln",
            "A loss is -ln of the probability, and the mean is over 31.",
            "16 * math.log(69) / 31",
            "1 / 69",
        ),
        slip(
            "the first character of the second half was free",
            "Before it stands the 16th character, which is new: nothing to "
            "copy yet.",
            "16 *",
            "15 *",
        ),
        slip(
            "this is half of ln 69, as if 16 of 32 or 15 of 30 predictions "
            "were uncertain",
            "There are 31, since nobody predicts the first character, and 16 "
            "of them are uncertain.",
            "/ 31",
            "/ 32",
        ),
        slip(
            "the result is in bits",
            "Nats want the natural logarithm.",
            "math.log(69)",
            "math.log2(69)",
        ),
        slip(
            "only what is lost in the first half was averaged",
            "The certain predictions count as well, each with a loss of 0.",
            "/ 31",
            "/ 16",
        ),
        slip(
            "one prediction too many is paid for",
            "The 18th can be copied: before it stands the 17th, which has "
            "come before.",
            "16 *",
            "17 *",
        ),
        slip(
            "guessing among 16 characters was priced",
            "It gives all 69 the same probability, not knowing which 16.",
            "math.log(69)",
            "math.log(16)",
        ),
        slip(
            "the logarithm is the one to the base 10",
            "Nats want the natural logarithm: math.log.",
            "math.log(69)",
            "math.log10(69)",
        ),
        slip(
            "the losses were added up and not averaged",
            "Divide by the number of predictions.",
            " / 31",
            "",
        ),
        slip(
            "this is the share of uncertain predictions, without their price",
            "Each of them costs -ln of its probability, ln 69.",
            "16 * math.log(69) / 31",
            "15 / 31",
        ),
        slip(
            "two predictions too few are paid for",
            "The 2nd to the 17th are uncertain: count them.",
            "16 *",
            "14 *",
        ),
        slip(
            "the mean is taken over 30 predictions",
            "The 2nd to the 32nd are 31.",
            "/ 31",
            "/ 30",
        ),
        slip(
            "one of the 69 is ruled out each time",
            "It gives all 69 the same probability.",
            "math.log(69)",
            "math.log(68)",
        ),
        slip(
            "the sign is missing: a logarithm of a probability is "
            "negative, a loss is not",
            "A loss is -ln p.",
            "mean_loss = ",
            "mean_loss = -",
        ),
        slip(
            "each certain prediction is priced at 1 nat",
            "Who is certain and right pays -ln 1 = 0.",
            "16 * math.log(69)",
            "(16 * math.log(69) + 15)",
        ),
        slip(
            "15 predictions are priced at ln 69 and the 16 others at 1 nat",
            "16 are uncertain, and who is certain and right pays -ln 1 = 0.",
            "16 * math.log(69)",
            "(15 * math.log(69) + 16)",
        ),
        slip(
            "15 uncertain predictions were priced, each with one character "
            "fewer to guess from",
            "There are 16, and one that was drawn is not ruled out: all 69 "
            "have the same probability each time.",
            "16 * math.log(69)",
            "sum(math.log(69 - i) for i in range(1, 16))",
        ),
        slip(
            "every prediction was taken to be certain",
            "A character can be copied only when the one in front of it has "
            "come before: not in the first half.",
            "16 *",
            "0 *",
        ),
        slip(
            "this is the share of uncertain predictions, 16 of 31, without "
            "their price",
            "Each of them costs -ln of its probability, ln 69.",
            "16 * math.log(69) / 31",
            "16 / 31",
        ),
        slip(
            "all 31 predictions are priced as uncertain, and divided by 32",
            "The 18th to the 32nd can be copied, and cost nothing.",
            "16 * math.log(69) / 31",
            "31 * math.log(69) / 32",
        ),
    ),
    landmarks=(
        (0.137, "ln 69 / 31, if a single prediction is uncertain"),
        (2.117, "half of ln 69, if just as many are certain as uncertain"),
        (4.234, "ln 69, if none is certain"),
    ),
    hints=(
        "Which predictions are certain? Those after a character that has "
        "come before.",
        "The characters 17 to 31 have come before; the 1st to 16th have not.",
        "16 predictions cost ln 69 each, and 15 cost nothing.",
    ),
    why="""\
The 17th character is the first that has come before, so the 18th is the
first that can be known: 16 predictions cost $\\ln 69 \\approx 4.23$ and 15
are free, 2.19 nats in the mean.
In the second half alone the chapter's two layers pay about 0.3 nats where
this copier pays nothing, and the Shakespeare model pays nearly
nine.""",
)
