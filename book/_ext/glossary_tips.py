"""Explains a term of the glossary where a chapter first uses it.

The first time that a page's prose uses a term, the word becomes a <dfn>
that shows its meaning and its Chinese name under the pointer, or under the
keyboard's focus, by the style sheet alone. A term is explained from the
chapter on that introduces it. Notebooks are not touched: JupyterLab shows
the plain word.
"""

import html
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

GLOSSARY = Path(__file__).resolve().parents[1] / "glossary.md"
FENCE = re.compile(r"```\{glossary\}\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
WHERE = re.compile(rf"(?:\s*(?:and )?{LINK.pattern})+\.$")
CHAPTER = re.compile(r"notebooks/(\d\d)_")
EVERYDAY = {
    "bias",
    "block",
    "byte",
    "depth",
    "key",
    "memory",
    "merge",
    "scaling",
    "score",
    "step",
    "value",
    "window",
}
"""Words with a life of their own: explained where they are introduced."""

STRESSED = {"key", "memory", "score", "value"}
"""Of these, words that mean the term only in bold or in italics."""

NOT_INSIDE = (
    nodes.title,
    nodes.literal,
    nodes.literal_block,
    nodes.reference,
    nodes.table,
    nodes.raw,
    nodes.math,
    nodes.math_block,
)


NOWHERE = -1
"""The chapter of a term that no chapter explains."""


@dataclass(frozen=True)
class Term:
    """A term of the glossary, and the chapter that introduces it."""

    name: str
    chinese: str
    meaning: str
    chapter: int


class GlossaryTip(nodes.Inline, nodes.TextElement):
    """A word with its explanation; nodes that know nothing see the word."""


@cache
def terms() -> tuple[Term, ...]:
    """The glossary, longest names first."""
    found = []
    for block in FENCE.findall(GLOSSARY.read_text(encoding="utf-8")):
        for entry in block.strip().split("\n\n"):
            title, _, meaning = entry.partition("\n")
            name, _, chinese = title.partition(" · ")
            meaning = " ".join(meaning.split()).replace("'", "’")
            chapters = re.findall(r"\[[Cc]hapter (\d+)\]", meaning)
            meaning = LINK.sub(r"\1", WHERE.sub("", meaning))
            first = min(map(int, chapters), default=NOWHERE)
            found.append(Term(name, chinese, meaning, first))
    return tuple(sorted(found, key=lambda term: -len(term.name)))


@cache
def pattern(chapter: int) -> re.Pattern[str]:
    """Finds the terms that a chapter may explain, one group each."""
    words = []
    for number, term in enumerate(terms()):
        known = term.chapter <= chapter
        if term.name in EVERYDAY:
            known = term.chapter == chapter
        if known:
            name = re.escape(term.name).replace(r"\ ", r"\s+")
            if term.name[0].islower():
                name = f"[{name[0].upper()}{name[0]}]{name[1:]}"
            many = f"{name}(?:s|es)?"
            if name.endswith("y"):
                many = f"{name[:-1]}(?:y|ies)"
            words.append(f"(?P<t{number}>{many})")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])")


def explain(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Mark the first use of each term on a chapter's page."""
    chapter = CHAPTER.match(page)
    if not chapter or app.builder.format != "html":
        return
    finder, seen = pattern(int(chapter[1])), set()
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if is_inside(paragraph, (nodes.table,)):
            continue
        for text in list(paragraph.findall(nodes.Text)):
            if is_inside(text, NOT_INSIDE, paragraph):
                continue
            made = split(text, finder, seen)
            if len(made) > 1 or isinstance(made[0], GlossaryTip):
                text.parent.replace(text, made)
                if "tg-terms" not in paragraph["classes"]:
                    paragraph["classes"].append("tg-terms")


def is_inside(
    node: nodes.Node, kinds: tuple[type, ...], top: nodes.Node | None = None
) -> bool:
    """Whether a node stands in one of these, below the top one."""
    parent = node.parent
    while parent is not None and parent is not top:
        if isinstance(parent, kinds):
            return True
        parent = parent.parent
    return False


def split(
    text: nodes.Text, finder: re.Pattern[str], seen: set[int]
) -> list[nodes.Node]:
    """A text as plain parts and terms that the page had not used before."""
    words, done, made = str(text), 0, []
    for found in finder.finditer(words):
        number = int((found.lastgroup or "t0")[1:])
        plain = not isinstance(text.parent, nodes.strong | nodes.emphasis)
        if number in seen or (plain and terms()[number].name in STRESSED):
            continue
        seen.add(number)
        if found.start() > done:
            made.append(nodes.Text(words[done : found.start()]))
        made.append(GlossaryTip(found[0], found[0], number=number))
        done = found.end()
    if done < len(words) or not made:
        made.append(nodes.Text(words[done:]))
    return made


def open_tip(translator, node: GlossaryTip) -> None:
    """The word, marked and within reach of the keyboard."""
    name = f"tg-tip-{node['number']}"
    translator.body.append(
        f'<dfn class="tg-term" tabindex="0" aria-describedby="{name}">'
    )


def close_tip(translator, node: GlossaryTip) -> None:
    """Its name, its Chinese name and its meaning, hidden until wanted."""
    term = terms()[node["number"]]
    meaning = re.sub(
        r"`([^`]+)`", r"<code>\1</code>", html.escape(term.meaning)
    )
    translator.body.append(
        f'<span class="tg-tip" role="tooltip" id="tg-tip-{node["number"]}">'
        f"<b>{html.escape(term.name)}</b> · "
        f'<span lang="zh">{html.escape(term.chinese)}</span><br>'
        f"{meaning}</span></dfn>"
    )


def plain(translator, node: GlossaryTip) -> None:
    """Formats without a pointer show the word."""


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(
        GlossaryTip,
        html=(open_tip, close_tip),
        epub=(plain, plain),
        latex=(plain, plain),
        text=(plain, plain),
    )
    app.connect("doctree-resolved", explain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
