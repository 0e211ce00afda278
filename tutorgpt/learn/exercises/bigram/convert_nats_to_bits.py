"""Exercise 1.1. One loss in two units."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="1.1",
    title="Nats and bits",
    kind="explain",
    difficulty="easy",
    importance=2,
    task="""\
The loss of a fair coin is $\\ln 2 \\approx 0.693$ nats, which is one bit.
How many *bits* per character are the 2.493 nats of the pair counts?
Compute it in the cell, to three decimals or more.""",
    starter="bits = ...",
    target="bits",
    solution="bits = 2.493 / math.log(2)",
    wrong=(
        slip(
            "you divided by 0.963, with two digits exchanged",
            "ln 2 is 0.693; math.log(2) has no digits to mistype.",
            "math.log(2)",
            "0.963",
        ),
        slip(
            "you took the logarithm of the loss twice",
            "The loss is already a logarithm; only its unit changes.",
            "2.493 / math.log(2)",
            "math.log2(math.log(2.493))",
        ),
        slip(
            "you multiplied by ln 2 where you have to divide",
            "A bit is smaller than a nat, so there must be more of them.",
            "/",
            "*",
        ),
        slip(
            "you divided by ln 10: these are decimal digits, not bits",
            "A bit has two outcomes: take the logarithm of 2.",
            "math.log(2)",
            "math.log(10)",
        ),
        slip(
            "you took e to the power of the loss, the perplexity",
            "That says among how many equally likely characters the model "
            "hesitates; only the unit should change here.",
            "2.493 / math.log(2)",
            "math.exp(2.493)",
        ),
        slip(
            "you divided by 2 and not by its logarithm",
            "One bit is ln 2 nats, not 2 nats.",
            "math.log(2)",
            "2",
        ),
        slip(
            "you took the logarithm of the loss itself",
            "The loss is already a logarithm; only its unit changes.",
            "2.493 / math.log(2)",
            "math.log2(2.493)",
        ),
        slip(
            "you took the natural logarithm of the loss itself",
            "The loss is already a logarithm; only its unit changes.",
            "2.493 / math.log(2)",
            "math.log(2.493)",
        ),
        slip(
            "you divided by log10(2), which is 0.301",
            "The loss is in nats: one bit is ln 2 = 0.693 of them.",
            "math.log(2)",
            "math.log10(2)",
        ),
        slip(
            "you took 2 to the power of the loss",
            "That is a number of choices; only the unit should change here.",
            "2.493 / math.log(2)",
            "2 ** 2.493",
        ),
        slip(
            "this is the loss in nats still",
            "How many bits is one nat?",
            " / math.log(2)",
            "",
        ),
        slip(
            "the fraction stands upside down: bits per nat needs the loss on "
            "top",
            "Divide the loss by the nats of one bit.",
            "2.493 / math.log(2)",
            "math.log(2) / 2.493",
        ),
        slip(
            "you multiplied by 2",
            "One bit is ln 2 nats; divide by that.",
            "/ math.log(2)",
            "* 2",
        ),
        slip(
            "you multiplied by 8, the bits of a byte",
            "How a character is stored does not matter here: only the unit "
            "of the loss changes.",
            "/ math.log(2)",
            "* 8",
        ),
        slip(
            "ln 2 is added where you have to divide by it",
            "Units are changed by a factor, not by a sum.",
            "/",
            "+",
        ),
        slip(
            "ln 2 is subtracted where you have to divide by it",
            "Units are changed by a factor, not by a difference.",
            "/",
            "-",
        ),
    ),
    landmarks=(
        (2.493, "the loss in nats, of which a bit is only a part"),
        (6.109, "log2(69), what equal shares for all 69 characters cost"),
    ),
    hints=(
        "How many nats is one bit? The task says it.",
        "Divide the loss by the nats of one bit.",
        "`bits = 2.493 / math.log(2)`, with `import math`.",
    ),
    why="""\
One bit is $\\ln 2$ nats, so 2.493 nats are about 3.60 bits.
Nats and bits measure one thing in two units, as metres and feet do.""",
)
