"""Chapter 11. A GPT whose parts are handed over, and how it reads on."""

from collections.abc import Iterable
from typing import cast

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import check_length
from tutorgpt.language_model import LanguageModel, Reader
from tutorgpt.modern.attention import GroupedQueryAttention
from tutorgpt.modern.block import PartsBlock
from tutorgpt.modern.past import NO_PAST, Past, Unread


class PartsGPT(LanguageModel):
    """A decoder of parts: a table, blocks, a last norm and an output layer.

    tokens (B, T) -> (B, T, V). Where a token stands is told by its block.
    """

    def __init__(
        self,
        config: ModelConfig,
        token: nn.Module,
        blocks: Iterable[nn.Module],
        norm: nn.Module,
        lm_head: nn.Module,
    ) -> None:
        super().__init__(config)
        self.token, self.dropout = token, nn.Dropout(config.dropout)
        self.blocks = nn.Sequential(*blocks)
        self.norm, self.lm_head = norm, lm_head

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        check_length(tokens.shape[1], self.config.block_size)
        x = self.dropout(self.token(tokens))
        return self.lm_head(self.norm(self.blocks(x)))

    def reader(self, batch_size: int, window: str = "exact") -> Reader:
        """Reads each token once, where every block can keep a past.

        window: see window_start. A model that was taken apart, or that has
        a forward of its own, reads the plain way.
        """
        if can_keep(self):
            return PastReader(self, batch_size, window)
        return super().reader(batch_size, window)


class PastReader:
    """Scores the next token as its model does, without reading twice.

    tokens (B, T), the text so far -> scores (B, V). One new token alone is
    read. If the model's window has moved, all is read again: a key kept in
    a deeper layer was made of tokens that have left. Where an attention has
    a shorter window of its own, the model itself is made of such keys.
    """

    def __init__(
        self, model: PartsGPT, batch_size: int, window: str = "exact"
    ) -> None:
        self.model, block_size = model, model.config.block_size
        self.unread = Unread(block_size, window)
        self.pasts = [
            empty_past(
                cast("GroupedQueryAttention", block.multi_head),
                batch_size,
                block_size,
            )
            for block in model.blocks
        ]

    def __call__(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B V"]:
        model, (new, kept) = self.model, self.unread.of(tokens)
        # What is kept of a full window is of no use: it moves at once.
        used_once = new.shape[1] == model.config.block_size
        x = model.dropout(model.token(new))
        for block, past in zip(model.blocks, self.pasts, strict=True):
            past.length = kept
            x = block(x, NO_PAST if used_once else past)
        return model.lm_head(model.norm(x[:, -1]))


def empty_past(
    attention: GroupedQueryAttention, batch_size: int, block_size: int
) -> Past:
    """Room for what an attention looks back at, in texts of this length."""
    G, rows = attention.heads[1], min(attention.window, block_size)
    shape = (2, batch_size, G, rows, attention.head_size)
    return Past(attention.qkv.weight.new_empty(shape))


def can_keep(model: PartsGPT) -> bool:
    """Whether a past can be handed through the model, and nothing be missed.

    The reader calls the blocks itself, so it would miss what hooks or a new
    forward do to the model as a whole or to the row of its blocks.
    """
    around = (model, model.blocks)
    inside = [
        part
        for block in model.blocks
        for part in (block, getattr(block, "multi_head", block))
    ]
    kinds = [PartsBlock, GroupedQueryAttention] * len(model.blocks)
    return (
        type(model).forward is PartsGPT.forward
        and [type(part) for part in inside] == kinds
        and not any(p._forward_hooks or p._forward_pre_hooks for p in around)
        and not any("forward" in vars(part) for part in (*around, *inside))
    )
