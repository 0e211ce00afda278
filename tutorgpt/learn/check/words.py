"""Puts what a trial showed into words: shapes, places, lines."""

import inspect
import linecache
import math
import re
import reprlib
from dataclasses import is_dataclass
from pathlib import Path
from textwrap import shorten
from types import TracebackType
from typing import Any

import torch
from torch import nn

import tutorgpt
from tutorgpt.learn.check.comparing import (
    first_difference,
    same,
    shape_of,
)
from tutorgpt.learn.check.exercise import ComplaintError, Standard, text_of
from tutorgpt.learn.check.trying import Trial

SHORT = 12
"""So many entries are shown, and of a longer list its size."""
NOT_THEIRS = (str(Path(tutorgpt.__file__).parent), "site-packages")


def facts(exercise: Standard, trial: Trial, right: Trial) -> tuple[str, ...]:
    """Shapes in, shape out, and the first wrong position."""
    given = inputs(exercise, trial)
    if trial.error is not None:
        detail = getattr(trial.error, "detail", "")
        return given, f"found: {one_line(trial.error)}", detail
    got, expected = trial.tensor, right.tensor
    if got is None or expected is None:
        return given, f"out: {shape_of(trial.value)}"
    if got.shape != expected.shape or not got.ndim:
        return given, f"out: {shape_of(got)}, expected {shape_of(expected)}"
    if got.is_complex() or (
        got.dtype != expected.dtype
        and torch.bool in (got.dtype, expected.dtype)
    ):
        return given, f"out: {got.dtype}, expected {expected.dtype}"
    out = f"out: {shape_of(got)}, the expected shape"
    if exercise.parts:
        out = ""
    if same(got, expected):
        return given, out
    return given, out, first_difference(got, expected, exercise.parts)


def names_of(exercise: Standard) -> tuple[str, ...]:
    """What the solution calls its arguments."""
    reference = exercise.reference()
    if exercise.labels:
        return exercise.labels
    if inspect.isclass(reference):
        return (exercise.target, "x")
    return tuple(inspect.signature(reference).parameters)


def inputs(exercise: Standard, trial: Trial) -> str:
    """What went in, by the names that the solution gives it."""
    names = names_of(exercise)
    parts = []
    for n, arg in enumerate(trial.args):
        if isinstance(arg, nn.Module):
            continue
        name = names[n] if n < len(names) else ""
        if isinstance(arg, tuple) and not name.endswith("="):
            parts.append(f"{name}({', '.join(map(sizes_of, arg))})")
        else:
            parts.append(f"{name} {as_given(arg)}".strip())
    return "in: " + ", ".join(parts) if parts else ""


def sizes_of(thing: Any) -> str:
    """What a module is built with: a size, or a description of sizes."""
    return repr(thing) if isinstance(thing, float) else as_given(thing)


def as_given(thing: Any) -> str:
    """An argument: a description of sizes, a text, a few numbers, a shape."""
    if isinstance(thing, str):
        return reprlib.repr(thing)
    if is_short(thing):
        return repr(thing)
    return repr(thing) if is_dataclass(thing) else shape_of(thing)


def about_error(error: BaseException) -> tuple[str, ...]:
    """What an exception says, the learner's line, and what may help."""
    line = line_of(error.__traceback__)
    advice = ""
    if "ellipsis" in text_of(error).lower():
        advice = "A `...` of the starter is still to be replaced."
    elif isinstance(error, NotImplementedError) and not text_of(error):
        advice = "The starter's body is still to be written."
    else:
        advice = about_sizes(text_of(error)) or about_habits(text_of(error))
    return f"in your line: {line}" if line else "", advice


def is_short(thing: Any) -> bool:
    """Whether an argument is a few whole numbers, or tuples of such."""
    return (
        isinstance(thing, list | tuple | dict)
        and len(thing) <= SHORT
        and all(map(_is_whole, thing))
    )


def _is_whole(part: Any) -> bool:
    """Whether something is a whole number, or a tuple of such."""
    if isinstance(part, tuple):
        return all(isinstance(number, int) for number in part)
    return isinstance(part, int)


PRODUCTS = (
    r"shapes cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)",
    r"batch2 tensor to be: \[\d+, (\d+)\] but got: \[\d+, (\d+)\]",
)
"""What torch says of a matrix product whose sizes do not fit."""
SUM = r"tensor a \((\d+)\) must match .* b \((\d+)\) .* dimension (\d+)"
"""What torch says of two tensors that cannot be added, or the like."""
PLACE = r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)"
"""What torch says of a place that an axis does not have."""
VIEW = r"shape '\[([\d, -]+)\]' is invalid for input of size (\d+)"
"""What torch says of a view with too many or too few places."""
ROWS = r"expected sequence of length (\d+) at dim \d+ \(got (\d+)\)"
"""What torch says of a list whose rows are not equally long."""
PASSED = r"must be Tensor, not (\w+)"
"""What torch says where something else than a tensor is handed on."""


def about_sizes(text: str) -> str:
    """What torch says of sizes that do not fit, in plain words."""
    for product in PRODUCTS:
        found = re.search(product, text)
        if found and found[1] != found[2]:
            return (
                "A product A @ B needs as many columns in A as B has rows; "
                f"here A has {found[1]} columns, and B has {found[2]} rows."
            )
    found = re.search(SUM, text)
    if found:
        return (
            f"One of the two has {found[1]} entries along axis {found[3]}, "
            f"the other {found[2]}; they must be equal, or one of them 1."
        )
    found = re.search(PLACE, text)
    if found:
        last = int(found[3]) - 1
        return (
            f"Axis {found[2]} has the places 0 to {last}, and {found[1]} was "
            "asked for: look whether this is the axis, and the number, that "
            "you mean."
        )
    found = re.search(VIEW, text)
    if found and "-1" not in found[1]:
        places = math.prod(map(int, re.findall(r"\d+", found[1])))
        return (
            f"A tensor of {found[2]} numbers cannot be laid out in a shape "
            f"that has room for {places:,}."
        )
    found = re.search(ROWS, text)
    if found:
        return (
            f"A list becomes a tensor where its rows are equally long; here "
            f"one has {found[1]} entries, and another {found[2]}."
        )
    found = re.search(PASSED, text)
    if found and found[1] not in ("tuple", "list", "int", "float"):
        return (
            f"Something of type {found[1]} is handed on itself, where its "
            "result is wanted: is it to be called with an input first?"
        )
    return ""


HABITS = {
    "'float' object is not subscriptable": (
        "A number stands where a list is wanted: look at what is handed to "
        "the function."
    ),
    "Expected floating point type for target": (
        "cross_entropy wants the model's scores first, as they are, and then "
        "the targets, which are whole numbers."
    ),
    "tuple index out of range": (
        "A tuple of n entries has the places 0 to n - 1: look where a loop "
        "ends, and what is added to its number."
    ),
    "list index out of range": (
        "A list of n entries has the places 0 to n - 1: look where a loop "
        "ends, and what is added to its number."
    ),
    "Boolean value of Tensor with more than one value": (
        "Python's max, min, if, and, or want one yes or no of a whole "
        "tensor; torch.clamp, torch.maximum or torch.where ask each number."
    ),
    "index out of range in self": (
        "A number was looked up in a table that has no such row."
    ),
    "'str' object is not callable": (
        "What is called there is a text; a dictionary that is walked through "
        "gives its names, and .values() what they stand for."
    ),
    "unsupported operand type(s) for ^": "A power is written ** in Python.",
}
"""What Python and torch say of a habit from elsewhere, and what helps."""


def about_habits(text: str) -> str:
    """What a message that a beginner often meets means, in plain words."""
    return next((help for said, help in HABITS.items() if said in text), "")


def one_line(error: BaseException) -> str:
    """The kind of an error and the first line of what it says."""
    first = (text_of(error).splitlines() or [""])[0]
    # Autograd goes on about its anomaly detection.
    first = shorten(first.split(" Hint: ")[0], 200).rstrip(".")
    if isinstance(error, ComplaintError):
        return first
    name = type(error).__name__
    return f"{name}: {first}" if first else name


def line_of(traceback: TracebackType | None) -> str:
    """The text of the last line of the learner's own that was running."""
    # The error may have come from deep inside torch; the line to look at is
    # the innermost one that is neither ours nor of an installed package.
    text = ""
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not any(part in file for part in NOT_THEIRS):
            line = linecache.getline(file, traceback.tb_lineno).strip()
            text = shorten(line, 66) or text
        traceback = traceback.tb_next
    return text
