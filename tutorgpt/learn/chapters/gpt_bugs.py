"""Exercises of chapter 6: a restless evaluation and an exchanged shape."""

from typing import Any

import torch
from torch import Tensor

from tutorgpt.config import ModelConfig
from tutorgpt.learn.exercise import Exercise, slip
from tutorgpt.learn.trying import ComplaintError
from tutorgpt.scaling import GPT, count_parameters

BROKEN_EVALUATION = '''\
@torch.no_grad()
def evaluate(model, inputs, targets):
    """Held-out loss; leaves the model in the mode that it was in."""
    loss = next_token_loss(model(inputs), targets)
    return loss'''
MENDED_EVALUATION = '''\
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


RESTLESS = Exercise(
    number="6.6",
    title="An evaluation that will not hold still",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
The held-out losses in this record were measured with the function below,
on a model with dropout 0.2.
Read the curve, name the bug, and repair the function.""",
    starter=BROKEN_EVALUATION,
    target="evaluate",
    solution=MENDED_EVALUATION,
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

BROKEN_SHAPE = """\
def model_of(V, T, C, H, L):
    shape = ModelConfig(
        vocab_size=V, block_size=T, n_embed=C, n_head=L, n_layer=H
    )
    return GPT(shape)"""
MENDED_SHAPE = BROKEN_SHAPE.replace(
    "n_head=L, n_layer=H", "n_head=H, n_layer=L"
)


def measure(attempt: Any, *shape: int) -> Any:
    """V, T, C, H, L and the number of parameters of what is built."""
    model = attempt(*shape)
    if model is ...:
        return model
    if not isinstance(model, GPT):
        raise ComplaintError(
            f"a GPT should come back, and this is of type "
            f"{type(model).__name__}"
        )
    config = model.config
    return torch.tensor(
        [
            config.vocab_size,
            config.block_size,
            config.n_embed,
            config.n_head,
            config.n_layer,
            count_parameters(model),
        ]
    )


NAMES = ("vocab_size", "block_size", "n_embed", "n_head", "n_layer")


def each_in_its_place(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: every number of the shape arrives where it belongs."""
    found = again(*args).tolist()
    wrong = [
        f"{name} is {got} and should be {right}"
        for name, got, right in zip(NAMES, found, args, strict=False)
        if got != right
    ]
    return ", ".join(wrong) or None


EXCHANGED = Exercise(
    number="6.7",
    title="Four for three",
    kind="bug",
    difficulty="easy",
    importance=3,
    task="""\
`model_of(69, 32, 24, 4, 3)` was meant to be a narrow sister of the
chapters' model, with 4 heads and 3 layers.
Read the record, name the bug, and repair the function.""",
    starter=BROKEN_SHAPE,
    target="model_of",
    solution=MENDED_SHAPE,
    suspect="heads and layers swapped",
    symptom=(
        "the record counts 7,152 parameters more than the sister should "
        "have, which is one block too many"
    ),
    cases=lambda: [(5, 4, 8, 4, 2), (7, 8, 12, 3, 1), (9, 6, 8, 2, 4)],
    run=measure,
    labels=("V", "T", "C", "H", "L"),
    parts=(*NAMES, "the number of parameters"),
    rules=(each_in_its_place,),
    wrong=(
        slip(
            "heads and layers are still exchanged",
            "The arguments come as ..., H, L: heads first.",
            "n_head=H, n_layer=L",
            "n_head=L, n_layer=H",
        ),
        slip(
            "the number of heads is used for both",
            "n_layer is L.",
            "n_layer=L",
            "n_layer=H",
        ),
        slip(
            "the number of layers is used for both",
            "n_head is H.",
            "n_head=H",
            "n_head=L",
        ),
        slip(
            "block_size and n_embed were exchanged instead",
            "These two were right: T is block_size, C is n_embed.",
            "block_size=T, n_embed=C",
            "block_size=C, n_embed=T",
        ),
        slip(
            "the shape is typed in, so every call builds one and the same",
            "Use the arguments.",
            "n_head=H, n_layer=L",
            "n_head=4, n_layer=3",
        ),
    ),
    hints=(
        "How many parameters has one block of 24 channels? Chapter 5 counts "
        "them for 32.",
        "7,152: there is one block too many. Where does the number of "
        "blocks come from?",
        "`n_head=H, n_layer=L`.",
    ),
    why="""\
Both are small whole numbers, and nothing complains when they change
places.
Counting parameters finds it, as long as $H$ and $L$ differ; keyword-only
arguments, as `ModelConfig` has them, prevent most such slips.""",
)
