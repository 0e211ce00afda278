"""Exercise 6.6. A bug hunt: two evaluations of one model differ."""

from typing import Any

import torch
from torch import Tensor

from tutorgpt.config import ModelConfig
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.scaling import GPT
from tutorgpt.training.loss import next_token_loss

BROKEN = '''\
@torch.no_grad()
def evaluate(model, inputs, targets):
    """Held-out loss; leaves the model in the mode that it was in."""
    loss = next_token_loss(model(inputs), targets)
    return loss'''

MENDED = '''\
@torch.no_grad()
def evaluate(model, inputs, targets):
    """Held-out loss; leaves the model in the mode that it was in."""
    was_training = model.training
    model.eval()
    loss = next_token_loss(model(inputs), targets)
    model.train(was_training)
    return loss'''


def evaluate_twice(attempt: Any, dropout: float, training: bool) -> Tensor:
    """The loss, twice, and the mode that the model is left in."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        config = ModelConfig(
            vocab_size=7,
            block_size=8,
            n_embed=8,
            n_head=2,
            n_layer=1,
            dropout=dropout,
        )
        model = GPT(config).train(training)
        tokens = torch.randint(7, (2, 9))
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    first = attempt(model, inputs, targets)
    left = float(model.training)
    second = attempt(model, inputs, targets)
    kept = next(m.p for m in model.modules() if hasattr(m, "p"))
    return torch.stack(
        [
            torch.as_tensor(number).detach().float()
            for number in (first, second, left, kept)
        ]
    )


def calm(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: evaluating twice gives one number and changes nothing."""
    first, second, left, kept = again(*args).tolist()
    if first != second:
        return "two evaluations of one model differ"
    if abs(first - expected[0]) > 1e-5 and left == expected[2]:
        return "it is steady, and it is not the model's loss on the targets"
    if left != args[1]:
        mode = "training" if left else "eval"
        return f"the model is left in {mode} mode, in which it was not"
    if abs(kept - args[0]) > 1e-6:
        return "the model's dropout was changed for good"
    return None


EXERCISE = Exercise(
    number="6.6",
    title="An evaluation that will not hold still",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
The held-out losses in this record were measured with the function below,
on a model with dropout 0.2.
Read the curve, name the bug, and repair the function.""",
    starter=BROKEN,
    target="evaluate",
    uses=(next_token_loss,),
    solution=MENDED,
    suspect="dropout left on",
    symptom=(
        "the same model measured twice gives two losses, and the curve lies "
        "above its twin's, although both have the same weights"
    ),
    cases=lambda: [(0.5, True), (0.2, True), (0.2, False), (0.0, True)],
    run=evaluate_twice,
    labels=("dropout", "training mode"),
    parts=(
        "the loss",
        "the loss, measured again",
        "training mode afterwards",
        "dropout afterwards",
    ),
    rules=(calm,),
    wrong=(
        slip(
            "dropout is still on: no_grad() saves memory and leaves the mode "
            "alone",
            "model.eval() before the loss.",
            "    was_training = model.training\n    model.eval()\n",
            "",
            "    model.train(was_training)\n",
            "",
        ),
        slip(
            "the model stays in eval mode, and trains without dropout from "
            "then on",
            "Put it back as it was: model.train(was_training).",
            "    model.train(was_training)\n",
            "",
        ),
        slip(
            "the model is always put into training mode at the end",
            "It may have been in eval mode before: remember which.",
            "model.train(was_training)",
            "model.train()",
        ),
        slip(
            "the modules' dropout is set to 0 for good",
            "eval() switches it off for a while, without changing p.",
            "    model.eval()\n",
            "    model.eval()\n"
            "    for module in model.modules():\n"
            "        if isinstance(module, nn.Dropout):\n"
            "            module.p = 0.0\n",
        ),
    ),
    hints=(
        "What in a GPT is random when it is asked twice for one thing?",
        "`torch.no_grad()` says nothing about dropout; `model.eval()` does.",
        "Remember `model.training`, call `model.eval()`, measure, and put "
        "the mode back with `model.train(was_training)`.",
    ),
    why="""\
A fresh model is in training mode, and `no_grad()` does not change that, so
dropout drew another thinned model at every call.
`eval()` switches it off; putting the old mode back keeps the training from
going on without dropout.""",
)
