"""Chapter 12. Chapter 11's parts put together as a Llama."""

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from tutorgpt.config import ModelConfig
from tutorgpt.ground.checks import above, at_least
from tutorgpt.modern.attention import GroupedQueryAttention, check_looking
from tutorgpt.modern.block import PartsBlock
from tutorgpt.modern.feed_forward import SwiGLU
from tutorgpt.modern.norm import RMSNorm
from tutorgpt.modern.parts import PartsGPT
from tutorgpt.modern.rotary import Rotary, check_angles
from tutorgpt.modern.tied import TiedOutput


@dataclass(frozen=True, kw_only=True)
class LlamaConfig(ModelConfig):
    """The shape of a Llama: that of a GPT, and what its parts need.

    n_key_head: G, heads of keys and values; must divide n_head.
    hidden: the width of the feed-forward layer.
    rotary_base: how slowly the slowest pair turns; see Rotary.
    epsilon: what keeps a norm from dividing by zero.
    tied: whether the output layer scores with the table of embeddings.
    """

    n_key_head: int
    hidden: int
    rotary_base: float = 10_000.0
    epsilon: float = 1e-5
    tied: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least(1, hidden=self.hidden)
        above(0, epsilon=self.epsilon)
        check_looking(self.n_head, self.n_key_head, 1, self.dropout)
        check_angles(self.head_size, self.block_size, self.rotary_base)


class Llama(PartsGPT):
    """RMSNorm, rotary positions, shared keys, SwiGLU; not one bias.

    tokens (B, T) -> logits (B, T, V). All layers share one table of angles.
    Source: Touvron et al. 2023; shared keys: Ainslie et al. 2023.
    """

    config_class: ClassVar[type] = LlamaConfig

    def __init__(self, config: LlamaConfig) -> None:
        V, C, T = config.vocab_size, config.n_embed, config.block_size
        position = Rotary(config.head_size, T, config.rotary_base)
        token = nn.Embedding(V, C)
        tied = config.tied
        super().__init__(
            config,
            token=token,
            blocks=[
                llama_block(config, position) for _ in range(config.n_layer)
            ],
            norm=RMSNorm(C, config.epsilon),
            lm_head=TiedOutput(token) if tied else nn.Linear(C, V, bias=False),
        )


def llama_block(config: LlamaConfig, position: nn.Module) -> PartsBlock:
    """One layer of a Llama."""
    C, H, G = config.n_embed, config.n_head, config.n_key_head
    attention = GroupedQueryAttention(
        *(C, H, G, config.block_size),
        position=position,
        dropout=config.dropout,
    )
    feed_forward = SwiGLU(C, config.hidden)
    norms = RMSNorm(C, config.epsilon), RMSNorm(C, config.epsilon)
    return PartsBlock(attention, feed_forward, *norms, config.dropout)
