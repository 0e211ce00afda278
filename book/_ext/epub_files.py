"""The files of an EPUB that are not its pages: package, contents, cover.

What each must hold is said by EPUB 3.3 and its accessibility guide
(https://www.w3.org/TR/epub-33/, https://www.w3.org/TR/epub-a11y-11/).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
KINDS = {
    "{http://www.w3.org/1998/Math/MathML}math": "mathml",
    "{http://www.w3.org/2000/svg}svg": "svg",
    f"{XHTML}script": "scripted",
    f"{XHTML}form": "scripted",
}
"""What a page may hold that the package file must say of it."""
MEDIA = {
    ".css": "text/css",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".xhtml": "application/xhtml+xml",
}
CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" \
xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="package.opf" \
media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
PAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" \
xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">
<head>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="{style}"/>
</head>
<body{kind}>
{body}
</body>
</html>
"""
PACKAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" \
xml:lang="{lang}" unique-identifier="book">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="book">{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator>{author}</dc:creator>
<dc:language>{lang}</dc:language>
<dc:description>{description}</dc:description>
<dc:rights>{rights}</dc:rights>
<dc:subject>{subject}</dc:subject>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:version">{version}</meta>
{access}
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
ACCESS = {
    "accessMode": ("textual", "visual"),
    "accessModeSufficient": ("textual",),
    "accessibilityFeature": (
        "alternativeText",
        "MathML",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
    ),
    "accessibilityHazard": ("none",),
    "accessibilitySummary": (
        "Every picture has a text, every formula is MathML with its TeX, and "
        "what moves on the web page has a still form here.",
    ),
}
"""What the book offers to readers who cannot see it."""


@dataclass(frozen=True)
class Entry:
    """A line of the contents; a part has no address of its own."""

    title: str
    address: str = ""
    below: list["Entry"] = field(default_factory=list)


@dataclass(frozen=True)
class Item:
    """A file of the book, and what the package file says of it."""

    name: str
    properties: tuple[str, ...] = ()

    @property
    def media(self) -> str:
        return MEDIA[PurePosixPath(self.name).suffix]

    @property
    def id(self) -> str:
        return "f-" + self.name.replace("/", "-").replace(".", "-")


@dataclass(frozen=True, kw_only=True)
class About:
    """What a library catalogue asks of a book."""

    title: str
    author: str
    lang: str
    description: str
    rights: str
    subject: str
    identifier: str
    version: str
    modified: str


def page(
    name: str, title: str, body: str, *, lang: str, kind: str = ""
) -> str:
    """A page of the book as XHTML.

    name: its path in the book. kind: what it is to e-readers ("cover").
    """
    up = "../" * name.count("/")
    return PAGE.format(
        title=escape(title),
        body=body,
        lang=lang,
        style=f"{up}style.css",
        kind=f' epub:type="{kind}"' if kind else "",
    )


def properties(name: str, text: str) -> tuple[str, ...]:
    """What a page holds besides text: mathml, svg, scripted.

    Raises ValueError, with the line, where it is not well-formed XML.
    """
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        line = text.splitlines()[error.position[0] - 1]
        around = line[max(0, error.position[1] - 60) :][:120]
        raise ValueError(
            f"{name} is not well-formed XML ({error}): mend {around!r}"
        ) from None
    found = {KINDS[part.tag] for part in root.iter() if part.tag in KINDS}
    return tuple(sorted(found))


def contents(entries: Iterable[Entry], *, title: str, lang: str) -> str:
    """The page of contents, which e-readers show as their menu, too."""
    body = (
        '<nav epub:type="toc" role="doc-toc" id="contents">\n'
        f"<h1>{escape(title)}</h1>\n{_list(entries)}\n</nav>"
    )
    return page("contents.xhtml", title, body, lang=lang)


def _list(entries: Iterable[Entry]) -> str:
    lines = []
    for entry in entries:
        words = escape(entry.title)
        name = (
            f'<a href="{escape(entry.address)}">{words}</a>'
            if entry.address
            else f"<span>{words}</span>"
        )
        below = f"\n{_list(entry.below)}" if entry.below else ""
        lines.append(f"<li>{name}{below}</li>")
    return "<ol>\n" + "\n".join(lines) + "\n</ol>"


def reading_order(entries: Iterable[Entry]) -> Iterator[str]:
    """Every page that the contents name, once, in their order."""
    seen = set()
    for entry in _all(entries):
        name = entry.address.partition("#")[0]
        if name and name not in seen:
            seen.add(name)
            yield name


def _all(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _all(entry.below)


def package(about: About, items: list[Item], order: list[str]) -> str:
    """The package file: what the book is, its files, their order."""
    manifest = [
        f'<item id="{item.id}" href="{escape(item.name)}" '
        f'media-type="{item.media}"'
        + (
            f' properties="{" ".join(item.properties)}"'
            if item.properties
            else ""
        )
        + "/>"
        for item in items
    ]
    spine = [f'<itemref idref="{Item(name).id}"/>' for name in order]
    access = [
        f'<meta property="schema:{name}">{escape(value)}</meta>'
        for name, values in ACCESS.items()
        for value in values
    ]
    told = {name: escape(value) for name, value in vars(about).items()}
    return PACKAGE.format(
        manifest="\n".join(manifest),
        spine="\n".join(spine),
        access="\n".join(access),
        **told,
    )
