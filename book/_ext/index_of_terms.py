"""The terms of the glossary from A to Z, and where the chapters use them.

    {index-of-terms}

Each term leads to its entry in the glossary, to the place where its chapter
introduces it, and to its first use in every other chapter: the places that
glossary_tips.py explains, which get an anchor here.
"""

from itertools import groupby
from pathlib import Path

from docutils import nodes
from glossary_tips import CHAPTER, GlossaryTip, Term, explain, terms
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

AFTER_TIPS = 600
"""Priority of what needs the tips to be in their places."""

Uses = dict[str, dict[int, tuple[str, str, str]]]
"""A term -> a chapter -> its page, the anchor there, the section's title."""


class IndexOfTerms(nodes.General, nodes.Element):
    """Where the index will stand once every chapter has been read."""


class Placeholder(SphinxDirective):
    """The place of the index; it changes whenever a chapter does."""

    def run(self) -> list[nodes.Node]:
        for path in Path(self.env.srcdir, "notebooks").glob("[0-9]*.ipynb"):
            self.env.note_dependency(str(path))
        self.env.note_dependency(str(Path(self.env.srcdir, "glossary.md")))
        # A search finds the glossary and the chapters themselves.
        self.env.metadata[self.env.docname]["nosearch"] = True
        return [IndexOfTerms()]


def anchor(term: Term) -> str:
    """Where a page uses a term first."""
    return f"use-{nodes.make_id(term.name)}"


def name_uses(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put an anchor before each term that the page explains."""
    for tip in list(doctree.findall(GlossaryTip)):
        place = nodes.target(ids=[anchor(terms()[tip["number"]])])
        tip.parent.insert(tip.parent.index(tip), place)


def uses(app: Sphinx) -> Uses:
    """Every first use of a term in a chapter."""
    found: Uses = {term.name: {} for term in terms()}
    for page in sorted(app.env.found_docs):
        if chapter := CHAPTER.match(page):
            doctree = app.env.get_doctree(page)
            explain(app, doctree, page)
            for tip in doctree.findall(GlossaryTip):
                term = terms()[tip["number"]]
                title = section_of(tip)[0].astext()
                place = page, anchor(term), title
                found[term.name][int(chapter[1])] = place
    return found


def section_of(node: nodes.Node) -> nodes.section:
    """The innermost section that a node stands in."""
    while not isinstance(node, nodes.section):
        node = node.parent
    return node


def fill(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write the index, where a page asks for it."""
    for place in list(doctree.findall(IndexOfTerms)):
        place.replace_self(index(app, page))


def index(app: Sphinx, page: str) -> list[nodes.Node]:
    """The letters, and below each its terms."""
    entries = {
        term.astext().partition(" · ")[0]: term["ids"][0]
        for term in app.env.get_doctree("glossary").findall(nodes.term)
    }
    places, chapters = uses(app), chapter_pages(app)

    def link(text: str, to: str, name: str = "", why: str = "") -> nodes.Node:
        address = app.builder.get_relative_uri(page, to)
        address += f"#{name}" if name else ""
        made = nodes.reference("", text, refuri=address, internal=True)
        if why:
            made["reftitle"] = why
        return made

    def row(term: Term) -> nodes.definition_list_item:
        head = nodes.term(
            "",
            "",
            link(term.name, "glossary", entries[term.name]),
            nodes.Text(f" · {term.chinese}"),
        )
        where, used = nodes.paragraph(), dict(places[term.name])
        if term.chapter in chapters:
            known = used.pop(term.chapter, (chapters[term.chapter], "", ""))
            where += link(f"chapter {term.chapter}", known[0], known[1])
            where += nodes.Text(f", {known[2]}" if known[2] else "")
        else:
            where += link("preface", app.config.root_doc)
        for number, (to, name, title) in sorted(used.items()):
            where += nodes.Text(" · ")
            where += link(f"{number}", to, name, f"Chapter {number}, {title}")
        return nodes.definition_list_item(
            "", head, nodes.definition("", where)
        )

    ordered = sorted(terms(), key=lambda term: term.name.casefold())
    letters = nodes.paragraph(classes=["tg-letters"])
    made: list[nodes.Node] = [letters]
    for letter, some in groupby(ordered, lambda term: term.name[0].upper()):
        name = f"letter-{letter.lower()}"
        letters += nodes.reference("", letter, refid=name, internal=True)
        letters += nodes.Text(" ")
        made.append(nodes.rubric("", letter, ids=[name]))
        rows = map(row, some)
        made.append(nodes.definition_list("", *rows, classes=["tg-index"]))
    return made


def chapter_pages(app: Sphinx) -> dict[int, str]:
    """The page of each chapter."""
    found = map(CHAPTER.match, sorted(app.env.found_docs))
    return {int(page[1]): page.string for page in found if page}


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(IndexOfTerms)
    app.add_directive("index-of-terms", Placeholder)
    app.connect("doctree-resolved", name_uses, priority=AFTER_TIPS)
    app.connect("doctree-resolved", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
