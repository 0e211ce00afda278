"""One spelling, British, and none of the phrases that readers stumbled at."""

import json
import re
import tomllib

import pytest
from book_tools import ROOT

from tutorgpt.learn.exercises import EXERCISES

NO_PROSE = re.compile(
    r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`|<[^>\n]*>|"
    r"\]\([^)]*\)|https?://\S+|\{[a-z-]+\}|^> ?",
    re.DOTALL | re.MULTILINE,
)
TITLE = re.compile(r"\*[^*\n]+\*|“[^”]+”")
"""Titles of works keep their own spelling."""
AMERICAN = re.compile(
    r"\b(?:\w*(?:colou?r(?<!colour)|neighbor|behavior|favorite|honor)\w*|"
    r"center(?:ed|s)?|meters?|fulfill|gray(?:ish)?|"
    r"model(?:ed|ing)|label(?:ed|ing)|travel(?:ed|ing)|cancel(?:ed|ing)|"
    r"\w{3,}i(?:z(?:e[sd]?|ing|ations?))|analy(?:ze[sd]?|zing))\b",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"^(?:\w*size[sd]?|prize[sd]?|seize[sd]?|horizon\w*|\w*tokeniz\w+)$",
    re.IGNORECASE,
)
"""Words with a z of their own, and the field's own name for a tokenizer."""
NEVER = {
    "on the machine that made this page": "say what was measured, and where",
    "one line is an anecdote": "say how many were drawn",
    "stands near": "is close to",
    "hands on": "passes on",
    "whence": "where from",
    "foretell": "predict",
    "foretold": "predicted",
    "by and by": "gradually",
    "dearest": "most expensive, or most important",
    "shall": "is to, or will",
    "something holds it up": "say what does",
    "read with three letters": "say what is read",
    "class of less than": "class of fewer than",
}
"""Phrases of an earlier version, and what to write in their place."""


def texts():
    """Every text of the course that is prose, by its name."""
    found = {
        path.name: path.read_text(encoding="utf-8")
        for path in (
            *ROOT.glob("book/*.md"),
            *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
        )
    }
    for path in ROOT.glob("notebooks/[0-9]*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found[path.stem] = "\n\n".join(
            "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "markdown"
        ).partition("## Further reading")[0]
    for path in ROOT.glob("tutorgpt/learn/quizzes/*.toml"):
        asked = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.name] = "\n\n".join(strings(asked))
    for number, exercise in EXERCISES.items():
        mistakes = [f"{w.says} {w.look}" for w in exercise.wrong]
        parts = [exercise.task, *exercise.hints, exercise.why, *mistakes]
        found[f"exercise {number}"] = "\n\n".join(parts)
    return found


def strings(thing):
    """All texts in a structure of lists and tables."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from strings(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from strings(value)


def prose(text):
    return TITLE.sub(" ", NO_PROSE.sub(" ", text))


def american(text):
    return [
        found[0]
        for found in AMERICAN.finditer(prose(text))
        if not FIELD.match(found[0])
    ]


ALL = texts()


@pytest.mark.parametrize("name", ALL)
def test_spelling_is_british(name):
    """Colour, neighbour, centre, -ise."""
    assert american(ALL[name]) == []


@pytest.mark.parametrize("name", ALL)
def test_no_phrase_comes_back(name):
    """Those that readers stumbled at are gone."""
    words = " ".join(prose(ALL[name]).split()).lower()

    assert [
        f"{phrase}: {better}"
        for phrase, better in NEVER.items()
        if re.search(rf"\b{re.escape(phrase)}\b", words)
    ] == []


def test_american_spelling_is_noticed():
    """And nothing that is spelt the same on both sides."""
    wrong = "The color of neighbors, centered; we normalize and analyze it."
    right = "The colour of neighbours; sizes, a tokenizer, `color`, metres."

    assert len(american(wrong)) == 5
    assert american(right) == []
    assert len(ALL) > 70
