"""No suspect is a term that its reader has not met."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tutorgpt.learn.check.suspects import SINCE, SUSPECTS, suspects
from tutorgpt.learn.exercises import EXERCISES

ROOT = Path(__file__).resolve().parents[3]
EVERYDAY = {
    *("and", "in", "the", "not", "no", "on", "never", "twice"),
    *("forgotten", "left", "lost", "missing", "taken", "swapped"),
}
"""Words that need no chapter."""
TERM = re.compile(r"^([^\n·]+) · .*\n  ", re.MULTILINE)


@cache
def met(chapter):
    """The prose and the code of the chapters up to this one, exercises out."""
    cells = [
        cell
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        if int(path.name[:2]) <= chapter
        for cell in nbformat.read(path, as_version=4).cells
        if "exercise" not in cell.metadata.get("tutorgpt", {})
    ]
    return " ".join("\n".join(cell.source for cell in cells).lower().split())


@cache
def glossary():
    """Every term of the glossary, as it may stand in a sentence."""
    text = (ROOT / "book" / "glossary.md").read_text("utf-8")
    return [term.strip().lower() for term in TERM.findall(text)]


def unknown(name, chapter):
    """The words of a suspect, and the terms of its symptom, not yet met.

    A word is known by its beginning, so that "updates" stands for "updated".
    """
    words = set(re.findall(r"[\w/]+", name.lower())) - EVERYDAY
    symptom = f" {SUSPECTS[name].lower()} "
    terms = {
        term
        for term in glossary()
        if re.search(rf"\b{re.escape(term)}\b", symptom)
    }
    return {
        found
        for found in words | terms
        if not re.search(rf"\b{re.escape(found[:5])}", met(chapter))
    }


@pytest.mark.parametrize("name", SUSPECTS)
def test_a_suspects_words_were_met(name):
    """In the prose or the code of its chapter or of one before."""
    assert unknown(name, SINCE.get(name, 1)) == set()


def test_a_term_of_a_later_chapter_is_seen():
    """What was wrong once: chapter 1 suspected heads, ReLU and dropout."""
    assert unknown("heads not registered", 1) >= {"heads", "attention"}
    assert unknown("ReLU missing", 2) >= {"relu"}
    assert unknown("no residual path", 4) >= {"residual"}
    assert unknown("dropout left on", 4) == {"dropout"}
    assert unknown("sees the future", 1) >= {"attention"}


def test_a_hunts_own_bug_is_among_its_suspects():
    """And with it at least three others, in every chapter with a hunt."""
    for exercise in EXERCISES.values():
        if exercise.suspect:
            names = suspects(exercise.chapter)
            assert exercise.suspect in names
            assert len(names) >= 4
