"""Figures on light and on dark pages: legible, without a card, loaded once."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import book_tools
import nbformat
import pytest
import torch
from book_tools import ROOT, Build, extension, read, toc_pages
from browser_tools import browser, open_page
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser

from tutorgpt.view import style
from tutorgpt.view.matrices import colour_bar, draw_map, shares, signed
from tutorgpt.view.style import panel, picture
from tutorgpt.view.svg import GROUND, KEPT, MARK, SVG, parsed

__all__ = ["browser"]  # a fixture: used by its name

modes = extension("figure_modes")
pages = extension("figure_pages")

DARK_PAGE = "121212"
"""The theme's ground in the dark; test_the_ground_is_that_of_the_page."""
HAND_DRAWN = sorted((ROOT / "book/figures").glob("*.svg"))
LINES = 3.0
"""The contrast that WCAG asks of a line that means something."""
COLOURS = [*style.PALETTE, style.GREY]


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests that look into it."""
    return book_tools.build_once(tmp_path_factory)


def stored() -> Iterator[str]:
    """Every drawing of a chapter, as its notebook holds it."""
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                svg = output.get("data", {}).get("image/svg+xml", "")
                if MARK in svg:
                    yield svg


def page_contrast(colour: str) -> float:
    """How much a colour stands out from a dark page."""
    return modes.contrast(
        modes._colour(colour), modes._colour(f"#{DARK_PAGE}")
    )


def words(svg: str) -> list[str]:
    """The colour of each word that stands on the page itself."""
    found = []

    def walk(part: ET.Element, colour: str, is_word: bool) -> None:
        if part.get("class") == KEPT:
            return
        colour = part.get("fill", colour)
        named = re.search(r"fill:(#\w+)", part.get("style", ""))
        colour = named[1] if named else colour
        is_word |= "scale(" in part.get("transform", "")
        if part.tag == f"{{{SVG}}}use" and is_word:
            found.append(colour)
        for child in part:
            walk(child, colour, is_word)

    walk(parsed(svg), "", False)
    return found


@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_is_as_legible_in_the_dark_as_a_word(colour: str) -> None:
    """Each colour of the palette, and its hue stays."""
    partner = modes._text_at_night(colour)
    hues = [
        modes.colorsys.rgb_to_hls(*modes._colour(c))[0]
        for c in (colour, partner)
    ]

    assert page_contrast(partner) >= modes.LEGIBLE
    assert hues[0] == pytest.approx(hues[1], abs=0.02)


def test_black_becomes_ink_and_white_becomes_paper() -> None:
    """A grey stands out as much from the dark as it did from white."""
    white, black = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)

    assert modes.contrast(modes.at_night(white), modes.paper()) < 1.1
    assert page_contrast(modes._hex(modes.at_night(black))) > 12
    assert page_contrast(modes._text_at_night(style.PALE)) < LINES


def test_a_pale_ground_stays_a_ground() -> None:
    """A tint behind words becomes a dark tint, not a bright one."""
    tint = modes._colour(modes._hex((0.86, 0.92, 0.98)))

    assert modes.contrast(modes.at_night(tint), modes.paper()) < modes.PALE


def test_every_chapters_figure_is_legible_in_the_dark() -> None:
    """All words of all drawings, against the ground of the page."""
    found = {c for svg in stored() for c in words(modes.dark(svg))}

    assert len(found) >= 4
    assert min(map(page_contrast, found)) >= modes.LEGIBLE


def test_lines_are_seen_in_the_dark() -> None:
    """Each that is seen on white, with a contrast of three or more."""
    for svg in stored():
        before, after = (
            re.findall(r"stroke:(#\w+)", text)
            for text in (modes.light(svg), modes.dark(svg))
        )
        seen = [
            new
            for old, new in zip(before, after, strict=True)
            if modes.contrast(modes._colour(old), (1, 1, 1)) > modes.PALE
        ]

        assert min(map(page_contrast, seen), default=LINES) >= LINES


@pytest.mark.parametrize("path", HAND_DRAWN, ids=lambda path: path.stem)
def test_hand_drawn_figures_are_legible_in_the_dark(path: Path) -> None:
    """Their words too, on tints that are dark as well."""
    dark = modes.dark(path.read_text("utf-8"))
    words = re.findall(r'<text[^>]* fill="(#\w+)"', dark)
    words += re.findall(r"fill:(#\w+)", dark)

    assert words
    assert min(map(page_contrast, words)) >= modes.LEGIBLE
    assert not re.search(r"#fff\b|#ffffff", dark, re.IGNORECASE)


@pytest.mark.parametrize("name", ["activation_patching", "transformer_map"])
def test_hand_drawn_words_are_readable_on_a_telephone(name: str) -> None:
    """Nine pixels where 358 are left; the cheat sheet scrolls sideways."""
    svg = (ROOT / f"book/figures/{name}.svg").read_text("utf-8")
    width, _ = pages.size(svg)
    sizes = map(float, re.findall(r'font-size="([\d.]+)"', svg))

    assert min(sizes) * min(1, 358 / width) >= 9


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_figure_has_a_white_ground(mode: str) -> None:
    """The card that JupyterLab needs is gone in both."""
    change = getattr(modes, mode)
    drawings = [*stored(), *(path.read_text("utf-8") for path in HAND_DRAWN)]
    for svg in drawings:
        assert f'class="{GROUND}"' in svg
        assert GROUND not in change(svg)


def pixels(svg: str) -> list[tuple[int, ...]]:
    """Those of the first picture in a file, from left to right."""
    found = re.search(r"data:image/png;base64,\s*([\w+/=\s]+)", svg)
    assert found
    image = Image.open(io.BytesIO(base64.b64decode(found[1])))
    parts = iter(image.convert("RGBA").tobytes())
    return [*zip(parts, parts, parts, parts, strict=True)]


@pytest.mark.parametrize("colours", [shares(), signed(1.0)])
def test_a_map_keeps_what_its_colours_mean(colours) -> None:
    """Bright is much in both; what is white at zero is dark at zero."""
    with panel("x", 2.0) as (figure, axes):
        draw_map(axes, torch.tensor([[0.0, 1.0]]), colours)
        colour_bar(figure, [axes], colours)
    svg = picture(figure).decode()
    before, after = pixels(modes.light(svg)), pixels(modes.dark(svg))

    if colours.gid:
        assert before == after
    else:
        assert min(before[0][:3]) > 240
        assert max(after[0][:3]) < 50
        assert max(before[1][:3]) < 100 < max(after[1][:3])


def test_what_was_hidden_stays_hidden() -> None:
    """A future left empty shows the page, in the dark as well."""
    with panel("x", 2.0) as (figure, axes):
        draw_map(axes, torch.tensor([[0.0, float("nan")]]), signed(1.0))

    assert pixels(modes.dark(picture(figure).decode()))[1][3] == 0


def test_a_page_holds_both_files_and_loads_one(book: Build) -> None:
    """Lazily, with one alternative text and the size of the drawing."""
    shown = 0
    for name in toc_pages():
        page = read(book.html / f"{name}.html")
        for light in page.select("article img.only-light"):
            dark = light.find_next_sibling("img")
            assert dark is not None
            assert dark["class"] == ["only-dark"]
            assert light["loading"] == dark["loading"] == "lazy"
            assert light["alt"] == dark["alt"] != ""
            assert light["width"] == dark["width"]
            assert int(str(light["height"])) > 50
            for image in (light, dark):
                file = book.html / name / ".." / str(image["src"])
                assert file.resolve().is_file()
            shown += 1
        assert not page.select('article img[src$=".svg"]:not([class*=only-])')

    assert shown >= len([*stored()])


LOOK = """[...document.querySelectorAll("article img[loading=lazy]")].map(
  image => ({ file: image.src, shown: image.checkVisibility(),
    loaded: image.naturalWidth > 0,
    ground: getComputedStyle(image).backgroundColor }))"""
"""In a page: what becomes of each figure."""


@pytest.mark.parametrize(
    ("mode", "other"), [("light", "dark"), ("dark", "light")]
)
def test_a_reader_sees_the_figure_of_the_mode(
    book: Build, browser: Browser, mode: str, other: str
) -> None:
    """On the page itself; the other one is never asked for."""
    page, _ = open_page(browser, mode)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((book.html / "notebooks/00_gradients.html").as_uri())
    figures = page.locator(f"article img.only-{mode}")
    for n in range(figures.count()):
        figures.nth(n).scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    found = page.evaluate(LOOK)
    page.context.close()

    assert len(found) == 2 * figures_of("00_gradients")
    assert {f["file"][-9:] for f in found if f["loaded"]} == {
        "light.svg" if mode == "light" else "-dark.svg"
    }
    assert {f["ground"] for f in found if f["shown"]} == {"rgba(0, 0, 0, 0)"}
    assert not [url for url in asked if f"-{other}.svg" in url]


def figures_of(chapter: str) -> int:
    """How many figures a chapter's notebook holds."""
    text = (ROOT / f"notebooks/{chapter}.ipynb").read_text("utf-8")
    return text.count(f'class=\\"{MARK}\\"')


def test_paper_gets_the_figure_for_light(
    book: Build, browser: Browser
) -> None:
    """From a dark page as well."""
    page, _ = open_page(browser, "dark")
    page.goto((book.html / "notebooks/00_gradients.html").as_uri())
    page.emulate_media(media="print")
    shown = {f["file"][-9:] for f in page.evaluate(LOOK) if f["shown"]}
    page.context.close()

    assert shown == {"light.svg"}


def test_no_other_copy_is_shipped(book: Build) -> None:
    """The file with the card is not in the site, and none is a bitmap."""
    names = {path.name for path in (book.html / "_images").iterdir()}

    assert names
    assert all(re.search(r"-(light|dark)\.svg$|^book\.", n) for n in names)


def test_the_ground_is_that_of_the_page(book: Build) -> None:
    """What the tests above compare with, as the theme's sheet names it."""
    sheets = "".join(
        path.read_text("utf-8") for path in book.html.glob("_static/**/*.css")
    )
    grounds = re.findall(r"--pst-color-background: ?#(\w+)", sheets)

    assert DARK_PAGE in grounds


def test_a_size_is_in_pixels() -> None:
    """Points, millimetres, or the drawing's own units."""
    for width, pixels in (("72pt", 96), ("25.4mm", 96), (None, 50)):
        root = BeautifulSoup(
            f'<svg xmlns="{SVG}" viewBox="0 0 50 50"/>', "xml"
        ).svg
        assert root is not None
        if width:
            root["width"] = root["height"] = width

        assert pages.size(str(root)) == (pixels, pixels)
