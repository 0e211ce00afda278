"""What a training step costs on paper: a few terms, and a price for each.

The time of a step, and the memory that it needs at its peak, are each a sum
of terms. Of what a term counts a shape says exactly how much there is; what
one of it costs is fitted to measurements (benchmarks/growth.py).

    record = json.loads(Path("benchmarks/results/growth.json").read_text())
    predict(record["prices"], LARGE.model(vocab_size=6148), batch_size=64)
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from tutorgpt.config import ModelConfig
from tutorgpt.scaling import parameters_by_part, training_flops
from tutorgpt.training.engine.attention import STRIP, STRIPS_FROM
from tutorgpt.training.engine.step_loss import CHUNKS_FROM

Terms = dict[str, float]


def time_terms(model: ModelConfig, batch_size: int) -> Terms:
    """What a step's time grows with; N is the number of its tokens.

    Matrix products take as long as they have operations. The rest of a step
    reads and writes numbers: N C of them in each layer, N H T attention
    weights, N V logits, and the optimizer every parameter. A layer's calls
    take their time however little there is to compute. Dropout draws a
    random number for each activation and, which torch's fast attention
    cannot do, for each attention weight: of the whole table, or of what
    the engine makes of it in strips.
    """
    N = batch_size * model.block_size
    activations = N * model.n_embed * model.n_layer
    return {
        "step": 1,
        "layers": model.n_layer,
        "operations": N * training_flops(model),
        "activations": activations,
        "attention weights": N * heads_keys(model),
        "logits": N * model.vocab_size,
        "parameters": parameters(model),
    } | dropped(model, N)


def memory_terms(model: ModelConfig, batch_size: int) -> Terms:
    """What the peak grows with: what is there while gradients are made.

    A parameter has a weight, a gradient and AdamW's two means. Activations
    wait for the way back. Attention weights are not kept, unless there is
    dropout, and logits are not from the vocabulary on at which the output
    layer is computed in chunks.
    """
    N, V = batch_size * model.block_size, model.vocab_size
    return {
        "start": 1,
        "parameters": parameters(model),
        "activations": N * model.n_embed * model.n_layer,
        "activations of one layer": N * model.n_embed,
        "logits": N * V if V < CHUNKS_FROM else 0,
    } | dropped(model, N)


def dropped(model: ModelConfig, N: int) -> Terms:
    """What dropout adds to both."""
    is_on, in_strips = model.dropout > 0, model.block_size >= STRIPS_FROM
    weights = is_on * N * heads_keys(model)
    return {
        "dropped activations": is_on * N * model.n_embed * model.n_layer,
        "dropped weights": 0 if in_strips else weights,
        "dropped weights, in strips": (
            weights * seen_share(model.block_size) if in_strips else 0
        ),
    }


def parameters(model: ModelConfig) -> int:
    """How many numbers a GPT of this shape learns."""
    return sum(parameters_by_part(model).values())


def heads_keys(model: ModelConfig) -> int:
    """How many attention weights a token has in all layers."""
    return model.n_layer * model.n_head * model.block_size


def seen_share(T: int) -> float:
    """The share of a T x T table that is made in strips."""
    starts = range(0, T, STRIP)
    ends = [min(T, start + STRIP) for start in starts]
    made = [
        (end - start) * end for start, end in zip(starts, ends, strict=True)
    ]
    return sum(made) / T**2


def fit(rows: Sequence[Terms], measured: Sequence[float]) -> Terms:
    """The price of each term, none below 0, with the least relative error.

    What is made least is the sum of the squares of predicted / measured - 1.
    Where no price may be negative, the best ones are the plain least squares
    of some of the terms, and 0 for the others; so all choices are tried.
    """
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows], float)
    table /= np.array(measured, float)[:, None]
    units = table.max(axis=0)
    table /= np.where(units > 0, units, 1)
    aim = np.ones(len(rows))
    least, prices = np.inf, np.zeros(len(names))
    for count in range(1, len(names) + 1):
        for chosen in map(list, combinations(range(len(names)), count)):
            found = np.linalg.lstsq(table[:, chosen], aim, rcond=None)[0]
            error = ((table[:, chosen] @ found - aim) ** 2).sum()
            if (found >= 0).all() and error < least:
                least, prices = error, np.zeros(len(names))
                prices[chosen] = found / units[chosen]
    return dict(zip(names, prices.tolist(), strict=True))


TERMS = {"seconds": time_terms, "peak_mb": memory_terms}


def fit_all(rows: Sequence[Mapping]) -> dict[str, Terms]:
    """The prices of time, in seconds, and of memory, in megabytes.

    rows: of growth.json: model, batch_size, seconds and peak_mb.
    """
    shapes = [(ModelConfig(**row["model"]), row["batch_size"]) for row in rows]
    return {
        quantity: fit(
            [terms(*shape) for shape in shapes],
            [row[quantity] for row in rows],
        )
        for quantity, terms in TERMS.items()
    }


def predict(
    prices: Mapping[str, Terms], model: ModelConfig, batch_size: int
) -> dict[str, float]:
    """The seconds of a step and the megabytes of its peak."""
    found = {}
    for quantity, terms in TERMS.items():
        counted = terms(model, batch_size)
        found[quantity] = sum(
            price * counted[name] for name, price in prices[quantity].items()
        )
    return found
