"""Chapter 11. A learning rate that stays right when a model gets wider.

Adam's steps on single weights are about as large as its learning rate,
whatever the gradient. So in a matrix that reads C channels, C such steps add
up: what the matrix gives out changes by C times the rate. Here its rate is
divided by its width, counted in multiples of a base width at which nothing
is changed; what looks up a row or adds a number keeps the rate.
"""

import torch
from torch import nn

from tutorgpt.ground.checks import above, at_least
from tutorgpt.language_model import LanguageModel
from tutorgpt.modern.experts import Experts
from tutorgpt.modern.tied import TiedOutput


def width_groups(
    model: LanguageModel, learning_rate: float, base: int
) -> list[dict]:
    """A model's parameters for Adam: matrices, and all others.

    Matrices of nn.Linear, lm_head's among them, take the learning rate times
    base / C; embeddings, biases and norms take the rate itself. A model of
    the width base has one rate for everything.
    base: the n_embed of the model that the rate was tuned for, which has as
    many layers and heads of the same size.
    Source: Yang et al. 2022, table 3, for Adam. Its form in table 8 divides
    the scores instead of the output's rate and first weights.
    """
    above(0, learning_rate=learning_rate)
    share = share_of(model, base)
    matrices = [
        part.weight for part in model.modules() if isinstance(part, nn.Linear)
    ]
    known = {id(weight) for weight in matrices}
    others = [p for p in model.parameters() if id(p) not in known]
    return [
        {"params": matrices, "lr": learning_rate * share},
        {"params": others, "lr": learning_rate},
    ]


@torch.no_grad()
def shrink_output(model: LanguageModel, base: int) -> None:
    """Make lm_head's first weights smaller: √(base / C) times what they are.

    nn.Linear draws them for scores that spread alike at every width. That
    is too wide once x learns: it moves along them, in all of its C channels
    at once, and the scores by √C times as much.
    To be called once, before training; goes with `width_groups`.
    Source: Yang et al. 2022, table 3: variance 1 / C² where it was 1 / C.
    """
    model.get_submodule("lm_head").weight *= share_of(model, base) ** 0.5


def share_of(model: LanguageModel, base: int) -> float:
    """base / C, of a model that the rules are for."""
    at_least(1, base=base)
    for part in model.modules():
        if isinstance(part, TiedOutput | Experts):
            raise ValueError(
                f"the model has a part {type(part).__name__}, whose weights "
                "need another rule: choose a model with an lm_head of its "
                "own and without experts"
            )
    return base / model.config.n_embed
