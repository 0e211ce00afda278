"""Every work that a text names is in the bibliography, and can be looked up.

Entries are read from book/references.bib; years lists the years that a text
may cite, and links other addresses of the same work.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import book_tools
import pytest
from book_tools import ROOT, Build, extension, read
from pybtex.database import Entry, parse_file

BOOK = ROOT / "book"
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
LINK = re.compile(r"https?://\w(?:[^\s()\]>\"'`}]|\([^()\s]*\))+")

NO_WORKS = (
    "http://localhost",
    "http://purl.org/dc/elements/",
    "http://www.idpf.org/2007/",
    "http://www.w3.org/",
    "https://colab.research.google.com",
    "https://docs.astral.sh/uv/",
    "https://download.pytorch.org/",
    "https://github.com/chinese-poetry/chinese-poetry",
    "https://github.com/pytorch/pytorch/issues/",
    "https://keepachangelog.com/",
    "https://mybinder.org",
    "https://pypi.org/project/",
    "https://raw.githubusercontent.com/",
)
"""Addresses of software, data and services, which nobody cites."""

NAME = r"[A-Z][A-Za-zé'’-]+|nostalgebraist|simpx"
MANY = rf" et al\.| and others|(?:, (?:{NAME}))* and (?:{NAME})"
SOME = rf"(?P<first>{NAME})(?:{MANY})"
YEARS = r",? (?:explained in |in |\()?(?P<year>(?:19|20)\d\d)"
ONE = r"(?<!\w)(?P<one>[A-Z][a-zé]+|nostalgebraist),? \(?"
CITED = re.compile(
    rf"{SOME}{YEARS}|{ONE}(?P<then>(?:19[4-9]|20[0-2])\d)\b(?! steps| words)"
)
UNDATED = re.compile(rf"(?<![\w-])({NAME}) (?:et al\b|and others)")
NO_AUTHORS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "After",
    "Before",
    "In",
    "Python",
    "Since",
    "The",
    "Transformer",
    "Until",
}
"""Words that may stand before a year and are nobody's name."""


@cache
def works() -> dict[str, Entry]:
    """The entries by their keys."""
    return dict(parse_file(str(BOOK / "references.bib")).entries.items())


def normal(url: str) -> str:
    """One spelling for the addresses of one work."""
    url = url.rstrip(".,;:").split("#")[0].rstrip("/")
    url = re.sub(r"^https?://(www\.)?", "", url)
    paper = re.match(r"arxiv\.org/(?:abs|pdf)/([\d.]+\d)", url)
    return f"arxiv.org/abs/{paper[1]}" if paper else url


def addresses_of(entry: Entry) -> set[str]:
    """Where one work can be found."""
    urls = [entry.fields["url"], *entry.fields.get("links", "").split(",")]
    return {normal(url.strip()) for url in urls if url.strip()}


def addresses() -> set[str]:
    """Every address of every entry."""
    return set().union(*map(addresses_of, works().values()))


def surnames() -> dict[str, set[str]]:
    """For each first author, the years in which something may be cited."""
    found: dict[str, set[str]] = {}
    for entry in works().values():
        author = entry.persons["author"][0]
        name = " ".join(author.last_names).strip("{}")
        years = entry.fields.get("years", entry.fields["year"])
        found.setdefault(name, set()).update(years.replace(" ", "").split(","))
    return found


def texts() -> Iterator[tuple[str, str]]:
    """The prose, docstrings and comments of book, package and pages."""
    for path in CHAPTERS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            yield f"{path.stem} {cell['id']}", "".join(cell["source"])
    pages = [*BOOK.glob("*.md"), *BOOK.glob("diffs/*.md")]
    for path in [*pages, ROOT / "README.md", ROOT / "benchmarks/README.md"]:
        yield path.name, path.read_text("utf-8")
    for room in ("tutorgpt", "scripts", "benchmarks"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), "\n".join(strings(path))
    for path in sorted((ROOT / "tutorgpt/learn/quizzes").glob("*.toml")):
        tomllib.loads(path.read_text("utf-8"))
        yield path.name, path.read_text("utf-8")


def strings(path: Path) -> Iterator[str]:
    """Docstrings and other strings of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def citations(text: str) -> Iterator[tuple[str, str]]:
    """First author and year of every work that a text names."""
    text = re.sub(r"`[^`\n]*`", "", " ".join(text.split()))
    for found in CITED.finditer(text):
        name = found["first"] or found["one"]
        yield name, found["year"] or found["then"]


@pytest.mark.parametrize("key", works())
def test_an_entry_can_be_looked_up(key):
    """Author, title, year and an address; the key says whose it is."""
    entry = works()[key]
    author = "".join(entry.persons["author"][0].last_names).strip("{}")

    assert entry.fields["title"]
    assert re.fullmatch(r"(19|20)\d\d", entry.fields["year"])
    assert entry.fields["url"].startswith("https://")
    assert key.startswith(author.lower() + entry.fields["year"])
    assert entry.fields["keywords"] in groups()


def groups() -> list[str]:
    """The headings' filters of the page, in order."""
    page = (BOOK / "bibliography.md").read_text("utf-8")
    return re.findall(r':filter: keywords % "(\w+)"', page)


def test_no_two_entries_share_an_address():
    """One work, one entry."""
    urls = [normal(entry.fields["url"]) for entry in works().values()]

    assert len(set(urls)) == len(urls)


def test_every_link_is_a_work_or_no_work():
    """A link leads to an entry, or to software, data or a service."""
    known = addresses()
    strange = [
        f"{where}: {url}"
        for where, text in texts()
        for url in LINK.findall(text)
        if not url.startswith(NO_WORKS) and normal(url) not in known
    ]

    assert not strange, "\n".join(strange)


def test_every_citation_is_an_entry():
    """A name with a year is the first author of an entry of that year."""
    known = surnames()
    strange = [
        f"{where}: {name} {year}"
        for where, text in texts()
        for name, year in citations(text)
        if name not in NO_AUTHORS and year not in known.get(name, set())
    ]

    assert not strange, "\n".join(strange)


def test_whoever_is_named_with_others_is_an_author():
    """Without a year, too: "et al." stands after a first author only."""
    known = surnames()
    strange = [
        f"{where}: {found[0]}"
        for where, text in texts()
        for found in UNDATED.finditer(" ".join(text.split()))
        if found[1] not in known
    ]

    assert not strange, "\n".join(strange)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("(Xiong et al., 2020)", [("Xiong", "2020")]),
        ("He et al. 2015 (residual)", [("He", "2015")]),
        ("(Ba, 2016)", [("Ba", "2016")]),
        ("Vaswani et al. (2017)", [("Vaswani", "2017")]),
        ("(Dong, Cordonnier and Loukas 2021)", [("Dong", "2021")]),
        ("Press and Wolf, 2017", [("Press", "2017")]),
        ("(Hoffmann and others, 2022)", [("Hoffmann", "2022")]),
        ("Xiong and others explained in 2020", [("Xiong", "2020")]),
        ("(nostalgebraist 2020)", [("nostalgebraist", "2020")]),
        ("it takes 2000 steps of 2017", []),
    ],
)
def test_citations_are_recognised(text, cited):
    """The forms in which a text may name a work."""
    assert list(citations(text)) == cited


def test_addresses_are_compared_by_their_work():
    """A paper's page and its file, with a version or a mark, are one work."""
    assert (
        normal("https://arxiv.org/abs/1706.03762")
        == normal("http://arxiv.org/pdf/1706.03762v7.pdf")
        == normal("https://arxiv.org/abs/1706.03762#page")
    )
    assert normal("https://arxiv.org/abs/1706.03762") in addresses()
    assert normal("https://arxiv.org/abs/1706.03763") not in addresses()


def further_reading(path: Path) -> list[str]:
    """The items of a chapter's last part."""
    text = "\n\n".join(
        "".join(cell["source"])
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "markdown"
    )
    part = re.search(r"^#+ Further reading\n(.*?)(?=^#|\Z)", text, re.M | re.S)
    if not part:
        return []
    return re.findall(r"^- .*(?:\n(?!- |\n).*)*", part[1], re.M)


def not_a_paper(item: str) -> bool:
    """Whether it is a lecture, a lesson, code or a blog: something to do."""
    (url,) = map(normal, LINK.findall(item))
    (made,) = (
        entry.fields.get("howpublished", "")
        for entry in works().values()
        if url in addresses_of(entry)
    )
    return bool(re.search(r"Lecture|lesson|repository|notebook|[Bb]log", made))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_says_what_to_read_next(path):
    """Three to five works with a link and a sentence of why, then all."""
    items = further_reading(path)

    assert 3 <= len(items) <= 5
    assert any(not_a_paper(item) for item in items)
    assert path.read_text("utf-8").count("](../book/bibliography.md)") >= 1
    for item in items:
        urls = LINK.findall(item)
        words = re.sub(r"\[[^\]]*\]\([^)]*\)", "", item).split()

        assert len(urls) == 1, item
        assert normal(urls[0]) in addresses(), item
        assert len(words) >= 4, item
        assert item.rstrip().endswith("."), item


def test_names_in_latex_are_read():
    """The codec answers to its name, whatever else is installed."""
    extension("bibliography_codec").find_latex_codecs()
    second = works()["bengio2003"].persons["author"][1]

    assert str(second.rich_first_names[0]) == "Réjean"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


def test_the_page_lists_every_entry_once(book: Build):
    """Each with its link, under one heading."""
    page = read(book.html / "bibliography.html")
    links = [
        normal(a["href"])
        for a in page.select("article .citation a[href^=http]")
    ]

    assert sorted(links) == sorted(
        normal(entry.fields["url"]) for entry in works().values()
    )
