"""Chapter 5's figures say what the numbers say."""

import pytest
from figure_tools import (
    colours,
    heading,
    legend,
    lines,
    named_lines,
    notes,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.residual_norm import (
    losses_by_rate,
    plot_by_layer,
    plot_rates,
)
from tutorgpt.view.style import BLUE, GREEN, GREY, RED


def run(wiring, rate, loss, n_layer=3):
    """One recorded run."""
    return {
        "wiring": wiring,
        "learning_rate": rate,
        "val_loss": loss,
        "n_layer": n_layer,
    }


RECORD = {
    "floors": {"unigram": 3.25},
    "runs": [
        *(run("residual", 0.01, loss) for loss in (2.0, 2.75, 2.25)),
        *(run("residual", 0.1, loss) for loss in (9.0, 5.0, 4.0)),
        run("pre-norm", 0.01, 2.5),
        run("pre-norm", 0.1, 2.25),
        run("post-norm", 0.01, 3.0),
        run("post-norm", 0.1, 4.5),
        run("residual", 0.01, 1.0, n_layer=12),
    ],
}


def test_layers_are_counted_from_one():
    """A line a wiring over the layers' numbers, in the wiring's colour."""
    figure = plot_by_layer(
        {
            "gradient": {"plain": [0.5, 0.125], "residual": [1.0, 0.875]},
            "length": {"plain": [1.0, 2.0], "residual": [3.0, 4.0]},
        },
        title="Deep",
    )
    left, right = figure.axes

    assert lines(left) == [([1, 2], [0.5, 0.125]), ([1, 2], [1, 0.875])]
    assert lines(right) == [([1, 2], [1, 2]), ([1, 2], [3, 4])]
    assert colours(left) == colours(right) == [GREY, GREEN]
    assert legend(figure) == named_lines(left)
    assert legend(figure) == {"plain": GREY, "residual": GREEN}
    assert left.get_yscale() == right.get_yscale() == "log"
    assert left.get_xlabel() == right.get_xlabel() == "layer"
    assert panel_titles(figure) == ["gradient", "length"]
    assert heading(figure) == "Deep"


def test_only_runs_of_one_depth_are_compared():
    """A rate's losses are those of all seeds of this wiring and depth."""
    assert losses_by_rate(RECORD, "residual") == {
        0.01: [2.0, 2.75, 2.25],
        0.1: [9.0, 5.0, 4.0],
    }
    assert losses_by_rate(RECORD, "residual", 12) == {0.01: [1.0]}


def test_rates_show_every_seed_and_join_the_medians():
    """What lies above the top edge is drawn there, and said to explode."""
    figure = plot_rates(RECORD, title="Rates", highest=3.5)
    (axes,) = figure.axes
    drawn = {
        str(line.get_label()): list(line.get_ydata())
        for line in axes.get_lines()
        if not str(line.get_label()).startswith("_")
    }
    dots = lines(axes)[0]
    exploded = [point for text, point in notes(axes) if text == "explodes"]

    assert drawn == {
        "residual": [2.25, 3.5],
        "pre-norm": [2.5, 2.25],
        "post-norm": [3.0, 3.5],
    }
    assert dots == (pytest.approx([0.01 / 1.06] * 3), [2.0, 2.25, 2.75])
    assert exploded == [
        (pytest.approx(0.1 / 1.06), 3.5),
        (pytest.approx(0.1 * 1.06), 3.5),
    ]
    assert lines(axes)[-1] == ([0, 1], [3.25, 3.25])
    assert ("unigram floor", (0.01, 3.25)) in notes(axes)


def test_rates_are_named():
    """A colour a wiring; the axes say what they count."""
    figure = plot_rates(RECORD, title="Rates", highest=3.5)
    (axes,) = figure.axes

    assert legend(axes) == named_lines(axes)
    assert legend(axes) == {
        "residual": GREEN,
        "pre-norm": BLUE,
        "post-norm": RED,
    }
    assert words(axes) == ("learning rate", LOSS_LABEL)
    assert axes.get_xscale() == "log"
    assert ticks(axes.xaxis) == ["0.01", "0.1"]
    assert axes.get_ylim()[1] == 3.5
    assert heading(figure) == "Rates"
