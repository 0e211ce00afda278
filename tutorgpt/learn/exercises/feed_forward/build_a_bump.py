"""Exercise 4.2. A tent-shaped curve from three ReLUs."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="4.2",
    title="A bump from three neurons",
    kind="write",
    difficulty="medium",
    importance=3,
    task="""\
Write `bump(z)` as a weighted sum of three ReLUs: zero for inputs below 0,
rising to 1 at 1, back to zero at 2, and zero ever after.
What do many bumps side by side tell you about neurons and curves?""",
    starter='''\
def bump(z):
    """A tent between 0 and 2, from three neurons."""
    return ...''',
    target="bump",
    solution='''\
def bump(z):
    """A tent between 0 and 2, from three neurons."""
    return z.relu() - 2 * (z - 1).relu() + (z - 2).relu()''',
    cases=lambda: [
        (torch.linspace(-1, 4, 11),),
        (torch.linspace(-3, 7, 40).view(4, 10),),
        (torch.tensor([1.0]),),
    ],
    wrong=(
        slip(
            "the second neuron only stops the rise: the bump never comes down",
            "At 1 the slope has to change from +1 to -1, by -2.",
            "2 * (z - 1)",
            "1 * (z - 1)",
        ),
        slip(
            "the third neuron is missing: the curve falls for ever",
            "At 2 the slope has to become 0 again.",
            " + (z - 2).relu()",
            "",
        ),
        slip(
            "the third neuron bends too far: the curve rises again",
            "The slope before 2 is -1, and one unit brings it to 0.",
            " + (z - 2).relu()",
            " + 2 * (z - 2).relu()",
        ),
        slip(
            "the bends lie on the other side of zero",
            "(z - 1).relu() begins at 1, (z + 1).relu() at -1.",
            "z - 1",
            "z + 1",
            "z - 2",
            "z + 2",
        ),
        slip(
            "the first neuron has no bend, so the left side is not flat",
            "Below 0 nothing may come through: z.relu().",
            "z.relu()",
            "z",
        ),
        slip(
            "the bump hangs upside down",
            "It rises to +1.",
            "return z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "return -z.relu() + 2 * (z - 1).relu() - (z - 2).relu()",
        ),
    ),
    hints=(
        "Each neuron changes the slope once, at its bend.",
        "The slope must be 0, then +1, then -1, then 0: changes of +1, -2 "
        "and +1.",
        "`z.relu() - 2 * (z - 1).relu() + ...`",
    ),
    why="""\
The slope changes by $+1$ at 0, by $-2$ at 1 and by $+1$ at 2.
A row of bumps of any height is any polyline you like, so neurons can
follow any continuous curve as closely as you want, one bend each.""",
)
