"""One page of an EPUB, made ready to stand among all others in one page."""

import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from answers_last import HEADING, XHTML, put_answers_last

LINKS = ("href", "{http://www.w3.org/1999/xlink}href")
URL = re.compile(r"url\(#([^)]+)\)")


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
        put_answers_last(body)
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
