"""Numbers on the command line, refused with a remedy when out of range."""

import argparse
import math
from collections.abc import Callable


def whole_number(minimum: int) -> Callable[[str], int]:
    """A reader of whole numbers that are not below the minimum."""

    def read(text: str) -> int:
        remedy = f"choose a whole number, {minimum} or more"
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number: {remedy}"
            ) from None
        if not minimum <= number < 2**63:
            raise argparse.ArgumentTypeError(
                f"{number} is out of range: {remedy}"
            )
        return number

    return read


def share(text: str) -> float:
    """A share above 0 and up to 1."""
    number = _number(text)
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(
            f"{text} is out of range: choose a share above 0 and up to 1"
        )
    return number


def positive(text: str) -> float:
    """A number above 0."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(
            f"{text} is out of range: choose a number above 0"
        )
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number: choose one such as 0.8"
        ) from None
