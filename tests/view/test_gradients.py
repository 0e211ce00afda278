"""Chapter 0's figures say what the numbers say."""

import re

import pytest
import torch
from figure_tools import (
    bars,
    colour,
    colours,
    heading,
    legend,
    lines,
    notes,
    panel_titles,
    words,
)
from matplotlib.patches import Rectangle

from tutorgpt.gradients import Value
from tutorgpt.view.gradients import (
    plot_broadcast,
    plot_descents,
    plot_tape,
)
from tutorgpt.view.style import BLUE, GREY, ORANGE, PALE, SKY


def boxes(axes):
    """Number and colour of each box, row by row."""
    squares = [box for box in axes.patches if isinstance(box, Rectangle)]
    texts = [text for text, _ in notes(axes)]
    return list(zip(texts, map(colour, squares), strict=True))


def test_a_stretched_column_shows_its_copies():
    """What torch repeats is pale, and stands where it takes effect."""
    table = torch.tensor([[3.0, 1.0, 0.0], [0.0, 2.0, 6.0]])
    sums = table.sum(dim=1, keepdim=True)
    figure = plot_broadcast(
        table,
        sums,
        table / sums,
        names=["counts", "sums", "shares"],
        title="Stretched",
    )
    left, middle, right = figure.axes
    own, copy = SKY.upper(), PALE.upper()

    assert boxes(left) == [
        (text, own) for text in ("3", "1", "0", "0", "2", "6")
    ]
    assert boxes(middle) == [
        *(("4", own), ("4", copy), ("4", copy)),
        *(("8", own), ("8", copy), ("8", copy)),
    ]
    assert [text for text, _ in boxes(right)] == [
        *("0.75", "0.25", "0", "0", "0.25", "0.75"),
    ]
    assert notes(left)[1] == ("1", (1.5, 0.5))
    assert notes(left)[3] == ("0", (0.5, 1.5))
    assert bars(left)[4][0] == 1.5
    assert left.get_ylim() == (2, 0)
    assert panel_titles(figure) == ["counts", "sums", "shares"]
    assert heading(figure) == "Stretched"


def test_a_row_without_the_first_axis_is_repeated_downwards():
    """Shapes are lined up from the right: (3,) meets each row of (2, 3)."""
    table, row = torch.ones(2, 3), torch.tensor([1.0, 2.0, 3.0])
    figure = plot_broadcast(
        table, row, table * row, names=["a", "b", "c"], title="Down"
    )
    found = boxes(figure.axes[1])

    assert [paint for _, paint in found] == 3 * [SKY.upper()] + 3 * [
        PALE.upper()
    ]
    assert [text for text, _ in found] == 2 * ["1", "2", "3"]


def test_a_tape_shows_numbers_slopes_and_factors():
    """Left to right; a constant shows its number alone."""
    w = Value(0.5)
    guess = w * 2
    loss = (guess - 3.9) ** 2
    loss.backward()
    figure = plot_tape(
        loss, {w: "w", guess: "guess", loss: "loss"}, title="Tape"
    )
    (axes,) = figure.axes
    said = dict(notes(axes))
    places = {re.split(r" = |\n", text)[0]: at for text, at in said.items()}

    assert "w = 0.5\nslope -11.6" in said
    assert "guess = 1\nslope -5.8" in said
    assert "loss = 8.41\nslope 1" in said
    assert {"2", "-3.9", "-2.9"} <= set(said)
    assert {"× 2", "× 0.5", "× 1", "× -5.8"} <= set(said)
    assert places["w"][0] == places["2"][0] == 1
    assert places["guess"] == (2, 0)
    assert places["-3.9"][0] == 2
    assert places["loss"] == (4, 0)
    assert heading(figure) == "Tape"


def test_an_arrow_leads_from_the_source_and_bears_its_local_slope():
    """Two for the product: towards a it is b, towards b it is a."""
    a, b = Value(3), Value(7)
    figure = plot_tape(a * b, {a: "a", b: "b"}, title="Product")
    (axes,) = figure.axes
    at = {
        re.split(r" = |\n", text)[0]: place
        for text, place in notes(axes)
        if text and not text.startswith("×")
    }
    factors = {
        text: place for text, place in notes(axes) if text.startswith("×")
    }

    for name, factor in (("a", "× 7"), ("b", "× 3")):
        middle = [(p + q) / 2 for p, q in zip(at[name], at["21"], strict=True)]
        assert factors[factor][0] == pytest.approx(middle[0])
        assert abs(factors[factor][1] - middle[1]) < 0.2
    arrows = [note for note in axes.texts if getattr(note, "arrow_patch", 0)]
    assert {tuple(note.xyann) for note in arrows} == {at["a"], at["b"]}
    assert {tuple(note.xy) for note in arrows} == {at["21"]}


def test_a_walk_lies_on_the_curve_of_its_loss():
    """One panel for each learning rate, all with one scale."""
    figure = plot_descents(
        lambda w: (w - 1) ** 2,
        {"short": [3.0, 2.5, 2.25], "long": [3.0, -2.0]},
        reach=(-3.0, 4.0),
        title="Downhill",
    )
    left, right = figure.axes
    (x, y), (walked, losses), start = lines(left)

    assert (x[0], x[-1], len(x)) == (-3, 4, 101)
    assert (y[0], y[-1]) == (16, 9)
    assert walked == [3, 2.5, 2.25]
    assert losses == [4, 2.25, 1.5625]
    assert lines(right)[1] == ([3, -2], [4, 9])
    assert start == ([3], [4])
    assert colours(left) == [GREY.upper(), ORANGE.upper(), BLUE.upper()]
    assert left.get_ylim() == right.get_ylim() == (0, pytest.approx(16.8))
    assert words(left) == ("weight", "loss (mean squared error)")
    assert words(right) == ("weight", "")
    assert panel_titles(figure) == ["short", "long"]
    assert legend(figure) == {
        "loss of every weight": GREY.upper(),
        "the steps": ORANGE.upper(),
        "the start": BLUE.upper(),
    }
    assert heading(figure) == "Downhill"
