"""The classes of chapter 11."""

import math
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import ComplaintError, Property, slip
from tutorgpt.learn.check.modules import give_weights, try_module
from tutorgpt.learn.check.one_check import hush
from tutorgpt.learn.check.properties import (
    alike_for_equal_rows,
    blind_to_the_batch,
    blind_to_the_future,
)
from tutorgpt.learn.check.taught import taught
from tutorgpt.modern import (
    Experts,
    GroupedQueryAttention,
    RMSNorm,
    Rotary,
    SwiGLU,
    TiedOutput,
)
from tutorgpt.modern.past import Past

# ---------------------------------------------------------------- the norm

NORMED = "(at_length(x, self.epsilon) * self.weight)"
AT_LENGTH = "at_length(x, self.epsilon)"
MEAN_SQUARE = "x.square().mean(dim=-1, keepdim=True)"
KEPT_MEAN = "RMSNorm leaves the mean alone: nothing is subtracted from x."
ROOT = "Divide by the root of the mean square: that is a length, over √C."
LAST_AXIS = "Each vector has a length of its own: mean over dim=-1."


def vectors_to_norm() -> list[tuple]:
    """Sizes (C, ε), and rows of many lengths: far off, tiny, all zero."""
    g = torch.Generator().manual_seed(111)
    cases = []
    for sizes, shape in (
        ((6,), (2, 4, 6)),
        ((4, 0.25), (4, 4, 4)),
        ((5, 1e-3), (7, 5)),
    ):
        lengths = 4.0 ** torch.randn(*shape[:-1], 1, generator=g)
        x = (torch.randn(shape, generator=g) + 0.7) * lengths
        x.view(-1, shape[-1])[1] = 0.0
        x.view(-1, shape[-1])[3] *= 0.01 / lengths.view(-1)[3]
        cases.append((sizes, x))
    return cases


# ------------------------------------------------------------------ angles

SPEEDS = "base ** (-torch.arange(0, head_size, 2) / head_size)"
SPEED = "Pair i turns by base ** (-2i / D) a position, i from 0."
TURNED = "pairs * turn"
TURN = "(a + bi)(cos + i sin): a cos - b sin, and a sin + b cos."
APART = "x.to(exact).unflatten(-1, (-1, 2))"
TOGETHER = "torch.view_as_real(pairs * turn).flatten(-2)"
NEIGHBOURS = "Pair 0 is channels 0 and 1, pair 1 is channels 2 and 3."
HALVES = "x.to(exact).unflatten(-1, (2, -1)).mT.contiguous()"
BACK_TO_HALVES = "torch.view_as_real(pairs * turn).mT.flatten(-2)"
STARTS = "The first row stands at position start, the next at start + 1."


def rows_to_turn() -> list[tuple]:
    """Sizes (D, T, base), rows (B, H, T, D), and where they start."""
    g = torch.Generator().manual_seed(112)
    return [
        (sizes, torch.randn(B, H, T, sizes[0], generator=g), start)
        for sizes, (B, H, T), start in (
            ((6, 9), (2, 3, 5), 0),
            ((4, 12, 50.0), (1, 2, 4), 8),
            ((8, 7, 300.0), (2, 1, 1), 6),
            ((2, 6, 20.0), (1, 4, 3), 2),
        )
    ]


def lengths_are_kept(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: whatever is turned keeps its length."""
    _, x, _ = args
    change = again(*args).norm(dim=-1) - x.norm(dim=-1)
    if change.abs().max() > 1e-4:
        return "a turn keeps the length of a vector, and here it changes"
    return None


def distance_alone(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "B H T D"]
) -> str | None:
    """A rule: two rows alike, turned: their product tells how far apart."""
    sizes, x, _ = args
    alike = x[:1, :1, :1].expand(1, 1, 4, -1).clone()
    turned = again(sizes, alike, 0)[0, 0]
    products = turned @ turned.mT
    if (products[1:, 1:] - products[:-1, :-1]).abs().max() > 1e-4:
        return (
            "the product of two turned vectors should depend on how far they "
            "are apart, and it depends on where they stand"
        )
    return None


# ---------------------------------------------------------------- the gate

GATED = "F.silu(self.gate(x)) * self.expand(x)"
SILU = "silu(z) = z · sigmoid(z), on the gate alone."


def vectors_to_gate() -> list[tuple]:
    """Sizes (C, hidden), and vectors: in texts, in a row, in a table."""
    g = torch.Generator().manual_seed(113)
    return [
        ((C, hidden), 2 * torch.randn(*shape, C, generator=g))
        for C, hidden, shape in ((4, 7, (2, 5)), (6, 3, (4,)), (5, 5, (3, 1)))
    ]


# ------------------------------------------------------------ a tied output

TIED = "self.weight = embedding.weight"
DRAWN = "nn.init.normal_(self.weight, std=embedding.embedding_dim**-0.5)"
SCORED = "F.linear(x, self.weight)"
OWN = "self.weight is embedding.weight: the parameter itself."
LENGTH = "Draw with std C**-0.5: C numbers, each 1 / C squared, make 1."
NO_PROBABILITY = (
    "A model ends in scores: cross_entropy takes the softmax itself."
)


def score_and_learn(attempt: Any, V: int, x: Float[Tensor, "*B C"]) -> Any:
    """The scores of a table of V rows; complains where it is not tied."""
    embedding = nn.Embedding(V, x.shape[-1])
    output = attempt(embedding)
    if output is ...:
        return output
    if not isinstance(output, nn.Module):
        raise ComplaintError(
            "TiedOutput should be an nn.Module, and it is of type "
            f"{type(output).__name__}"
        )
    table = embedding.weight
    length = table.square().sum(dim=-1).mean().sqrt().item()
    give_weights(embedding)
    x = x.clone().requires_grad_()
    scores = output(x)
    own = [p for p in output.parameters() if p is not table]
    if own:
        shapes = ", ".join(str(tuple(p.shape)) for p in own)
        raise ComplaintError(
            "it learns more than the embedding's table: a parameter of its "
            f"own, of the shape {shapes}",
            OWN,
            scores,
        )
    if abs(length - 1) > 0.1:
        raise ComplaintError(
            "the table's rows do not begin with length 1",
            f"On average they begin with about {length:.2f}.",
            round(2 * math.log2(length)) if length else None,
        )
    complain_of_lost_slopes(scores, table, x)
    return scores


def complain_of_lost_slopes(
    scores: Any, table: Float[Tensor, "V C"], x: Float[Tensor, "*B C"]
) -> None:
    """Complain where the scores are right, and table or x learns nothing."""
    right = x @ table.t()
    if not same(scores, right):
        return
    towards = torch.linspace(-1, 2, right.numel()).view_as(right)
    for name, leaf in (("the embedding's table", table), ("x", x)):
        (wanted,) = torch.autograd.grad(
            right, leaf, towards, retain_graph=True
        )
        found = None
        if scores.requires_grad:
            (found,) = torch.autograd.grad(
                scores, leaf, towards, retain_graph=True, allow_unused=True
            )
        if not same(found, wanted):
            raise ComplaintError(
                f"the scores are right, and the gradient of {name} is not: "
                "something on its way is detached from the graph"
            )


def vectors_to_score() -> list[tuple]:
    """How many tokens there are, and vectors x (B, T, C) or (N, C)."""
    g = torch.Generator().manual_seed(116)
    return [
        (V, torch.randn(shape, generator=g))
        for V, shape in ((301, (2, 3, 4)), (97, (5, 16)), (23, (1, 2, 64)))
    ]


# --------------------------------------------------------------- attention

PARTS: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "no other part": lambda D, T: {},
    "rotary positions": lambda D, T: {"position": Rotary(D, T, 50.0)},
    "rotary positions and norms": lambda D, T: {
        "position": Rotary(D, T, 50.0),
        "norm_q": RMSNorm(D),
        "norm_k": RMSNorm(D),
    },
    "wider heads": lambda D, T: {"head_size": D},
    "dropout 0.4": lambda D, T: {"dropout": 0.4},
}
"""What attention is built with besides its sizes, for heads of D channels."""

LOOKED = "look_back(q, k, v, self.window, dropout)"
TURN_Q = "q = self.position(self.norm_q(q), past.length)"
TURN_K = "past.keep(self.position(self.norm_k(k), past.length), v)"
POSITIONS = "Queries and keys are turned, values are not."
KEEP = "The keys and values to look at are what past.keep gives back."
SHARE = "Query head h looks with key head h // (H / G)."
JOINED = "self.proj(out.transpose(1, 2).flatten(2))"
MODE = (
    "In eval mode nothing is dropped: "
    "dropout = self.dropout if self.training else 0.0."
)


def reading_twice(attempt: Any, sizes: tuple, parts: str, D: int) -> Any:
    """A module that reads with an attention in two ways, one below the other.

    x (B, T, C) -> (2 B, T, C): all of a text at once, and one token at a
    time, with what is kept of the others.
    """

    class Reading(nn.Module):
        def __init__(self, T: int) -> None:
            super().__init__()
            self.attention = attempt(*sizes, **PARTS[parts](D, T))
            if not isinstance(self.attention, nn.Module):
                raise ComplaintError(
                    "GroupedQueryAttention should be an nn.Module, and it is "
                    f"of type {type(self.attention).__name__}"
                )

        def forward(
            self, x: Float[Tensor, "B T C"]
        ) -> Float[Tensor, "2*B T C"]:
            B, T, _ = x.shape
            whole = self.attention(x)
            if attempt is not GroupedQueryAttention:
                hush()  # what it prints is shown for one reading
            _, _, G, window = sizes
            past = Past(torch.zeros(2, B, G, min(window, T), D))
            with torch.no_grad():  # what is written over keeps no tape
                rows = [
                    self.attention(x[:, t : t + 1], past) for t in range(T)
                ]
            return torch.cat([whole, torch.cat(rows, dim=1)])

    return Reading


def look_and_look_again(
    attempt: Any, sizes: tuple, parts: str, x: Float[Tensor, "B T C"]
) -> Any:
    """Texts read at once, and below them the same, token by token."""
    C, H, _, _ = sizes
    D = 4 if parts == "wider heads" else C // H
    right = reading_twice(GroupedQueryAttention, sizes, parts, D)
    made = reading_twice(attempt, sizes, parts, D)
    return try_module(made, right, (x.shape[1],), x)


def texts_to_look_at() -> list[tuple]:
    """Sizes (C, H, G, window), other parts, and x (B, T, C).

    Key heads that several query heads share, or one all, or none; windows
    that are longer than the text, as long, and shorter.
    """
    g = torch.Generator().manual_seed(114)
    return [
        (sizes, parts, torch.randn(B, T, sizes[0], generator=g))
        for sizes, parts, B, T in (
            ((8, 4, 2, 9), "no other part", 2, 5),
            ((12, 6, 2, 3), "rotary positions", 1, 7),
            ((8, 2, 1, 4), "rotary positions and norms", 2, 6),
            ((6, 3, 3, 2), "wider heads", 2, 4),
            ((8, 4, 1, 5), "dropout 0.4", 1, 5),
        )
    ]


def of_the_whole(rule: Property) -> Property:
    """A rule that is asked about the texts that are read at once."""

    def asked(
        again: Callable[..., Any], args: tuple, expected: Tensor
    ) -> str | None:
        def at_once(*given: Any) -> Any:
            return again(*given)[: len(given[-1])]

        return rule(at_once, args, expected)

    return asked


def reads_on_as_at_once(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "N T C"]
) -> str | None:
    """A rule: token by token the same comes out as all at once."""
    at_once, one_by_one = again(*args).chunk(2)
    if (at_once - one_by_one).abs().max() > 1e-4:
        return (
            "read one token at a time, with a Past, a text comes out "
            "otherwise than read at once"
        )
    return None


# ----------------------------------------------------------------- experts

CHOSEN = "self.router(tokens).topk(self.n_active)"
WEIGHTS = "scores.softmax(dim=-1)"
WEIGHTED = "expert(tokens[row]) * weights[row, place, None]"
OVER_CHOSEN = "The softmax runs over the scores of the chosen experts."
EACH_ITS_OWN = "weights[row, place]: the weight of this expert's own score."
EACH_TOKEN = "Each token has scores of its own: router(tokens), (N, E)."
SPREAD = "        weights = scores.softmax(dim=-1)  # (N, n_active), as chosen"


def tokens_to_send() -> list[tuple]:
    """Sizes (C, hidden, E, n_active), and texts that need every expert."""
    g = torch.Generator().manual_seed(115)
    return [
        (sizes, 2 * torch.randn(B, T, sizes[0], generator=g))
        for sizes, B, T in (
            ((5, 4, 4, 2), 3, 6),
            ((4, 3, 3, 1), 2, 9),
            ((6, 5, 5, 3), 2, 8),
            ((3, 4, 3, 3), 2, 3),
        )
    ]


CLASSES = (
    taught(
        RMSNorm,
        "a length and a scale",
        slip(
            "the mean is taken out as well: that is LayerNorm",
            KEPT_MEAN,
            AT_LENGTH,
            "F.layer_norm(x, x.shape[-1:], eps=self.epsilon)",
        ),
        slip(
            "x is divided by its spread around the mean",
            "The squares are those of x, and not of x less its mean.",
            AT_LENGTH,
            "x * (x.var(dim=-1, keepdim=True, correction=0)\n"
            "                + self.epsilon).rsqrt()",
        ),
        slip(
            "the mean runs over the positions, and not over the channels",
            LAST_AXIS,
            AT_LENGTH,
            "x * (x.square().mean(dim=-2, keepdim=True)\n"
            "                + self.epsilon).rsqrt()",
        ),
        slip(
            "the mean runs over axis 1, which holds the positions of "
            "(B, T, C)",
            LAST_AXIS,
            AT_LENGTH,
            "x * (x.square().mean(dim=1, keepdim=True)\n"
            "                + self.epsilon).rsqrt()",
        ),
        slip(
            "one length is taken for all vectors together",
            LAST_AXIS,
            AT_LENGTH,
            "x * (x.square().mean() + self.epsilon).rsqrt()",
        ),
        slip(
            "x is divided by its mean square, without the root",
            ROOT,
            AT_LENGTH,
            f"x / ({MEAN_SQUARE} + self.epsilon)",
        ),
        slip(
            "x is multiplied by the root, and not divided",
            "x · rsqrt(m) is x / sqrt(m).",
            AT_LENGTH,
            f"x * ({MEAN_SQUARE} + self.epsilon).sqrt()",
        ),
        slip(
            "the squares are summed, so that the length becomes 1, not √C",
            "The *mean* of the squares: the sum, divided by C.",
            AT_LENGTH,
            "x * (x.square().sum(dim=-1, keepdim=True)\n"
            "                + self.epsilon).rsqrt()",
        ),
        slip(
            "x is divided by the mean of its sizes",
            "Square, mean, root: in this order.",
            AT_LENGTH,
            "x / (x.abs().mean(dim=-1, keepdim=True) + self.epsilon)",
        ),
        slip(
            "epsilon is added to the root, and not under it",
            "sqrt(mean(x²) + ε): ε stands beside the mean.",
            AT_LENGTH,
            f"x / ({MEAN_SQUARE}.sqrt() + self.epsilon)",
        ),
        slip(
            "epsilon is left out",
            "A vector of zeros has the length 0: ε keeps it from 0 / 0.",
            AT_LENGTH,
            f"x * {MEAN_SQUARE}.rsqrt()",
        ),
        slip(
            "the weight is left out",
            "Each channel is multiplied by self.weight.",
            " * self.weight",
            "",
        ),
        slip(
            "the weight is added, and not multiplied",
            "self.weight is a scale: one factor a channel.",
            " * self.weight",
            " + self.weight",
        ),
        slip(
            "the weight is taken as a distance from 1",
            "self.weight begins as ones: the factor is self.weight.",
            "* self.weight",
            "* (1 + self.weight)",
        ),
        slip(
            "there is a shift as well",
            "RMSNorm learns a scale only: one weight a channel.",
            "        self.weight = nn.Parameter(torch.ones(n_embed))",
            "        self.weight = nn.Parameter(torch.ones(n_embed))\n"
            "        self.bias = nn.Parameter(torch.zeros(n_embed))",
            NORMED,
            f"({NORMED} + self.bias)",
        ),
        slip(
            "all channels share one weight",
            "One weight a channel: torch.ones(n_embed).",
            "torch.ones(n_embed)",
            "torch.ones(1)",
        ),
        cases=vectors_to_norm,
        axes=("text", "position", "channel"),
        rules=(blind_to_the_future, blind_to_the_batch),
    ),
    taught(
        Rotary,
        "neighbours are turned by their place",
        slip(
            "every text begins at position 0, whatever start is",
            STARTS,
            "[start:end]",
            "[: x.shape[-2]]",
        ),
        slip(
            "positions are counted from 1",
            "Position 0 is not turned: torch.arange(block_size).",
            "torch.arange(block_size)",
            "torch.arange(1, block_size + 1)",
        ),
        slip(
            "the rows are counted along the heads",
            "Positions are the axis before the last: x.shape[-2].",
            "x.shape[-2]",
            "x.shape[1]",
        ),
        slip(
            "all pairs turn at one speed",
            SPEED,
            SPEEDS,
            "torch.ones(head_size // 2)",
        ),
        slip(
            "the exponents are half as large: i / D for pair i, not 2i / D",
            SPEED,
            "torch.arange(0, head_size, 2)",
            "torch.arange(head_size // 2)",
        ),
        slip(
            "later pairs turn faster, and not more slowly",
            "The exponent is negative: -2i / D.",
            "(-torch.arange",
            "(torch.arange",
        ),
        slip(
            "the speeds stand in the opposite order",
            SPEED,
            SPEEDS,
            f"({SPEEDS}).flip(0)",
        ),
        slip(
            "base has no effect: it is always 10,000",
            "The speeds are made of the base that is handed over.",
            "speed = base **",
            "speed = 10_000.0 **",
        ),
        slip(
            "the pairs are turned the other way round",
            TURN,
            TURNED,
            "pairs * turn.conj()",
        ),
        slip(
            "one minus sign is missing",
            TURN,
            TURNED,
            "torch.complex(\n"
            "            pairs.real * turn.real + pairs.imag * turn.imag,\n"
            "            pairs.real * turn.imag + pairs.imag * turn.real)",
        ),
        slip(
            "each number is multiplied by a cosine, and nothing is turned",
            TURN,
            TURNED,
            "pairs * turn.real",
        ),
        slip(
            "cosine and sine are added, as chapter 9's positions are",
            "A product of complex numbers turns: pairs * turn.",
            TURNED,
            "pairs + turn",
        ),
        slip(
            "cosine and sine have changed places",
            "torch.complex(cosine, sine): the cosine comes first.",
            "torch.complex(cosine.to(exact), sine.to(exact))",
            "torch.complex(sine.to(exact), cosine.to(exact))",
        ),
        slip(
            "channel i is paired with i + D/2, as in published weights, and "
            "not with its neighbour",
            NEIGHBOURS,
            TOGETHER,
            BACK_TO_HALVES,
            APART,
            HALVES,
        ),
        slip(
            "pairs and angles are in different orders: channel i is paired "
            "with i + D/2 and turned by the angle of neighbours",
            NEIGHBOURS,
            "        turn = torch.complex(cosine.to(exact), sine.to(exact))\n"
            f"        return {TOGETHER}.to(x.dtype)",
            "        one, other = x.chunk(2, dim=-1)\n"
            "        cosine = cosine.repeat_interleave(2, dim=-1)\n"
            "        sine = sine.repeat_interleave(2, dim=-1)\n"
            "        across = torch.cat([-other, one], dim=-1)\n"
            "        return x * cosine + across * sine",
        ),
        slip(
            "neighbours are turned by angles that are in the order of halves",
            NEIGHBOURS,
            "        turn = torch.complex(cosine.to(exact), sine.to(exact))\n"
            f"        return {TOGETHER}.to(x.dtype)",
            "        across = torch.stack(\n"
            "            [-x[..., 1::2], x[..., ::2]], dim=-1).flatten(-2)\n"
            "        cosine = torch.cat([cosine, cosine], dim=-1)\n"
            "        sine = torch.cat([sine, sine], dim=-1)\n"
            "        return x * cosine + across * sine",
        ),
        slip(
            "neighbours are turned, and then put back as two halves",
            "Put them back as neighbours: stack on dim=-1, then flatten(-2).",
            TOGETHER,
            BACK_TO_HALVES,
        ),
        cases=rows_to_turn,
        axes=("text", "head", "position", "channel"),
        rules=(lengths_are_kept, distance_alone),
    ),
    taught(
        SwiGLU,
        "one copy opens or closes the other",
        slip(
            "the activation is missing: the product of two linear maps",
            SILU,
            "F.silu(self.gate(x))",
            "self.gate(x)",
        ),
        slip(
            "the gate is a sigmoid: z is not multiplied in",
            SILU,
            "F.silu(self.gate(x))",
            "torch.sigmoid(self.gate(x))",
        ),
        slip(
            "the gate is a ReLU",
            SILU,
            "F.silu(self.gate(x))",
            "F.relu(self.gate(x))",
        ),
        slip(
            "the gate is a GELU",
            SILU,
            "F.silu(self.gate(x))",
            "F.gelu(self.gate(x))",
        ),
        slip(
            "the gate is a softmax: its channels share one unit",
            SILU,
            "F.silu(self.gate(x))",
            "F.softmax(self.gate(x), dim=-1)",
        ),
        slip(
            "the two copies are added, and not multiplied",
            "A gate is a product, number by number.",
            "F.silu(self.gate(x)) * self",
            "F.silu(self.gate(x)) + self",
        ),
        slip(
            "silu is taken of the product",
            SILU,
            GATED,
            "F.silu(self.gate(x) * self.expand(x))",
        ),
        slip(
            "both copies go through silu",
            SILU,
            GATED,
            "F.silu(self.gate(x)) * F.silu(self.expand(x))",
        ),
        slip(
            "there is no gate: self.gate is never asked",
            "Two copies: one by self.gate, one by self.expand.",
            GATED,
            "F.silu(self.expand(x))",
        ),
        slip(
            "the gate opens and closes itself: self.expand is never asked",
            "Two copies: one by self.gate, one by self.expand.",
            GATED,
            "F.silu(self.gate(x)) * self.gate(x)",
        ),
        slip(
            "the linear layers have biases",
            "All three have bias=False.",
            ", bias=False",
            "",
        ),
        slip(
            "x is added to the result",
            "The path around it is the block's.",
            "return self.contract",
            "return x + self.contract",
        ),
        cases=vectors_to_gate,
        axes=("text", "position", "channel"),
        rules=(blind_to_the_batch,),
    ),
    taught(
        TiedOutput,
        "one table, in and out",
        slip(
            "the table is copied: what is learned for one is not learned for "
            "the other",
            OWN,
            TIED,
            "self.weight = nn.Parameter(embedding.weight.detach().clone())",
        ),
        slip(
            "the output has a new table of its own",
            OWN,
            TIED,
            "self.weight = nn.Parameter(torch.zeros(\n"
            "            embedding.num_embeddings, embedding.embedding_dim))",
            SCORED,
            "F.linear(x, self.weight * 0)",
        ),
        slip(
            "the table is detached: it learns nothing from the scores",
            "self.weight takes part in the product as it is.",
            SCORED,
            "F.linear(x, self.weight.detach())",
        ),
        slip(
            "the table keeps the lengths of nn.Embedding, √C",
            LENGTH,
            f"        {DRAWN}\n",
            "",
        ),
        slip(
            "the table is drawn with the spread 1/C, not 1/√C",
            LENGTH,
            "embedding_dim**-0.5",
            "embedding_dim**-1.0",
        ),
        slip(
            "the spread is made of V, not of C",
            LENGTH,
            "embedding.embedding_dim**-0.5",
            "embedding.num_embeddings**-0.5",
        ),
        slip(
            "there is a bias",
            "The scores are products alone.",
            f"        {TIED}\n",
            f"        {TIED}\n"
            "        self.bias = nn.Parameter(\n"
            "            torch.zeros(embedding.num_embeddings))\n",
            SCORED,
            "F.linear(x, self.weight, self.bias)",
        ),
        slip(
            "the table is not turned: x meets its rows and not its columns",
            "Row v is the vector of token v: F.linear(x, W) is x @ W.T.",
            SCORED,
            "x @ self.weight",
        ),
        slip(
            "the scores are divided by √C",
            "Rows of length 1 need no other scale.",
            SCORED,
            "F.linear(x, self.weight) * x.shape[-1]**-0.5",
        ),
        slip(
            "the scores are cosines: the lengths are divided out",
            "The product of x and a row, as they are.",
            SCORED,
            "F.linear(F.normalize(x, dim=-1),\n"
            "                        F.normalize(self.weight, dim=-1))",
        ),
        slip(
            "probabilities come out, and not scores",
            NO_PROBABILITY,
            SCORED,
            f"{SCORED}.softmax(dim=-1)",
        ),
        slip(
            "logarithms of probabilities come out, and not scores",
            NO_PROBABILITY,
            SCORED,
            f"{SCORED}.log_softmax(dim=-1)",
        ),
        run=score_and_learn,
        cases=vectors_to_score,
        labels=("V", "x"),
        axes=("text", "position", "token"),
    ),
    taught(
        GroupedQueryAttention,
        "heads share keys",
        slip(
            "the key heads are repeated as a row, and not each by itself",
            SHARE,
            LOOKED,
            "look_back(\n"
            "            q, k.repeat(1, q.shape[1] // k.shape[1], 1, 1),\n"
            "            v.repeat(1, q.shape[1] // v.shape[1], 1, 1),\n"
            "            self.window, dropout)",
        ),
        slip(
            "all query heads look with the first key head",
            SHARE,
            LOOKED,
            "look_back(q, k[:, :1], v[:, :1], self.window, dropout)",
        ),
        slip(
            "the window is not used: the whole past is seen",
            "A query sees self.window tokens, its own included.",
            LOOKED,
            "look_back(q, k, v, k.shape[2], dropout)",
        ),
        slip(
            "the window is one token too long",
            "Its own token counts: self.window - 1 stand before it.",
            LOOKED,
            "look_back(q, k, v, self.window + 1, dropout)",
        ),
        slip(
            "the future is seen: there is neither mask nor window",
            "look_back hides what stands behind a query.",
            LOOKED,
            "F.scaled_dot_product_attention(\n"
            "            q, k, v, dropout_p=dropout, enable_gqa=True)",
        ),
        slip(
            "keys and values have changed places",
            "The matrix holds queries, keys and values, in this order.",
            "        q, k, v = by_head",
            "        q, v, k = by_head",
        ),
        slip(
            "queries are not turned",
            POSITIONS,
            TURN_Q,
            "q = self.norm_q(q)",
        ),
        slip(
            "keys are not turned",
            POSITIONS,
            TURN_K,
            "past.keep(self.norm_k(k), v)",
        ),
        slip(
            "values are turned as well",
            POSITIONS,
            ", past.length), v)",
            ", past.length), self.position(v, past.length))",
        ),
        slip(
            "positions are counted from 0 at each call",
            "The new tokens stand behind past.length others.",
            ", past.length)",
            ")",
        ),
        slip(
            "queries are told the position 0 at each call, and keys theirs",
            "The new tokens stand behind past.length others.",
            TURN_Q,
            "q = self.position(self.norm_q(q))",
        ),
        slip(
            "nothing is kept: a new token sees itself only",
            KEEP,
            f"k, v = {TURN_K}",
            "k = self.position(self.norm_k(k), past.length)",
        ),
        slip(
            "the keys are kept before they are turned",
            "A kept key has its own angle already: turn, then keep.",
            f"k, v = {TURN_K}",
            "k, v = past.keep(self.norm_k(k), v)\n"
            "        k = self.position(k, past.length - k.shape[2])",
            "        q = self.position(self.norm_q(q), past.length)\n",
            "        start = past.length\n"
            "        q = self.position(self.norm_q(q), start)\n",
            "past.length - k.shape[2]",
            "start",
        ),
        slip(
            "queries are not normed",
            "norm_q for the queries, norm_k for the keys.",
            "self.norm_q(q)",
            "q",
        ),
        slip(
            "keys are not normed",
            "norm_q for the queries, norm_k for the keys.",
            "self.norm_k(k)",
            "k",
        ),
        slip(
            "queries and keys share one norm",
            "norm_q for the queries, norm_k for the keys.",
            "self.norm_k(k)",
            "self.norm_q(k)",
        ),
        slip(
            "queries and keys are turned first, and normed then",
            "First the norm, then the angle.",
            "self.position(self.norm_q(q), past.length)",
            "self.norm_q(self.position(q, past.length))",
            "self.position(self.norm_k(k), past.length)",
            "self.norm_k(self.position(k, past.length))",
        ),
        slip(
            "the heads are joined without bringing H beside D first",
            "Bring H beside D first: transpose(1, 2), then flatten(2).",
            JOINED,
            "self.proj(out.reshape(*x.shape[:2], -1))",
        ),
        slip(
            "the channels of the heads alternate",
            "All of head 0 first, then all of head 1: (-1, D).",
            "self.qkv(x).unflatten(-1, (-1, self.head_size))",
            "self.qkv(x).unflatten(-1, (self.head_size, -1)).mT",
        ),
        slip(
            "the projection is left out",
            "The heads' answers are mixed by self.proj.",
            JOINED,
            "out.transpose(1, 2).flatten(2)",
        ),
        slip(
            "x is added to the result",
            "The path around it is the block's.",
            f"return {JOINED}",
            f"return x + {JOINED}",
        ),
        slip(
            "keys and values have as many heads as queries",
            "G heads of keys and of values: (n_head, n_key_head, n_key_head).",
            "(n_head, n_key_head, n_key_head)",
            "(n_head, n_head, n_head)",
        ),
        slip(
            "the linear layers have biases",
            "qkv and proj have bias=False.",
            ", bias=False",
            "",
        ),
        slip(
            "no weight is ever dropped",
            MODE,
            LOOKED,
            "look_back(q, k, v, self.window, 0.0)",
        ),
        is_module=True,
        run=look_and_look_again,
        cases=texts_to_look_at,
        labels=("GroupedQueryAttention", "with", "x"),
        axes=("reading", "position", "channel"),
        rules=(
            *map(
                of_the_whole,
                (
                    blind_to_the_future,
                    blind_to_the_batch,
                    alike_for_equal_rows,
                ),
            ),
            reads_on_as_at_once,
        ),
    ),
    taught(
        Experts,
        "each token enters a few",
        slip(
            "the softmax runs over all experts, so that the weights of the "
            "chosen ones do not sum to 1",
            OVER_CHOSEN,
            CHOSEN,
            "self.router(tokens).softmax(-1).topk(self.n_active)",
            WEIGHTS,
            "scores",
        ),
        slip(
            "the softmax runs over the tokens",
            OVER_CHOSEN,
            WEIGHTS,
            "scores.softmax(dim=0)",
        ),
        slip(
            "each weight is a sigmoid of its own score",
            OVER_CHOSEN,
            WEIGHTS,
            "scores.sigmoid()",
        ),
        slip(
            "the softmax is missing: the scores themselves are the weights",
            OVER_CHOSEN,
            WEIGHTS,
            "scores",
        ),
        slip(
            "the answers are summed without weights: the router learns "
            "nothing",
            EACH_ITS_OWN,
            WEIGHTED,
            "expert(tokens[row])",
        ),
        slip(
            "the chosen experts have equal weights: the router learns nothing",
            EACH_ITS_OWN,
            WEIGHTED,
            "expert(tokens[row]) / self.n_active",
        ),
        slip(
            "every chosen expert gets the weight of the likeliest",
            EACH_ITS_OWN,
            "weights[row, place, None]",
            "weights[row, :1]",
        ),
        slip(
            "the weights stand in the opposite order: the likeliest expert "
            "gets the least",
            EACH_ITS_OWN,
            WEIGHTS,
            f"{WEIGHTS}.flip(-1)",
        ),
        slip(
            "the weights belong to other tokens: they are looked up by the "
            "place in the choice alone",
            EACH_ITS_OWN,
            "weights[row, place, None]",
            "weights[0, place, None]",
        ),
        slip(
            "all experts answer each token",
            "Only n_active of them: topk(self.n_active).",
            "topk(self.n_active)",
            "topk(len(self.experts))",
        ),
        slip(
            "one expert alone answers each token",
            "n_active of them: topk(self.n_active).",
            "topk(self.n_active)",
            "topk(1)",
        ),
        slip(
            "the least likely experts are chosen",
            "topk takes the largest scores.",
            "topk(self.n_active)",
            "topk(self.n_active, largest=False)",
        ),
        slip(
            "the first experts are chosen, whatever the router says",
            "chosen are the places of the largest scores.",
            SPREAD,
            f"{SPREAD}\n"
            "        chosen = torch.arange(self.n_active).expand_as(chosen)",
        ),
        slip(
            "all tokens of all texts are sent to the same experts",
            EACH_TOKEN,
            "self.router(tokens)",
            "self.router(tokens.mean(0).expand_as(tokens))",
        ),
        slip(
            "each answer replaces the one before: only that of the last "
            "expert is left",
            "Answers of one token are added: index_add.",
            "out.index_add(0, row, answer.to(out.dtype))",
            "out.index_copy(0, row, answer.to(out.dtype))",
        ),
        slip(
            "x is added to the result",
            "The path around it is the block's.",
            "out = torch.zeros_like(tokens)",
            "out = tokens",
        ),
        slip(
            "the router has a bias",
            "nn.Linear(n_embed, n_expert, bias=False).",
            "n_expert, bias=False",
            "n_expert",
        ),
        slip(
            "all experts are one and the same",
            "Each of them is made anew: a loop, and not a product.",
            "            SwiGLU(n_embed, hidden) for _ in range(n_expert)\n",
            "            [SwiGLU(n_embed, hidden)] * n_expert\n",
        ),
        cases=tokens_to_send,
        axes=("text", "position", "channel"),
        rules=(
            blind_to_the_future,
            blind_to_the_batch,
            alike_for_equal_rows,
        ),
    ),
)
