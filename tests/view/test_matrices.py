"""The frame of all maps, and matrices side by side."""

import pytest
import torch
from figure_tools import (
    colour_bars,
    grid,
    heading,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view import plot_matrices
from tutorgpt.view.matrices import (
    draw_map,
    shares,
    signed,
    visible,
    without_future,
)
from tutorgpt.view.style import panel

INF = float("inf")


def test_a_map_has_labels_and_no_frame():
    """Space and line break are seen; what is not finite is left empty."""
    with panel("x", 2.0) as (_, axes):
        draw_map(
            axes,
            torch.tensor([[1.0, -INF, 0.5], [INF, float("nan"), 0.0]]),
            shares(),
            rows="a ",
            columns=["x", "\n", "z"],
        )

    assert grid(axes) == [[1, None, 0.5], [None, None, 0]]
    assert (ticks(axes.yaxis), ticks(axes.xaxis)) == (
        ["a", "␣"],
        ["x", "↵", "z"],
    )
    assert not any(spine.get_visible() for spine in axes.spines.values())


def test_an_axis_without_labels_has_no_ticks():
    """A map that nothing labels is only its squares."""
    with panel("x", 2.0) as (_, axes):
        draw_map(axes, torch.ones(2, 2), shares())

    assert ticks(axes.xaxis) == ticks(axes.yaxis) == []


@pytest.mark.parametrize(
    ("colours", "name", "ends"),
    [(shares(), "cividis", (0, 1)), (signed(3.0), "PuOr", (-3, 3))],
)
def test_colours_have_a_scale(colours, name, ends):
    """Shares start at nothing; numbers have white at zero."""
    with panel("x", 2.0) as (_, axes):
        draw_map(axes, torch.zeros(1, 1), colours)
    image = axes.images[0]

    assert image.get_cmap().name == name
    assert image.get_clim() == ends


def test_the_future_is_taken_out_of_masked_maps():
    """In all maps at once, and only above the diagonal."""
    masked = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]] * 2)
    shown = without_future(masked)

    assert shown.isnan().tolist() == [[[False, True], [False, False]]] * 2
    assert shown.nan_to_num().equal(masked)


def test_one_look_ahead_keeps_all_futures():
    """Maps of one model are hidden alike, or not at all."""
    maps = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.5], [0.0, 1.0]]])

    assert without_future(maps).equal(maps)


def test_what_lies_beyond_the_farthest_look_is_masked():
    """A mask that is one place too far back hides all but that place."""
    leaking = torch.tensor(
        [[0.0, 1.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.25, 0.5]]
    )
    shown = without_future(leaking)

    assert shown.isnan().nonzero().tolist() == [[0, 2]]
    assert shown[1:].equal(leaking[1:])


def test_visible_characters():
    """Only space and line break need a sign of their own."""
    assert [visible(c) for c in " \na␣字"] == ["␣", "↵", "a", "␣", "字"]


def test_matrices_share_one_scale_around_zero():
    """Where an entry is negative, white is zero for all of them."""
    matrices = [
        torch.tensor([[1.0, -INF], [4.0, 0.5]]),
        torch.tensor([[-3.0, 1.0], [0.0, 0.25]]),
    ]
    figure = plot_matrices(matrices, names=["a", "b"], title="Two")
    left, right = figure.axes[:2]

    assert grid(left) == [[1, None], [4, 0.5]]
    assert grid(right) == [[-3, 1], [0, 0.25]]
    assert left.images[0].norm is right.images[0].norm
    assert left.images[0].get_clim() == (-4, 4)
    assert colour_bars(figure) == [("a and b", [-4, 4])]
    assert words(left) == ("key position", "query position")
    assert words(right) == ("key position", "")
    assert ticks(left.xaxis) == ticks(left.yaxis) == ["0", "1"]
    assert panel_titles(figure) == ["a", "b"]
    assert heading(figure) == "Two"


def test_matrices_take_labels_for_rows_and_columns():
    """Rows run down and columns across, each under its own name."""
    figure = plot_matrices(
        [torch.tensor([[0.25, 0.5, 0.75], [0.0, 0.0, 1.0]])],
        names=["follows"],
        title="Pairs",
        rows="q ",
        columns="ua\n",
        row_axis="this",
        column_axis="next",
        label="probability",
    )
    axes = figure.axes[0]

    assert (ticks(axes.yaxis), ticks(axes.xaxis)) == (
        ["q", "␣"],
        ["u", "a", "↵"],
    )
    assert words(axes) == ("next", "this")
    assert colour_bars(figure) == [("probability", [0, 1])]
    assert axes.images[0].get_clim() == (0, 1)
