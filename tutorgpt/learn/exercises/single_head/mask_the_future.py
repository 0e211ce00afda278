"""Exercise 2.2. The table of who may look at whom."""

from tutorgpt.learn.check.exercise import Exercise, slip

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
    cases=lambda: [(1,), (2,), (5,), (8,)],
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
