"""Chapter 7. What happens inside a trained GPT, and what it is worth."""

from tutorgpt.looking_inside.hooks import (
    ablated,
    attention_weights,
    check_part,
    gradient_by_layer,
    hand_on,
    logit_lens,
    outputs_of,
    silence,
    without_head,
)
from tutorgpt.looking_inside.scores import (
    induction_score,
    previous_token_score,
    repeated_tokens,
)

__all__ = [
    "ablated",
    "attention_weights",
    "check_part",
    "gradient_by_layer",
    "hand_on",
    "induction_score",
    "logit_lens",
    "outputs_of",
    "previous_token_score",
    "repeated_tokens",
    "silence",
    "without_head",
]
