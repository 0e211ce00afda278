"""What of an SVG file is kept: all that one sees, in few bytes.

Matplotlib writes six digits, a name for every part and whole coordinates
where a step would do; a notebook full of that is twice as large.
"""

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from xml.etree import ElementTree as ET

KEPT = "kept"
"""The gid of what keeps its colours at night, a class in the file.

A map from dark blue to yellow is as legible on a dark page as on a white
one, and so are the words on it: whoever draws a figure anew for a dark page
leaves them alone.
"""
GROUND = "ground"
"""The gid of the white card, which only a page without colours shows."""
MARK = "tg-plot"
"""The class of a figure that Python drew, by which tests know its output."""

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_HREF = f"{{{XLINK}}}href"
_GLYPH = "scale(0.015625)"
_COARSER = 10
"""Matplotlib draws letters on a grid of 6400; 640 are enough for the eye."""
_ROUNDED = ("d", "x", "y", "width", "height", "transform", "points")
_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_REFERENCE = re.compile(r"#([A-Za-z_][\w-]*)")


def parsed(svg: str) -> ET.Element:
    """The tree of a file; comments are not in it."""
    return ET.fromstring(svg)


def written(root: ET.Element) -> str:
    """The file of a tree."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    return ET.tostring(root, encoding="unicode") + "\n"


def compact(svg: str) -> str:
    """The file without unused names and without digits that no one sees.

    The same content gives the same bytes.
    """
    root = parsed(svg)
    root.set("class", MARK)
    for part in root.findall(f"{{{SVG}}}metadata"):
        root.remove(part)
    for part in root.iter():
        part.tail = None
        if _tag(part) != "style":
            part.text = None
        if part.get("id") in (KEPT, GROUND):
            part.set("class", part.attrib.pop("id"))
        _shorten(part)
    _rename(root)
    _unwrap(root)
    return written(root)


def _tag(part: ET.Element) -> str:
    return part.tag.rpartition("}")[2]


def _shorten(part: ET.Element) -> None:
    """Two digits for places, all for scales; steps instead of places."""
    if part.get("transform") == _GLYPH:
        part.set("transform", f"scale({_plain(0.015625 * _COARSER, 6)})")
        part.set("d", _steps(part.get("d", ""), 0, _COARSER))
    elif "d" in part.attrib:
        part.set("d", _steps(part.attrib["d"]))
    for name in set(_ROUNDED) & part.attrib.keys() - {"d"}:
        part.set(name, _rounded(part.attrib[name]))
    if "style" in part.attrib:
        part.set("style", re.sub(r"(?<=[:;]) ", "", part.attrib["style"]))
    moved = re.fullmatch(
        r"translate\((\S+) (\S+)\)", part.get("transform", "")
    )
    if _tag(part) == "use" and moved and not {"x", "y"} & part.attrib.keys():
        del part.attrib["transform"]
        part.set("x", moved[1])
        if moved[2] != "0":
            part.set("y", moved[2])


def _plain(number: float, digits: int = 2) -> str:
    """A number in as few characters as it needs."""
    text = f"{number:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _rounded(value: str) -> str:
    """The numbers in a value, but those of scales, to two digits."""
    return re.sub(
        rf"(scale\([^)]*\)|matrix\([^)]*\))|{_NUMBER}",
        lambda found: found[1] or _plain(float(found[0])),
        value,
    )


def _steps(path: str, digits: int = 2, coarser: float = 1) -> str:
    """A path of steps from point to point, instead of places."""
    here = start = (0, 0)
    unit = 10**digits
    said = []
    for letter, places in _pieces(path):
        if letter in "zZ":
            said.append("z")
            here = start
            continue
        points = [
            (round(x / coarser * unit), round(y / coarser * unit))
            for x, y in zip(places[::2], places[1::2], strict=True)
        ]
        steps = [(x - here[0], y - here[1]) for x, y in points]
        here = points[-1]
        if letter == "M":
            start = here
        if letter == "L" and steps[0][1] == 0:
            said.append("h" + _joined([steps[0][0] / unit], digits))
        elif letter == "L" and steps[0][0] == 0:
            said.append("v" + _joined([steps[0][1] / unit], digits))
        else:
            numbers = [n / unit for step in steps for n in step]
            said.append(letter.lower() + _joined(numbers, digits))
    return "".join(said)


def _pieces(path: str) -> Iterator[tuple[str, list[float]]]:
    """Each command of a path with its numbers."""
    for letter, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        yield letter, [float(n) for n in re.findall(_NUMBER, numbers)]


def _joined(numbers: Iterable[float], digits: int) -> str:
    """Numbers with a blank between, where no sign parts them."""
    return " ".join(_plain(n, digits) for n in numbers).replace(" -", "-")


def _rename(root: ET.Element) -> None:
    """Short names for what is referred to, and none for anything else."""
    short: dict[str, str] = {}

    def renamed(found: re.Match) -> str:
        new = short.setdefault(found[1], _letters(len(short)))
        return f"#{new}"

    for part in root.iter():
        for name in (_HREF, "clip-path"):
            if name in part.attrib and not part.attrib[name].startswith("d"):
                value = _REFERENCE.sub(renamed, part.attrib[name])
                part.set(name, value)
    for part in root.iter():
        old = part.attrib.pop("id", None)
        if old in short:
            part.set("id", short[old])


def _letters(number: int) -> str:
    """a, b … z, ba, bb …"""
    rest, last = divmod(number, len(ascii_lowercase))
    return (_letters(rest) if rest else "") + ascii_lowercase[last]


def _unwrap(part: ET.Element) -> None:
    """No groups and definitions that hold nothing, or only hold."""
    kept = []
    for child in part:
        _unwrap(child)
        if _tag(child) not in ("g", "defs") or (child.attrib and len(child)):
            kept.append(child)
        elif _tag(child) == "g":
            kept.extend(child)
        elif len(child):
            kept.append(child)
    part[:] = kept
