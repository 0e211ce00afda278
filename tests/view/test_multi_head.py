"""Chapter 3's figure says what the numbers say."""

import torch
from figure_tools import colours, heading, legend, lines, named_lines, words

from tutorgpt.view.multi_head import plot_curves
from tutorgpt.view.style import BLUE, ORANGE


def test_curves_are_drawn_over_one_axis():
    """A line a curve in the palette's order, the first one bold."""
    figure = plot_curves(
        torch.tensor([0.0, 1.0, 3.0]),
        {
            "one head": torch.tensor([2.0, 1.5, 0.5]),
            "four heads": torch.tensor([1.0, 0.25, 0.125]),
        },
        title="Down",
        x_label="distance (characters)",
        y_label="loss (nats)",
    )
    (axes,) = figure.axes
    widths = [line.get_linewidth() for line in axes.get_lines()]

    assert lines(axes) == [
        ([0, 1, 3], [2, 1.5, 0.5]),
        ([0, 1, 3], [1, 0.25, 0.125]),
    ]
    assert colours(axes) == [BLUE, ORANGE]
    assert legend(figure) == named_lines(axes)
    assert list(legend(figure)) == ["one head", "four heads"]
    assert widths[0] > widths[1]
    assert words(axes) == ("distance (characters)", "loss (nats)")
    assert axes.get_ylim()[0] == 0
    assert heading(figure) == "Down"
