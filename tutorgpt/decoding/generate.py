"""Chapter 8. From scores to text: pick the next token, append, repeat."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor
from torch.nn import functional as F

from tutorgpt.decoding.cache import reader
from tutorgpt.decoding.choice import choose
from tutorgpt.language_model import LanguageModel, check_tokens, eval_mode

WINDOWS = ("exact", "half")


def generate(
    model: LanguageModel,
    tokens: Int[Tensor, "B T"],
    max_new_tokens: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    greedy: bool = False,
    generator: torch.Generator | None = None,
    window: str = "exact",
    stream: Callable[[Tensor], object] | None = None,
) -> Int[Tensor, "B N"]:
    """Continue each row of tokens by max_new_tokens, one at a time.

    tokens (B, T), with T at least 1 -> (B, T + max_new_tokens). The model
    answers in eval mode, from at most the last block_size tokens.
    temperature, top_k, top_p, greedy, generator: see choose.
    window: see window_start.
    stream: called with the new token of each row (B,) as soon as it is there.
    """
    check_tokens(tokens, model.config.vocab_size)
    _check_lengths([tokens.shape[1]], max_new_tokens, window)
    pick = partial(
        choose,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        greedy=greedy,
        generator=generator,
    )
    text = F.pad(tokens, (0, max_new_tokens))
    _write(model, text, tokens.shape[1], None, pick, window, stream)
    return text


def generate_batch(
    model: LanguageModel,
    prompts: Sequence[Int[Tensor, " _"]],
    max_new_tokens: int,
    *,
    window: str = "exact",
    **settings: Any,
) -> list[Tensor]:
    """Continue prompts of different lengths together.

    Every row begins at position 0, as it would alone: while the shorter
    prompts already write, the longer ones still read. No padding is seen.
    settings: those of choose. Returns a row per prompt, (T + new,).
    """
    for prompt in prompts:
        check_tokens(prompt[None], model.config.vocab_size)
    lengths = torch.tensor([len(prompt) for prompt in prompts])
    _check_lengths(lengths.tolist(), max_new_tokens, window)
    text = torch.nn.utils.rnn.pad_sequence(list(prompts), batch_first=True)
    text = F.pad(text, (0, max_new_tokens))
    given = torch.arange(text.shape[1]) < lengths[:, None]  # (B, T + new)
    pick, start = partial(choose, **settings), int(lengths.min())
    _write(model, text, start, given.to(text.device), pick, window, None)
    return [
        row[: length + max_new_tokens]
        for row, length in zip(text, lengths.tolist(), strict=True)
    ]


def _write(
    model: LanguageModel,
    text: Int[Tensor, "B N"],
    start: int,
    given: Bool[Tensor, "B N"] | None,
    pick: Callable[[Tensor], Tensor],
    window: str,
    stream: Callable[[Tensor], object] | None,
) -> None:
    with torch.inference_mode(), eval_mode(model):
        next_scores = reader(model, len(text), window)
        for t in range(start, text.shape[1]):
            new = pick(next_scores(text[:, :t]))
            if given is not None:
                new = torch.where(given[:, t], text[:, t], new)
            text[:, t] = new
            if stream is not None:
                stream(new)


def _check_lengths(
    lengths: Sequence[int], max_new_tokens: int, window: str
) -> None:
    if not lengths or 0 in lengths:
        raise ValueError(
            "the prompt is empty (T = 0): give at least one token, "
            "such as a line break"
        )
    if not isinstance(max_new_tokens, int) or max_new_tokens < 0:
        raise ValueError(
            f"max_new_tokens is {max_new_tokens!r}: choose a whole number, "
            "0 or more"
        )
    if window not in WINDOWS:
        raise ValueError(f"window is {window!r}: choose one of {WINDOWS}")
