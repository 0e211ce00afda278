"""Chapter 6's figures say what the numbers say."""

import pytest
from figure_tools import (
    colour,
    colours,
    heading,
    legend,
    lines,
    named_lines,
    notes,
    ticks,
    unfolded,
    words,
)
from matplotlib.patches import FancyBboxPatch

from tutorgpt.config import ModelConfig
from tutorgpt.view import (
    plot_parts,
    plot_readings,
    plot_seen_and_new,
    plot_spending,
    plot_whole_model,
)
from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import BLUE, GREEN, GREY, ORANGE, PURPLE


def test_parts_are_shares_of_one_bar():
    """A model's pieces follow each other from 0 to 1; a missing one is 0."""
    figure = plot_parts(
        {
            "small": {"tables": 900, "blocks": 100},
            "large": {"tables": 250, "blocks": 730, "head": 20},
        },
        title="Where",
    )
    (axes,) = figure.axes
    pieces = [
        (colour(bar), round(bar.get_y() + bar.get_height() / 2), bar)
        for bar in axes.patches
    ]
    spans = {
        (paint, row): (bar.get_x(), bar.get_x() + bar.get_width())
        for paint, row, bar in pieces
    }

    assert spans == {
        (BLUE, 0): pytest.approx((0, 0.9)),
        (BLUE, 1): pytest.approx((0, 0.25)),
        (ORANGE, 0): pytest.approx((0.9, 1)),
        (ORANGE, 1): pytest.approx((0.25, 0.98)),
        (GREEN, 0): pytest.approx((1, 1)),
        (GREEN, 1): pytest.approx((0.98, 1)),
    }
    assert legend(figure) == {"tables": BLUE, "blocks": ORANGE, "head": GREEN}
    assert ticks(axes.yaxis) == ["small", "large"]
    assert axes.yaxis_inverted()
    assert axes.get_xlabel() == "share of the parameters"
    assert heading(figure) == "Where"


def test_parts_are_labelled_with_shares_and_totals():
    """Each piece that has room says its share, each bar its parameters."""
    figure = plot_parts(
        {"small": {"a": 900, "b": 100}, "large": {"a": 2500, "b": 7500}},
        title="Where",
    )
    written = [
        (text, pytest.approx(place)) for text, place in notes(figure.axes[0])
    ]

    assert written == [
        ("90%", (0.45, 0)),
        ("25%", (0.125, 1)),
        ("75%", (0.625, 1)),
        ("1,000", (1.01, 0)),
        ("10,000", (1.01, 1)),
    ]


def test_spending_is_loss_against_arithmetic():
    """A line a run on a logarithmic axis, with the floors dashed."""
    figure = plot_spending(
        {"chapter": [(1e9, 3.0), (1e10, 2.5)], "laptop": [(2e9, 2.75)]},
        floors={"bigram floor": 2.625},
        title="Spent",
    )
    (axes,) = figure.axes

    assert lines(axes) == [
        ([1e9, 1e10], [3, 2.5]),
        ([2e9], [2.75]),
        ([0, 1], [2.625, 2.625]),
    ]
    assert colours(axes) == [BLUE, ORANGE, GREY]
    assert legend(axes) == named_lines(axes)
    assert legend(axes) == {"chapter": BLUE, "laptop": ORANGE}
    assert notes(axes) == [("bigram floor", (0, 2.625))]
    assert [line.get_marker() for line in axes.get_lines()[:2]] == ["o", "s"]
    assert axes.get_xscale() == "log"
    assert words(axes) == (
        "floating-point operations spent on training",
        LOSS_LABEL,
    )
    assert heading(figure) == "Spent"


def test_seen_and_new_text_have_a_line_a_seed_and_their_mean():
    """Thin seeds, then the bold mean: new text solid, seen text dashed."""

    def run(share, seen, new):
        return {
            "dropout": share,
            "losses": [
                {"step": 50 * n, "seen": a, "new": b}
                for n, (a, b) in enumerate(zip(seen, new, strict=True), 1)
            ],
        }

    figure = plot_seen_and_new(
        [
            run(0.0, [2.0, 1.0], [3.0, 4.0]),
            run(0.2, [2.5, 2.25], [3.5, 3.25]),
            run(0.0, [2.5, 1.5], [3.5, 4.5]),
        ],
        title="Apart",
    )
    (axes,) = figure.axes
    drawn = axes.get_lines()
    steps = [50, 100]

    assert lines(axes) == [
        (steps, [3, 4]),
        (steps, [3.5, 4.5]),
        (steps, [3.25, 4.25]),
        (steps, [2, 1]),
        (steps, [2.5, 1.5]),
        (steps, [2.25, 1.25]),
        *[(steps, [3.5, 3.25])] * 2,
        *[(steps, [2.5, 2.25])] * 2,
    ]
    assert colours(axes) == [BLUE] * 6 + [ORANGE] * 4
    assert [line.get_linestyle() for line in drawn] == (
        ["-"] * 3 + ["--"] * 3 + ["-"] * 2 + ["--"] * 2
    )
    assert legend(figure) == named_lines(axes)
    assert legend(figure) == {
        "new text, dropout 0.0": BLUE,
        "seen text, dropout 0.0": BLUE,
        "new text, dropout 0.2": ORANGE,
        "seen text, dropout 0.2": ORANGE,
    }
    assert words(axes) == ("training step", "loss (nats per character)")
    assert heading(figure) == "Apart"


def test_readings_are_counted_in_texts():
    """Training dashed, held-out solid; the untrained start is left out."""

    def run(train, held_out):
        losses = [{"tokens": 0, "train": None, "held_out": 9.0}]
        losses += [
            {"tokens": 100 * n, "train": a, "held_out": b}
            for n, (a, b) in enumerate(zip(train, held_out, strict=True), 1)
        ]
        return {"losses": losses}

    figure = plot_readings(
        [run([4.0, 3.0], [4.5, 4.25]), run([4.5, 3.5], [5.0, 4.75])],
        text=50,
        levels={"SMALL": 4.125},
        title="Parting",
    )
    (axes,) = figure.axes
    drawn = axes.get_lines()
    readings = [2, 4]

    assert lines(axes) == [
        (readings, [4, 3]),
        (readings, [4.5, 3.5]),
        (readings, [4.25, 3.25]),
        (readings, [4.5, 4.25]),
        (readings, [5, 4.75]),
        (readings, [4.75, 4.5]),
        ([0, 1], [4.125, 4.125]),
    ]
    assert colours(axes) == [BLUE] * 6 + [GREY]
    assert [line.get_linestyle() for line in drawn[:6]] == (
        ["--"] * 3 + ["-"] * 3
    )
    assert legend(axes) == {
        "training text, with dropout": BLUE,
        "held-out text": BLUE,
    }
    assert notes(axes) == [("SMALL", (1, 4.125))]
    assert words(axes) == (
        "times that the training text was read",
        "loss (nats per character)",
    )
    assert heading(figure) == "Parting"


def test_the_whole_model_shows_each_shape():
    """Stations from top to bottom, each beside its shape and in a box."""
    config = ModelConfig(
        vocab_size=69, block_size=32, n_embed=48, n_head=4, n_layer=5
    )
    figure = plot_whole_model(config, title="Whole")
    (axes,) = figure.axes
    written = [(text, place) for text, place in notes(axes) if text]
    stations = [unfolded(text) for text, place in written if place[0] == 0.24]
    shapes = [text for text, place in written if place[0] == 0.5]
    rows = [place[1] for _, place in written if place[0] == 0.5]
    boxes = [box for box in axes.patches if isinstance(box, FancyBboxPatch)]

    assert stations == [
        "tokens",
        "token + position vectors, dropout",
        "LayerNorm → attention → dropout, added",
        "LayerNorm → feed-forward → dropout, added",
        "final LayerNorm",
        "Linear: one score per character",
    ]
    assert shapes == [
        "(B, T) = (B, 32)",
        *["(B, T, C) = (B, 32, 48)"] * 4,
        "(B, T, V) = (B, 32, 69)",
    ]
    assert rows == [0, -1, -2, -3, -4, -5]
    assert [round(box.get_y() + 0.3, 6) for box in boxes] == rows
    assert [colour(box) for box in boxes] == [
        GREY,
        BLUE,
        ORANGE,
        GREEN,
        PURPLE,
        BLUE,
    ]
    assert ("× 5", (0.935, -2.5)) in written
    assert heading(figure) == "Whole"
