"""The pages of an EPUB as one page to print, with all links inside of it."""

import posixpath
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
NAMES = {
    "": XHTML[1:-1],
    "epub": "http://www.idpf.org/2007/ops",
    "m": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
    "xlink": "http://www.w3.org/1999/xlink",
}
LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
HEADING = re.compile(r"\{.*\}h([1-6])$")
URL = re.compile(r"url\(#([^)]+)\)")
EXERCISE = re.compile(r"\d+\.\w+\b")
"""How the first words of an exercise begin: 3.2, or 3.B without a check."""
ANSWERS = "Hints and answers"
WHOSE = {"class": "tg-whose"}
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


def words(element: ET.Element) -> str:
    """All text of an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def anchor(address: str) -> str:
    """Where an address of the EPUB stands in the one page."""
    name, _, fragment = address.partition("#")
    own = re.sub(r"\W", "-", name.removesuffix(".xhtml"))
    return f"{own}--{fragment}" if fragment else own


class Sheet:
    """One page of the EPUB, made ready to stand among the others."""

    def __init__(self, folder: Path, name: str, depth: int) -> None:
        self.name, self.depth = name, depth
        body = ET.parse(folder / name).getroot().find(f"{XHTML}body")
        assert body is not None
        self.body = body
        self.body.tag = f"{XHTML}section"
        self._unfold_code()
        self._put_answers_last()
        for part in self.body.iter():
            self._rename(part)
            heading = HEADING.match(part.tag)
            if heading:
                rank = min(6, int(heading[1]) + depth - 1)
                part.tag = f"{XHTML}h{rank}"
        self.body.set("id", anchor(name))
        self.body.set("class", anchor(name))

    def _rename(self, part: ET.Element) -> None:
        """Let ids be the page's own, and links lead within the one page."""
        if "id" in part.attrib:
            part.set("id", self._address(f"#{part.get('id')}"))
        for key in LINKS:
            if key in part.attrib:
                part.set(key, self._link(part.attrib[key]))
        if "src" in part.attrib:
            part.set("src", self._path(part.attrib["src"]))
        for key, value in part.attrib.items():
            if "url(#" in value:
                part.set(
                    key,
                    URL.sub(
                        lambda m: f"url(#{self._address('#' + m[1])})", value
                    ),
                )

    def _link(self, link: str) -> str:
        if urlsplit(link).scheme:
            return link
        return f"#{self._address(link)}"

    def _address(self, link: str) -> str:
        path, _, fragment = link.partition("#")
        name = self._path(path) if path else self.name
        return anchor(f"{name}#{fragment}" if fragment else name)

    def _path(self, path: str) -> str:
        return posixpath.normpath(
            posixpath.join(posixpath.dirname(self.name), path)
        )

    def _unfold_code(self) -> None:
        """Paper cannot be opened: code that was folded is shown, smaller."""
        for fold in self.body.iter(f"{XHTML}details"):
            if fold.get("class") == "tg-fold":
                fold.tag = f"{XHTML}div"
                fold.remove(fold[0])

    def _put_answers_last(self) -> None:
        """Whoever reads a question on paper must not see its answer."""
        last = ET.Element(f"{XHTML}div", {"class": "tg-last"})
        title, told, parents = (
            "",
            "",
            {c: p for p in self.body.iter() for c in p},
        )
        for part in list(self.body.iter()):
            if HEADING.match(part.tag):
                title = words(part)
            elif part.tag == f"{XHTML}p" and len(part):
                begins = EXERCISE.match(words(part[0]))
                title = words(part[0]) if begins else title
            if part.tag != f"{XHTML}details" or part not in parents:
                continue
            pieces = list(_pieces(part))
            id = f"answer-{len(last) + 1}"
            names = ", ".join(name for name, _ in pieces)
            whole = ET.SubElement(last, f"{XHTML}div", {"id": id})
            if title != told:
                whose = ET.SubElement(whole, f"{XHTML}p", WHOSE)
                whose.text = told = title
            for piece in pieces:
                whole.extend(_under_its_name(*piece))
            for inner in part.iter():
                parents.pop(inner, None)
            tail = part.tail
            part.clear()
            part.tag, part.tail = f"{XHTML}p", tail
            part.set("class", "tg-see")
            link = ET.SubElement(part, f"{XHTML}a", {"href": f"#{id}"})
            link.text = names
        if len(last):
            head = ET.Element(f"{XHTML}h2", {"id": "answers"})
            head.text = ANSWERS
            self.body.append(head)
            self.body.append(last)


def _pieces(fold: ET.Element) -> Iterator[tuple[str, list[ET.Element]]]:
    """What is folded, and what is folded within it: name and content."""
    summary, *rest = fold
    within = [part for part in rest if part.tag == f"{XHTML}details"]
    content = [deepcopy(part) for part in rest if part not in within]
    yield words(summary), content
    for part in within:
        yield from _pieces(part)


def _under_its_name(name: str, content: list[ET.Element]) -> list[ET.Element]:
    """The content with its name before the first words."""
    said = ET.Element(f"{XHTML}strong")
    said.text = f"{name}."
    first = content[0] if content else None
    if first is not None and first.tag == f"{XHTML}p":
        said.tail = f" {first.text or ''}"
        first.text = None
        first.insert(0, said)
        return content
    alone = ET.Element(f"{XHTML}p")
    alone.append(said)
    return [alone, *content]


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
    number = pages.get(link[0].get("href", "#")[1:], 0)
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
                f'<span class="tg-page">{pages.get(place, 0)}</span>'
            )
        else:
            row = escape(line.title)
        rows.append(f'<li><p class="tg-line">{row}</p>{below}</li>')
    return f"<ol>{''.join(rows)}</ol>"
