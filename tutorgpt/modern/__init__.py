"""A later block: some of what changed since the first GPT."""

from tutorgpt.modern.gpt import (
    ModernBlock,
    ModernFeedForward,
    ModernGPT,
    ModernMultiHead,
    Rotary,
)

__all__ = [
    "ModernBlock",
    "ModernFeedForward",
    "ModernGPT",
    "ModernMultiHead",
    "Rotary",
]
