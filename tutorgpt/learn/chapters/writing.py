"""Exercises of chapter 8: repetition counted, and a cache in bytes."""

from typing import Any

import torch

from tutorgpt.learn.exercise import Exercise, slip


def texts() -> list[tuple]:
    """Batches (B, T) of tokens from few kinds, and the length of a run."""
    g = torch.Generator().manual_seed(92)
    return [
        (torch.tensor([[1, 2, 1, 2, 1], [2, 1, 2, 1, 1]]), 2),
        (torch.randint(3, (4, 12), generator=g), 3),
        (torch.randint(2, (3, 15), generator=g), 4),
        (torch.randint(4, (1, 20), generator=g), 2),
        (torch.randint(3, (5, 9), generator=g), 1),
    ]


def whole_and_circle(again: Any, args: tuple, expected: float) -> str | None:
    """A rule: 1 where nothing repeats, and what a circle of 2 must give."""
    fresh = again(torch.arange(12).view(2, 6), 2)
    if abs(float(fresh) - 1) > 1e-6:
        return (
            "two rows of 6 different tokens repeat no run of 2, so they "
            f"should give 1, and give {float(fresh):.3f}"
        )
    circle = again(torch.tensor([[1, 2] * 4]), 2)
    if abs(float(circle) - 2 / 7) > 1e-6:
        return (
            "1 2 1 2 1 2 1 2 has 7 runs of 2, of which 2 are different, "
            f"and gives {float(circle):.3f} instead of 0.286"
        )
    return None


DISTINCT = Exercise(
    number="8.5",
    title="How much of it is new",
    kind="write",
    difficulty="easy",
    importance=3,
    task="""\
The chapter joins the rows of a batch before it counts, so some of its runs
begin in one text and end in the next.
Write `distinct_in(rows, n)` for `rows` $(B, T)$ without that slip: the
number of different runs of $n$ tokens in all rows together, divided by the
number of all runs that lie *within* a row.""",
    starter='''\
def distinct_in(rows, n):
    """Share of different runs of n among all runs within the rows."""
    return ...''',
    target="distinct_in",
    solution='''\
def distinct_in(rows, n):
    """Share of different runs of n among all runs within the rows."""
    runs = rows.unfold(1, n, 1).flatten(0, 1)
    different = {tuple(run) for run in runs.tolist()}
    return len(different) / len(runs)''',
    cases=texts,
    labels=("rows", "n ="),
    rules=(whole_and_circle,),
    wrong=(
        slip(
            "the rows are joined: some runs begin in one text and end in "
            "the next",
            "unfold along axis 1, and flatten only then.",
            "rows.unfold(1, n, 1).flatten(0, 1)",
            "rows.flatten().unfold(0, n, 1)",
        ),
        slip(
            "the runs do not overlap: every n-th place begins one",
            "A run begins at every token: step 1.",
            "unfold(1, n, 1)",
            "unfold(1, n, n)",
        ),
        slip(
            "single tokens are counted, whatever n is",
            "A run is n tokens in a row.",
            "unfold(1, n, 1)",
            "unfold(1, 1, 1)",
        ),
        slip(
            "the runs are one token too short",
            "range(n) has n numbers; a slice [t : t + n] has n tokens.",
            "unfold(1, n, 1)",
            "unfold(1, max(1, n - 1), 1)",
        ),
        slip(
            "it is divided by the number of tokens, not of runs",
            "A row of T tokens has T - n + 1 runs.",
            "/ len(runs)",
            "/ rows.numel()",
        ),
        slip(
            "the last run of each row is forgotten",
            "The last run begins at T - n: range(T - n + 1).",
            "unfold(1, n, 1).flatten(0, 1)",
            "unfold(1, n, 1)[:, :-1].flatten(0, 1)",
        ),
        slip(
            "the share of repeated runs is given",
            "The share of different ones is 1 minus that.",
            "return len(different) / len(runs)",
            "return 1 - len(different) / len(runs)",
        ),
        slip(
            "only runs that occur a single time are counted",
            "A run that comes back is still one different run.",
            "return len(different)",
            "written = [tuple(run) for run in runs.tolist()]\n"
            "    return sum(written.count(run) == 1 for run in written)",
        ),
        slip(
            "runs of the same tokens in another order count as one",
            "Order matters: compare tuples, not sets.",
            "tuple(run) for run",
            "tuple(sorted(run)) for run",
        ),
        slip(
            "each row is counted by itself, and the mean is taken",
            "A run that stands in two rows is one different run.",
            "return len(different) / len(runs)",
            "by_row = rows.unfold(1, n, 1).tolist()\n"
            "    return sum(len(set(map(tuple, row))) / len(row)"
            " for row in by_row) / len(by_row)",
        ),
        slip(
            "the number of different runs is given, not their share",
            "Divide by the number of all runs.",
            " / len(runs)",
            "",
        ),
    ),
    hints=(
        "Write the runs of 1 2 1 2 1 for n = 2 on paper: there are four.",
        "`rows.unfold(1, n, 1)` gives all runs of every row, "
        "$(B, T - n + 1, n)$.",
        "Make each run a tuple and put them into a set: a set keeps one of "
        "each.",
    ),
    why="""\
`unfold(1, n, 1)` lays a window of $n$ over each row, one step at a time,
and never reaches from one row into the next.
A set of tuples forgets copies, and the rows share it, so that a batch which
writes the same text five times is called what it is.
The chapter's eight rows of 501 tokens have 3,952 runs of eight; joining
them adds 49 that nobody wrote, and at temperature 0.2 the share becomes
0.303 where it is 0.295.""",
)


def in_proportion(again: Any, args: tuple, expected: float) -> str | None:
    """A rule: twice as much of one thing takes twice the memory."""
    names = ("B", "T", "C", "L", "H", "size")
    for n, name in enumerate(names):
        doubled = tuple(2 * a if i == n else a for i, a in enumerate(args))
        factor = again(*doubled) / again(*args)
        wanted = 1 if name == "H" else 2
        if abs(factor - wanted) > 1e-3:
            return (
                f"twice the {name}, with the rest as it is, should take "
                f"{wanted} times the bytes, and takes {factor:.2f} times"
            )
    return None


BYTES = Exercise(
    number="8.6",
    title="What remembering costs",
    kind="explain",
    difficulty="easy",
    importance=4,
    task="""\
Write `cache_bytes(B, T, C, L, H, size)`: the bytes that the cache takes for
$B$ texts of $T$ tokens, in a model of $L$ layers with $C$ channels and $H$
heads, when one number takes `size` bytes.
Then: how many texts of 256 tokens does LARGE ($C = 384$, $L = 6$, 4 bytes)
write at once in a memory of $8 \\cdot 10^9$ bytes?""",
    starter='''\
def cache_bytes(B, T, C, L, H, size):
    """Bytes that the keys and values of B texts of T tokens take."""
    return ...''',
    target="cache_bytes",
    solution='''\
def cache_bytes(B, T, C, L, H, size):
    """Bytes that the keys and values of B texts of T tokens take."""
    keys = B * T * C
    values = B * T * C
    return L * (keys + values) * size''',
    cases=lambda: [
        (1, 32, 32, 3, 4, 4),
        (5, 7, 12, 2, 3, 4),
        (64, 256, 384, 6, 6, 4),
        (3, 11, 8, 5, 2, 2),
    ],
    rules=(in_proportion,),
    wrong=(
        slip(
            "only the keys are kept, not the values",
            "A later token asks for both: two tensors.",
            "(keys + values)",
            "keys",
        ),
        slip(
            "only one layer is counted",
            "Every layer has keys and values of its own.",
            "return L * ",
            "return ",
        ),
        slip(
            "these are numbers, not bytes",
            "One number takes `size` bytes.",
            " * size",
            "",
        ),
        slip(
            "these are bits",
            "`size` is in bytes already.",
            " * size",
            " * size * 8",
        ),
        slip(
            "the heads are counted on top of the channels",
            "The heads share the C channels: H x D = C.",
            "return L",
            "return H * L",
        ),
        slip(
            "only one head is counted",
            "H heads of D numbers are C numbers together.",
            "return L * (keys + values) * size",
            "return L * (keys + values) * size // H",
        ),
        slip(
            "the attention weights are kept, T x T numbers a head",
            "They belong to one query; what is asked again are keys and "
            "values.",
            "keys = B * T * C",
            "keys = B * H * T * T",
            "values = B * T * C",
            "values = 0",
        ),
        slip(
            "the queries are kept as well",
            "No later token asks for an old query.",
            "(keys + values)",
            "(keys + values + B * T * C)",
        ),
        slip(
            "only one text is counted",
            "B texts are written at once, and each has its own past.",
            "B * T * C",
            "T * C",
        ),
        slip(
            "only one token is counted",
            "All T tokens of the window are kept.",
            "B * T * C",
            "B * C",
        ),
    ),
    hints=(
        "What does a later token ask an earlier one for, in each layer?",
        "For one token and one layer: a key and a value of C numbers each.",
        "Times L layers, T tokens, B texts, and `size` bytes.",
    ),
    why="""\
The heads do not appear: $H$ heads of $D = C / H$ numbers are $C$ numbers.
LARGE needs $2 \\cdot 6 \\cdot 256 \\cdot 384 \\cdot 4 = 4{,}718{,}592$ bytes a
text, so $8 \\cdot 10^9$ hold 1,695 texts; with numbers of two bytes, twice as
many.
It grows in proportion to $T$, while the attention weights that nobody keeps
would grow with its square.""",
)
