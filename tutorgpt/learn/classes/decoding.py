"""The classes of chapter 8, which are no modules: they use a GPT's weights."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.overrides import TorchFunctionMode

from tutorgpt.config import ModelConfig
from tutorgpt.decoding.cache import CachedBlock, CachedReader, cache_shape
from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import ComplaintError, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.learn.check.taught import taught
from tutorgpt.learn.classes.models import small
from tutorgpt.scaling import GPT

PRODUCTS = {"mm", "addmm", "linear", "matmul", "__matmul__", "bmm", "einsum"}
"""Names of torch's functions that multiply by weights."""
TOO_MUCH = 1.5
"""A reader that computes so many times as much reads something twice."""

KEPT = """\
            self.keys[:, :, past:end], self.values[:, :, past:end] = k, v
"""
FILLED = "self.keys[:, :, :end], self.values[:, :, :end]"


class Counting(TorchFunctionMode):
    """Counts the numbers that matrix products give while it is entered."""

    numbers = 0

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: Any = None
    ) -> Any:
        found = func(*args, **(kwargs or {}))
        if func.__name__ in PRODUCTS:
            self.numbers += found.numel()
        return found


def model_of(config: ModelConfig) -> GPT:
    """A GPT whose weights all play a part."""
    model = GPT(config).eval()
    give_weights(model)
    return model


@torch.no_grad()
def read_by_a_block(
    attempt: Any, config: ModelConfig, x: Float[Tensor, "B T C"], first: int
) -> Float[Tensor, "N C"]:
    """What a block makes of `first` tokens at once, then of one at a time.

    Of the first ones all results are asked for, of the others the last.
    """
    B, T, _ = x.shape
    cache = torch.zeros(cache_shape(config, B))[0]
    block = attempt(model_of(config).blocks[0], cache)
    found = [block(x[:, :first].flatten(0, 1), 0, last_only=False)]
    for t in range(first, T):
        found.append(block(x[:, t].clone(), t, last_only=True))
    whole = block(x[:, :first].flatten(0, 1), 0, last_only=True)
    return torch.cat([*found, whole])


@torch.no_grad()
def read_on(
    attempt: Any,
    config: ModelConfig,
    tokens: Int[Tensor, "B T"],
    first: int,
    window: str,
) -> Float[Tensor, "N B V"]:
    """The scores after `first` tokens and after each further one."""
    B, T = tokens.shape

    def read(made: Any) -> tuple[Any, int]:
        reader = made(model_of(config), B, window)
        with Counting() as counting:
            found = [reader(tokens[:, :end]) for end in range(first, T + 1)]
        return torch.stack(found), counting.numbers

    found, spent = read(attempt)
    right, needed = read(CachedReader)
    if same(found, right) and spent > TOO_MUCH * needed:
        raise ComplaintError(
            "the scores are right, and it computes more than it should: "
            "something that it has read is read again",
            "Where one token has come, that token alone is read.",
        )
    return found


def parts_of_texts() -> list[tuple]:
    """A config, the vectors of a text, and how many are read at once."""
    g = torch.Generator().manual_seed(81)
    return [
        (config, torch.randn(B, T, config.n_embed, generator=g), first)
        for config, B, T, first in zip(
            small(), (2, 1, 3), (6, 9, 5), (3, 1, 4), strict=True
        )
    ]


def growing_texts() -> list[tuple]:
    """A config, a text that outgrows the block, and what is read at once."""
    g = torch.Generator().manual_seed(82)
    return [
        (
            config,
            torch.randint(config.vocab_size, (B, T), generator=g),
            first,
            window,
        )
        for config, B, T, first, window in zip(
            small(),
            (2, 1, 3),
            (7, 13, 11),
            (3, 1, 10),
            ("exact", "half", "exact"),
            strict=True,
        )
    ]


CLASSES = (
    taught(
        CachedBlock,
        "GPTBlock, and nothing is read twice",
        slip(
            "the new keys and values are not kept",
            "Write them into the cache, at places past to end.",
            KEPT,
            "",
        ),
        slip(
            "the new keys and values are always kept at place 0",
            "The new tokens stand behind `past` others.",
            KEPT.strip(),
            "self.keys[:, :, :N], self.values[:, :, :N] = k, v",
        ),
        slip(
            "the new token sees itself only, and not what is in the cache",
            "k and v are the cache up to its end.",
            f"            k, v = {FILLED}\n",
            "",
        ),
        slip(
            "the whole cache is looked at, also where it is still empty",
            "The cache is filled up to `end`: [:, :, :end].",
            FILLED,
            "self.keys, self.values",
        ),
        slip(
            "a text that is read at once sees its future",
            "is_causal where several tokens are read together.",
            "is_causal=several",
            "is_causal=False",
        ),
        slip(
            "a new token sees place 0 only: its mask is that of a text",
            "One token may look at all of the cache: is_causal=False.",
            "is_causal=several",
            "is_causal=True",
        ),
        slip(
            "what the attention found replaces x",
            "x = x + ...: the path of chapter 5.",
            "x = x + torch.addmm(self.proj",
            "x = torch.addmm(self.proj",
        ),
        slip(
            "what was thought replaces x",
            "return x + ...: the path of chapter 5.",
            "return x + torch.addmm",
            "return torch.addmm",
        ),
        slip(
            "the bend between the two layers is missing",
            "relu stands between expand and contract.",
            ".relu_()",
            "",
        ),
        slip(
            "queries and keys have changed places",
            "The matrix holds queries, keys and values, in this order.",
            "q, k, v = qkv",
            "k, q, v = qkv",
        ),
        slip(
            "all results come back where the last ones are wanted",
            "last_only: the queries and x of the last tokens alone.",
            "        if last_only:\n"
            "            q, x = q[:, :, -1:], x.view(B, N, -1)[:, -1]\n",
            "",
        ),
        run=read_by_a_block,
        cases=parts_of_texts,
        labels=("", "x", "at once"),
    ),
    taught(
        CachedReader,
        "scores as GPT, nothing read twice",
        slip(
            "each new token gets the place 0",
            "The vectors of the places are position[past:end].",
            "self.position[past:end]",
            "self.position[: end - past]",
        ),
        slip(
            "the places are left out",
            "A token's vector is what it is plus where it is.",
            " + self.position[past:end]",
            "",
        ),
        slip(
            "it goes on where the window has moved: every place is another "
            "one then, and the cache is out of date",
            "goes_on needs start == self.start as well.",
            "start == self.start and end == self.length + 1",
            "end == self.length + 1 or end == self.length",
        ),
        slip(
            "all of the text is read again, and kept as if it were new",
            "Only the tokens behind the first `past` are new.",
            "tokens[:, start + past :]",
            "tokens[:, start:]",
        ),
        slip(
            "the text is not cut to the window",
            "start + past: what stands before the window is not read.",
            "tokens[:, start + past :]",
            "tokens[:, past:]",
        ),
        slip(
            "the last norm is left out",
            "lm_head reads the normed x.",
            "F.layer_norm(x, *self.norm)",
            "x",
        ),
        slip(
            "all blocks share one piece of the cache",
            "Each block keeps its own keys and values.",
            'CachedBlock(cast("GPTBlock", block), its_cache)',
            'CachedBlock(cast("GPTBlock", block), cache[0])',
        ),
        slip(
            "it never writes down how much it has read",
            "self.start, self.length = start, end.",
            "        self.start, self.length = start, end\n",
            "",
        ),
        run=read_on,
        cases=growing_texts,
        labels=("", "tokens", "at once", "window"),
    ),
)
