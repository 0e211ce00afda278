"""Chapter 8's figures say what the numbers say."""

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
    ticks,
    words,
)

from tutorgpt.view import plot_choices, plot_trade_off
from tutorgpt.view.style import BLUE, GREY, ORANGE


def test_choices_stand_before_the_plain_probabilities():
    """In each panel: grey the first way's shares, blue its own."""
    choices = {
        f"way {n}": torch.tensor([0.5, 0.375, 0.125]).roll(n) for n in range(6)
    }
    figure = plot_choices(choices, ["a", "b", "↵"], title="Ways")

    for n, axes in enumerate(figure.axes):
        assert bars(axes) == [
            (0, 0.5),
            (1, 0.375),
            (2, 0.125),
            *enumerate(choices[f"way {n}"].tolist()),
        ]
        assert [colour(bar) for bar in axes.patches] == [GREY] * 3 + [BLUE] * 3
        assert ticks(axes.xaxis) == ["a", "b", "↵"]
        assert axes.get_ylim() == (0, 1)
    assert [axes.get_ylabel() for axes in figure.axes] == [
        "probability",
        "",
    ] * 3
    assert panel_titles(figure) == list(choices)
    assert legend(figure.axes[0]) == {"way 0": GREY, "as named above": BLUE}
    assert heading(figure) == "Ways"


def test_loss_and_variety_run_along_the_temperature():
    """Left the loss, right the variety, each with the real text's level."""
    figure = plot_trade_off(
        [0.5, 1.0], [1.25, 2.0], [0.25, 0.75], real=(1.5, 0.875), title="Both"
    )
    left, right = figure.axes

    assert lines(left) == [([0.5, 1], [1.25, 2]), ([0, 1], [1.5, 1.5])]
    assert lines(right) == [([0.5, 1], [0.25, 0.75]), ([0, 1], [0.875] * 2)]
    assert (colours(left), colours(right)) == ([BLUE, GREY], [ORANGE, GREY])
    assert notes(left) == [("a real text", (0, 1.5))]
    assert notes(right) == [("a real text", (1, 0.875))]
    assert words(left) == ("temperature", "loss (nats per character)")
    assert words(right) == ("temperature", "share of different 8-grams")
    assert left.get_ylim()[0] == right.get_ylim()[0] == 0
    assert heading(figure) == "Both"
