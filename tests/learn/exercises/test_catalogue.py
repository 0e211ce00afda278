"""The catalogue of wrong versions, tested by itself: all of it, 100 %.

For every exercise the solution passes, the starter is told politely that
nothing was attempted, and every wrong version is rejected in its own words.
"""

import ast

import pytest

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check.suspects import SUSPECTS
from tutorgpt.learn.exercises import EXERCISES

every_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES.values(), ids=EXERCISES
)
every_wrong_version = pytest.mark.parametrize(
    ("exercise", "wrong"),
    [
        pytest.param(exercise, wrong, id=f"{exercise.number}: {wrong.says}")
        for exercise in EXERCISES.values()
        for wrong in exercise.wrong
    ],
)
BUG_HUNTS = [e for e in EXERCISES.values() if e.suspect]
every_wrong_name = pytest.mark.parametrize(
    ("exercise", "name"),
    [
        pytest.param(exercise, name, id=f"{exercise.number}: {name}")
        for exercise in BUG_HUNTS
        for name in SUSPECTS
        if name != exercise.suspect
    ],
)


def answer(exercise, thing):
    """The arguments of check, with the right name for a bug hunt."""
    return (exercise.suspect, thing) if exercise.suspect else (thing,)


def flat(text):
    return " ".join(text.split())


@every_exercise
def test_the_solution_passes(exercise):
    """What a learner is shown as the solution passes its own check."""
    verdict = judge(exercise, *answer(exercise, exercise.reference()))

    assert verdict.outcome == "passed", verdict.text


@every_exercise
def test_the_starter_is_not_attempted(exercise):
    """An untouched cell gets a polite answer and nothing else."""
    starter = exercise.build(exercise.starter)
    given = (..., starter) if exercise.suspect else (starter,)

    assert judge(exercise, *given).text == "not attempted yet"


@every_wrong_version
def test_a_wrong_version_is_named(exercise, wrong):
    """Each mistake is rejected with its own message, not another's."""
    mutant = exercise.mutant(wrong)
    verdict = judge(exercise, *answer(exercise, mutant))

    assert verdict.outcome == "named", verdict.text
    assert f"it looks as if {wrong.says}." in flat(verdict.text)
    assert flat(wrong.look) in flat(verdict.text)


@every_exercise
def test_there_are_four_mistakes_in_different_words(exercise):
    """At least four wrong versions, no two of them with one message."""
    says = {wrong.says for wrong in exercise.wrong}

    assert len(says) == len(exercise.wrong) >= 4
    assert all(wrong.look.strip() for wrong in exercise.wrong)


@every_wrong_name
def test_a_wrong_suspect_is_refuted(exercise, name):
    """Naming another bug is answered by what one would see then."""
    verdict = judge(exercise, name, exercise.reference())

    assert verdict.outcome == "named"
    assert SUSPECTS[name] in flat(verdict.text)
    assert exercise.symptom in flat(verdict.text)


@pytest.mark.parametrize("exercise", BUG_HUNTS, ids=lambda e: e.number)
def test_a_bug_hunt_wants_the_repair_too(exercise):
    """The right name with the broken code does not pass."""
    broken = exercise.build(exercise.starter)
    verdict = judge(exercise, exercise.suspect, broken)

    assert not verdict.passed
    assert verdict.text.startswith("the name is right")


@pytest.mark.parametrize("exercise", BUG_HUNTS, ids=lambda e: e.number)
def test_a_bug_hunt_wants_the_name_too(exercise):
    """A repair that passes is said to, and the names are shown."""
    verdict = judge(exercise, ..., exercise.reference())

    assert not verdict.passed
    assert "Your repair passes its checks." in verdict.text
    assert exercise.suspect in " ".join(verdict.text.split())


@every_exercise
def test_the_starter_does_not_hold_the_solution(exercise):
    """No line of the solution that matters stands in task or starter."""
    if exercise.suspect:
        return
    frame = [
        line
        for line in exercise.solution.splitlines()
        if line.strip() and line not in exercise.starter
    ]

    assert frame
    assert not any(line.strip() in exercise.task for line in frame)


@every_exercise
def test_a_solution_is_short_and_whole(exercise):
    """What is printed fits a page, parses, and defines its target."""
    for text in (exercise.starter, exercise.solution):
        assert max(map(len, text.splitlines())) < 80
        assert len(text.splitlines()) <= 24
        ast.parse(text)
    assert exercise.target in exercise.solution


@every_exercise
def test_an_exercise_says_what_it_asks_for(exercise):
    """Known kinds, importance from 1 to 5, three different hints."""
    assert exercise.kind in ("write", "predict", "bug", "explain", "extend")
    assert 1 <= exercise.importance <= 5
    assert len(set(exercise.hints)) == 3
    assert exercise.why
    assert 5 <= exercise.minutes <= 60
