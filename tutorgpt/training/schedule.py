"""How large a step is, from the first step to the last."""

import math

from tutorgpt.config import TrainConfig


def learning_rate_at(step: int, config: TrainConfig) -> float:
    """The learning rate of a step, counted from 1.

    It climbs in a straight line for warmup_steps, then falls along half a
    cosine to final_share of the highest at the last step.
    """
    highest, warmup = config.learning_rate, config.warmup_steps
    if step <= warmup:
        return highest * step / warmup
    if config.final_share == 1:
        return highest
    way = (step - warmup) / max(1, config.max_steps - warmup)
    cosine = (1 + math.cos(math.pi * min(1.0, way))) / 2
    return highest * (config.final_share + (1 - config.final_share) * cosine)
