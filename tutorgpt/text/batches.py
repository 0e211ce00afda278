"""Draws training examples from a long row of tokens."""

from collections.abc import Iterator

import torch
from jaxtyping import Int, Integer
from torch import Tensor


def sample_batch(
    data: Integer[Tensor, " N"],
    batch_size: int,
    block_size: int,
    generator: torch.Generator,
) -> tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]:
    """Windows from random places: tokens, and the token that follows each.

    targets[b, t] is the token after tokens[b, t] in the text.
    Raises ValueError if the data is too short for one window.
    """
    check_enough(len(data), block_size)
    starts = torch.randint(
        len(data) - block_size, (batch_size, 1), generator=generator
    )
    window = data[starts + torch.arange(block_size + 1)].long()  # (B, T + 1)
    return window[:, :-1], window[:, 1:]


def iterate_windows(
    data: Integer[Tensor, " N"], batch_size: int, block_size: int
) -> Iterator[tuple[Int[Tensor, "B T"], Int[Tensor, "B T"]]]:
    """Every token once as a target: consecutive windows, in order.

    Windows do not overlap; the last one is shorter if it must be.
    """
    if len(data) < 2:
        raise ValueError(
            f"{len(data)} tokens hold no pair of token and next token: "
            "pass at least 2"
        )
    tokens, targets = data[:-1], data[1:]
    whole = len(tokens) // block_size * block_size
    if whole:
        for some_tokens, some_targets in zip(
            tokens[:whole].view(-1, block_size).split(batch_size),
            targets[:whole].view(-1, block_size).split(batch_size),
            strict=True,
        ):
            yield some_tokens.long(), some_targets.long()
    if whole < len(tokens):
        yield tokens[None, whole:].long(), targets[None, whole:].long()


def check_enough(n_tokens: int, block_size: int) -> None:
    """Refuse a text that does not fill one window and its target."""
    if n_tokens <= block_size:
        few = "token is" if n_tokens == 1 else "tokens are"
        smaller = ", or choose a smaller block_size"
        if block_size > 8:
            smaller += ", such as 8, that of the preset small"
        raise ValueError(
            f"{n_tokens} {few} too few for block_size {block_size}: training "
            "and validation need at least "
            f"{block_size + 1} each, which a text of {10 * block_size + 1} "
            "tokens gives (a tenth of it is held out)"
            f"{smaller if block_size > 1 else ''}"
        )
