"""Exercise 6.6. A bug hunt: two evaluations of one model differ."""

import random
from typing import Any

import torch
from torch import nn

from tutorgpt.config import ModelConfig
from tutorgpt.learn.check.comparing import apart, as_tensor, shape_of
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.scaling import GPT, FusedMultiHead
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


def evaluate_twice(
    attempt: Any, dropout: float, training: bool, watched: bool = False
) -> Any:
    """The loss, twice, and the mode that the model is left in.

    watched: instead, in which mode the model is at each time that it is
        asked in one evaluation, 1 for training.
    """
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
    before = [
        (p.requires_grad, p.detach().clone()) for p in model.parameters()
    ]
    asked: list[float] = []
    model.register_forward_pre_hook(
        lambda model, _: asked.append(float(model.training))
    )
    found = attempt(model, inputs, targets)
    if watched:
        return torch.tensor(asked)
    if found is None or found is ...:
        return found
    first = one_number(found)
    for p, (learns, numbers) in zip(model.parameters(), before, strict=True):
        if p.requires_grad != learns:
            raise ComplaintError(
                "the model's parameters no longer ask for gradients "
                "afterwards, so it cannot be trained on"
            )
        if not torch.equal(p, numbers):
            raise ComplaintError(
                "the model's weights are others afterwards: measuring a loss "
                "leaves them as they are"
            )
    modes = [float(part.training) for part in model.modules()]
    second = one_number(attempt(model, inputs, targets))
    rates = [m.p for m in model.modules() if isinstance(m, nn.Dropout)]
    rates += [
        m.dropout for m in model.modules() if isinstance(m, FusedMultiHead)
    ]
    return torch.tensor(
        [first, second, sum(modes) / len(modes), sum(rates) / len(rates)]
    )


def one_number(found: Any) -> float:
    """A loss, or a complaint in words."""
    number = as_tensor(found)
    if number is None or number.numel() != 1:
        raise ComplaintError(
            "one number should come back, the loss, and this is "
            f"{shape_of(found)}"
        )
    return float(number)


def any_model(draw: random.Random) -> tuple:
    """Any share of dropout, in either mode."""
    dropout = draw.choice((0.0, draw.randint(1, 9) / 10))
    return dropout, draw.random() < 0.5


def calm(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: evaluating twice gives one number and changes nothing."""
    plain = float(again(0.0, args[1])[0])
    right = float(evaluate_twice(EXERCISE.reference(), 0.0, args[1])[0])
    if abs(plain - right) > 1e-4:
        one, other = apart(plain, right)
        return (
            f"for a model without any dropout it gives {one} instead of "
            f"{other}: what is measured is another number, and dropout is "
            "not the reason"
        )
    first, second, left, kept = again(*args).tolist()
    modes = again(*args, True)
    times = int((modes == 1).sum())
    if first != second:
        says = "two evaluations of one model differ: " + " and ".join(
            apart(first, second)
        )
        if times > 1:
            says += (
                f"; each asks the model {times} times in training mode, and "
                "a mean over many draws of dropout is not the loss without it"
            )
        elif times:
            says += "; the model is asked in training mode"
        return says
    if abs(first - expected[0]) > 1e-5 and left == expected[2]:
        return (
            "two evaluations agree, and the number is not the model's loss "
            "without dropout"
            + (": the model is asked in training mode" if times else "")
        )
    if left not in (0, 1):
        return (
            "afterwards some parts of the model are in training mode and "
            "others in eval mode"
        )
    if left != args[1]:
        mode = "training" if left else "eval"
        return f"the model is left in {mode} mode, in which it was not"
    if abs(kept - args[0]) > 1e-6:
        return "the model's dropout is another one afterwards"
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
    domain=any_model,
    run=evaluate_twice,
    labels=("dropout", "training mode"),
    parts=(
        "the loss",
        "the loss, measured again",
        "the share of the model's parts in training mode afterwards",
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
            "Remember the mode before eval(), and put it back: "
            "model.train(was_training).",
            "    model.train(was_training)\n",
            "",
        ),
        slip(
            "only the model's own mode is put back, and its parts stay in "
            "eval mode",
            "model.train(was_training) puts all of them back.",
            "model.train(was_training)",
            "model.training = was_training",
        ),
        slip(
            "train() is called where eval() is wanted",
            "eval() switches dropout off, train() switches it on.",
            "model.eval()",
            "model.train()",
        ),
        slip(
            "the model is left in the other mode",
            "model.train(was_training), without a not.",
            "model.train(was_training)",
            "model.train(not was_training)",
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
        slip(
            "inputs and targets are exchanged",
            "The model reads the inputs; the loss compares with the targets.",
            "model(inputs), targets)",
            "model(targets), inputs)",
        ),
        slip(
            "the loss is taken against the inputs, not the targets",
            "next_token_loss(model(inputs), targets).",
            "model(inputs), targets)",
            "model(inputs), inputs)",
        ),
        slip(
            "only the first sequence is measured",
            "All of them: model(inputs), without [:1].",
            "model(inputs), targets)",
            "model(inputs[:1]), targets[:1])",
        ),
        slip(
            "the targets are moved by one place more",
            "They are one place ahead already.",
            "model(inputs), targets)",
            "model(inputs)[:, :-1], targets[:, 1:])",
        ),
        slip(
            "the loss is given in bits",
            "next_token_loss is in nats: no division by ln 2.",
            "    return loss",
            "    return loss / math.log(2)",
        ),
        slip(
            "the perplexity is given back, e to the loss",
            "The loss itself is wanted: no exp.",
            "    return loss",
            "    return loss.exp()",
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
