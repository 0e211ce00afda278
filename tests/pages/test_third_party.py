"""THIRD_PARTY.md names whatever others made and we ship, and nothing else."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import metadata

import book_tools
import pytest
import yaml
from book_tools import ROOT, Build, read, written_pages

from tutorgpt.text.corpus import CORPORA
from tutorgpt.view.ladder.texts import page_texts

TEXT = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
OURS = (
    "covered_answers/*",
    "interactive/*",
    "kept.js",
    "ladder/*.css",
    "ladder/boot.js",
    "ladder/files.js",
    "ladder/start.js",
    "playground/*",
    "quiz/*",
    "search/*",
    "side_paths/*",
)
"""Files of the site that come from this repository."""
JOINED = ("book.css", "book.js", "first.js")
"""Files of the site with parts of several packages."""

PYPI = re.compile(r"\[([\w-]+)\]\(https://pypi\.org/project/([\w-]+)/\)")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in lines[1:]
    ]


SITE = rows("What the site ships")
PATTERNS = {
    pattern: row[0]
    for row in SITE
    for pattern in re.findall(r"`([^`]+)`", row[3])
}
TEXTS = {
    file: row
    for row in rows("Texts")
    for file in re.findall(r"`([^`]+)`", row[4])
}
"""The part of a text that the site holds, and whose it is."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


def shipped(book: Build) -> Iterator[str]:
    """The files that come with the pages."""
    folder = book.html / "_static"
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def test_every_file_of_the_site_has_one_author(book: Build) -> None:
    """It is ours, or a line names it, and no two do."""
    for name in shipped(book):
        known = (*OURS, *PATTERNS, *TEXTS)
        found = [p for p in known if fnmatch(name, p)]
        found = found[:1] if name in JOINED else found
        assert len(found) == 1, f"_static/{name}: {found or 'whose is it?'}"


def test_every_line_is_still_needed(book: Build) -> None:
    """What is no longer shipped leaves the list."""
    names = list(shipped(book))
    for pattern, work in PATTERNS.items():
        assert any(fnmatch(name, pattern) for name in names), (work, pattern)


@pytest.mark.parametrize("row", SITE, ids=lambda row: row[0])
def test_a_licence_is_the_package_s_own(row: list[str]) -> None:
    """As its metadata say; what it bundles says so in its files."""
    found = PYPI.search(row[1])
    assert found is not None
    assert found[1] == found[2]
    if row[1].startswith("within "):
        return
    known = metadata(found[1])
    told = " ".join(
        [
            known["License"] or "",
            known["License-Expression"] or "",
            *(known.get_all("Classifier") or []),
        ]
    )

    assert row[2].split()[0] in told


@pytest.mark.parametrize("work", ["Bootstrap", "clipboard.js"])
def test_a_bundled_script_says_its_version_and_licence(
    book: Build, work: str
) -> None:
    """The line repeats what stands at the head of its part."""
    (row,) = (row for row in SITE if row[0].startswith(work))
    name, version = row[0].split()
    text = (book.html / "_static/book.js").read_text("utf-8")
    head = text[text.index(f"{name} v{version}") :][:400]

    assert row[2] in head


def test_the_site_holds_the_parts_of_texts_that_are_named(
    book: Build,
) -> None:
    """Those at hand, each with its source, licence and copyright."""
    texts = {f"ladder/{text.script_name}": text for text in page_texts()}
    held = {name for name in shipped(book) if name in TEXTS}

    assert held == set(texts) <= set(TEXTS)
    for name, text in texts.items():
        row = TEXTS[name]

        assert f"[{text.source}]({text.link})" in row[2]
        assert row[2].endswith(f"copyright {text.copyright}")
        assert row[3] == text.licence


def test_every_corpus_is_named() -> None:
    """Where each comes from, and under which licence."""
    named = {row[0].strip("`"): row for row in rows("Texts")}

    assert set(named) == set(CORPORA)
    for row in named.values():
        assert "public domain" in row[1] or "Andrej" in row[1]
        assert row[3] == "MIT"


def test_the_wheel_takes_the_list_beside_the_licence() -> None:
    """The build puts both into the wheel's metadata."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert project["project"]["license-files"] == ["LICENSE", "THIRD_PARTY.md"]


def test_every_page_leads_to_licence_citation_and_list(book: Build) -> None:
    """In one line at its foot; the links lead to parts of one page."""
    parts = ("licence", "how-to-cite", "what-comes-from-others")
    target = read(book.html / "licences.html")
    for part in parts:
        assert target.find(id=part) is not None
    for path in written_pages(book.html):
        page = read(path)
        if not page.select_one("article.bd-article"):
            continue
        (line,) = page.select("footer .tg-about")
        links = [str(a["href"]) for a in line.select("a")]

        assert "©" in line.get_text()
        assert [link.partition("#")[2] for link in links] == [*parts]
        for link in links:
            to = link.partition("#")[0] or path.name
            assert (path.parent / to).resolve() == book.html / "licences.html"


def test_the_page_shows_the_list_and_the_citation(book: Build) -> None:
    """The whole list; author, title, version and year of CITATION.cff."""
    page = read(book.html / "licences.html")
    text = page.get_text(" ")
    known = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    for row in SITE:
        assert row[0] in text
    assert known["version"] == project["project"]["version"]
    for word in ("version", "title", "license"):
        assert known[word] in text
    entry = page.select_one("#how-to-cite pre")
    assert entry is not None
    assert f"year = {{{known['date-released'][:4]}}}" in entry.get_text()
    assert "MIT License" in text
