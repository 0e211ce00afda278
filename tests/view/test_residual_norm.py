"""Chapter 5's figures say what the numbers say."""

import pytest
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

from tutorgpt.view.losses import FLOOR_COLOURS, LOSS_LABEL
from tutorgpt.view.residual_norm import (
    EXPLODED,
    INK,
    plot_by_layer,
    plot_limits,
    plot_training,
    recorded_losses,
)
from tutorgpt.view.style import BLUE, GREY, ORANGE, RED, SKY


def run(wiring, rate, losses, n_layer=3, warmup_steps=0):
    """One recorded run: its losses at steps 300 and, if two, 600."""
    return {
        "wiring": wiring,
        "learning_rate": rate,
        "n_layer": n_layer,
        "warmup_steps": warmup_steps,
        "losses": dict(zip(("300", "600"), losses, strict=False)),
    }


RECORD = {
    "floors": {"unigram": 3.25, "bigram": 2.5},
    "runs": [
        *(run("plain", 0.01, x) for x in ((3, 2.75), (3.5, 3), (3.25, 2))),
        *(run("residual", 0.01, (x, x - 1)) for x in (2.0, 2.75, 2.25)),
        *(run("residual", 0.1, (x,)) for x in (9.0, None, 4.0)),
        run("pre-norm", 0.01, (2.5, 2.25)),
        run("pre-norm", 0.1, (2.25,)),
        run("post-norm", 0.01, (3.0,)),
        run("post-norm", 0.1, (4.5,)),
        run("post-norm", 0.1, (2.0,), warmup_steps=100),
        run("residual", 0.01, (1.5,), n_layer=12),
        run("plain", 0.01, (3.0,), n_layer=12),
    ],
}
FLOORS = {
    "unigram floor": FLOOR_COLOURS["unigram"],
    "bigram floor": FLOOR_COLOURS["bigram"],
}


def curves(axes):
    """The lines that the legend names, without the floors."""
    return {
        str(line.get_label()): (
            [float(x) for x in line.get_xdata()],
            [float(y) for y in line.get_ydata()],
        )
        for line in axes.get_lines()
        if not str(line.get_label()).startswith("_")
        and str(line.get_label()) not in FLOORS
    }


def strokes(axes):
    """How each named line is told apart, beside its colour."""
    return [
        (line.get_linestyle(), line.get_marker())
        for line in axes.get_lines()
        if str(line.get_label()) in curves(axes)
    ]


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
    assert colours(left) == colours(right) == [GREY, SKY]
    assert legend(figure) == named_lines(left)
    assert legend(figure) == {"plain": GREY, "residual": SKY}
    assert left.get_yscale() == right.get_yscale() == "log"
    assert left.get_xlabel() == right.get_xlabel() == "layer"
    assert panel_titles(figure) == ["gradient", "length"]
    assert heading(figure) == "Deep"


def test_only_runs_of_one_kind_are_compared():
    """The losses are those of all seeds of one wiring, depth and rate."""
    assert recorded_losses(RECORD, "residual", 3, 0.01) == {
        300: [2.0, 2.75, 2.25],
        600: [1.0, 1.75, 1.25],
    }
    assert recorded_losses(RECORD, "residual", 12, 0.01) == {300: [1.5]}
    assert recorded_losses(RECORD, "post-norm", 3, 0.1) == {300: [4.5]}
    assert recorded_losses(RECORD, "post-norm", 3, 0.1, warmup_steps=100) == {
        300: [2.0]
    }
    assert recorded_losses(RECORD, "norm", 3, 0.1) == {}
    assert recorded_losses(RECORD, "residual", 3, 0.1) == {
        300: [9.0, float("inf"), 4.0]
    }


def test_training_is_drawn_by_step():
    """Medians as lines, the seeds' range as a band, a panel a condition."""
    figure = plot_training(RECORD, [(3, 0.01), (12, 0.01)], title="Slow")
    left, right = figure.axes
    band = left.collections[0].get_paths()[0].get_extents()

    assert curves(left) == {
        "plain": ([300, 600], [3.25, 2.75]),
        "residual": ([300, 600], [2.25, 1.25]),
        "pre-norm": ([300, 600], [2.5, 2.25]),
        "post-norm": ([300], [3.0]),
    }
    assert curves(right) == {
        "plain": ([300], [3.0]),
        "residual": ([300], [1.5]),
    }
    assert (band.x0, band.x1, band.y0, band.y1) == (300, 600, 2, 3.5)
    assert left.get_ylim() == right.get_ylim()
    assert lines(left)[-2:] == [([0, 1], [3.25] * 2), ([0, 1], [2.5] * 2)]
    assert panel_titles(figure) == [
        "3 layers, rate 0.01",
        "12 layers, rate 0.01",
    ]


def test_training_is_named():
    """The legend holds every line, floors included; no two look alike."""
    figure = plot_training(RECORD, [(3, 0.01), (12, 0.01)], title="Slow")
    left, right = figure.axes

    assert legend(figure) == {
        "plain": GREY,
        "residual": SKY,
        "pre-norm": BLUE,
        "post-norm": RED,
        **FLOORS,
    }
    assert named_lines(left) == legend(figure)
    assert named_lines(right).items() <= legend(figure).items()
    assert len(set(strokes(left))) == 4
    assert words(left) == ("training step", LOSS_LABEL)
    assert words(right) == ("training step", LOSS_LABEL)
    assert heading(figure) == "Slow"


def test_limits_show_every_seed_and_join_the_medians():
    """What lies above the top edge is drawn there, with a ring around it."""
    figure = plot_limits(
        RECORD, rate=0.01, n_layer=3, step=300, title="Far", highest=3.5
    )
    left, right = figure.axes
    rings = [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in right.lines
        if line.get_label() == EXPLODED
    ]

    assert curves(left) == {
        "plain": (pytest.approx([-0.14, 0.86]), [3.25, 3.0]),
        "norm": ([], []),
        "residual": ([0, 1], [2.25, 1.5]),
        "pre-norm": (pytest.approx([0.07]), [2.5]),
        "post-norm": (pytest.approx([0.14]), [3.0]),
    }
    assert curves(right)["residual"] == ([0, 1], [2.25, 3.5])
    assert curves(right)["post-norm"][1] == [3.0, 3.5]
    assert ([0, 0, 0], [2.0, 2.75, 2.25]) in lines(right)
    assert rings == [(1, 3.5), (pytest.approx(1.14), 3.5)]
    assert left.get_ylim() == right.get_ylim()
    assert right.get_ylim()[1] == 3.5


def test_limits_are_named():
    """A colour and a mark a wiring; the axes say what they count."""
    figure = plot_limits(
        RECORD, rate=0.01, n_layer=3, step=300, title="Far", highest=3.5
    )
    left, right = figure.axes

    assert named_lines(left) | named_lines(right) == legend(figure)
    assert legend(figure) == {
        "plain": GREY,
        "norm": ORANGE,
        "residual": SKY,
        "pre-norm": BLUE,
        "post-norm": RED,
        EXPLODED: INK,
        **FLOORS,
    }
    assert len(set(strokes(left))) == 5
    assert words(left) == ("number of layers (rate 0.01)", LOSS_LABEL)
    assert words(right) == ("learning rate (3 layers)", LOSS_LABEL)
    assert ticks(left.xaxis) == ["3", "12"]
    assert ticks(right.xaxis) == ["0.01", "0.1"]
    assert heading(figure) == "Far"
