"""What a figure's file says: all that is seen, the same each time."""

import functools
import re
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import pytest
from figure_tests import TESTS, checks_of, figures, load
from matplotlib.figure import Figure

from tutorgpt.view.style import SMALL, panel, picture
from tutorgpt.view.svg import GROUND, KEPT, MARK, SVG, compact, parsed

TELEPHONE = 358
"""CSS pixels that a telephone of 390 leaves for a page's content."""
READABLE = 9
"""Pixels, the least that a number may be high in."""
PLOTS = [figure for figure in figures() if figure != "live.curve"]


def drawn(figure: str) -> Figure:
    """A figure as the first test of its function draws it."""
    module, _, name = figure.partition(".")
    checks_of(load(TESTS / f"test_{module}.py"), name)[0]()
    return plt.figure(plt.get_fignums()[-1])


@functools.cache
def file(figure: str) -> str:
    """The file of a figure; drawn once for all tests here."""
    return picture(drawn(figure)).decode()


def letters(svg: str) -> list[float]:
    """The size of each word in CSS pixels on a telephone."""
    root = parsed(svg)
    width = float(root.attrib["width"].removesuffix("pt")) * 4 / 3
    sizes = []

    def walk(part: ET.Element, scale: float) -> None:
        for factor in re.findall(
            r"scale\(([\d.]+)", part.get("transform", "")
        ):
            scale *= float(factor)
        if part.tag == f"{{{SVG}}}use" and scale != 1:
            sizes.append(100 * scale * 4 / 3 * min(1, TELEPHONE / width))
        for child in part:
            if child.tag != f"{{{SVG}}}defs":
                walk(child, scale)

    walk(root, 1)
    return sizes


@pytest.mark.parametrize("figure", PLOTS)
def test_every_word_is_readable_on_a_telephone(figure: str) -> None:
    """Also an exponent, and what stands in a map."""
    found = letters(file(figure))

    assert found
    assert min(found) >= READABLE


def test_a_small_word_is_seen() -> None:
    """The exponent of a logarithmic axis is smaller than its number."""
    with panel("x", 2.0) as (figure, axes):
        axes.loglog([1, 1000], [1, 1000])
    found = letters(picture(figure).decode())

    assert max(found) >= READABLE > min(found)


@pytest.mark.parametrize("figure", PLOTS)
def test_no_file_says_when_or_by_what_it_was_made(figure: str) -> None:
    """A version or a date would make each run another file."""
    assert not re.search(r"date|20\d\d-\d\d|matplotlib", file(figure))


@pytest.mark.parametrize(
    "figure",
    [
        "losses.plot_ladder",
        "single_head.plot_steps",
        "feed_forward.plot_plane",
    ],
)
def test_a_figure_drawn_twice_is_the_same_file(figure: str) -> None:
    """No random name: with lines and a legend, maps, clipped lines."""
    assert picture(drawn(figure)).decode() == file(figure)


def test_a_file_has_a_card_that_can_be_taken_away() -> None:
    """White for JupyterLab's dark theme; nothing else covers the page."""
    with panel("x", 2.0) as (figure, axes):
        axes.plot([1, 2])
    root = parsed(picture(figure).decode())
    cards = [part for part in root.iter() if part.get("class") == GROUND]
    painted = [
        part for part in root.iter() if "fill:#ffffff" in part.get("style", "")
    ]

    assert root.get("class") == MARK
    assert len(cards) == 1
    assert painted == [*cards[0].iter(f"{{{SVG}}}path")]


def test_a_path_is_written_in_steps() -> None:
    """Two digits; level and upright lines are one number."""
    path = "M 1.23456 2 L 4.23456 2 L 4.23456 -1.5 L 5 0 z L 2 2"
    svg = f'<svg xmlns="{SVG}"><path d="{path}"/></svg>'

    assert 'd="m1.23 2h3v-3.5l0.77 1.5zl0.77 0"' not in compact(svg)
    assert 'd="m1.23 2h3v-3.5l0.77 1.5zh0.77"' in compact(svg)


def test_names_are_short_and_none_is_left_over() -> None:
    """What is referred to keeps a name; groups without a use are gone."""
    svg = f"""<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink">
      <metadata>who and when</metadata>
      <defs><path id="long-name" d="M 0 0 L 1 1"/></defs>
      <g id="figure_1"><g id="empty"/><use xlink:href="#long-name"
        transform="translate(63.623047 0)"/></g>
      <g id="{KEPT}"><path id="nobody" d="M 0 0"/></g></svg>"""
    short = compact(svg)

    assert re.findall(r' id="(.*?)"', short) == ["a"]
    assert '<use xlink:href="#a" x="63.62" />' in short
    assert f'<g class="{KEPT}">' in short
    assert "empty" not in short
    assert "metadata" not in short


def test_the_smallest_words_of_the_house_fit() -> None:
    """SMALL points on the widest figure are READABLE pixels."""
    with panel("x", 2.0) as (figure, _):
        pass
    width = figure.get_figwidth() * 96

    assert SMALL * 4 / 3 * TELEPHONE / width >= READABLE
