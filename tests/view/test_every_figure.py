"""What holds of every figure: all is named, and no words are struck out.

The figures are those that the tests of each module draw, and the ladders of
all chapters with the numbers that the records hold.
"""

import ast
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from figure_tests import TESTS, checks_of, figures, load
from figure_tools import colliding_words, struck_words, unnamed_handles
from matplotlib.figure import Figure

from tutorgpt.view import plot_ladder, read_record

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def drawn_by_tests(figure: str) -> list[Figure]:
    """The pictures that the tests of one function draw."""
    module, _, name = figure.partition(".")
    for check in checks_of(load(TESTS / f"test_{module}.py"), name):
        check()
    return [plt.figure(number) for number in plt.get_fignums()]


def ladders_of_chapters() -> list[tuple[str, list[str]]]:
    """Title and own models of each ladder that a chapter draws."""
    found = []
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "plot_ladder(" in cell.source:
                found += ladders_in(cell.source)
    return found


def ladders_in(source: str) -> list[tuple[str, list[str]]]:
    """The same, for the calls in one cell."""
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    words = [
        {word.arg: word.value for word in call.keywords}
        for call in calls
        if getattr(call.func, "id", "") == "plot_ladder"
    ]
    return [
        (ast.literal_eval(w["title"]), [k.value for k in w["yours"].keys])
        for w in words
    ]


@pytest.mark.parametrize("figure", figures())
def test_everything_drawn_is_named(figure: str):
    """A legend names all; without one there is one thing to name."""
    for picture in drawn_by_tests(figure):
        assert unnamed_handles(picture) == []


@pytest.mark.parametrize("figure", figures())
def test_no_words_are_struck_out(figure: str):
    """No line and no marker goes through a label."""
    for picture in drawn_by_tests(figure):
        assert struck_words(picture) == []


@pytest.mark.parametrize(("title", "models"), ladders_of_chapters())
@pytest.mark.parametrize("seed", range(3))
def test_the_chapters_ladders_are_legible(title, models, seed):
    """With every recorded run in the place of the reader's own."""
    record = read_record("ladder_shakespeare")
    yours = {
        rung["model"]: rung["runs"][seed]["val_loss"]
        for rung in record["rungs"]
        if rung["model"] in models
    }
    figure = plot_ladder(record, yours=yours, title=title)

    assert yours
    assert struck_words(figure) == []
    assert colliding_words(figure) == []
    assert unnamed_handles(figure) == []


@pytest.mark.parametrize("name", ["ladder_shakespeare", "ladder_songci"])
def test_the_recorded_ladders_are_legible(name):
    """The figures that the command writes, with no run of the reader's."""
    figure = plot_ladder(read_record(name))

    assert struck_words(figure) == []
    assert colliding_words(figure) == []
    assert unnamed_handles(figure) == []


def test_a_struck_word_is_seen():
    """The fault that the ladders had: a number where a floor stands."""
    figure, axes = plt.subplots()
    axes.set(xlim=(2, 4), ylim=(0, 1))
    axes.annotate("2.402", (2.45, 0.5))
    axes.annotate("clear", (3.2, 0.5))
    axes.axvline(2.5, linestyle="--")
    axes.plot([3.9], [0.5], "D")
    axes.annotate("marked", (3.85, 0.49))

    assert struck_words(figure) == ["2.402", "marked"]


def test_words_on_words_are_seen():
    """Two labels in one place, and one that leaves the picture."""
    figure, axes = plt.subplots()
    axes.annotate("under", (0.5, 0.5))
    axes.annotate("over", (0.51, 0.5))
    axes.annotate("outside", (1, 0.9), (90, 0), textcoords="offset points")

    assert colliding_words(figure) == ["over", "outside"]


def test_an_unnamed_handle_is_seen():
    """A diamond beside named dots."""
    figure, axes = plt.subplots()
    axes.plot([1, 2], "o", color="#0072B2", label="recorded")
    axes.plot([1.5], "D", color="#E69F00")
    axes.legend()

    assert unnamed_handles(figure) == ["#E69F00 D None"]


def test_one_line_needs_no_legend():
    """Its axes name it; two kinds of line must be told apart."""
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2], color="#E69F00")
    right.plot([1, 2], color="#0072B2")
    right.plot([1, 2], "--", color="#0072B2")

    assert unnamed_handles(figure) == ["#0072B2 None -", "#0072B2 None --"]
