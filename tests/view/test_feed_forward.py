"""Chapter 4's figures say what the numbers say."""

import pytest
import torch
from figure_tools import (
    bars,
    colour,
    colour_bars,
    colours,
    grid,
    heading,
    legend,
    lines,
    notes,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view.feed_forward import (
    plot_firing,
    plot_fits,
    plot_plane,
    plot_widths,
)
from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import BLUE, GREY, RED


def test_a_plane_is_the_function_of_its_two_inputs():
    """Input a runs to the right and b upwards; zero is in the middle."""
    figure = plot_plane(
        {
            "a": lambda points: points[:, 0],
            "3 b": lambda points: 3 * points[:, 1],
        },
        cuts={
            "a": torch.tensor([[1.0, 0.0, 0.0]]),
            "3 b": torch.tensor([[0.0, 1.0, -0.5], [2.0, 2.0, 0.0]]),
        },
        marks=torch.tensor([[0.5, -0.25]]),
        marked="a point",
        title="Planes",
        reach=1.0,
    )
    left, right = figure.axes[:2]
    one = left.images[0].norm

    assert grid(left)[0][::80] == pytest.approx([-1, 0, 1], abs=1e-6)
    assert grid(left)[-1] == grid(left)[0]
    rows = [row[7] for row in grid(right)[::80]]
    assert rows == pytest.approx([-3, 0, 3], abs=1e-6)
    assert left.images[0].origin == "lower"
    assert left.images[0].get_extent() == [-1, 1, -1, 1]
    assert (one.vmin, one.vmax) == (-3, 3)
    assert one is right.images[0].norm
    assert colour_bars(figure) == [("output", [-3, 3])]
    assert left.collections[-1].get_offsets().tolist() == [[0.5, -0.25]]
    assert words(left) == ("input a", "input b")
    assert words(right) == ("input a", "")
    assert left.get_xlim() == left.get_ylim() == (-1, 1)
    assert panel_titles(figure) == ["a", "3 b"]
    assert heading(figure) == "Planes"


def test_a_cut_is_where_its_neuron_turns_on():
    """Along u a + v b + c = 0, and not where the sum of all is zero."""
    figure = plot_plane(
        {"two": lambda points: points.sum(dim=1).abs() - 1},
        cuts={"two": torch.tensor([[3.0, 4.0, -5.0], [1.0, 0.0, 0.5]])},
        marks=torch.zeros(1, 2),
        marked="zero",
        title="Cuts",
    )
    slanted, upright = figure.axes[0].get_lines()

    for a, b in (slanted.get_xy1(), slanted.get_xy2()):
        assert 3 * a + 4 * b == pytest.approx(5)
    assert slanted.get_xy1() != slanted.get_xy2()
    assert upright.get_xy1() == pytest.approx((-0.5, 0))
    assert upright.get_xy2()[0] == pytest.approx(-0.5)
    assert legend(figure) == {
        "a cut: here a neuron turns on": "#000000",
        "zero": "#000000",
    }


def test_a_fit_lies_on_its_target():
    """The wide grey line is the target, the blue one what approximates it."""
    x, target = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 1.0, 0.5])
    figure = plot_fits(
        x, target, {"2": target / 2, "16": target * 2}, title="Fits"
    )
    left, right = figure.axes

    assert lines(left) == [
        ([0, 1, 2], [0, 1, 0.5]),
        ([0, 1, 2], [0, 0.5, 0.25]),
    ]
    assert lines(right) == [([0, 1, 2], [0, 1, 0.5]), ([0, 1, 2], [0, 2, 1])]
    assert colours(left) == colours(right) == [GREY, BLUE]
    assert left.get_ylim() == right.get_ylim()
    assert legend(figure) == {
        "the curve": GREY,
        "the sum of the neurons": BLUE,
    }
    assert words(left) == ("input", "output")
    assert words(right) == ("input", "")
    assert panel_titles(figure) == ["2", "16"]
    assert heading(figure) == "Fits"


def test_firing_is_sorted_and_its_mean_is_drawn():
    """A bar a neuron, the rarest first; the dashed line is their mean."""
    figure = plot_firing(torch.tensor([0.75, 0.0, 0.375]), title="On")
    (axes,) = figure.axes

    assert bars(axes) == [(0, 0), (1, 0.375), (2, 0.75)]
    assert lines(axes) == [([0, 1], [0.375, 0.375])]
    assert notes(axes) == [("mean 0.38", (0, 0.375))]
    assert {colour(bar) for bar in axes.patches} == {BLUE}
    assert colours(axes) == [RED]
    assert colour(axes.texts[0]) == RED
    assert words(axes) == (
        "neurons, from the rarest to the most often on",
        "share of positions",
    )
    assert axes.get_ylim() == (0, 1)
    assert heading(figure) == "On"


def test_widths_show_every_seed_and_the_mean():
    """A dot a run over its width; the line joins the means, not the best."""
    record = {
        "widths": [
            {"width": 1, "runs": [{"val_loss": 3.0}, {"val_loss": 2.0}]},
            {"width": 4, "runs": [{"val_loss": 2.0}, {"val_loss": 1.75}]},
        ]
    }
    figure = plot_widths(record, title="Wide")
    (axes,) = figure.axes

    assert lines(axes) == [
        ([1, 4], [3, 2]),
        ([1, 4], [2, 1.75]),
        ([1, 4], [2.5, 1.875]),
    ]
    assert [drawn.get_marker() for drawn in axes.get_lines()] == [
        "o",
        "o",
        "None",
    ]
    assert set(colours(axes)) == {BLUE}
    assert legend(axes) == {"a run, one seed": BLUE, "mean": BLUE}
    assert axes.get_xscale() == "log"
    assert ticks(axes.xaxis) == ["1 ×", "4 ×"]
    assert words(axes) == ("neurons, in multiples of n_embed", LOSS_LABEL)
    assert heading(figure) == "Wide"


def test_a_seed_does_not_look_large():
    """Losses a hundredth apart lie close together on the axis."""
    runs = [{"val_loss": 2.0}, {"val_loss": 2.01}]
    figure = plot_widths({"widths": [{"width": 4, "runs": runs}]}, title="W")
    low, high = figure.axes[0].get_ylim()

    assert high - low == pytest.approx(0.4)
    assert low < 2.0 < 2.01 < high
