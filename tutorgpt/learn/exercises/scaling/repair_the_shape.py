"""Exercise 6.7. A bug hunt: a model of another depth than was asked for."""

import random
from typing import Any

import torch

from tutorgpt.config import ModelConfig
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.scaling import GPT, count_parameters

BROKEN = """\
def model_of(V, T, C, H, L):
    shape = ModelConfig(
        vocab_size=V, block_size=T, n_embed=C, n_head=L, n_layer=H
    )
    return GPT(shape)"""

MENDED = BROKEN.replace("n_head=L, n_layer=H", "n_head=H, n_layer=L")


def measure(attempt: Any, *shape: int) -> Any:
    """V, T, C, H, L and the number of parameters of what is built."""
    model = attempt(*shape)
    if model is ...:
        return model
    if model is None:
        return model
    if isinstance(model, ModelConfig):
        raise ComplaintError(
            "a ModelConfig comes back, and no GPT is made of it yet"
        )
    # By its name: the chapter writes the class again in a cell of its own.
    if not any(kind.__name__ == "GPT" for kind in type(model).__mro__):
        raise ComplaintError(
            f"a GPT should come back, and this is of type "
            f"{type(model).__name__}"
        )
    config = model.config
    if config.dropout:
        raise ComplaintError(
            f"the model has a dropout of {config.dropout:g}, which nobody "
            "asked for: leave it at 0"
        )
    found = [getattr(config, name) for name in NAMES]
    return torch.tensor([*found, count_parameters(model)])


NAMES = ("vocab_size", "block_size", "n_embed", "n_head", "n_layer")


def any_shape(draw: random.Random) -> tuple:
    """V, T, C, H and L of any size; H divides C."""
    H = draw.randint(1, 5)
    C = H * draw.randint(1, 4)
    return draw.randint(1, 20), draw.randint(1, 12), C, H, draw.randint(1, 4)


def each_in_its_place(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: every number of the shape arrives where it belongs."""
    found = again(*args).tolist()
    wrong = [
        f"{name} is {got} and should be {right}"
        for name, got, right in zip(NAMES, found, args, strict=False)
        if got != right
    ]
    return ", ".join(wrong) or None


EXERCISE = Exercise(
    number="6.7",
    title="Four for three",
    kind="bug",
    difficulty="easy",
    importance=3,
    task="""\
`model_of(69, 32, 24, 4, 3)` was meant to be a narrow sister of the
chapters' model, with 4 heads and 3 layers.
Read the record, name the bug, and repair the function.""",
    starter=BROKEN,
    target="model_of",
    uses=(GPT, ModelConfig),
    solution=MENDED,
    suspect="heads and layers swapped",
    symptom=(
        "the record counts 7,152 parameters more than the sister should "
        "have, which is one block too many"
    ),
    cases=lambda: [
        (5, 4, 8, 4, 2),
        (7, 8, 12, 3, 1),
        (9, 6, 8, 2, 4),
        (69, 32, 24, 4, 3),
        (3, 5, 5, 1, 2),
    ],
    domain=any_shape,
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
            "all five numbers are typed in, so every call builds one and the "
            "same",
            "Use the arguments.",
            "vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=L",
            "vocab_size=69, block_size=32, n_embed=24, n_head=4, n_layer=3",
        ),
        slip(
            "V and T were exchanged instead",
            "These two were right: V is vocab_size, T is block_size.",
            "vocab_size=V, block_size=T",
            "vocab_size=T, block_size=V",
        ),
        slip(
            "block_size and n_embed are exchanged, and heads and layers too",
            "T is block_size, C is n_embed, H is n_head, L is n_layer.",
            "block_size=T, n_embed=C, n_head=H, n_layer=L",
            "block_size=C, n_embed=T, n_head=L, n_layer=H",
        ),
        slip(
            "heads and layers are typed in, 4 and 3, so every call has them",
            "Use the arguments: H and L.",
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
