"""A figure's file for a white page and for a dark one.

Both are plain functions from the text of an SVG file to another. The white
card of the figure goes, so that it stands on the page itself. For the dark
page each colour keeps its hue and stands out as much as it did from white;
what has meaning stands out enough to be read. Maps from dark blue to yellow
are kept: bright is much in both modes.
"""

import base64
import colorsys
import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from PIL import Image

from tutorgpt.view.svg import GROUND, KEPT, SVG, XLINK, parsed, written

PALETTE = Path(__file__).parents[2] / "tutorgpt/view/palette.css"
LEGIBLE = 4.5
"""The contrast that WCAG asks of words."""
PALE = 1.5
"""A colour that stands out less from white is a ground for others."""
PAINTED = ("fill", "stroke", "stop-color", "style")

Colour = tuple[float, float, float]
"""Red, green and blue, from 0 to 1."""

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_HREF = f"{{{XLINK}}}href"
_INLINE = "data:image/png;base64,"


def light(svg: str) -> str:
    """The figure without its white card."""
    return written(_without_ground(svg))


def dark(svg: str) -> str:
    """The figure without its card, in colours for a dark page."""
    root = _without_ground(svg)
    _recolour(root)
    # What names no colour would be black.
    root.attrib.setdefault("fill", _hex(ink()))
    return written(root)


def contrast(one: Colour, other: Colour) -> float:
    """How much two colours differ for the eye, from 1 to 21, as in WCAG."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def at_night(colour: Colour) -> Colour:
    """The partner of a colour that stands on white, for the dark paper.

    A pale colour stays a ground; any other is legible.
    """
    wanted = contrast(colour, (1, 1, 1))
    if wanted < PALE:
        return _as_far(colour, wanted)
    if contrast(colour, paper()) >= LEGIBLE > wanted:
        return colour
    return _as_far(colour, max(wanted, LEGIBLE))


def inverted(colour: Colour) -> Colour:
    """The partner of a map's colour: zero is the paper, much stands out.

    The power keeps the ends of a map from both becoming white.
    """
    return _as_far(colour, contrast(colour, (1, 1, 1)) ** 0.75)


def _as_far(colour: Colour, wanted: float) -> Colour:
    """A colour of this hue, as light as the contrast to the paper asks."""
    hue, _, fullness = colorsys.rgb_to_hls(*colour)
    wanted = min(wanted, contrast(ink(), paper()))
    low, high = 0.0, 1.0
    for _ in range(12):  # bisection, to less than a step of 1/255
        middle = (low + high) / 2
        tried = colorsys.hls_to_rgb(hue, middle, fullness)
        over = (_luminance(tried) + 0.05) / (_luminance(paper()) + 0.05)
        low, high = (low, middle) if over >= wanted else (middle, high)
    return colorsys.hls_to_rgb(hue, high, fullness)


def _luminance(colour: Colour) -> float:
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return sum(
        share * part
        for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


@cache
def paper() -> Colour:
    """The ground of a dark page."""
    return _named("paper")


@cache
def ink() -> Colour:
    """What is black on a white page."""
    return _named("ink")


def _named(name: str) -> Colour:
    """A colour of the palette's dark half."""
    night = PALETTE.read_text("utf-8").partition("data-theme")[2]
    return _colour(night.partition(f"--tg-{name}: ")[2].partition(";")[0])


def _colour(text: str) -> Colour:
    digits = text[1:] if len(text) == 7 else "".join(d + d for d in text[1:])
    red, green, blue = (part / 255 for part in bytes.fromhex(digits))
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#" + bytes(round(255 * part) for part in colour).hex()


@cache
def _text_at_night(text: str) -> str:
    return _hex(at_night(_colour(text)))


@cache
def _pixel_inverted(pixel: tuple[int, int, int, int]) -> tuple[int, ...]:
    red, green, blue, cover = pixel
    new = inverted((red / 255, green / 255, blue / 255))
    return *(round(255 * part) for part in new), cover


def _without_ground(svg: str) -> ET.Element:
    root = parsed(svg)
    for parent in [*root.iter()]:
        for part in [*parent]:
            if part.get("class") == GROUND:
                parent.remove(part)
    return root


def _recolour(part: ET.Element) -> None:
    """Give a part and all in it its colours for the dark."""
    if part.get("class") == KEPT:
        if part.tag != f"{{{SVG}}}image":
            part.set("fill", part.get("fill", "black"))
        return
    for name in PAINTED:
        if name in part.attrib:
            part.set(name, _swap(part.attrib[name]))
    if part.tag == f"{{{SVG}}}style" and part.text:
        part.text = _swap(part.text)
    if part.get(_HREF, "").startswith(_INLINE):
        part.set(_HREF, _map_pixels(part.attrib[_HREF], _pixel_inverted))
    for child in part:
        _recolour(child)


def _swap(text: str) -> str:
    return _COLOUR.sub(lambda found: _text_at_night(found[0]), text)


def _map_pixels(
    link: str, new: Callable[[tuple[int, int, int, int]], tuple[int, ...]]
) -> str:
    """An image that stands in the file, each pixel replaced."""
    content = base64.b64decode(link.removeprefix(_INLINE))
    image = Image.open(io.BytesIO(content)).convert("RGBA")
    parts = iter(image.tobytes())
    pixels = zip(parts, parts, parts, parts, strict=True)
    changed = bytes(part for pixel in pixels for part in new(pixel))
    stored = io.BytesIO()
    Image.frombytes("RGBA", image.size, changed).save(stored, "PNG")
    return _INLINE + base64.b64encode(stored.getvalue()).decode()
