"""Exercise 1.6. A bug hunt: a training step that changes nothing."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.bigram import BigramModel
from tutorgpt.config import ModelConfig
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.training.loss import next_token_loss

BROKEN = '''\
def training_step(model, optimizer, inputs, targets):
    """One update of the weights; gives back the loss before it."""
    loss = next_token_loss(model(inputs), targets)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss'''

MENDED = BROKEN.replace(
    "    loss.backward()\n    optimizer.zero_grad()\n",
    "    optimizer.zero_grad()\n    loss.backward()\n",
)


class Descent:
    """Plain gradient descent; torch's own takes seconds to import."""

    def __init__(self, model: nn.Module, learning_rate: float) -> None:
        self.model, self.learning_rate = model, learning_rate

    def zero_grad(self) -> None:
        """Erase the gradients."""
        self.model.zero_grad()

    @torch.no_grad()
    def step(self) -> None:
        """Move every weight against its gradient, where it has one."""
        for weight in self.model.parameters():
            if weight.grad is not None:
                weight -= self.learning_rate * weight.grad


def train_three_steps(attempt: Any, seed: int, learning_rate: float) -> Tensor:
    """The losses that three steps on one batch give back, and one after."""
    torch.manual_seed(seed)
    config = ModelConfig(
        vocab_size=7, block_size=8, n_embed=4, n_head=1, n_layer=1
    )
    model = BigramModel(config)
    optimizer = Descent(model, learning_rate)
    tokens = torch.randint(7, (4, 9))
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    losses = [attempt(model, optimizer, inputs, targets) for _ in range(3)]
    losses.append(next_token_loss(model(inputs), targets))
    return torch.stack([torch.as_tensor(loss).detach() for loss in losses])


def must_learn(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: on one batch the loss falls from step to step."""
    losses = again(*args)
    if abs(losses[0] - expected[0]) > 1e-5:
        return "what is given back is not the loss before the update"
    if losses.max() - losses.min() < 1e-6:
        return "the loss stays where it was: no weight has moved"
    if losses[-1] > losses[0]:
        return "the loss rises from step to step"
    return None


EXERCISE = Exercise(
    number="1.6",
    title="A model that learns nothing",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
The broken step below trained a bigram model for 600 updates.
Read the curve and the sample, name the bug, and repair the step.""",
    starter=BROKEN,
    target="training_step",
    uses=(next_token_loss,),
    solution=MENDED,
    suspect="weights never updated",
    symptom="the curve is flat at its first value to the last digit",
    cases=lambda: [(0, 0.1), (1, 0.5), (2, 1.0)],
    run=train_three_steps,
    needs="from tutorgpt import next_token_loss",
    labels=("seed", "learning rate"),
    parts=(
        "the loss given back by step 1",
        "the loss given back by step 2",
        "the loss given back by step 3",
        "the loss after three steps",
    ),
    rules=(must_learn,),
    wrong=(
        slip(
            "the gradients are still erased before they are used",
            "Three calls in this order: erase, compute, use.",
            "    optimizer.zero_grad()\n    loss.backward()\n",
            "    loss.backward()\n    optimizer.zero_grad()\n",
        ),
        slip(
            "the gradients are never erased, so each step repeats all the "
            "earlier ones",
            "backward() *adds* to the gradients: erase them once a step.",
            "    optimizer.zero_grad()\n",
            "",
        ),
        slip(
            "the gradients are computed twice",
            "backward() adds, and after it the graph is gone: one call.",
            "    loss.backward()\n",
            "    loss.backward()\n    loss.backward()\n",
        ),
        slip(
            "the step is taken twice",
            "One update a call.",
            "    optimizer.step()\n",
            "    optimizer.step()\n    optimizer.step()\n",
        ),
        slip(
            "the loss given back is the one after the update",
            "The docstring promises the loss before it.",
            "return loss",
            "return next_token_loss(model(inputs), targets)",
        ),
    ),
    hints=(
        "The loss never leaves its first value: which of the "
        "four calls makes it move?",
        "`backward()` writes gradients, `step()` reads them. What happens "
        "in between?",
        "Move `optimizer.zero_grad()` to before `loss.backward()`.",
    ),
    why="""\
`backward()` adds to the gradients and `step()` uses them.
With `zero_grad()` between the two there is nothing to use, and every
step leaves the weights alone: the loss stays at its first value.
Erasing belongs before the gradients are computed.""",
)
