"""Right answers in unusual forms pass, and beginners' mistakes are told.

The forms and the mistakes of a chapter stand in the folders beside this
file, by its stem: FORMS has at least three texts for every number, MISTAKES
pairs of a text and the words that must be said of it. Both were written as a
stranger would answer, before the catalogue of wrong versions was read.
"""

import importlib.util
from pathlib import Path

import pytest

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check import limits
from tutorgpt.learn.exercises import EXERCISES

FOLDER = Path(__file__).parent


def gathered(what):
    """FORMS or MISTAKES of all chapters, by number."""
    found = {}
    for file in sorted((FOLDER / what.lower()).glob("*.py")):
        spec = importlib.util.spec_from_file_location(
            f"{what}_{file.stem}", file
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= getattr(module, what)
    return found


FORMS, MISTAKES = gathered("FORMS"), gathered("MISTAKES")


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A machine that has much else to do is no mistake."""
    monkeypatch.setattr(limits, "SECONDS", 60.0)
    monkeypatch.setattr(limits, "TOGETHER", 120.0)


def verdict(number, text):
    asked = EXERCISES[number]
    if asked.cases is None and asked.expected is not None:
        # What a training run gives differs; its number is typed in.
        thing = eval(text)
    else:
        thing = asked.build(text)
    return judge(asked, *((asked.suspect,) if asked.suspect else ()), thing)


def test_every_exercise_has_its_forms():
    """Three right ones each, all different."""
    few = {
        number: len(set(FORMS.get(number, ())))
        for number in EXERCISES
        if len(set(FORMS.get(number, ()))) < 3
    }

    assert few == {}


def test_every_exercise_has_its_mistakes():
    """Beginners make more than the catalogue knew at first."""
    few = {
        number: len(MISTAKES.get(number, ()))
        for number in EXERCISES
        if len(MISTAKES.get(number, ())) < 5
    }

    assert few == {}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(number, text, id=f"{number}-{n}")
        for number, texts in FORMS.items()
        for n, text in enumerate(texts)
    ],
)
def test_an_unusual_right_answer_passes(number, text):
    """Whatever it looks like."""
    found = verdict(number, text)

    assert found.passed, found.text


@pytest.mark.parametrize(
    ("number", "text", "words"),
    [
        pytest.param(
            number,
            text,
            words,
            id=f"{number}-{n}",
            # The first ones are enough for `make quick`.
            marks=[pytest.mark.slow] if n > 2 else [],
        )
        for number, pairs in MISTAKES.items()
        for n, (text, words) in enumerate(pairs)
    ],
)
def test_a_beginners_mistake_is_answered(number, text, words):
    """By its name, or by what was measured on it."""
    found = verdict(number, text)

    assert not found.passed
    assert words in " ".join(found.text.split()), found.text
