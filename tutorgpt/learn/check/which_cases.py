"""What the cases that come out right have in common, and the others not."""

from typing import Any

from torch import Tensor

from tutorgpt.learn.check.comparing import number

Sizes = dict[str, float]
"""What can be counted in the arguments of one case."""


def sizes_of(names: tuple[str, ...], args: tuple) -> Sizes:
    """The numbers among the arguments of a case, and the sizes of others."""
    found: Sizes = {}
    for name, arg in zip(names, args, strict=False):
        name = name.strip(" =")
        if isinstance(arg, bool):
            continue
        if isinstance(arg, int | float):
            found[name] = arg
        elif isinstance(arg, list):
            found[f"the length of {name}"] = len(arg)
        elif isinstance(arg, Tensor):
            for axis, size in enumerate(arg.shape):
                which = f"axis {axis} of " if arg.ndim > 1 else ""
                found[f"the length of {which}{name}"] = size
    return found


def set_apart(
    names: tuple[str, ...], good: list[tuple], bad: list[tuple]
) -> str | None:
    """A size that is small in all cases of one kind and larger in the others.

    good, bad: the arguments of the cases that come out right, and wrong.
    """
    right = [sizes_of(names, args) for args in good]
    wrong = [sizes_of(names, args) for args in bad]
    if not right or not wrong:
        return None
    for name in right[0]:
        if not all(name in sizes for sizes in right + wrong):
            continue
        ours = [sizes[name] for sizes in right]
        theirs = [sizes[name] for sizes in wrong]
        if max(ours) < min(theirs) or min(ours) > max(theirs):
            return f"right where {name} is {_range(ours)}, wrong where " + (
                f"it is {_range(theirs)}"
            )
    return None


def _range(sizes: list[Any]) -> str:
    least, most = min(sizes), max(sizes)
    if least == most:
        return number(least)
    return f"{number(least)} to {number(most)}"
