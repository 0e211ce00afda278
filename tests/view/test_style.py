"""The one exit: every figure's size, title, colours and file."""

import ast
import inspect
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from figure_tools import (
    colliding_words,
    colour,
    heading,
    lines,
    notes,
    panel_titles,
)

from tutorgpt.view import style
from tutorgpt.view.style import (
    GREY,
    WIDTH,
    mark_level,
    panel,
    panels,
    picture,
    subtitle,
)

VIEW = Path(inspect.getfile(style)).parent


def test_one_panel_has_the_house_size_and_title():
    """As wide as the text, a bold title at its left."""
    with panel("It falls", 2.5) as (figure, axes):
        axes.plot([1, 2])

    assert figure.get_size_inches().tolist() == [WIDTH, 2.5]
    assert heading(figure) == "It falls"
    assert figure._suptitle.get_fontweight() == "bold"


def test_several_panels_have_one_title():
    """Rows times columns in reading order; small titles are not bold."""
    with panels("All", 3.0, columns=3, rows=2, width=5.0) as (figure, axes):
        for n, one in enumerate(axes):
            subtitle(one, f"panel {n}")
    places = [(-one.get_position().y0, one.get_position().x0) for one in axes]

    assert figure.get_size_inches().tolist() == [5.0, 3.0]
    assert heading(figure) == "All"
    assert figure._suptitle.get_fontweight() == "bold"
    assert panel_titles(figure) == [f"panel {n}" for n in range(6)]
    assert axes[0]._left_title.get_fontweight() == "normal"
    assert places == sorted(places)


def test_the_style_ends_with_the_figure():
    """What a reader draws afterwards looks as it did before."""
    before = dict(plt.rcParams)
    with panel("x", 2.0):
        assert plt.rcParams["figure.titleweight"] == "bold"

    assert dict(plt.rcParams) == before


@pytest.mark.parametrize("tool", [panel, panels])
def test_a_figure_that_fails_is_not_shown(tool):
    """An error while drawing leaves no half a figure for the notebook."""
    with pytest.raises(ZeroDivisionError), tool("x", 2.0):
        raise ZeroDivisionError

    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("form", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")]
)
def test_the_same_figure_is_the_same_file(form, start):
    """No date and no random names, so that a record can be compared."""
    files = []
    for _ in range(2):
        with panel("x", 2.0) as (figure, axes):
            axes.plot([1, 2], label="line")
            axes.legend()
        files.append(picture(figure, form))

    assert files[0] == files[1]
    assert files[0].startswith(start)
    assert b"<dc:date>" not in files[0]


def test_an_unknown_form_is_refused():
    """The error names what there is."""
    with panel("x", 2.0) as (figure, _):
        pass

    with pytest.raises(ValueError, match=r"'bmp'.*'svg' or 'png'"):
        picture(figure, "bmp")


def test_a_level_is_dashed_and_named():
    """The line goes across at its value; the name has its colour."""
    with panel("x", 2.0) as (_, axes):
        mark_level(axes, 2.5, "floor", place=1, offset=(-2, 3), ha="right")
    (drawn,) = axes.get_lines()

    assert lines(axes) == [([0.0, 1.0], [2.5, 2.5])]
    assert drawn.get_linestyle() == "--"
    assert notes(axes) == [("floor", (1, 2.5))]
    assert colour(drawn) == colour(axes.texts[0]) == GREY.upper()
    assert axes.texts[0].get_position() == (-2, 3)


def test_no_figure_leaves_by_another_door():
    """Only style.py makes figures, titles them and writes them."""
    reserved = {"subplots", "figure", "suptitle", "savefig", "rc_context"}
    used = {
        (path.name, node.attr)
        for path in VIEW.glob("*.py")
        if path.name != "style.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in reserved
    }

    assert used == set()


def test_words_under_narrow_axes_stay_in_the_figure():
    """Long names at the left move the axes, and what is centred under them."""
    with panel("Narrow", 2.0) as (figure, axes):
        axes.plot([1, 2], [0, 1])
        axes.set_yticks([0, 1], ["a rather long name at the left", "short"])
        axes.set_xlabel("nats per character more than the baseline's, on both")

    assert colliding_words(figure) == []
    assert "\n" in axes.get_xlabel()
