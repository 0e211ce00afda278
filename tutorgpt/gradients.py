"""Chapter 0. A number that knows its slope, and what PyTorch does with it."""

import math
from typing import Any


class NumberLike:
    """What else ordinary formulas need, made of +, * and **."""

    number: float
    slope: float

    def __neg__(self: Any) -> Any:
        return self * -1

    def __sub__(self: Any, other: Any) -> Any:
        return self + -other

    def __rsub__(self: Any, other: Any) -> Any:
        return -self + other

    def __truediv__(self: Any, other: Any) -> Any:
        return self * other**-1

    def __rtruediv__(self: Any, other: Any) -> Any:
        return self**-1 * other

    # Where a plain number stands on the left: 2 * x, and sum, which adds to 0.
    def __radd__(self: Any, other: Any) -> Any:
        return self + other

    def __rmul__(self: Any, other: Any) -> Any:
        return self * other

    def __repr__(self) -> str:
        return f"Value({self.number:.4g}, slope {self.slope:.4g})"


def tape(last: "Value") -> list["Value"]:
    """All that a value was made of, and itself: each after its sources."""
    found: dict[Value, int] = {}
    waiting = [last]
    while waiting:
        value = waiting.pop()
        if value not in found:
            found[value] = value.place
            waiting += [source for source, _ in value.made_of]
    return sorted(found, key=lambda value: found[value])


class Value(NumberLike):
    """A number that remembers how it was made, and so knows its slope."""

    def __init__(self, number: float, made_of: tuple = ()) -> None:
        self.number, self.slope, self.made_of = float(number), 0.0, made_of
        self.place = 1 + max([made.place for made, _ in made_of], default=0)

    def __add__(self, other: "Value | float") -> "Value":
        a, b = self, other if isinstance(other, Value) else Value(other)
        return Value(a.number + b.number, ((a, 1.0), (b, 1.0)))

    def __mul__(self, other: "Value | float") -> "Value":
        a, b = self, other if isinstance(other, Value) else Value(other)
        return Value(a.number * b.number, ((a, b.number), (b, a.number)))

    def __pow__(self, n: float) -> "Value":
        return Value(self.number**n, ((self, n * self.number ** (n - 1)),))

    def exp(self) -> "Value":
        """e to the power of it, which is its own slope."""
        return Value(math.exp(self.number), ((self, math.exp(self.number)),))

    def log(self) -> "Value":
        """The natural logarithm."""
        return Value(math.log(self.number), ((self, 1 / self.number),))

    def tanh(self) -> "Value":
        """The curve from -1 to 1."""
        result = math.tanh(self.number)
        return Value(result, ((self, 1 - result**2),))

    def backward(self) -> None:
        """Add to each slope on the tape how this value changes with it."""
        values = tape(self)
        for value in [value for value in values if value.made_of]:
            value.slope = 0.0  # what was made of nothing keeps its slope
        self.slope = 1.0
        for value in reversed(values):
            for source, local in value.made_of:
                source.slope += local * value.slope
