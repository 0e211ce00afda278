"""Chapter 0: a value's slopes against two evaluations and against torch."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tutorgpt.gradients import Value, tape

NUMBERS = st.floats(-3, 3).map(lambda x: round(x, 3))
UNARY = {
    "tanh": lambda a: a.tanh(),
    "exp": lambda a: a.tanh().exp(),
    "log": lambda a: (a * a + 1).log(),
    "minus": lambda a: -a,
    "square": lambda a: a**2,
    "root": lambda a: (a * a + 2) ** 0.5,
    "to the 3": lambda a: a**3,
    "from": lambda a: 3 - a,
    "above": lambda a: 2 / (a * a + 1),
    "twice": lambda a: 2 * a + 1,
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
}


@st.composite
def programs(draw):
    """Steps that each use earlier results, so that many are used again."""
    steps = []
    for n in range(draw(st.integers(1, 10))):
        places = st.integers(0, n + 2)
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(sorted(UNARY))), draw(places)))
        else:
            name = draw(st.sampled_from(sorted(BINARY)))
            steps.append((name, draw(places), draw(places)))
    return steps


def run(steps, inputs):
    """What a program makes of three inputs, of whatever kind they are."""
    known = list(inputs)
    for name, *places in steps:
        chosen = [known[place] for place in places]
        made = (UNARY | BINARY)[name](*chosen)
        known.append(made.tanh() * 2)  # so that nothing grows without end
    return known[-1] + known[0] * known[1]


def as_tensors(numbers):
    return [
        torch.tensor(number, dtype=torch.float64, requires_grad=True)
        for number in numbers
    ]


@settings(max_examples=300, deadline=None)
@given(programs(), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_slopes_are_those_of_torch(steps, numbers):
    """To 1e-6, for random programs that share what they compute."""
    values, tensors = [*map(Value, numbers)], as_tensors(numbers)
    mine, theirs = run(steps, values), run(steps, tensors)
    mine.backward()
    theirs.backward()

    assert mine.number == pytest.approx(theirs.item(), abs=1e-9)
    for value, tensor in zip(values, tensors, strict=True):
        slope = 0.0 if tensor.grad is None else tensor.grad.item()
        assert value.slope == pytest.approx(slope, abs=1e-6, rel=1e-6)


@settings(max_examples=100, deadline=None)
@given(programs(), st.tuples(NUMBERS, NUMBERS, NUMBERS))
def test_slopes_are_those_of_two_evaluations(steps, numbers):
    """Each input alone moved to both sides."""
    values = [*map(Value, numbers)]
    run(steps, values).backward()
    for n, value in enumerate(values):
        ends = []
        for step in (1e-5, -1e-5):
            moved = [*numbers]
            moved[n] += step
            ends.append(run(steps, [*map(Value, moved)]).number)

        measured = (ends[0] - ends[1]) / 2e-5
        assert value.slope == pytest.approx(measured, rel=1e-4, abs=1e-4)


@given(programs())
def test_a_tape_has_each_value_after_its_sources(steps):
    """And each once, with the last value at its end."""
    last = run(steps, [Value(1), Value(2), Value(3)])
    found = tape(last)
    at = {value: n for n, value in enumerate(found)}

    assert len(at) == len(found)
    assert found[-1] is last
    for value in found:
        assert all(at[source] < at[value] for source, _ in value.made_of)


def test_backward_adds_to_what_nothing_made():
    """Each call adds the same once more, whatever was left on the way."""
    x = Value(3)
    y = x * x
    loss = y * y + y
    loss.backward()
    once = x.slope
    loss.backward()

    assert x.slope == 2 * once == 2 * (4 * 3**3 + 2 * 3)
    assert y.slope == 2 * y.number + 1
    assert loss.slope == 1


def test_plain_numbers_may_stand_on_either_side():
    """With every sign, and in a sum that begins at 0."""
    x = Value(4)
    loss = 2 + x + 1 + 3 * x * 2 - 1 + (5 - x) + 8 / x + x / 2 + sum([x, x])

    loss.backward()

    assert loss.number == 2 + 4 + 1 + 24 - 1 + 1 + 2 + 2 + 8
    assert x.slope == 1 + 6 - 1 - 0.5 + 0.5 + 2


def test_a_power_of_0_is_flat():
    """And a power of 1 rises by 1."""
    x = Value(3)
    (x**0 + x**1 + x**2).backward()

    assert x.slope == 0 + 1 + 6


@pytest.mark.parametrize(
    "made",
    [
        lambda: Value(0).log(),
        lambda: Value(-1).log(),
        lambda: Value(-2) ** 0.5,
        lambda: Value(0) ** -1,
        lambda: Value(0) ** 0,
        lambda: 1 / Value(0),
        lambda: Value(1) + "2x",
        lambda: Value(2) ** Value(2),
        lambda: Value(None),
    ],
)
def test_what_is_no_number_is_refused(made):
    """Python's own errors, and never a wrong number."""
    with pytest.raises((ValueError, TypeError, ZeroDivisionError)):
        made()


def test_a_long_sum_needs_no_deep_stack():
    """Fifty thousand terms, one after the other."""
    terms = [Value(n) for n in range(50_000)]
    sum(terms).backward()

    assert {term.slope for term in terms} == {1.0}


def test_a_value_shows_its_number_and_its_slope():
    """In a notebook's cell."""
    x = Value(2)
    (x * x).tanh().backward()

    assert repr(x) == f"Value(2, slope {4 * (1 - math.tanh(4) ** 2):.4g})"
