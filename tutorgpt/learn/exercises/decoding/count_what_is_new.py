"""Exercise 8.5. The share of different runs of tokens in what was written."""

import random
from typing import Any

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def texts() -> list[tuple]:
    """Batches (B, T) of tokens from few kinds, and the length of a run."""
    g = torch.Generator().manual_seed(92)
    return [
        (torch.tensor([[1, 2, 1, 2, 1], [2, 1, 2, 1, 1]]), 2),
        (torch.randint(3, (4, 12), generator=g), 3),
        (torch.randint(2, (3, 15), generator=g), 4),
        (torch.randint(4, (1, 20), generator=g), 2),
        (torch.randint(3, (5, 9), generator=g), 1),
        # Joined as digits, 1 12 and 11 2 would be one run.
        (torch.tensor([[1, 12, 1, 1, 12], [11, 2, 11, 21, 12]]), 2),
        (torch.tensor([[5, 5, 7], [5, 5, 7], [7, 5, 5]]), 3),
        (torch.tensor([[0, 0, 0, 0]]), 2),
        # In the base 4, their largest and how many kinds there are, 0 1 is
        # 4 0, and from the other end 1 0 is 0 4.
        (torch.tensor([[1, 0, 3, 0, 1], [1, 0, 4, 0, 1]]), 2),
        # All pairs of 70 tokens: as numbers in a smaller base, some are one.
        (torch.cartesian_prod(torch.arange(70), torch.arange(70)), 2),
    ]


def any_texts(draw: random.Random) -> tuple:
    """1 to 4 texts of 1 to 12 tokens, of few kinds or many, and n up to T."""
    T = draw.randint(1, 12)
    kinds = torch.tensor(draw.sample(range(69), draw.choice((1, 2, 3, 20))))
    places = torch.randint(len(kinds), (draw.randint(1, 4), T))
    return kinds[places], draw.randint(1, min(T, 5))


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


EXERCISE = Exercise(
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
    domain=any_texts,
    labels=("rows", "n ="),
    rules=(whole_and_circle,),
    wrong=(
        slip(
            "n has no say: the runs are always 2 tokens long",
            "A window of n: unfold(1, n, 1).",
            "unfold(1, n, 1)",
            "unfold(1, min(2, rows.shape[1]), 1)",
        ),
        slip(
            "runs are compared as numbers in the base 10, so 1 12 is 11 11",
            "Tokens have several digits: compare tuples of numbers.",
            "tuple(run) for run",
            "sum(x * 10**i for i, x in enumerate(run)) for run",
        ),
        slip(
            "runs are compared as numbers in the base 16: larger tokens "
            "do not fit",
            "There may be more than 16 tokens: compare tuples of numbers.",
            "tuple(run) for run",
            "sum(x * 16**i for i, x in enumerate(run)) for run",
        ),
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
            "runs are compared as joined digits, so 1 12 is 11 2",
            "Tokens have several digits: compare tuples of numbers.",
            "tuple(run) for run",
            "''.join(map(str, run)) for run",
        ),
        slip(
            "shorter runs at the end of each row are counted too",
            "The last whole run begins at T - n.",
            "    different = {tuple(run) for run in runs.tolist()}\n",
            "    runs = [r[t : t + n] for r in rows.tolist() "
            "for t in range(len(r))]\n"
            "    different = set(map(tuple, runs))\n",
        ),
        slip(
            "the fraction is upside down",
            "Different ones over all of them: at most 1.",
            "len(different) / len(runs)",
            "len(runs) / len(different)",
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
        slip(
            "the window slides over the texts, not over the places of a text",
            "The places are axis 1: unfold(1, n, 1).",
            "unfold(1, n, 1)",
            "unfold(0, n, 1)",
        ),
        slip(
            "runs are compared as numbers in a base that is the largest "
            "token: it has no digit for that token itself",
            "Compare tuples, or take a base that is larger than every token.",
            "different = {tuple(run) for",
            "base = int(rows.max())\n"
            "    different = {sum(x * base**i for i, x in enumerate(run)) "
            "for",
        ),
        slip(
            "runs are compared as numbers, the first token in front, in a "
            "base that is the largest token: it has no digit for that token",
            "Compare tuples, or take a base that is larger than every token.",
            "different = {tuple(run) for",
            "base = int(rows.max())\n"
            "    different = {sum(x * base**i for i, x in "
            "enumerate(run[::-1])) for",
        ),
        slip(
            "runs are compared as numbers in a base that is the number of "
            "different tokens: some tokens are larger",
            "Compare tuples, or take a base that is larger than every token.",
            "different = {tuple(run) for",
            "base = len(rows.unique())\n"
            "    different = {sum(x * base**i for i, x in enumerate(run)) "
            "for",
        ),
        slip(
            "runs are compared by the sum of their tokens",
            "1 2 and 2 1 are two runs: compare tuples of numbers.",
            "tuple(run) for run",
            "sum(run) for run",
        ),
        slip(
            "the different tokens are counted, and not the different runs",
            "Make each run a tuple, and count the tuples.",
            "{tuple(run) for run in runs.tolist()}",
            "runs.unique()",
        ),
        slip(
            "runs are compared as sets: which tokens they hold, not in "
            "which order and how often",
            "1 2 and 2 1 are two runs: compare tuples.",
            "{tuple(run) for",
            "{frozenset(run) for",
        ),
        slip(
            "the division drops what is behind the point",
            "One slash: a share is a fraction.",
            "len(different) / len(runs)",
            "len(different) // len(runs)",
        ),
        slip(
            "the runs that are compared are one token longer than n, "
            "and at the end of a row cut",
            "n tokens: [i : i + n].",
            "    runs = rows.unfold(1, n, 1).flatten(0, 1)\n"
            "    different = {tuple(run) for run in runs.tolist()}",
            "    runs = [\n"
            "        row[i : i + n + 1]\n"
            "        for row in rows.tolist()\n"
            "        for i in range(len(row) - n + 1)\n"
            "    ]\n"
            "    different = {tuple(run) for run in runs}",
        ),
        slip(
            "the runs that are compared are one token shorter than n, "
            "and there are as many as of n",
            "n tokens: [i : i + n].",
            "    runs = rows.unfold(1, n, 1).flatten(0, 1)\n"
            "    different = {tuple(run) for run in runs.tolist()}",
            "    runs = [\n"
            "        row[i : i + n - 1]\n"
            "        for row in rows.tolist()\n"
            "        for i in range(len(row) - n + 1)\n"
            "    ]\n"
            "    different = {tuple(run) for run in runs}",
        ),
        slip(
            "only the first and the last token of a run are compared",
            "All n tokens of it.",
            "{tuple(run) for",
            "{(run[0], run[-1]) for",
        ),
        slip(
            "the runs go down the batch, from text to text at one place",
            "A row is a text: go along it, axis 1.",
            "    runs = rows.unfold(1, n, 1).flatten(0, 1)\n"
            "    different = {tuple(run) for run in runs.tolist()}\n",
            "    runs = [\n"
            "        tuple(column[i : i + n])\n"
            "        for column in rows.T.tolist()\n"
            "        for i in range(len(column) - n + 1)\n"
            "    ]\n"
            "    different = set(runs)\n",
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
A set of tuples keeps one copy of each run, and all rows share it, so a batch
that writes the same text five times gets a low share.
The chapter's eight rows of 501 tokens have 3,952 runs of eight; joining
them adds 49 that nobody wrote, and at temperature 0.2 the share comes out
about 0.01 too large (three seeds).""",
)
