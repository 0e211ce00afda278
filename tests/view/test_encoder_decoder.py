"""Chapter 9's figures say what the numbers say."""

import torch
from figure_tools import (
    colour_bars,
    colours,
    grid,
    heading,
    legend,
    lines,
    named_lines,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view.encoder_decoder import plot_cross_attention, plot_learning
from tutorgpt.view.matrices import ATTENTION_LABEL
from tutorgpt.view.style import BLUE, ORANGE


def test_a_cross_map_leads_from_the_target_to_the_source():
    """A row a character written, a column one read; nothing is empty."""
    weights = torch.tensor(
        [
            [[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]],
            [[0.0, 0.75, 0.25], [0.125, 0.875, 0.0]],
        ]
    )
    figure = plot_cross_attention(
        weights, "a b", "1\n", names=["head 0", "head 1"], title="Cross"
    )
    first, second = figure.axes[:2]

    assert [grid(first), grid(second)] == weights.tolist()
    assert ticks(first.xaxis) == ticks(second.xaxis) == ["a", "␣", "b"]
    assert ticks(first.yaxis) == ticks(second.yaxis) == ["1", "↵"]
    assert first.images[0].norm is second.images[0].norm
    assert colour_bars(figure) == [(ATTENTION_LABEL, [0, 1])]
    assert words(first) == ("", "written")
    assert words(second) == ("looked at in the source", "written")
    assert panel_titles(figure) == ["head 0", "head 1"]
    assert heading(figure) == "Cross"
    assert not any(spine.get_visible() for spine in first.spines.values())


def test_learning_has_a_median_and_a_range_a_form():
    """A loss stands amid its steps; the legend says the mean of rights."""
    runs = [
        {"form": "pre", "exact_match": 1.0, "losses": [3.0, 0.5]},
        {"form": "post", "exact_match": 0.25, "losses": [2.0, 1.0]},
        {"form": "pre", "exact_match": 0.5, "losses": [2.5, 0.75]},
        {"form": "pre", "exact_match": 0.75, "losses": [1.0, 0.25]},
    ]
    figure = plot_learning(
        {"steps_per_loss": 20, "runs": runs}, title="Learned"
    )
    (axes,) = figure.axes
    pre, post = [band.get_paths()[0].vertices for band in axes.collections]

    assert lines(axes) == [([10, 30], [2.5, 0.5]), ([10, 30], [2, 1])]
    assert colours(axes) == [BLUE, ORANGE]
    assert [drawn.get_linestyle() for drawn in axes.get_lines()] == ["-", "--"]
    assert {tuple(corner) for corner in pre.tolist()} == {
        (10, 1),
        (10, 3),
        (30, 0.25),
        (30, 0.75),
    }
    assert {tuple(corner) for corner in post.tolist()} == {(10, 2), (30, 1)}
    assert legend(axes) == named_lines(axes)
    assert legend(axes) == {
        "pre: 75.0% right": BLUE,
        "post: 25.0% right": ORANGE,
    }
    assert axes.get_legend().get_title().get_text() == (
        "median, and range of the seeds"
    )
    assert axes.get_yscale() == "log"
    assert words(axes) == (
        "training step",
        "training loss (nats per character)",
    )
    assert heading(figure) == "Learned"
