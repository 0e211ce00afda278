"""Exercise 1.6. A bug hunt: a training step that changes nothing."""

import random
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.bigram import BigramModel
from tutorgpt.config import ModelConfig
from tutorgpt.learn.check.comparing import as_tensor, number, shape_of
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.check.patterns import short
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
    """Plain gradient descent; torch's own takes seconds to import.

    It counts its steps, and whether gradients were ever computed.
    """

    def __init__(self, model: nn.Module, learning_rate: float) -> None:
        self.model, self.learning_rate = model, learning_rate
        self.param_groups = [
            {"params": list(model.parameters()), "lr": learning_rate}
        ]
        self.steps, self.computed = 0, False
        for weight in model.parameters():
            weight.register_hook(self.see)

    def see(self, gradient: Float[Tensor, "..."]) -> None:
        """Notice that a gradient was computed."""
        self.computed = True

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Erase the gradients."""
        self.model.zero_grad(set_to_none)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every weight against its gradient, where it has one."""
        with torch.enable_grad():
            loss = closure() if closure else None
        self.steps += 1
        for weight in self.model.parameters():
            if weight.grad is not None:
                weight -= self.learning_rate * weight.grad
        return loss


def loss_in(given: Any, call: int) -> Tensor:
    """The loss that a step gives back, or a complaint that it is none."""
    loss = as_tensor(given)
    if loss is not None and loss.numel() == 1 and not loss.is_complex():
        return loss.reshape(()).float()
    if given is None:
        raise ComplaintError(
            f"call {call} of training_step gives back None, where the loss "
            "is expected: see whether `return loss` is its last line"
        )
    raise ComplaintError(
        f"call {call} of training_step gives back {shape_of(given)}, where "
        "the loss is expected, one number"
    )


def train_three_steps(attempt: Any, seed: int, learning_rate: float) -> Tensor:
    """What three steps on one batch give back, and what they do.

    The three losses, the loss after them, the steps of the optimizer, and
    whether gradients were computed.
    """
    torch.manual_seed(seed)
    config = ModelConfig(
        vocab_size=7, block_size=8, n_embed=4, n_head=1, n_layer=1
    )
    model = BigramModel(config)
    optimizer = Descent(model, learning_rate)
    tokens = torch.randint(7, (4, 9))
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    losses = [
        loss_in(attempt(model, optimizer, inputs, targets), call)
        for call in (1, 2, 3)
    ]
    with torch.no_grad():
        losses.append(next_token_loss(model(inputs), targets))
    counts = torch.tensor([optimizer.steps, optimizer.computed])
    return torch.cat([torch.stack(losses), counts])


def any_run(draw: random.Random) -> tuple:
    """A seed and a learning rate."""
    return draw.randrange(10**6), 10 ** draw.uniform(-2, 0)


def must_learn(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: the loss before the update comes back, and then it falls."""
    losses = again(*args)[:4]
    first, last = losses[0].item(), losses[-1].item()
    if abs(first - expected[0]) > 1e-5:
        right = expected[0].item()
        times = short(first / right)
        return (
            f"the first call gives back {number(first)}, and the loss before "
            f"the update is {number(right)}"
            + (
                ""
                if "." in times or times == "0"
                else f": it is {times} times as large"
            )
        )
    if abs(last - first) < 1e-6:
        return (
            "after three calls the loss is where it was: no weight has moved"
        )
    if last > first:
        return (
            f"three steps on one batch take the loss from {number(first)} up "
            f"to {number(last)}"
        )
    if abs(losses[1] - expected[1]) > 1e-5:
        return (
            "the first loss is right, and the step after it is another one "
            "than its gradient asks for"
        )
    return (
        "the first losses are right, and what comes after them is not: an "
        "update comes a call too late, or something is kept from one call to "
        "the next"
    )


EXERCISE = Exercise(
    number="1.6",
    title="A model that learns nothing",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
The broken step below trained a bigram model for 600 updates.
Read the curve and the sample, name the bug, and repair the step.
(`next_token_loss` is the chapter's cross-entropy, flattening included.)""",
    starter=BROKEN,
    target="training_step",
    uses=(next_token_loss,),
    solution=MENDED,
    suspect="weights never updated",
    symptom="the curve is flat at its first value to the last digit",
    cases=lambda: [(0, 0.1), (1, 0.5), (2, 1.0)],
    domain=any_run,
    run=train_three_steps,
    needs="from tutorgpt import next_token_loss",
    labels=("seed", "learning rate"),
    parts=(
        "the loss given back by step 1",
        "the loss given back by step 2",
        "the loss given back by step 3",
        "the loss after three calls",
        "how often optimizer.step() was called in them",
        "whether gradients were computed",
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
            "optimizer.step() is never called, and only it moves the weights",
            "Three calls in this order: erase, compute, use. The last is "
            "missing.",
            "    optimizer.step()\n",
            "",
        ),
        slip(
            "no gradient is ever computed, so the step has none to use",
            "loss.backward() belongs between erasing and the step.",
            "    loss.backward()\n",
            "",
        ),
        slip(
            "the step and the erasing come before backward(), which then "
            "finds weights that were moved after the loss was computed",
            "Three calls in this order: erase, compute, use.",
            "    optimizer.zero_grad()\n    loss.backward()\n"
            "    optimizer.step()\n",
            "    optimizer.step()\n    optimizer.zero_grad()\n"
            "    loss.backward()\n",
        ),
        slip(
            "the loss knows nothing of the weights, so backward() cannot go "
            "back to them",
            "Compute it without no_grad, detach or item.",
            "next_token_loss(model(inputs), targets)",
            "next_token_loss(model(inputs), targets).detach()",
        ),
        slip(
            "the step goes uphill: backward() is asked about minus the loss",
            "Plain loss.backward(); the optimizer subtracts.",
            "loss.backward()",
            "(-loss).backward()",
        ),
        slip(
            "the loss has the wrong sign, and the step goes uphill",
            "next_token_loss is to become smaller as it is.",
            "next_token_loss(model(inputs), targets)",
            "-next_token_loss(model(inputs), targets)",
        ),
        slip(
            "the inputs are asked for themselves",
            "The loss compares model(inputs) with the targets.",
            "model(inputs), targets",
            "model(inputs), inputs",
        ),
        slip(
            "the loss is summed over all places, not averaged",
            "next_token_loss takes the mean.",
            "next_token_loss(model(inputs), targets)",
            "next_token_loss(model(inputs), targets) * targets.numel()",
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
        slip(
            "inputs and targets are exchanged",
            "The model reads the inputs; the loss compares with the targets.",
            "model(inputs), targets",
            "model(targets), inputs",
        ),
        slip(
            "the targets are asked for themselves",
            "The model reads the inputs: model(inputs).",
            "model(inputs), targets",
            "model(targets), targets",
        ),
        slip(
            "only the first sequence of the batch is learned from",
            "All of them: model(inputs), without [:1].",
            "model(inputs), targets",
            "model(inputs[:1]), targets[:1]",
        ),
        slip(
            "the targets are moved by one place more",
            "They are one place ahead of the inputs already.",
            "model(inputs), targets",
            "model(inputs[:, :-1]), targets[:, 1:]",
        ),
        slip(
            "only the last character of each sequence is learned from",
            "Every place has a target: model(inputs), targets.",
            "model(inputs), targets",
            "model(inputs[:, -1:]), targets[:, -1:]",
        ),
        slip(
            "the loss is given back in bits",
            "next_token_loss is in nats: no division by ln 2.",
            "return loss",
            "return loss / math.log(2)",
        ),
        slip(
            "the loss is divided by ln 2, into bits, before its gradient is "
            "taken",
            "next_token_loss is in nats: leave it as it is.",
            "next_token_loss(model(inputs), targets)",
            "next_token_loss(model(inputs), targets) / math.log(2)",
        ),
        slip(
            "the perplexity is given back, e to the loss",
            "The loss itself is wanted: no exp.",
            "return loss",
            "return loss.exp()",
        ),
        slip(
            "the gradient is taken of e to the loss",
            "next_token_loss is to become smaller as it is.",
            "next_token_loss(model(inputs), targets)",
            "next_token_loss(model(inputs), targets).exp()",
        ),
        slip(
            "the scores go through a softmax before the loss, which "
            "takes one itself",
            "next_token_loss wants the model's scores as they are.",
            "next_token_loss(model(inputs), targets)",
            "next_token_loss(model(inputs).softmax(-1), targets)",
        ),
        slip(
            "backward() is called twice, so each gradient is twice as large",
            "It adds: one call.",
            "    loss.backward()\n",
            "    loss.backward(retain_graph=True)\n    loss.backward()\n",
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
