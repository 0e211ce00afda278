"""Chapter 11's figures say what the numbers say."""

from math import e

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

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.modern import plot_distances, plot_line, plot_worth
from tutorgpt.view.style import BLUE, GREEN, GREY, ORANGE


def test_a_score_is_drawn_over_the_distance():
    """A line a query, from distance 0 on, told apart by colour and mark."""
    figure = plot_distances(
        {"at 3": [1.0, 0.5], "at 6": [1.0, 0.25], "at 9": [1.0, 2.0]},
        title="Apart",
    )
    (axes,) = figure.axes

    assert lines(axes) == [
        ([0, 1], [1.0, 0.5]),
        ([0, 1], [1.0, 0.25]),
        ([0, 1], [1.0, 2.0]),
    ]
    assert colours(axes) == [BLUE, ORANGE, GREEN]
    assert [line.get_marker() for line in axes.get_lines()] == ["o", "s", "^"]
    sizes = [line.get_markersize() for line in axes.get_lines()]
    assert sizes == sorted(set(sizes), reverse=True)
    assert legend(figure) == named_lines(axes)
    assert words(axes) == (
        "tokens between the key and the query",
        "score, before the softmax",
    )
    assert heading(figure) == "Apart"


def row(text: str, variant: str, *losses: float) -> dict:
    return {"text": text, "variant": variant, "losses": losses}


def told(text: str, variant: str, difference: float, p: float) -> dict:
    return {
        "text": text,
        "variant": variant,
        "difference": difference,
        "p_holm": p,
    }


def test_worth_is_what_a_loss_differs_by_from_the_baselines():
    """Seed by seed, its mean, and full only where chance is unlikely."""
    figure = plot_worth(
        [
            row("plays", "baseline", 2.0, 3.0),
            row("plays", "gate", 1.5, 2.75),
            row("plays", "norm", 2.25, 2.75),
            row("poems", "baseline", 4.0, 6.0),
            row("poems", "norm", 5.0, 6.5),
        ],
        [
            told("plays", "gate", -0.375, 0.049),
            told("plays", "norm", 0.0, 0.05),
            told("poems", "norm", 0.75, 1.0),
        ],
        texts={"plays": "The plays", "poems": "The poems"},
        title="Worth",
    )
    plays, poems = figure.axes

    assert lines(plays) == [
        ([0, 0], [0, 1]),
        ([-0.5, -0.25], [0, 0]),
        ([-0.375], [0]),
        ([0.25, -0.25], [1, 1]),
        ([0.0], [1]),
    ]
    assert lines(poems) == [
        ([0, 0], [0, 1]),
        ([1.0, 0.5], [1, 1]),
        ([0.75], [1]),
    ]
    assert colours(plays) == [GREY] + [BLUE] * 4
    fills = [line.get_fillstyle() for line in plays.get_lines()[2::2]]
    assert fills == ["full", "none"]
    assert legend(figure) == {
        "the baseline": GREY,
        "one seed": BLUE,
        "mean of the seeds, p < 0.05": BLUE,
        "mean, could be chance": BLUE,
    }
    assert ticks(plays.yaxis) == ["gate", "norm"]
    for axes in figure.axes:
        low, high = axes.get_ylim()
        assert low > high, "the first one stands on top"
    assert words(poems)[0] == (
        "nats per character more than the baseline's (left is better)"
    )
    assert panel_titles(figure) == ["The plays", "The poems"]
    assert heading(figure) == "Worth"


def test_a_variant_stands_beside_the_baseline_of_its_own_text():
    """As many losses, or zip would say so."""
    with pytest.raises(ValueError, match=r"shorter|longer"):
        plot_worth(
            [row("plays", "baseline", 2.0), row("plays", "gate", 1.5, 2.75)],
            [told("plays", "gate", -0.375, 0.049)],
            texts={"plays": "The plays"},
            title="Worth",
        )


def test_the_line_goes_on_to_what_it_predicts():
    """A line a size over its budgets; then line, interval and outcome."""
    figure = plot_line(
        {
            "rows": [
                {"n_embed": 16, "budget": 10.0, "mean": 2.5},
                {"n_embed": 8, "budget": 1.0, "mean": 3.0},
                {"n_embed": 8, "budget": 10.0, "mean": 2.75},
            ],
            "prediction": {
                "budget": e**4,
                "interval": [1.5, 1.75],
                "line_of_log_loss": {"intercept": 1.0, "slope": -0.25},
            },
            "outcome": {"mean": 1.625},
        },
        title="Line",
    )
    (axes,) = figure.axes
    *first, fitted, predicted, outcome = lines(axes)

    assert first == [([1.0, 10.0], [3.0, 2.75]), ([10.0], [2.5])]
    assert fitted[0] == [1.0, e**4]
    assert fitted[1] == pytest.approx([e, 1.0])
    assert predicted == ([e**4, e**4], [1.5, 1.75])
    assert outcome == ([e**4], [1.625])
    assert colours(axes) == [BLUE, ORANGE] + [GREY] * 3
    assert legend(figure) == named_lines(axes)
    assert list(named_lines(axes)) == [
        "8 channels",
        "16 channels",
        "line",
        "predicted",
        "came out",
    ]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert words(axes) == (
        "floating-point operations of the training",
        LOSS_LABEL,
    )
    assert heading(figure) == "Line"
