"""The index leads from every term to its meaning and its places."""

import re

import book_tools
import pytest
from book_tools import Build, extension, read
from bs4 import Tag

TERMS = {term.name: term for term in extension("glossary_tips").terms()}
WITHOUT_PLACE = {"AdamW", "scaling", "top-k sampling", "top-p sampling"}
"""Terms whose chapter says them in code or in a heading only."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture(scope="module")
def entries(book: Build) -> dict[str, tuple[str, list[Tag]]]:
    """A term -> where its name leads, and the links that follow."""
    page = read(book.html / "index_of_terms.html")
    found = {}
    for name in page.select("dl.tg-index dt"):
        link, where = name.a, name.find_next_sibling("dd")
        assert link is not None
        assert isinstance(where, Tag)
        found[link.get_text()] = (str(link["href"]), where.select("a"))
    return found


def test_every_term_of_the_glossary_is_in_it_once(
    entries: dict[str, tuple[str, list[Tag]]], book: Build
) -> None:
    """From A to Z, each below its letter."""
    page = read(book.html / "index_of_terms.html")
    listed = [dt.a.get_text() for dt in page.select("dl.tg-index dt") if dt.a]

    assert listed == sorted(TERMS, key=str.casefold)
    for name in listed:
        assert page.find(id=f"letter-{name[0].lower()}") is not None
    jumps = [a["href"] for a in page.select(".tg-letters a")]
    assert jumps == sorted({f"#letter-{name[0].lower()}" for name in TERMS})


def test_a_term_leads_to_its_entry(
    entries: dict[str, tuple[str, list[Tag]]], book: Build
) -> None:
    """The place in the glossary that begins with its name."""
    glossary = read(book.html / "glossary.html")
    for name, (link, _) in entries.items():
        page, _, anchor = link.partition("#")
        entry = glossary.find(id=anchor)

        assert page == "glossary.html"
        assert entry is not None
        assert entry.get_text().startswith(f"{name} · ")


def test_a_term_leads_to_where_its_chapter_introduces_it(
    entries: dict[str, tuple[str, list[Tag]]],
) -> None:
    """The first link is to the chapter that the glossary names."""
    without = set()
    for name, (_, links) in entries.items():
        page, _, anchor = str(links[0]["href"]).partition("#")
        chapter = TERMS[name].chapter
        if chapter < 0:
            assert page == "intro.html"
            continue
        assert page.startswith(f"notebooks/{chapter:02}_")
        if not anchor:
            without.add(name)

    assert without == WITHOUT_PLACE


def test_every_place_shows_the_word(
    entries: dict[str, tuple[str, list[Tag]]], book: Build
) -> None:
    """Right behind the anchor stands the term, marked and explained."""
    pages = {
        path.name: read(path) for path in book.html.glob("notebooks/*.html")
    }
    seen = 0
    for name, (_, links) in entries.items():
        for link in links:
            path, _, anchor = str(link["href"]).partition("#")
            if not anchor:
                continue
            place = pages[path.removeprefix("notebooks/")].find(id=anchor)
            assert place is not None, (name, path, anchor)
            term = place.find_next("dfn")
            assert isinstance(term, Tag)
            begins = re.escape(name[:-1]).replace(r"\ ", r"\s+")
            assert re.match(begins, term.get_text(), re.IGNORECASE), name
            seen += 1

    assert seen > 2 * len(TERMS)


def test_there_is_one_index(book: Build) -> None:
    """Sphinx's own, of entries that we do not write, is off."""
    assert not (book.html / "genindex.html").exists()
