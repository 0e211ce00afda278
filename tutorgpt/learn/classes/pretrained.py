"""The classes of chapter 12."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import ComplaintError, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.learn.check.taught import taught
from tutorgpt.learn.classes.models import NO_FUTURE
from tutorgpt.pretrained import GPT2, GPT2Config, Llama, LlamaConfig
from tutorgpt.pretrained.adapters import Adapter

# -------------------------------------------------------------- whole models

SIZES = (
    {"vocab_size": 11, "block_size": 7, "n_embed": 12, "n_head": 6},
    {"vocab_size": 5, "block_size": 9, "n_embed": 4, "n_head": 1},
    {"vocab_size": 7, "block_size": 8, "n_embed": 16, "n_head": 4},
)
"""Shapes in which no two sizes are equal; one has a single head."""
TEXTS = ((3, 7), (2, 4), (1, 5))
OWN = (
    {"n_key_head": 2, "hidden": 20, "rotary_base": 50.0, "epsilon": 0.1},
    {"n_key_head": 1, "hidden": 3, "rotary_base": 7.0, "tied": False},
    {"n_key_head": 4, "hidden": 9, "rotary_base": 300.0, "epsilon": 0.02},
)
"""What a Llama's shape says beside that."""


def with_texts(configs: list[Any]) -> list[tuple]:
    """Full windows and shorter ones for models of these shapes."""
    g = torch.Generator().manual_seed(121)
    return [
        ((config,), torch.randint(config.vocab_size, size, generator=g))
        for config, size in zip(configs, TEXTS, strict=True)
    ]


def llamas() -> list[tuple]:
    """Tied and not tied, with shared heads of keys, one, and all."""
    shapes = zip(SIZES, OWN, strict=True)
    return with_texts(
        [LlamaConfig(**sizes, n_layer=2, **own) for sizes, own in shapes]
    )


def gpt_2s() -> list[tuple]:
    """With an epsilon that counts, and with the usual one."""
    return with_texts(
        [
            GPT2Config(**sizes, n_layer=2, epsilon=epsilon)
            for sizes, epsilon in zip(SIZES, (0.3, 1e-5, 0.1), strict=True)
        ]
    )


NORM = "norm=RMSNorm(C, config.epsilon)"
OUTPUT = "TiedOutput(token) if tied else nn.Linear(C, V, bias=False)"
BLOCKS = "llama_block(config, position) for _ in range(config.n_layer)"
ANGLES = "Rotary(config.head_size, T, config.rotary_base)"
TIE = "A tied output scores with the table of tokens, another has its own."

# ------------------------------------------------------------------ adapters

CHANGE = "F.linear(F.linear(x, self.A), self.B)"
BEGINS = "B begins at 0, so that the model begins as it was."


def vectors_to_change() -> list[tuple]:
    """The sizes of a Linear, whether it has a bias, rank, scale, and x."""
    g = torch.Generator().manual_seed(122)
    return [
        (sizes, bias, rank, scale, torch.randn(*shape, sizes[0], generator=g))
        for sizes, bias, rank, scale, shape in (
            ((5, 3), True, 2, 1.0, (2, 4)),
            ((4, 7), False, 1, 2.0, (3,)),
            ((6, 6), True, 4, 0.5, (2, 3)),
        )
    ]


def adapt_and_learn(
    attempt: Callable[..., Any],
    sizes: tuple[int, int],
    bias: bool,
    rank: int,
    scale: float,
    x: Float[Tensor, "*B I"],
) -> Any:
    """What an adapted Linear gives, with other numbers in A and B.

    Complains of a Linear that learns, of others than A and B, and of a
    beginning that is not the Linear's own.
    """
    linear = nn.Linear(*sizes, bias=bias)
    with torch.no_grad():
        give_weights(linear)
    adapter = attempt(linear, rank, scale)
    if adapter is ...:
        return adapter
    if not isinstance(adapter, nn.Module):
        raise ComplaintError(
            "Adapter should be an nn.Module, and it is of type "
            f"{type(adapter).__name__}"
        )
    if any(p.requires_grad for p in linear.parameters()):
        raise ComplaintError(
            "the Linear still learns: it should stay as it is",
            "linear.requires_grad_(False)",
        )
    begins = adapter(x)
    if not same(begins, linear(x)):
        raise ComplaintError(
            "it does not begin as the Linear itself", BEGINS, begins
        )
    learned = [p for p in adapter.parameters() if p.requires_grad]
    shapes = sorted(tuple(p.shape) for p in learned)
    if shapes != sorted([(rank, sizes[0]), (sizes[1], rank)]):
        raise ComplaintError(
            f"it learns tensors of the shapes {shapes}, where A should be "
            f"{(rank, sizes[0])} and B {(sizes[1], rank)}"
        )
    zeros = [not p.any() for p in learned]
    if all(zeros):
        raise ComplaintError(
            "A and B both begin at 0, and neither can ever learn",
            "A is drawn at random, B begins at 0.",
        )
    A, B = (
        learned
        if tuple(learned[0].shape) != (sizes[1], rank)
        else (learned[::-1])
    )
    with torch.no_grad():
        g = torch.Generator().manual_seed(9)
        for weights in (A, B):
            weights.copy_(torch.randn(weights.shape, generator=g))
    out = adapter(x)
    right = linear(x) + scale * x @ A.mT @ B.mT
    if same(out, right):
        for name, weights in (("A", A), ("B", B)):
            (slope,) = torch.autograd.grad(
                out.sum(), weights, retain_graph=True, allow_unused=True
            )
            if slope is None or not slope.any():
                raise ComplaintError(
                    f"the result is right, and {name} learns nothing of it"
                )
    return out


CLASSES = (
    taught(
        Llama,
        "today's parts, put together",
        slip(
            "the angles have the usual base, whatever the file says",
            "Hand config.rotary_base on.",
            ANGLES,
            "Rotary(config.head_size, T)",
        ),
        slip(
            "the angles are those of heads as wide as the path",
            "A head has config.head_size channels.",
            ANGLES,
            "Rotary(config.head_size, T, C)",
        ),
        slip(
            "there is one block, whatever n_layer says",
            "config.n_layer of them, each with weights of its own.",
            BLOCKS,
            "llama_block(config, position) for _ in range(1)",
        ),
        slip(
            "there is one block more than n_layer",
            "config.n_layer of them.",
            "range(config.n_layer)",
            "range(config.n_layer + 1)",
        ),
        slip(
            "the output is never tied",
            TIE,
            OUTPUT,
            "nn.Linear(C, V, bias=False)",
        ),
        slip(
            "the output is always tied",
            TIE,
            OUTPUT,
            "TiedOutput(token)",
        ),
        slip(
            "tied and not tied are exchanged",
            TIE,
            "TiedOutput(token) if tied",
            "TiedOutput(token) if not tied",
        ),
        slip(
            "an output of its own has a bias",
            "There are no biases: bias=False.",
            "nn.Linear(C, V, bias=False)",
            "nn.Linear(C, V)",
        ),
        slip(
            "the last norm is LayerNorm",
            "RMSNorm, as in the blocks.",
            NORM,
            "norm=nn.LayerNorm(C)",
        ),
        slip(
            "the last norm is left out",
            "RMSNorm before the output.",
            NORM,
            "norm=nn.Identity()",
        ),
        slip(
            "the last norm has an epsilon of its own",
            "Hand config.epsilon on.",
            NORM,
            "norm=RMSNorm(C, 1e-5)",
        ),
        cases=llamas,
        rules=NO_FUTURE,
    ),
    taught(
        Adapter,
        "a change of low rank beside it",
        slip(
            "the scale is left out",
            "W x + scale · B A x.",
            "self.scale * change",
            "change",
        ),
        slip(
            "the scale multiplies the Linear as well",
            "W x + scale · B A x.",
            "self.linear(x) + self.scale * change",
            "self.scale * (self.linear(x) + change)",
        ),
        slip(
            "it is divided by the scale",
            "W x + scale · B A x.",
            "self.scale * change",
            "change / self.scale",
        ),
        slip(
            "the change is taken away",
            "W x + scale · B A x.",
            "self.linear(x) + self.scale",
            "self.linear(x) - self.scale",
        ),
        slip(
            "the Linear goes on learning",
            "linear.requires_grad_(False): only A and B learn.",
            "linear.requires_grad_(False)",
            "linear",
        ),
        slip(
            "B begins at random, so that the model begins as another one",
            BEGINS,
            "nn.Parameter(new(out, rank))",
            "nn.Parameter(new(out, rank).normal_())",
        ),
        slip(
            "A begins at zero, too, and nothing can ever learn",
            "A is drawn at random.",
            ".normal_(std=inside**-0.5)",
            "",
        ),
        slip(
            "the change comes alone, without the Linear",
            BEGINS,
            "self.linear(x) + self.scale * change",
            "self.scale * change",
        ),
        slip(
            "A and B are detached",
            "F.linear takes both as they are.",
            CHANGE,
            "F.linear(F.linear(x, self.A.detach()), self.B.detach())",
        ),
        slip(
            "a bend stands between A and B",
            "The change is linear: B A x.",
            "F.linear(x, self.A)",
            "F.relu(F.linear(x, self.A))",
        ),
        cases=vectors_to_change,
        run=adapt_and_learn,
        labels=("(in, out) =", "bias =", "rank =", "scale =", "x"),
    ),
    taught(
        GPT2,
        "chapter 6's GPT with four changes",
        slip(
            "queries, keys and values have no biases",
            "nn.Linear(C, 3 * C), with its bias.",
            "nn.Linear(C, 3 * C)",
            "nn.Linear(C, 3 * C, bias=False)",
        ),
        slip(
            "it bends as ReLU does",
            "GELU, in the form with tanh.",
            'nn.GELU(approximate="tanh")',
            "nn.ReLU()",
        ),
        slip(
            "it bends as the exact GELU does",
            "GELU, in the form with tanh.",
            'nn.GELU(approximate="tanh")',
            "nn.GELU()",
        ),
        slip(
            "the norms have an epsilon of their own",
            "part.eps = config.epsilon.",
            "part.eps = config.epsilon",
            "part.eps = 1e-5",
        ),
        slip(
            "the output has a table of its own",
            "TiedOutput scores with the table of tokens.",
            "TiedOutput(self.embedding.token)",
            "nn.Linear(C, config.vocab_size, bias=False)",
        ),
        cases=gpt_2s,
        rules=NO_FUTURE,
    ),
)
"""What is known of each class, in the order of the chapter."""
