"""Exercise 2.2. The table of who may look at whom."""

import random
from typing import Any

from jaxtyping import Bool
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def any_length(draw: random.Random) -> tuple:
    """A number of positions."""
    return (draw.randint(1, 80),)


def who_is_wrong(
    again: Any, args: tuple, expected: Bool[Tensor, "T T"]
) -> str | None:
    """A rule: what the first wrong row allows, and what it should."""
    found = again(*args)
    t = int((found ^ expected).any(dim=1).nonzero()[0, 0])
    allows = _places(found[t])
    return (
        f"position {t} may look at {allows}, and should at "
        f"{_places(expected[t])}"
    )


def _places(row: Bool[Tensor, " T"]) -> str:
    """Which places are True, in words."""
    places = row.nonzero().flatten().tolist()
    if not places:
        return "nothing"
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{places[0]} to {places[-1]}"
    more = ", ..." if len(places) > 6 else ""
    return ", ".join(map(str, places[:6])) + more


EXERCISE = Exercise(
    number="2.2",
    title="Who may look at whom",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
Write `allowed(T)`: a $T \\times T$ tensor of `True` and `False` whose
entry $[t, s]$ says whether position $t$ may look at position $s$.
A position sees itself and everything before it.""",
    starter='''\
def allowed(T):
    """True where row t may look at column s."""
    return ...''',
    target="allowed",
    solution='''\
def allowed(T):
    """True where row t may look at column s."""
    return torch.ones(T, T, dtype=torch.bool).tril()''',
    cases=lambda: [(5,), (1,), (2,), (70,)],
    domain=any_length,
    rules=(who_is_wrong,),
    wrong=(
        slip(
            "triu is used for tril: each position sees its future",
            "Row t is the one that looks, column s what it looks at: keep "
            "s <= t.",
            ".tril()",
            ".triu()",
        ),
        slip(
            "a position does not see itself",
            "Its own place is allowed: the diagonal belongs to it.",
            ".tril()",
            ".tril(-1)",
        ),
        slip(
            "a position also sees the next one",
            "The diagonal is the last column that is allowed: no tril(1).",
            ".tril()",
            ".tril(1)",
        ),
        slip(
            "the mask says what is forbidden",
            "True should mean allowed: turn it round with ~.",
            "return torch.ones(T, T, dtype=torch.bool).tril()",
            "return ~torch.ones(T, T, dtype=torch.bool).tril()",
        ),
        slip(
            "the mask holds ones and zeros instead of True and False",
            "dtype=torch.bool, or compare: positions <= others.",
            "torch.ones(T, T, dtype=torch.bool)",
            "torch.ones(T, T)",
        ),
        slip(
            "everything is allowed",
            "Cut off what lies above the diagonal.",
            ".tril()",
            "",
        ),
        slip(
            "nothing is allowed",
            "Start from ones: tril keeps what is there.",
            "torch.ones",
            "torch.zeros",
        ),
        slip(
            "a position sees only itself",
            "Everything before it is allowed too.",
            ".tril()",
            ".tril().triu()",
        ),
        slip(
            "a position sees itself and only the one before it",
            "Everything before it is allowed, however far back.",
            ".tril()",
            ".tril().triu(-1)",
        ),
        slip(
            "these are the numbers that are added to scores, 0 and -inf",
            "The task wants True and False: dtype=torch.bool.",
            "return torch.ones(T, T, dtype=torch.bool).tril()",
            "return torch.full((T, T), -math.inf).triu(1)",
        ),
        slip(
            "the triangle is mirrored: position 0 sees everything, or the "
            "table is counted from its other end",
            "Row t has True in the columns 0 ... t.",
            ".tril()",
            ".tril().fliplr()",
        ),
        slip(
            "the rows come in the opposite order",
            "Row 0 is the first position: it sees only itself.",
            ".tril()",
            ".tril().flipud()",
        ),
    ),
    hints=(
        "Write the table for T = 3 on paper first: row 0 has one True.",
        "`torch.ones(T, T, dtype=torch.bool)` and its lower triangle; or "
        "compare `torch.arange(T)` with itself.",
        "`.tril()` keeps the diagonal and what lies below it.",
    ),
    why="""\
Row $t$ has `True` in the columns $0 ... t$, which is the lower triangle.
The diagonal is in it, so that every row keeps at least one position and
the softmax has something to share out.""",
)
