"""Chapter 7's figures say what the numbers say."""

import pytest
import torch
from figure_tools import (
    colour,
    colour_bars,
    colours,
    grid,
    heading,
    legend,
    lines,
    named_lines,
    notes,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view.looking_inside import (
    COLOURS,
    costs,
    kind_of,
    plot_costs,
    plot_embeddings,
    plot_heads,
    plot_lens,
    plot_score_and_cost,
    scores_and_costs,
)
from tutorgpt.view.matrices import ATTENTION_LABEL
from tutorgpt.view.style import BLUE, GREEN, GREY, ORANGE, RED

CAUSAL = torch.tensor(
    [
        [[[1.0, 0.0], [0.25, 0.75]], [[1.0, 0.0], [0.5, 0.5]]],
        [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.125, 0.875]]],
        [[[1.0, 0.0], [0.75, 0.25]], [[1.0, 0.0], [1.0, 0.0]]],
    ]
)


def run(val_loss, scores, **without):
    """One recorded run: two layers of two heads, and what switching off does.

    The keys of `without` are written l0h1 for layer 0, head 1.
    """
    names = {
        key: f"layer {key[1]}" + (f", head {key[3]}" if len(key) > 2 else "")
        for key in without
    }
    return {
        "val_loss": val_loss,
        "loss_without": {names[key]: loss for key, loss in without.items()},
        "growth": [
            {"previous": [[0.0, 0.0], [0.0, 0.0]]},
            {"previous": scores},
        ],
    }


RECORD = {
    "preset": {"n_layer": 2},
    "runs": [
        run(
            2.0,
            [[0.5, 0.25], [0.125, 0.75]],
            l0h0=2.5,
            l0h1=2.25,
            l0=4.0,
            l1h0=2.125,
            l1h1=3.0,
        ),
        run(
            1.5,
            [[0.375, 0.625], [0.0, 1.0]],
            l0h0=1.75,
            l0h1=3.5,
            l0=3.0,
            l1h0=1.625,
            l1h1=2.5,
        ),
    ],
}


def test_heads_stand_in_rows_of_layers():
    """A row a layer, a column a head; the outer maps are numbered."""
    figure = plot_heads(CAUSAL, "a\n", title="Heads")
    maps = figure.axes[:6]
    rows = [[[1, None], row[1]] for row in CAUSAL.flatten(0, 1).tolist()]

    assert [grid(axes) for axes in maps] == rows
    assert panel_titles(figure) == [
        f"layer {layer}, head {head}"
        for layer in range(3)
        for head in range(2)
    ]
    assert [ticks(axes.yaxis) for axes in maps] == [["0", "1"], ["", ""]] * 3
    assert [ticks(axes.xaxis) for axes in maps] == [["", ""]] * 4 + [
        ["0", "1"]
    ] * 2
    assert {axes.images[0].get_clim() for axes in maps} == {(0, 1)}
    assert colour_bars(figure) == [(ATTENTION_LABEL, [0, 1])]
    assert [words(axes)[0] for axes in maps] == [""] * 4 + ["looked at"] * 2
    assert [words(axes)[1] for axes in maps] == ["looking", ""] * 3
    assert heading(figure) == "Heads"


def test_a_cost_is_the_loss_that_a_part_saves():
    """Per run; the heads of a layer are thrown together, the layer is not."""
    assert costs(RECORD) == {
        "layer 0, one head": [0.5, 0.25, 0.25, 2.0],
        "layer 0": [2.0, 1.5],
        "layer 1, one head": [0.125, 1.0, 0.125, 1.0],
    }


def test_costs_show_each_run_and_the_mean():
    """A dot a run; the orange stroke and the number are the mean."""
    figure = plot_costs(RECORD, title="Costs")
    (axes,) = figure.axes

    assert lines(axes) == [
        ([0.5, 0.25, 0.25, 2], [0, 0, 0, 0]),
        ([0.75, 0.75], [-0.35, 0.35]),
        ([2, 1.5], [1, 1]),
        ([1.75, 1.75], [0.65, 1.35]),
        ([0.125, 1, 0.125, 1], [2, 2, 2, 2]),
        ([0.5625, 0.5625], [1.65, 2.35]),
    ]
    assert colours(axes) == [BLUE, ORANGE] * 3
    assert legend(figure) == named_lines(axes)
    assert legend(figure) == {"one run": BLUE, "mean": ORANGE}
    assert notes(axes) == [
        ("0.75", (2, 0)),
        ("1.75", (2, 1)),
        ("0.56", (1, 2)),
    ]
    assert ticks(axes.yaxis) == list(costs(RECORD))
    assert axes.yaxis_inverted()
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "cost of switching it off (nats per character)"
    assert heading(figure) == "Costs"


def test_a_head_has_a_score_and_a_cost():
    """The score is that of the trained model, not of a stage on the way."""
    scores, prices = scores_and_costs(RECORD, 1)

    assert scores == [0.125, 0.75, 0.0, 1.0]
    assert prices == [0.125, 1.0, 0.125, 1.0]


def test_score_runs_to_the_right_and_cost_upwards():
    """A dot a head of each run, in the colour of its layer."""
    figure = plot_score_and_cost(RECORD, title="Both")
    (axes,) = figure.axes

    assert lines(axes) == [
        ([0.5, 0.25, 0.375, 0.625], [0.5, 0.25, 0.25, 2]),
        ([0.125, 0.75, 0, 1], [0.125, 1, 0.125, 1]),
    ]
    assert legend(axes) == named_lines(axes)
    assert legend(axes) == {"layer 0": BLUE, "layer 1": ORANGE}
    assert words(axes) == (
        "previous-token score (share of the weight one place back)",
        "cost of switching it off (nats per character)",
    )
    assert axes.get_ylim()[0] == 0
    assert heading(figure) == "Both"


@pytest.mark.parametrize(
    ("characters", "kind"),
    [
        ("aeiou", "vowel"),
        ("bxyz", "consonant"),
        ("AZ", "capital"),
        ("07", "digit"),
        (" \n.,!", "punctuation"),
    ],
)
def test_characters_have_kinds(characters, kind):
    """Capitals are one kind, vowels or not."""
    assert {kind_of(character) for character in characters} == {kind}


def test_embeddings_stand_where_their_vectors_fall():
    """Each character at its own place, coloured by its kind."""
    places = torch.tensor(
        [[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0], [0.0, 0.0], [1.0, 2.0]]
    )
    figure = plot_embeddings(places, "ab C7", title="Plane")
    (axes,) = figure.axes

    assert notes(axes) == [
        ("a", (0.5, -1)),
        ("b", (2, 0.25)),
        ("␣", (-1.5, 1)),
        ("C", (0, 0)),
        ("7", (1, 2)),
    ]
    assert [colour(text) for text in axes.texts] == [
        RED,
        BLUE,
        GREEN,
        ORANGE,
        GREY,
    ]
    assert legend(figure) == COLOURS
    assert axes.get_xlim() == pytest.approx((-1.7, 2.2))
    assert axes.get_ylim() == pytest.approx((-1.2, 2.2))
    assert words(axes) == (
        "first direction (length of the vector's shadow)",
        "second direction",
    )
    assert heading(figure) == "Plane"


def test_a_lens_shows_the_guess_and_colours_what_came():
    """Rows are layers, columns places; a right guess is bold."""
    guessed = torch.tensor(
        [
            [[0.5, 0.25, 0.25], [0.125, 0.25, 0.625]],
            [[0.25, 0.75, 0.0], [0.125, 0.0, 0.875]],
        ]
    )
    figure = plot_lens(guessed, "ab\n", "ab\n", title="Lens")
    axes = figure.axes[0]
    (above,) = axes.child_axes

    assert grid(axes) == [[0.25, 0.625], [0.75, 0.875]]
    assert notes(axes) == [
        ("a", (0, 0)),
        ("↵", (1, 0)),
        ("b", (0, 1)),
        ("↵", (1, 1)),
    ]
    assert [text.get_fontweight() for text in axes.texts] == [
        "normal",
        "bold",
        "bold",
        "bold",
    ]
    assert ticks(axes.yaxis) == ["embedding", "layer 0"]
    assert ticks(axes.xaxis) == ["a", "b"]
    assert ticks(above.xaxis) == ["b", "↵"]
    assert axes.get_xlabel() == "read so far, up to this character"
    assert above.get_xlabel() == "the character that came next"
    assert colour_bars(figure) == [("probability of what came", [0, 1])]
    assert heading(figure) == "Lens"
