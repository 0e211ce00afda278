"""Chapter 12's figures say what the numbers say."""

import torch
from figure_tools import (
    colours,
    heading,
    legend,
    lines,
    named_lines,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view.pretrained import (
    plot_answers,
    plot_by_layer,
    plot_some_heads,
)
from tutorgpt.view.style import BLUE, GREEN, ORANGE


def test_some_heads_are_drawn_over_the_pieces_of_a_text():
    """A map a head, rows looking; its future is empty."""
    maps = {
        "before": torch.tensor([[1.0, 0.0], [0.9, 0.1]]),
        "itself": torch.tensor([[1.0, 0.0], [0.2, 0.8]]),
    }
    figure = plot_some_heads(maps, ["The", " cat"], title="Two heads")
    first, second, _ = figure.axes

    assert panel_titles(figure) == ["before", "itself"]
    assert heading(figure) == "Two heads"
    for axes, name in ((first, "before"), (second, "itself")):
        drawn = axes.get_images()[0].get_array()
        assert drawn[1, 0] == maps[name][1, 0].item()
        assert drawn[1, 1] == maps[name][1, 1].item()
        assert drawn.mask[0, 1] or drawn[0, 1] != drawn[0, 1]
        assert words(axes)[0] == "looked at"
    assert words(first) == ("looked at", "looking")
    assert ticks(first.xaxis) == ticks(first.yaxis) == ["The", " cat"]
    assert ticks(second.xaxis) == ["The", " cat"]
    assert ticks(second.yaxis) == []


def test_a_score_of_every_head_is_drawn_over_its_layer():
    """A dot a head, and a line through the means."""
    figure = plot_by_layer(
        torch.tensor([[0.25, 0.75], [0.5, 1.0], [0.0, 0.5]]),
        label="a share",
        title="Shares",
    )
    (axes,) = figure.axes

    assert lines(axes) == [
        ([0, 1, 2], [0.25, 0.5, 0.0]),
        ([0, 1, 2], [0.75, 1.0, 0.5]),
        ([0, 1, 2], [0.5, 0.75, 0.25]),
    ]
    assert legend(figure) == named_lines(axes)
    assert list(legend(figure)) == ["one head", "mean of the layer"]
    assert words(axes) == ("layer", "a share")
    low, high = axes.get_ylim()
    assert low < 0 < 1 < high
    assert heading(figure) == "Shares"


def test_answers_are_drawn_over_the_layers_before_them():
    """A line an answer, from the table of tokens on."""
    figure = plot_answers(
        {"Paris": [0.0, 0.1, 0.8], "Rome": [0.0, 0.2, 0.9], "Au": [0, 0, 1]},
        title="Late",
    )
    (axes,) = figure.axes

    assert lines(axes) == [
        ([0, 1, 2], [0.0, 0.1, 0.8]),
        ([0, 1, 2], [0.0, 0.2, 0.9]),
        ([0, 1, 2], [0, 0, 1]),
    ]
    assert colours(axes) == [BLUE, ORANGE, GREEN]
    assert legend(axes) == named_lines(axes)
    assert words(axes) == (
        "layers that have added to the path",
        "probability of the answer",
    )
    assert heading(figure) == "Late"
