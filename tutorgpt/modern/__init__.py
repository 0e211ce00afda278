"""Today's block, part by part: each can take its place in chapter 6's GPT."""

from tutorgpt.modern.attention import GroupedQueryAttention
from tutorgpt.modern.block import PartsBlock
from tutorgpt.modern.counting import (
    cache_bytes,
    looking_flops,
    model_flops,
    used_weights,
)
from tutorgpt.modern.experts import Experts, balance, balance_loss, shares
from tutorgpt.modern.feed_forward import SquaredReLU, SwiGLU
from tutorgpt.modern.gpt import ModernGPT
from tutorgpt.modern.norm import LengthNorm, RMSNorm
from tutorgpt.modern.parts import PartsGPT
from tutorgpt.modern.rotary import Rotary, Unturned
from tutorgpt.modern.tied import TiedOutput
from tutorgpt.modern.width import shrink_output, width_groups

__all__ = [
    "Experts",
    "GroupedQueryAttention",
    "LengthNorm",
    "ModernGPT",
    "PartsBlock",
    "PartsGPT",
    "RMSNorm",
    "Rotary",
    "SquaredReLU",
    "SwiGLU",
    "TiedOutput",
    "Unturned",
    "balance",
    "balance_loss",
    "cache_bytes",
    "looking_flops",
    "model_flops",
    "shares",
    "shrink_output",
    "used_weights",
    "width_groups",
]
