"""Exercise 5.3. What a residual path is worth after twelve blocks."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="5.3",
    title="What the plus sign is worth",
    kind="explain",
    difficulty="medium",
    importance=3,
    task="""\
Suppose each of 12 blocks computes $f(x) = 0.5 x$.
A plain stack multiplies the gradient by $f'$ at each block; with a path,
$x + f(x)$, the factor is another one.
How many *times* larger is the gradient at the bottom with the path?""",
    starter="times_larger = ...",
    target="times_larger",
    solution="times_larger = (1 + 0.5) ** 12 / 0.5**12",
    wrong=(
        slip(
            "the derivatives of the 12 functions were added to 1, as if there "
            "were one path around all of them",
            "x + f(x) stands in every block: (1 + 0.5) ** 12.",
            "(1 + 0.5) ** 12 /",
            "(1 + 0.5 * 12) /",
        ),
        slip(
            "this is what is left of the gradient in the plain stack",
            "Divide the gradient with the path by the one without it.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "0.5**12",
        ),
        slip(
            "this is the gradient with the path alone",
            "Compare it with what the plain stack leaves: divide.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) ** 12",
        ),
        slip(
            "the ratio of one block was multiplied by 12",
            "Factors of blocks in a row multiply: a power.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "12 * (1 + 0.5) / 0.5",
        ),
        slip(
            "the path's factor was taken for 1",
            "The derivative of x + f(x) is 1 + f'.",
            "(1 + 0.5)",
            "(1)",
        ),
        slip(
            "the ratio is upside down",
            "With the path over without it.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "0.5**12 / (1 + 0.5) ** 12",
        ),
        slip(
            "the two were subtracted",
            "How many times: the gradient with the path over that without.",
            "** 12 / 0.5**12",
            "** 12 - 0.5**12",
        ),
        slip(
            "the two were multiplied",
            "How many times: the gradient with the path over that without.",
            "** 12 / 0.5**12",
            "** 12 * 0.5**12",
        ),
        slip(
            "the factors of the blocks were added",
            "Factors of blocks in a row multiply: a power.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "12 * (1 + 0.5)",
        ),
        slip(
            "one block was left out",
            "There are 12 of them in a row.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) ** 11 / 0.5**11",
        ),
        slip(
            "one block too many was counted",
            "There are 12 of them in a row.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) ** 13 / 0.5**13",
        ),
        slip(
            "each block was counted twice",
            "In this exercise a block has one function and one path.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) ** 24 / 0.5**24",
        ),
        slip(
            "the logarithm of the answer was given",
            "How many times: the ratio itself.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "math.log((1 + 0.5) ** 12 / 0.5**12)",
        ),
        slip(
            "1 was added to the whole of the plain stack, not to each block",
            "x + f(x) stands in every block: (1 + 0.5) ** 12.",
            "(1 + 0.5) ** 12",
            "(1 + 0.5**12)",
        ),
        slip(
            "that is the factor of one block: the others were not counted, "
            "or their factors were added",
            "There are 12 of them in a row, and their factors multiply.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) / 0.5",
        ),
        slip(
            "only 6 of the 12 blocks were counted",
            "All 12 stand in a row: twelve factors.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) ** 6 / 0.5**6",
        ),
        slip(
            "base and exponent are exchanged: 12 to the power of 3",
            "A factor of 3 for each of 12 blocks.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "12 ** ((1 + 0.5) / 0.5)",
        ),
        slip(
            "this is the number of blocks",
            "Each of them has a factor with the path and one without it.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "12",
        ),
        slip(
            "the factors with the path were added, and those without it "
            "multiplied",
            "Factors of blocks in a row multiply, both times.",
            "(1 + 0.5) ** 12 /",
            "12 * (1 + 0.5) /",
        ),
    ),
    landmarks=(
        (1.0, "no difference at all"),
        (1.5**12, "1.5 ** 12, the gradient with the path alone"),
        (4096.0, "2 ** 12, if the path's factor were 1 and not 1 + f'"),
    ),
    hints=(
        "What is the derivative of $x + f(x)$?",
        "1.5 with the path, 0.5 without; twelve of them multiply.",
        "`(1.5 / 0.5) ** 12`.",
    ),
    why="""\
Each block is $1.5 / 0.5 = 3$ times better, and $3^{12} = 531{,}441$.
The plain stack leaves 0.00024 of the gradient; the path adds 1 to every
factor, so a small $f'$ can no longer make it vanish.""",
)
