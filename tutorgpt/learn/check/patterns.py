"""What single numbers have in common over all cases of a check."""

import math
from itertools import combinations_with_replacement
from typing import Any

from torch import Tensor

from tutorgpt.learn.check.comparing import number

TRANSFORMS = {
    "e to the power of the right number": math.exp,
    "the logarithm of the right number": (
        lambda x: math.log(x) if x > 0 else math.inf
    ),
    "the square of the right number": lambda x: x * x,
    "the root of the right number": lambda x: math.sqrt(abs(x)),
    "the right number upside down": lambda x: 1 / x if x else math.inf,
}
FACTORS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12)
LARGEST = 300.0
"""The largest power of e that is tried: e^710 overflows a float."""


def pattern(
    got: list[float],
    expected: list[float],
    names: tuple[str, ...],
    args: list[tuple],
) -> str | None:
    """How wrong numbers are related to the right ones in every case."""
    found = (
        _always(got, expected)
        or _factor(got, expected)
        or _term(got, expected, names, args)
        or _size(got, expected, names, args)
        or _transform(got, expected)
    )
    if found:
        return found
    gaps = [a - b for a, b in zip(got, expected, strict=True)]
    if min(gaps) > 0 or max(gaps) < 0:
        return f"in every case it is {_much(gaps[0])}"
    return None


def _near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-6)


def _in_proportion(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-4)  # ratios may be tiny


def _always(got: list[float], expected: list[float]) -> str | None:
    """One number whatever goes in."""
    if len(set(got)) > 1 or len(set(expected)) == 1 or len(got) < 2:
        return None
    return f"it is {number(got[0])} whatever goes in"


def _factor(got: list[float], expected: list[float]) -> str | None:
    """One factor or one difference in all cases."""
    if all(expected):
        ratios = [a / b for a, b in zip(got, expected, strict=True)]
        if all(_in_proportion(ratio, ratios[0]) for ratio in ratios):
            if _in_proportion(ratios[0], -1):
                return "in every case the sign is the wrong one"
            return (
                f"in every case it is {short(ratios[0])} times the right one"
            )
    gaps = [a - b for a, b in zip(got, expected, strict=True)]
    if all(_near(gap, gaps[0]) for gap in gaps):
        return f"in every case it is {short(abs(gaps[0]))} {_much(gaps[0])}"
    return None


def short(value: float) -> str:
    """A factor or a gap: a whole number as such, others to three digits."""
    if value == round(value) or (
        abs(value) > 1.5 and _in_proportion(value, round(value))
    ):
        return f"{round(value):,}"
    inverse = 1 / value if value else math.inf
    if 1 < inverse < 1e9 and _in_proportion(inverse, round(inverse)):
        return f"1 / {round(inverse):,}"
    return f"{value:.3g}" if 1e-3 < abs(value) < 1e3 else number(value)


def _size(
    got: list[float],
    expected: list[float],
    names: tuple[str, ...],
    args: list[tuple],
) -> str | None:
    """A size of the arguments that is a factor too much or too little.

    "As many times too large as the number of entries of x" is a sum in
    place of a mean.
    """
    if not all(expected) or not all(got):
        return None
    ratios = [a / b for a, b in zip(got, expected, strict=True)]
    for words, sizes in _sizes(names, args).items():
        if len(set(sizes)) < 2:
            continue  # a factor that never changes was told already
        if min(sizes) < 1:
            continue
        if all(map(_in_proportion, ratios, sizes)):
            return f"in every case it is too large, by a factor of {words}"
        if all(
            _in_proportion(1 / r, size)
            for r, size in zip(ratios, sizes, strict=True)
        ):
            return f"in every case it is too small, by a factor of {words}"
    return None


def _sizes(
    names: tuple[str, ...], args: list[tuple]
) -> dict[str, tuple[float, ...]]:
    """What can be counted in the arguments: numbers, entries, lengths."""
    found: dict[str, list[float]] = {}

    def note(words: str, size: Any) -> None:
        found.setdefault(words, []).append(float(size))

    for case in args:
        for name, arg in zip(names, case, strict=False):
            name = name.strip(" =")
            if isinstance(arg, bool):
                continue
            if isinstance(arg, int | float):
                note(name, arg)
            elif isinstance(arg, list | tuple):
                note(f"the length of {name}", len(arg))
            elif isinstance(arg, Tensor) and arg.ndim:
                note(f"the number of entries of {name}", arg.numel())
                for axis, size in enumerate(arg.shape):
                    note(f"the length of axis {axis} of {name}", size)
                    if size > 1:
                        note(
                            f"the length of axis {axis} of {name}, less 1",
                            size - 1,
                        )
    return {
        words: tuple(sizes)
        for words, sizes in found.items()
        if len(sizes) == len(args) and all(sizes)
    }


def _term(
    got: list[float],
    expected: list[float],
    names: tuple[str, ...],
    args: list[tuple],
) -> str | None:
    """A product of the arguments that is missing or too much in all cases.

    "2 x C x C too little" names a forgotten pair of matrices. All products
    of up to three arguments are tried, times each of a few factors.
    """
    if not all(isinstance(n, int) for case in args for n in case):
        return None
    # Whole numbers, so that one gap fits a product exactly or not at all.
    gaps = [round(a - b) for a, b in zip(got, expected, strict=True)]
    if any(a - b != n for a, b, n in zip(got, expected, gaps, strict=True)):
        return None
    terms = _terms(names, args)
    if tuple(gaps) in terms:
        term, sign = terms[tuple(gaps)]
        return f"in every case it is {term} {_much(sign)}"
    # With few cases two terms would fit by chance.
    if len(set(map(tuple, args))) < 4:
        return None
    for first, (term, sign) in _terms(names, args, longest=2).items():
        rest = tuple(gap - n for gap, n in zip(gaps, first, strict=True))
        if rest in terms:
            other, its_sign = terms[rest]
            if sign == its_sign:
                return f"in every case it is {term} + {other} {_much(sign)}"
            return (
                f"in every case it is {term} {_much(sign)} and {other} "
                f"{_much(its_sign)}"
            )
    return None


def _terms(
    names: tuple[str, ...], args: list[tuple], longest: int = 3
) -> dict[tuple[int, ...], tuple[str, int]]:
    """What products of the arguments come to in all cases, with a sign.

    Of two products that come to the same, the shorter one.
    """
    found: dict[tuple[int, ...], tuple[str, int]] = {}
    for length in range(1, longest + 1):
        for places in combinations_with_replacement(range(len(names)), length):
            products = [math.prod(case[p] for p in places) for case in args]
            for factor in FACTORS:
                term = " x ".join(
                    ([str(factor)] if factor > 1 else [])
                    + [names[p] for p in places]
                )
                for sign in (1, -1):
                    numbers = tuple(sign * factor * p for p in products)
                    found.setdefault(numbers, (term, sign))
    return found


def _transform(got: list[float], expected: list[float]) -> str | None:
    for words, apply in TRANSFORMS.items():
        if max(map(abs, expected)) < LARGEST and all(
            _near(a, apply(b)) for a, b in zip(got, expected, strict=True)
        ):
            return f"in every case it is {words}"
    return None


def _much(gap: float) -> str:
    return "too much" if gap > 0 else "too little"
