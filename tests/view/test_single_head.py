"""Chapter 2's figures say what the numbers say."""

import torch
from figure_tools import (
    bars,
    colour,
    colour_bars,
    colours,
    grid,
    heading,
    is_bar,
    legend,
    lines,
    notes,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view import (
    plot_attention,
    plot_by_head_size,
    plot_distances,
    plot_steps,
)
from tutorgpt.view.matrices import ATTENTION_LABEL
from tutorgpt.view.style import BLUE, ORANGE, WIDTH

CAUSAL = torch.tensor(
    [
        [[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.5, 0.5]],
        [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.125, 0.375, 0.5]],
        [[0.5, 0.0, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5]],
    ]
)


def test_an_attention_map_is_its_weights_with_a_white_future():
    """Rows look, columns are looked at; zeros in the past are not white."""
    figure = plot_attention(
        CAUSAL, "a \n", title="Three", names=["x", "y", "z"]
    )
    first, second, third = figure.axes[:3]

    assert grid(first) == [[1, None, None], [0.25, 0.75, None], [0, 0.5, 0.5]]
    assert grid(second)[2] == [0.125, 0.375, 0.5]
    assert grid(third)[0] == [0.5, None, None]
    assert words(first) == words(third) == ("looked at", "looking")
    assert ticks(first.xaxis) == ticks(first.yaxis) == ["a", "␣", "↵"]
    assert first.get_ylim() == (2.5, -0.5)  # the first position is on top
    assert heading(figure) == "Three"
    assert panel_titles(figure) == ["x", "y", "z"]


def test_all_heads_share_one_scale():
    """From nothing to the largest weight of any head, on one named bar."""
    figure = plot_attention(CAUSAL[1:] * 0.8, "abc", title="Two")
    scales = {axes.images[0].norm for axes in figure.axes[:2]}
    (norm,) = scales
    ((label, ends),) = colour_bars(figure)

    assert (norm.vmin, round(norm.vmax, 6)) == (0, 0.8)
    assert label == ATTENTION_LABEL == "attention weight (share of 1)"
    assert [round(end, 6) for end in ends] == [0, 0.8]
    assert not any(
        spine.get_visible() for spine in figure.axes[0].spines.values()
    )


def test_a_look_ahead_is_seen():
    """Where a weight stands in the future nothing is left empty."""
    leaking = CAUSAL.clone()
    leaking[1, 0, 2] = 0.5
    figure = plot_attention(leaking, "abc", title="Cheat")

    assert grid(figure.axes[1])[0] == [1, 0, 0.5]
    assert grid(figure.axes[0])[0] == [1, 0, 0]


def test_one_head_has_one_map():
    """A single map is large, and no empty panel stands beside it."""
    figure = plot_attention(CAUSAL[:1], "abc", title="One")

    assert len(figure.axes) == 2
    assert figure.get_figwidth() < WIDTH


def test_steps_are_matrices_with_their_shapes():
    """Each has its own scale around zero; minus infinity is left out."""
    steps = {
        "scores": torch.tensor([[1.0, -4.0], [2.0, 3.0]]),
        "masked": torch.tensor([[0.5, float("-inf")], [0.25, -0.125]]),
        "values": torch.tensor([[1.0, 2.0, 3.0]]),
    }
    figure = plot_steps(
        steps, title="Steps", columns=2, pairs=("scores", "masked")
    )
    scales = [axes.images[0].norm for axes in figure.axes[:3]]

    assert [grid(axes) for axes in figure.axes[:3]] == [
        [[1, -4], [2, 3]],
        [[0.5, None], [0.25, -0.125]],
        [[1, 2, 3]],
    ]
    assert [(s.vmin, s.vmax) for s in scales] == [
        (-4, 4),
        (-0.5, 0.5),
        (-3, 3),
    ]
    assert panel_titles(figure) == [
        "scores 2 × 2",
        "masked 2 × 2",
        "values 1 × 3",
    ]
    assert heading(figure) == "Steps"
    assert not figure.axes[3].get_visible()
    assert [words(axes) for axes in figure.axes[:3]] == [
        ("position", "position"),
        ("position", ""),
        ("channel", "position"),
    ]
    assert ticks(figure.axes[2].xaxis) == ["0", "2"]
    assert ticks(figure.axes[0].yaxis) == ["0", "1"]


def test_each_step_has_a_bar_and_says_what_is_masked():
    """A scale under every panel; grey squares carry their own name."""
    steps = {
        "masked": torch.tensor([[0.5, float("-inf")], [0.25, -0.125]]),
        "values": torch.tensor([[1.0, 2.0, -3.0]]),
    }
    figure = plot_steps(steps, title="Steps", columns=2)
    bars_below = [axes for axes in figure.axes if is_bar(axes)]

    assert [axes.get_xlabel() for axes in bars_below] == ["entry", "entry"]
    assert [axes.get_xlim() for axes in bars_below] == [(-0.5, 0.5), (-3, 3)]
    assert ticks(bars_below[1].xaxis) == ["-3.0", "0.0", "3.0"]
    assert notes(figure.axes[0]) == [("-∞", (1, 0))]
    assert notes(figure.axes[1]) == []


def test_quantities_run_along_the_head_size():
    """A panel a quantity, a line a curve, named once for all panels."""
    raw, scaled = {4: 3.0, 16: 12.0}, {4: 1.0, 16: 1.25}
    figure = plot_by_head_size(
        {
            "variance": {"raw": raw, "scaled": scaled},
            "largest": {"raw": scaled, "scaled": raw},
        },
        title="Sizes",
        logarithmic=("variance",),
    )
    left, right = figure.axes

    assert lines(left) == [([4, 16], [3, 12]), ([4, 16], [1, 1.25])]
    assert lines(right) == [([4, 16], [1, 1.25]), ([4, 16], [3, 12])]
    assert colours(left) == colours(right) == [BLUE, ORANGE]
    assert legend(figure) == {"raw": BLUE, "scaled": ORANGE}
    assert (left.get_yscale(), right.get_yscale()) == ("log", "linear")
    assert left.get_xscale() == right.get_xscale() == "log"
    assert ticks(left.xaxis) == ["4", "16"]
    assert left.get_xlabel() == "head size (channels)"
    assert panel_titles(figure) == ["variance", "largest"]
    assert heading(figure) == "Sizes"


def test_distances_are_bars():
    """Bar d is as high as the weight that reaches d characters back."""
    figure = plot_distances(torch.tensor([0.5, 0.25, 0.125]), title="Near")
    (axes,) = figure.axes

    assert bars(axes) == [(0, 0.5), (1, 0.25), (2, 0.125)]
    assert {colour(bar) for bar in axes.patches} == {BLUE}
    assert words(axes) == (
        "distance (characters back; 0 is the position itself)",
        "mean weight (share of 1)",
    )
    assert heading(figure) == "Near"
