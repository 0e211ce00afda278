"""Exercise 12.4. A bug hunt: rows of queries and keys sent the wrong way."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import Exercise, slip

BROKEN = """\
def for_neighbours(qkv, n_head, n_key_head):
    D = len(qkv) // (n_head + 2 * n_key_head)
    q, k, v = qkv.split([n_head * D, n_key_head * D, n_key_head * D])
    q = q.unflatten(0, (n_head, -1, 2)).transpose(1, 2).flatten(0, 2)
    k = k.unflatten(0, (n_key_head, -1, 2)).transpose(1, 2).flatten(0, 2)
    return torch.cat([q, k, v])"""

MENDED = BROKEN.replace("-1, 2)", "2, -1)")


def to_reorder() -> list[tuple]:
    """Rows (R, C), with H heads of queries and G heads of keys.

    Three pairs and more; two pairs and one, where less can go wrong; as many
    columns as rows, and one column.
    """
    g = torch.Generator().manual_seed(124)
    return [
        (torch.randn((H + 2 * G) * D, C, generator=g), H, G)
        for H, G, D, C in (
            (2, 1, 6, 4),
            (4, 2, 8, 3),
            (1, 1, 6, 18),
            (3, 3, 10, 2),
            (4, 2, 4, 5),
            (2, 2, 2, 6),
            (6, 2, 12, 1),
        )
    ]


def any_rows(draw: random.Random) -> tuple:
    """Any heads that share evenly, any number of pairs, any rows."""
    G, times, C = (draw.randint(1, n) for n in (3, 3, 5))
    H, D = G * times, 2 * draw.randint(1, 6)
    return torch.randn((H + 2 * G) * D, C), H, G


def which_row(
    again: Any, args: tuple, expected: Float[Tensor, "R C"]
) -> str | None:
    """A rule: which old row stands at the first place that is wrong."""
    qkv, H, G = args
    found, D = again(*args), len(qkv) // (H + 2 * G)
    for place, (row, right) in enumerate(zip(found, expected, strict=True)):
        if same(row, right):
            continue
        head, channel = divmod(place, D)
        if head < H:
            what = f"query head {head}"
        elif head < H + G:
            what = f"key head {head - H}"
        else:
            what = f"value head {head - H - G}, which no rotary turns"
        says = (
            f"with D = {D}, row {place}, channel {channel} of {what}, should "
            f"be the old row {old_row(right, qkv)}, and is "
        )
        old = old_row(row, qkv)
        return says + ("none of them" if old is None else f"the old {old}")
    return None


def rows_moved_whole(
    again: Any, args: tuple, expected: Float[Tensor, "R C"]
) -> str | None:
    """A rule: rows are moved, and not the numbers within them."""
    qkv, found = args[0], again(*args)
    if not same(found, qkv) and same(found.sort(1)[0], qkv.sort(1)[0]):
        return (
            "every row stands where it stood, and the numbers within it are "
            "in another order"
        )
    return None


def old_row(row: Float[Tensor, " C"], qkv: Float[Tensor, "R C"]) -> int | None:
    """Where this row stood."""
    return next((n for n, old in enumerate(qkv) if same(row, old)), None)


QUERIES = "q.unflatten(0, (n_head, 2, -1)).transpose(1, 2).flatten(0, 2)"
KEYS = "k.unflatten(0, (n_key_head, 2, -1)).transpose(1, 2).flatten(0, 2)"
JOINED = "torch.cat([q, k, v])"
HALVES = (
    "What comes in are halves: (heads, 2, D/2), and what goes out are pairs: "
    "(heads, D/2, 2)."
)
EACH_HEAD = (
    "The halves are those of each head: heads are an axis of their own."
)


def both(old: str, new: str) -> tuple[str, ...]:
    """The same edit for queries and for keys."""
    return (
        QUERIES,
        QUERIES.replace(old, new),
        KEYS,
        KEYS.replace(old, new),
    )


EXERCISE = Exercise(
    number="12.4",
    title="Right for a pair or two",
    kind="bug",
    difficulty="hard",
    importance=4,
    task="""\
A program turns channel $i$ of a head together with channel $i + D/2$, and
`for_neighbours(qkv, n_head, n_key_head)` should reorder its rows for the
chapter's `Rotary`, which turns neighbours.
The rows of `qkv` are those of the queries, head by head, then those of the
keys, then those of the values; all heads have $D$ rows.
Nine models were trained with such a rotary, with one pair of channels a head
up to nine; each has four heads of queries and two of keys.
The curve shows the held-out loss of models that got their weights, with the
rows of `qkv` reordered, and that have `Rotary`; the twin's rows are as they
should be.
Read the curve, name the bug, and repair the function.""",
    starter=BROKEN,
    needs="import torch",
    target="for_neighbours",
    solution=MENDED,
    suspect="rows ordered for other pairs",
    symptom=(
        "with one pair a head and with two the broken model's loss is its "
        "twin's; from three pairs on it lies between 2.69 and 3.40, and the "
        "twin's falls to 2.00"
    ),
    cases=to_reorder,
    domain=any_rows,
    labels=("qkv", "n_head =", "n_key_head ="),
    rules=(rows_moved_whole, which_row),
    wrong=(
        slip(
            "rows still go from neighbours to halves, which is the way back: "
            "with two pairs a head it is the way there as well",
            HALVES,
            *both("2, -1)", "-1, 2)"),
        ),
        slip(
            "only the queries are mended: the keys go from neighbours to "
            "halves",
            HALVES,
            KEYS,
            KEYS.replace("2, -1)", "-1, 2)"),
        ),
        slip(
            "only the keys are mended: the queries go from neighbours to "
            "halves",
            HALVES,
            QUERIES,
            QUERIES.replace("2, -1)", "-1, 2)"),
        ),
        slip(
            "all heads are taken for one: the first half of all rows meets "
            "the second",
            EACH_HEAD,
            QUERIES,
            "q.unflatten(0, (2, -1)).transpose(0, 1).flatten(0, 1)",
            KEYS,
            "k.unflatten(0, (2, -1)).transpose(0, 1).flatten(0, 1)",
        ),
        slip(
            "all heads of keys are taken for one",
            EACH_HEAD,
            "(n_key_head, 2, -1)",
            "(1, 2, -1)",
        ),
        slip(
            "all heads of queries are taken for one",
            EACH_HEAD,
            "(n_head, 2, -1)",
            "(1, 2, -1)",
        ),
        slip(
            "the rows of the keys are shared out to as many heads as those of "
            "the queries",
            "Keys have n_key_head heads.",
            "(n_key_head, 2, -1)",
            "(n_head, 2, -1)",
        ),
        slip(
            "the rows of the queries are shared out to as many heads as those "
            "of the keys",
            "Queries have n_head heads.",
            "(n_head, 2, -1)",
            "(n_key_head, 2, -1)",
        ),
        slip(
            "the rows of the values are reordered as well",
            "No rotary turns values, so their rows stay where they are.",
            JOINED,
            f"torch.cat([q, k, {KEYS.replace('k.', 'v.')}])",
        ),
        slip(
            "the rows of the values are reordered, and those of the keys stay",
            "The rows come in the order of queries, keys, values.",
            "q, k, v = qkv",
            "q, v, k = qkv",
            JOINED,
            "torch.cat([q, v, k])",
        ),
        slip(
            "no row is moved",
            "unflatten and flatten alone leave the order as it is: the axes "
            "of halves and pairs change places in between.",
            *both(".transpose(1, 2)", ""),
        ),
        slip(
            "the rows of the keys stay as they are",
            "Rotary turns queries and keys.",
            f"    k = {KEYS}\n",
            "",
        ),
        slip(
            "the rows of the queries stay as they are",
            "Rotary turns queries and keys.",
            f"    q = {QUERIES}\n",
            "",
        ),
        slip(
            "heads and halves change places: the first halves of all heads "
            "come before the second ones",
            "transpose(1, 2): a head's halves and its pairs change places.",
            *both("transpose(1, 2)", "transpose(0, 1)"),
        ),
        slip(
            "heads and pairs change places: the first rows of all heads come "
            "first",
            "transpose(1, 2): a head's halves and its pairs change places.",
            *both("transpose(1, 2)", "transpose(0, 2)"),
        ),
        slip(
            "the second of a pair comes before the first, so that pairs turn "
            "backwards",
            "Row i becomes row 2i, and row i + D/2 becomes row 2i + 1.",
            *both("transpose(1, 2)", "flip(1).transpose(1, 2)"),
        ),
        slip(
            "the pairs come from the last to the first, so that they turn at "
            "each other's speeds",
            "Row i becomes row 2i, and row i + D/2 becomes row 2i + 1.",
            *both("transpose(1, 2)", "flip(2).transpose(1, 2)"),
        ),
        slip(
            "the heads come from the last to the first",
            "The heads stay in their order.",
            *both("transpose(1, 2)", "transpose(1, 2).flip(0)"),
        ),
        slip(
            "the rows are reordered twice",
            "Once is enough; only with two pairs or one is nothing seen.",
            f"    q = {QUERIES}\n    k = {KEYS}\n",
            f"    q = {QUERIES}\n    k = {KEYS}\n" * 2,
        ),
        slip(
            "the two halves of all rows are taken, and the heads within them",
            EACH_HEAD,
            "(n_head, 2, -1)",
            "(2, n_head, -1)",
            "(n_key_head, 2, -1)",
            "(2, n_key_head, -1)",
        ),
        slip(
            "the number of heads stands where a head's pairs belong",
            "A head's rows are neighbours: the heads come first.",
            "(n_head, 2, -1)",
            "(-1, 2, n_head)",
            "(n_key_head, 2, -1)",
            "(-1, 2, n_key_head)",
        ),
        slip(
            "the keys come first and the queries second",
            "The order stays queries, keys, values.",
            JOINED,
            "torch.cat([k, q, v])",
        ),
        slip(
            "the rows of the values are left out",
            "They stay where they are, and come along.",
            JOINED,
            "torch.cat([q, k])",
        ),
        slip(
            "queries, keys and values are joined side by side",
            "Rows below rows: torch.cat along axis 0.",
            JOINED,
            "torch.cat([q, k, v], dim=1)",
        ),
        slip(
            "the rows are cut into three equal parts",
            "Queries have n_head * D rows, keys and values n_key_head * D "
            "each.",
            "qkv.split([n_head * D, n_key_head * D, n_key_head * D])",
            "qkv.chunk(3)",
        ),
        slip(
            "D is counted without the heads of values",
            "n_head + 2 * n_key_head heads have D rows each.",
            "2 * n_key_head",
            "n_key_head",
        ),
        slip(
            "the values are taken to have n_head heads",
            "n_head heads of queries, and n_key_head of keys and of values.",
            "(n_head + 2 * n_key_head)",
            "(2 * n_head + n_key_head)",
        ),
    ),
    hints=(
        "Write down which old row stands at each place of a head, for one "
        "pair, for two and for three.",
        "With three pairs, the rows 0, 1, 2, 3, 4, 5 should become 0, 3, 1, "
        "4, 2, 5. Which order does the broken function make of them?",
        "`unflatten(0, (n_head, 2, -1))`: a head's rows are two halves.",
    ),
    why="""\
Row $i$ of a head and row $i + D/2$ are to become the neighbours $2i$ and
$2i + 1$.
As (heads, 2, D/2) a head's rows are two halves, and with the last two axes
exchanged they are pairs.
The broken function lays them out as (heads, D/2, 2), which they are
afterwards and not before: it goes the other way, from neighbours to halves.
With one pair nothing moves.
With two pairs the rows 0, 1, 2, 3 become 0, 2, 1, 3, and doing that again
brings them back: the way there is the way back.
From three pairs on the two ways differ, and every shape still fits.
A test of such a function needs heads of more than four channels.""",
)
