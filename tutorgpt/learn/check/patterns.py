"""What single numbers have in common over all cases of a check."""

import math
from itertools import combinations_with_replacement

TRANSFORMS = {
    "e to the power of the right number": math.exp,
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
        _factor(got, expected)
        or _term(got, expected, names, args)
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


def _factor(got: list[float], expected: list[float]) -> str | None:
    """One factor or one difference in all cases."""
    if all(expected):
        ratios = [a / b for a, b in zip(got, expected, strict=True)]
        if all(_near(ratio, ratios[0]) for ratio in ratios):
            return f"in every case it is {ratios[0]:.3g} times the right one"
    gaps = [a - b for a, b in zip(got, expected, strict=True)]
    if all(_near(gap, gaps[0]) for gap in gaps):
        return f"in every case it is {abs(gaps[0]):.3g} {_much(gaps[0])}"
    return None


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
    for length in (1, 2, 3):
        for places in combinations_with_replacement(range(len(names)), length):
            products = [math.prod(case[p] for p in places) for case in args]
            for factor in FACTORS:
                for sign in (1, -1):
                    if gaps == [sign * factor * p for p in products]:
                        term = " x ".join(
                            ([str(factor)] if factor > 1 else [])
                            + [names[p] for p in places]
                        )
                        return f"in every case it is {term} {_much(sign)}"
    return None


def _transform(got: list[float], expected: list[float]) -> str | None:
    for words, apply in TRANSFORMS.items():
        if max(map(abs, expected)) < LARGEST and all(
            _near(a, apply(b)) for a, b in zip(got, expected, strict=True)
        ):
            return f"in every case it is {words}"
    return None


def _much(gap: float) -> str:
    return "too much" if gap > 0 else "too little"
