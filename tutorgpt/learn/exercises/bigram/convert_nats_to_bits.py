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
