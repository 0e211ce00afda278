"""Chapter 11. What attention keeps of the tokens that it has read."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.language_model import window_start


class NoPast:
    """Nothing was read before, and nothing is kept: how a model trains."""

    length = 0

    def keep(
        self, k: Float[Tensor, "B G N D"], v: Float[Tensor, "B G N D"]
    ) -> tuple[Tensor, Tensor]:
        """What the new queries look at: the new keys and values."""
        return k, v


NO_PAST = NoPast()


class Past(NoPast):
    """The keys and values of the last R tokens, of all that were read.

    kept: keys and values, each (B, G, R, D). The token at position t has
    row t mod R, so a new one is written over what has left the window. The
    rows are then out of order, and one query does not mind: a sum has no
    order, and where a key stands is in the key itself. No row is read before
    it is written, so kept may come as new_empty makes it.
    """

    def __init__(self, kept: Float[Tensor, "2 B G R D"]) -> None:
        self.kept, self.length = kept, 0

    def keep(
        self, k: Float[Tensor, "B G N D"], v: Float[Tensor, "B G N D"]
    ) -> tuple[Tensor, Tensor]:
        """Keep new keys and values; what the new queries look at.

        Many tokens are the beginning of a text and look at themselves; one
        token looks at all that is kept, itself included.
        """
        start, N, R = self.length, k.shape[2], self.kept.shape[3]
        check_order(start, N)
        self.length = start + N
        rows = torch.arange(start, self.length, device=k.device)[-R:] % R
        new = torch.stack([k, v])[:, :, :, -R:].to(self.kept.dtype)
        self.kept.index_copy_(3, rows, new)
        if start == 0:
            return k, v
        keys, values = self.kept[:, :, :, : self.length]
        return keys, values


class Unread:
    """Which tokens of a text that grows a reader has still to read.

    window: see window_start, as block_size.
    """

    def __init__(self, block_size: int, window: str) -> None:
        self.block_size, self.window = block_size, window
        self.start = self.length = 0

    def of(self, tokens: Int[Tensor, "B T"]) -> tuple[Tensor, int]:
        """The tokens to read, and how many before them are kept.

        One more than last time is read alone. Where the window has moved,
        or the text is another one, nothing is kept and all is read.
        """
        start = window_start(tokens.shape[1], self.block_size, self.window)
        length = tokens.shape[1] - start
        goes_on = (start, length) == (self.start, self.length + 1)
        kept = self.length if goes_on else 0
        self.start, self.length = start, length
        return tokens[:, start + kept :], kept


def check_order(start: int, N: int) -> None:
    """Refuse several tokens after others: rows that rolled have no order."""
    if start and N > 1:
        raise ValueError(
            f"{N} tokens at once follow {start} that are kept: read them one "
            "at a time, or the text from its beginning"
        )
