"""The figures of every chapter's losses say what the numbers say."""

from figure_tools import (
    colour,
    colours,
    heading,
    legend,
    lines,
    named_lines,
    notes,
    ticks,
    words,
)

from tutorgpt.text.floors import Floors
from tutorgpt.training.history import History, Record
from tutorgpt.view import plot_history, plot_ladder
from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import BLUE, GREEN, GREY, ORANGE, PURPLE

FLOORS = {"uniform": 4.25, "unigram": 3.25, "bigram": 2.5}


def history(*losses):
    """A run measured every hundred steps; it trained a little lower."""
    return History(
        [
            Record(100 * n, loss - 0.5, loss, seconds=1.0, tokens=7)
            for n, loss in enumerate(losses)
        ]
    )


def rung(name, *losses):
    """A recorded rung, a loss per seed."""
    return {"model": name, "runs": [{"val_loss": loss} for loss in losses]}


LADDER = {
    "floors": FLOORS,
    "rungs": [
        rung("BigramModel", 2.5, 2.75, 2.625),
        rung("SingleHeadModel", 2.25, 2.375),
        rung("GPT", 1.75, 2.25),
    ],
}


def test_a_history_is_the_validation_loss_by_step():
    """A line a run, and the legend names what is drawn."""
    runs = {"one head": history(4.25, 3.0, 2.75), "mean": history(4.5, 4.0)}
    figure = plot_history(runs, title="Down")
    (axes,) = figure.axes

    assert lines(axes) == [
        ([0, 100, 200], [4.25, 3, 2.75]),
        ([0, 100], [4.5, 4]),
    ]
    assert legend(axes) == named_lines(axes)
    assert legend(axes) == {"one head": BLUE, "mean": ORANGE}
    assert words(axes) == ("training step", LOSS_LABEL)
    assert LOSS_LABEL == "validation loss (nats per character)"
    assert heading(figure) == "Down"


def test_floors_are_dashed_in_their_colours():
    """Each floor is a line across, with its name on it; none in the legend."""
    figure = plot_history(
        {"a": history(4.0, 3.0)}, floors=Floors(**FLOORS), title="Floors"
    )
    (axes,) = figure.axes
    across = axes.get_lines()[1:]

    assert lines(axes)[1:] == [
        ([0, 1], [loss] * 2) for loss in FLOORS.values()
    ]
    assert {line.get_linestyle() for line in across} == {"--"}
    assert colours(axes)[1:] == [GREY, PURPLE, GREEN]
    assert notes(axes) == [
        (f"{name} floor", (0 if name == "bigram" else 1, loss))
        for name, loss in FLOORS.items()
    ]
    assert [colour(note) for note in axes.texts] == [GREY, PURPLE, GREEN]
    assert legend(axes) == {"a": BLUE}


def test_a_ladder_shows_each_seed_and_the_mean():
    """A row a rung from the top; the number is the mean of the dots."""
    figure = plot_ladder(LADDER, title="Rungs")
    (axes,) = figure.axes

    assert lines(axes)[:3] == [
        ([2.5, 2.75, 2.625], [0, 0, 0]),
        ([2.25, 2.375], [1, 1]),
        ([1.75, 2.25], [2, 2]),
    ]
    assert colours(axes)[:3] == [BLUE] * 3
    assert notes(axes) == [
        ("2.625", (1, 0)),
        ("2.312", (1, 1)),
        ("2.000", (1, 2)),
    ]
    assert ticks(axes.yaxis) == ["BigramModel", "SingleHeadModel", "GPT"]
    assert axes.yaxis_inverted()
    assert axes.get_xlabel() == LOSS_LABEL
    assert heading(figure) == "Rungs"
    assert heading(plot_ladder(LADDER)) == "Each rung against the floors"


def test_a_ladder_stands_between_the_floors():
    """Upright dashed lines, named with their losses in the legend."""
    figure = plot_ladder(LADDER, title="Rungs")
    (axes,) = figure.axes
    upright = lines(axes)[-3:]

    assert upright == [([loss] * 2, [0, 1]) for loss in FLOORS.values()]
    assert legend(figure) == named_lines(axes)
    assert [line.get_linestyle() for line in axes.get_lines()[-3:]] == [
        ":",
        "-.",
        "--",
    ]
    assert legend(figure) == {
        "recorded runs (right: their mean)": BLUE,
        "uniform floor 4.25": GREY,
        "unigram floor 3.25": PURPLE,
        "bigram floor 2.50": GREEN,
    }
    assert axes.get_xlim()[1] > 4.25


def test_no_seed_falls_out_of_the_picture():
    """The axis reaches below the luckiest and above the worst run."""
    record = LADDER | {"rungs": [rung("GPT", 1.0, 5.5, 3.0)]}
    low, high = plot_ladder(record).axes[0].get_xlim()

    assert low < 1.0
    assert high > 5.5


def test_your_losses_are_diamonds_and_end_the_ladder():
    """Rungs above your last are not shown; your mark is your number."""
    figure = plot_ladder(
        LADDER, yours={"SingleHeadModel": 2.125, "BigramModel": 2.875}
    )
    (axes,) = figure.axes
    (mine,) = (line for line in axes.get_lines() if line.get_marker() == "D")

    assert ticks(axes.yaxis) == ["BigramModel", "SingleHeadModel"]
    assert mine.get_xydata().tolist() == [[2.875, 0], [2.125, 1]]
    assert colour(mine) == ORANGE
    assert legend(figure)["yours"] == ORANGE
    assert notes(axes)[2:] == [
        ("yours 2.875", (1, 0)),
        ("yours 2.125", (1, 1)),
    ]
