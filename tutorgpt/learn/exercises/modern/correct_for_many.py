"""Exercise 11.8. Holm's correction of many p-values."""

import random
from typing import Any

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip


def p_values() -> list[tuple]:
    """Out of order, close together, equal, at 0 and 1, many and one."""
    return [
        ([0.01, 0.04, 0.03, 0.005],),
        ([0.3, 0.001, 0.02],),
        ([0.02, 0.02, 0.9, 0.02, 0.004],),
        ([0.021, 0.02, 0.5, 0.022],),
        ([0.8, 0.7, 1.0, 0.9, 0.75],),
        ([0.04],),
        ([0.6, 0.6],),
        ([0.0, 0.2, 0.0, 0.004, 1.0, 0.1],),
        ([0.5, 0.1, 0.2, 0.05, 0.003, 0.3, 0.0001],),
        ([0.0002, 0.003, 0.0011, 0.04, 0.013, 0.009, 0.0004, 0.2, 0.051],),
    ]


def any_p_values(draw: random.Random) -> tuple:
    """One p or up to nine, of any size, some of them equal."""
    kinds = (
        lambda: draw.random(),
        lambda: 10 ** -draw.uniform(0, 6),
        lambda: draw.choice((0.0, 0.01, 0.05, 0.5, 1.0)),
    )
    found = [draw.choice(kinds)() for _ in range(draw.randint(1, 9))]
    if draw.random() < 0.3:
        found.append(draw.choice(found))
    return (found,)


def listed(values: Any) -> str:
    """Numbers as they stand in a sentence: 3, 2 and 1."""
    words = [f"{float(value):.3g}" for value in values]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def factors(again: Any, args: tuple, expected: list[float]) -> str | None:
    """A rule: what p-values that lie far apart are multiplied by."""
    for values, right in (
        ([1e-9, 1e-6, 1e-3], (3, 2, 1)),
        ([1e-3, 1e-9, 1e-6], (1, 3, 2)),
    ):
        found = [
            float(new) / p
            for new, p in zip(again(values), values, strict=True)
        ]
        wrong = [abs(f - r) > 1e-3 for f, r in zip(found, right, strict=True)]
        if any(wrong):
            return (
                f"{listed(values)} should be multiplied by {listed(right)}, "
                f"and come out {listed(found)} times as large"
            )
    return None


def never_below_a_smaller(
    again: Any, args: tuple, expected: list[float]
) -> str | None:
    """A rule: what was larger does not become smaller."""
    for values in ([0.02, 0.021, 0.5], [0.3, 0.31]):
        one, other = (float(p) for p in again(values)[:2])
        if other < one - 1e-6:
            return (
                f"{values[0]} becomes {number(one)} and {values[1]}, which "
                f"was larger, becomes {number(other)}, which is smaller"
            )
    return None


def within_one(again: Any, args: tuple, expected: list[float]) -> str | None:
    """A rule: what would be above 1 is 1, and equal ones stay equal."""
    found = [float(p) for p in again([0.9, 0.7, 0.8])]
    if any(abs(p - 1) > 1e-5 for p in found):
        return f"0.9, 0.7 and 0.8 should become 1, and become {listed(found)}"
    one, other = (float(p) for p in again([0.01, 0.01]))
    if abs(one - other) > 1e-6:
        return f"two equal p, 0.01, become {number(one)} and {number(other)}"
    return None


def in_another_order(
    again: Any, args: tuple, expected: list[float]
) -> str | None:
    """A rule: the same p-values, turned round, come out turned round."""
    (values,) = args
    there, back = again(values).tolist(), again(values[::-1]).tolist()
    if any(abs(a - b) > 1e-5 for a, b in zip(there, back[::-1], strict=True)):
        return (
            "the same p-values in the opposite order come out otherwise: "
            "each should get its own corrected value, wherever it stands"
        )
    return None


ORDER = "    order = sorted(range(n), key=lambda place: p_values[place])\n"
LOOP = """\
    for rank, place in enumerate(order):
        largest = max(largest, (n - rank) * p_values[place])
        result[place] = min(1.0, largest)
"""

EXERCISE = Exercise(
    number="11.8",
    title="Luck among many",
    kind="write",
    difficulty="medium",
    importance=3,
    task="""\
Of many changes that do nothing, one has a small p by luck.
*Holm's correction* accounts for that: of $n$ p-values the smallest is
multiplied by $n$, the next by $n - 1$, and so on, the largest by 1.
None may then be below one whose p was smaller: it is raised to that one.
And none is above 1.
Write `corrected(p_values)`: `p_values` is a list of one number or more, in
any order, and what comes back, a list or a tensor, is in the same order.""",
    starter='''\
def corrected(p_values):
    """Each p as if it alone had been looked for, among so many."""
    return ...''',
    target="corrected",
    solution='''\
def corrected(p_values):
    """Each p as if it alone had been looked for, among so many."""
    n, largest = len(p_values), 0.0
    result = [0.0] * n
    order = sorted(range(n), key=lambda place: p_values[place])
    for rank, place in enumerate(order):
        largest = max(largest, (n - rank) * p_values[place])
        result[place] = min(1.0, largest)
    return result''',
    cases=p_values,
    domain=any_p_values,
    rules=(factors, never_below_a_smaller, within_one, in_another_order),
    wrong=(
        slip(
            "every p is multiplied by n: this is Bonferroni's correction",
            "Only the smallest by n, the next by n - 1, and so on: n - rank.",
            "(n - rank) *",
            "n *",
        ),
        slip(
            "they come back in the order of their size",
            "In the order given: what belongs to place i comes back at i.",
            "    return result",
            "    return [result[place] for place in order]",
        ),
        slip(
            "one may come out below another whose p was smaller",
            "Keep the largest so far: largest = max(largest, ...).",
            "max(largest, (n - rank) * p_values[place])",
            "(n - rank) * p_values[place]",
        ),
        slip(
            "some come out above 1",
            "A p is at most 1: min(1.0, ...).",
            "min(1.0, largest)",
            "largest",
        ),
        slip(
            "some come out above 1, and one may come out below another whose "
            "p was smaller",
            "min(1.0, ...) around it, and the largest so far.",
            "min(1.0, largest)",
            "largest",
            "max(largest, (n - rank) * p_values[place])",
            "(n - rank) * p_values[place]",
        ),
        slip(
            "it begins with the largest p, which is multiplied by n",
            "The smallest is multiplied by n: sort from the smallest up.",
            "place: p_values",
            "place: -p_values",
        ),
        slip(
            "they are not sorted: the first is multiplied by n, whatever it "
            "is",
            "By size: the smallest is multiplied by n.",
            "sorted(range(n), key=lambda place: p_values[place])",
            "range(n)",
        ),
        slip(
            "ranks are counted from 1: the smallest is multiplied by n - 1, "
            "the largest by 0",
            "From n down to 1: the first factor is n.",
            "(n - rank)",
            "(n - rank - 1)",
        ),
        slip(
            "the smallest is multiplied by n + 1",
            "From n down to 1: the first factor is n.",
            "(n - rank)",
            "(n - rank + 1)",
        ),
        slip(
            "each is multiplied by its rank: the smallest by 1, the largest "
            "by n",
            "The other way: the smallest by n.",
            "(n - rank)",
            "(rank + 1)",
        ),
        slip(
            "each is multiplied by its rank from 0: the smallest by 0",
            "n for the smallest, n - 1 for the next: n - rank.",
            "(n - rank)",
            "rank",
        ),
        slip(
            "each is multiplied by n and divided by its rank, and the "
            "largest so far is kept",
            "That belongs to the false discovery rate. Holm: n - rank.",
            "(n - rank) *",
            "n / (rank + 1) *",
        ),
        slip(
            "this is the correction of Benjamini and Hochberg: n / rank, and "
            "from the largest down the smallest so far",
            "Holm multiplies by n, n - 1, ..., and keeps the largest so far "
            "from the smallest up.",
            LOOP,
            "    smallest = 1.0\n"
            "    for rank in reversed(range(n)):\n"
            "        place = order[rank]\n"
            "        new = n / (rank + 1) * p_values[place]\n"
            "        smallest = min(smallest, new)\n"
            "        result[place] = smallest\n",
        ),
        slip(
            "this is Hochberg's correction: it goes from the largest down and "
            "keeps the smallest so far",
            "Holm goes from the smallest up and keeps the largest so far.",
            LOOP,
            "    smallest = 1.0\n"
            "    for rank in reversed(range(n)):\n"
            "        place = order[rank]\n"
            "        smallest = min(smallest, (n - rank) * p_values[place])\n"
            "        result[place] = smallest\n",
        ),
        slip(
            "this is Šidák's way, 1 - (1 - p) ** (n - rank)",
            "Holm multiplies: (n - rank) * p.",
            "(n - rank) * p_values[place]",
            "1 - (1 - p_values[place]) ** (n - rank)",
        ),
        slip(
            "the p are divided, not multiplied",
            "A correction makes p larger: times n - rank.",
            "(n - rank) * p_values[place]",
            "p_values[place] / (n - rank)",
        ),
        slip(
            "the smallest so far is kept, from the smallest p up",
            "The largest so far: none may be below one that was smaller.",
            "largest = max(largest, (n - rank) * p_values[place])",
            "largest = min(largest, (n - rank) * p_values[place])",
            "largest = len(p_values), 0.0",
            "largest = len(p_values), 1.0",
        ),
        slip(
            "they are sorted, and put back to the wrong places",
            "The rank-th smallest belongs to the place order[rank]: "
            "result[place] = ..., or out[order] = ...",
            "    return result",
            "    by_size = sorted(result)\n"
            "    return [by_size[place] for place in order]",
        ),
        slip(
            "the corrected p are added up from the smallest on",
            "The largest so far, not the sum so far.",
            "max(largest, (n - rank) * p_values[place])",
            "largest + (n - rank) * p_values[place]",
        ),
        slip(
            "the largest so far is kept in the order given, and not by size",
            "None may be below one whose p was smaller: go from the smallest "
            "p up.",
            LOOP,
            "    for rank, place in enumerate(order):\n"
            "        result[place] = min(1.0, (n - rank) * p_values[place])\n"
            "    for place in range(1, n):\n"
            "        result[place] = max(result[place - 1], result[place])\n",
        ),
        slip(
            "equal p are counted once: n is the number of different ones",
            "n is len(p_values), however many are equal.",
            "n, largest = len(p_values), 0.0\n    result = [0.0] * n\n",
            "n, largest = len(set(p_values)), 0.0\n"
            "    result = [0.0] * len(p_values)\n",
            ORDER + LOOP,
            "    for rank, p in enumerate(sorted(set(p_values))):\n"
            "        largest = max(largest, (n - rank) * p)\n"
            "        for place in range(len(p_values)):\n"
            "            if p_values[place] == p:\n"
            "                result[place] = min(1.0, largest)\n",
        ),
        slip(
            "of equal p only the first gets a value: index() finds the first "
            "place of a number",
            "Sort the places, not the numbers: then each has its own.",
            "result[place] =",
            "result[p_values.index(p_values[place])] =",
        ),
        slip(
            "it stops at the first that is above 0.05, and leaves the others "
            "as they were",
            "All are corrected, the large ones too.",
            "result = [0.0] * n",
            "result = list(p_values)",
            "        result[place]",
            "        if largest > 0.05:\n            break\n"
            "        result[place]",
        ),
        slip(
            "it says which are still below 0.05, not what they are",
            "The corrected p themselves.",
            "    return result",
            "    return [p <= 0.05 for p in result]",
        ),
        slip(
            "only the smallest is corrected",
            "The next by n - 1, and so on.",
            "(n - rank) *",
            "(1 if rank else n) *",
        ),
        slip(
            "the loop ends after its first round: only the smallest is there",
            "The return belongs behind the loop, not into it.",
            "    return result",
            "    for place in order[1:]:\n"
            "        result[place] = 0.0\n"
            "    return result",
        ),
        slip(
            "nothing is corrected",
            "The smallest by n, the next by n - 1, and so on.",
            "    return result",
            "    return list(p_values)",
        ),
        slip(
            "all get the largest of the corrected p",
            "The largest so far, up to this p's own place by size.",
            "    return result",
            "    return [max(result)] * n",
        ),
        slip(
            "the list is multiplied by n: that is the list n times over",
            "Each p by itself: [n * p for p in p_values].",
            "    return result",
            "    return p_values * n",
        ),
        slip(
            "p_values is taken for a tensor: a list has no argsort()",
            "torch.tensor(p_values), or sorted(range(n), key=...).",
            "sorted(range(n), key=lambda place: p_values[place])",
            "p_values.argsort()",
        ),
        slip(
            "p_values is taken for a tensor: a list's sort() gives back None, "
            "and writes into it",
            "torch.tensor(p_values).sort(), or sorted(...).",
            "order = sorted(range(n), key=lambda place: p_values[place])",
            "values, order = p_values.sort()",
        ),
        slip(
            "a list's sort() gives back None, and writes into it",
            "sorted(p_values) gives a new list.",
            "sorted(range(n), key=lambda place: p_values[place])",
            "p_values.sort()",
        ),
        slip(
            "one number comes back, the smallest corrected p",
            "One for each of the n.",
            "    return result",
            "    return min(result)",
        ),
    ),
    hints=(
        "Three things after another: by what each is multiplied, the largest "
        "so far from the smallest p up, and the way back to the order given.",
        "`sorted(range(n), key=lambda place: p_values[place])` lists the "
        "places from the smallest p up.",
        "Go through these places: keep `max(largest, (n - rank) * p)`, and "
        "write it, cut at 1, to its own place.",
    ),
    why="""\
If nothing is there, a test gives a p below 0.05 in 5 % of all tries, and at
least one of 28 independent tests does so in three cases of four.
The correction keeps the chance of even one such mistake at 5 %, however the
tests depend on each other.
From the second p on it multiplies by fewer than $n$, so no p comes out
larger than if all were multiplied by $n$.""",
)
