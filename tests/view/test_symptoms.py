"""The figure of a broken model says what the numbers say."""

from figure_tools import (
    colour_bars,
    colours,
    grid,
    heading,
    legend,
    lines,
    named_lines,
    notes,
    ticks,
    words,
)

from tutorgpt.view.style import BLUE, RED
from tutorgpt.view.symptoms import plot_symptoms

MENDED = {"curve": [[0, 4.25], [50, 3.0], [100, 2.5]]}
BROKEN = {"curve": [[0, 4.25], [50, 3.5], [100, 3.25]]}


def test_both_curves_are_drawn():
    """The broken one red and whole, its healthy twin blue and dashed."""
    figure = plot_symptoms(BROKEN, MENDED, "", title="Stuck")
    (axes,) = figure.axes
    styles = [line.get_linestyle() for line in axes.get_lines()]

    assert lines(axes) == [
        ([0, 50, 100], [4.25, 3, 2.5]),
        ([0, 50, 100], [4.25, 3.5, 3.25]),
    ]
    assert (colours(axes), styles) == ([BLUE, RED], ["--", "-"])
    assert legend(axes) == named_lines(axes)
    assert legend(axes) == {"healthy twin": BLUE, "broken": RED}
    assert words(axes) == ("step", "held-out loss (nats per character)")
    assert notes(axes) == []
    assert heading(figure) == "Stuck"


def test_an_axis_may_be_named_by_the_record():
    """A curve over what was read says so."""
    named = BROKEN | {"axis": "characters read"}
    figure = plot_symptoms(named, MENDED, "", title="x")

    assert figure.axes[0].get_xlabel() == "characters read"


def test_a_curve_ends_where_it_is_no_number():
    """A cross on the last loss that was one, and words beside it."""
    lost = {"curve": [[0, 4.25], [50, 5.0], [100, None], [150, None]]}
    figure = plot_symptoms(lost, MENDED, "", title="x")
    (axes,) = figure.axes

    assert lines(axes)[1:] == [([0, 50], [4.25, 5]), ([50], [5])]
    assert axes.get_lines()[2].get_marker() == "x"
    assert notes(axes) == [("not a number from here", (50, 5))]


def test_the_map_stands_in_the_frame_of_all_maps():
    """White future, visible labels, colours from nothing to one."""
    broken = BROKEN | {"map": [[1.0, 0.0], [0.25, 0.5]]}
    figure = plot_symptoms(broken, MENDED, "a ", title="x")
    axes = figure.axes[1]

    assert grid(axes) == [[1, None], [0.25, 0.5]]
    assert ticks(axes.xaxis) == ticks(axes.yaxis) == ["a", "␣"]
    assert words(axes) == ("looked at", "looking (broken model)")
    assert axes.images[0].get_cmap().name == "cividis"
    assert axes.images[0].get_clim() == (0, 1)
    assert colour_bars(figure) == [("attention weight (share of 1)", [0, 1])]
    assert len(figure.axes) == 3
    assert not any(spine.get_visible() for spine in axes.spines.values())


def test_a_missing_mask_is_seen():
    """The symptom of a model that peeks is what stands above the diagonal."""
    broken = BROKEN | {"map": [[0.0, 1.0], [0.5, 0.5]]}
    figure = plot_symptoms(broken, MENDED, "ab", title="x")

    assert grid(figure.axes[1]) == broken["map"]
