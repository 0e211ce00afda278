"""The pages of an EPUB as one page to print, with all links inside of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

from answers_last import HEADING, XHTML, words
from sheet import Sheet, anchor

NAMES = {
    "": XHTML[1:-1],
    "epub": "http://www.idpf.org/2007/ops",
    "m": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
    "xlink": "http://www.w3.org/1999/xlink",
}
UNKNOWN = 888
"""A page number as wide as those that will stand in its place."""
PAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">
<head>
<title>{title}</title>
<style><![CDATA[
{style}
]]></style>
</head>
<body>
{body}
</body>
</html>
"""
RUNNING = """\
@page {name} {{ @top-left {{ content: "{title}" }} }}
body > section.{name} {{ page: {name} }}
"""


@dataclass
class Line:
    """A line of the contents: what it says, where it leads, how deep."""

    title: str
    address: str
    depth: int
    below: list["Line"] = field(default_factory=list)


def contents(folder: Path) -> list[Line]:
    """The lines of the contents page, as a tree."""
    root = ET.parse(folder / "contents.xhtml").getroot()
    top = root.find(f".//{XHTML}nav/{XHTML}ol")
    assert top is not None
    return list(_lines(top, 1))


def _lines(level: ET.Element, depth: int) -> Iterator[Line]:
    for item in level.findall(f"{XHTML}li"):
        name, below = item[0], item.find(f"{XHTML}ol")
        line = Line(words(name), name.get("href", ""), depth)
        if below is not None:
            line.below = list(_lines(below, depth + 1))
        yield line


def every(lines: list[Line]) -> Iterator[Line]:
    """The lines from top to bottom."""
    for line in lines:
        yield line
        yield from every(line.below)


def one_page(
    folder: Path, style: str, pages: dict[str, int], about: dict[str, str]
) -> str:
    """The whole book as one page of XHTML.

    folder: the unpacked EPUB. pages: the number of the page where each
    anchor stands, as far as they are known. about: title, author, version.
    """
    for prefix, space in NAMES.items():
        ET.register_namespace(prefix, space)
    lines = contents(folder)
    made, running = [], []
    for line in every(lines):
        if not line.address:
            made.append(f'<h1 class="tg-part">{escape(line.title)}</h1>')
        elif "#" not in line.address:
            sheet = Sheet(folder, line.address, line.depth)
            _title(sheet, line)
            for link in sheet.body.iter(f"{XHTML}p"):
                if link.get("class") == "tg-see":
                    _tell_page(link, pages)
            made.append(ET.tostring(sheet.body, encoding="unicode"))
            name = anchor(line.address)
            title = line.title.replace("\\", "\\\\").replace('"', '\\"')
            running.append(RUNNING.format(name=name, title=title))
    front = (
        '<section class="tg-front">'
        f'<p class="tg-title">{escape(about["title"])}</p>'
        f"<p>{escape(about['author'])}</p>"
        f"<p>Version {escape(about['version'])}</p>"
        f"<p>{escape(about['rights'])}</p></section>"
    )
    listed = (
        '<section class="tg-contents"><h1 id="contents">Contents</h1>'
        f"{_listed(lines, pages)}</section>"
    )
    return PAGE.format(
        title=escape(about["title"]),
        style="\n".join([style, *running]),
        body="\n".join([front, listed, *_parts(made)]),
    )


def _title(sheet: Sheet, line: Line) -> None:
    """The heading says the number that the contents say."""
    heading = next(p for p in sheet.body.iter() if HEADING.match(p.tag))
    if words(heading) != line.title:
        for part in list(heading):
            heading.remove(part)
        heading.text = line.title


def _tell_page(link: ET.Element, pages: dict[str, int]) -> None:
    number = pages.get(link[0].get("href", "#")[1:], UNKNOWN)
    link[0].tail = f": page {number}"


def _parts(made: list[str]) -> Iterator[str]:
    """A part's name stands on the first page of its first chapter."""
    waiting = ""
    for text in made:
        if text.startswith("<h1"):
            waiting = text
        else:
            start = text.index(">") + 1
            yield text[:start] + waiting + text[start:]
            waiting = ""


def _listed(lines: list[Line], pages: dict[str, int]) -> str:
    rows = []
    for line in lines:
        below = _listed(line.below, pages) if line.below else ""
        if line.address:
            place = anchor(line.address)
            row = (
                f'<a href="#{place}">{escape(line.title)}</a>'
                f'<span class="tg-page">{pages.get(place, UNKNOWN)}</span>'
            )
        else:
            row = escape(line.title)
        rows.append(f'<li><p class="tg-line">{row}</p>{below}</li>')
    return f"<ol>{''.join(rows)}</ol>"
