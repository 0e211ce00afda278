"""check, hint and solution: what they print and what they keep."""

import re

import pytest
import torch

from tutorgpt.learn import check, hint, solution
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.plain_text import plain_text
from tutorgpt.learn.record.kept import record_exercise, summary

MASK = EXERCISES["2.2"]


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    """A record for each test."""
    place = str(tmp_path / "progress.json")
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", place)


def forgotten_return(T):
    torch.ones(T, T, dtype=torch.bool).tril()


def test_a_check_prints_and_keeps(capsys):
    """What is printed carries the number; the record keeps the result."""
    check("2.2", MASK.reference())
    check("2.2", forgotten_return)

    assert capsys.readouterr().out.startswith("2.2 passes these 4 checks")
    kept = summary().exercises["2.2"]
    assert (kept.tries, kept.passed) == (2, True)


def test_the_end_of_a_chapter_has_its_words(capsys):
    """Said once, when the last exercise passes, with what comes next."""
    mine = [n for n in EXERCISES if n.startswith("2.")]
    for number in mine:
        if number != "2.2":
            record_exercise(number, True)
    check("2.2", MASK.reference())
    first = capsys.readouterr().out
    check("2.2", MASK.reference())

    assert "all 6 exercises of chapter 2 have passed" in first
    assert "Next: the quiz of chapter 2" in first
    assert "last one" not in capsys.readouterr().out


def test_an_untouched_starter_is_not_kept(capsys):
    """Running a notebook from top to bottom leaves no record."""
    check("1.1", ...)

    assert capsys.readouterr().out == "1.1 not attempted yet\n"
    assert summary().exercises == {}


def test_hints_come_one_by_one(capsys):
    """Three rungs, then the first one again."""
    for _ in range(4):
        hint("2.2")

    said = capsys.readouterr().out
    assert said.count("hint 1 of 3") == 2
    assert all(rung in said for rung in MASK.hints)


def test_a_solution_is_printed_with_its_reason(capsys):
    """solution() gives the text and why it works."""
    solution("2.2")

    said = capsys.readouterr().out
    assert MASK.solution in said
    assert plain_text(MASK.why) in said


@pytest.mark.parametrize("number", ["9.9", 9.9, "2.20", 7, "x", None])
def test_an_unknown_number_gets_one_sentence(number, capsys):
    """What there is instead, no traceback, and nothing kept."""
    for ask in (lambda n: check(n, 1), hint, solution):
        ask(number)
        said = capsys.readouterr().out

        assert said.startswith(f"there is no exercise {number!r}: ")
        assert said.count("\n") == 1
    assert summary().exercises == {}


@pytest.mark.parametrize("number", [2.2, "2.2", " 2.2 ", "2,2"])
def test_a_number_may_be_written_in_several_ways(number, capsys):
    """2.2 is "2.2", and what has passed stays passed."""
    check("2.2", MASK.reference())
    hint(number)
    solution(number)
    check(number, forgotten_return)

    assert list(summary().exercises) == ["2.2"]
    assert summary().exercises["2.2"].passed
    assert "2.2 hint " in capsys.readouterr().out


def test_a_bug_hunt_wants_two_answers(capsys):
    """The sentence shows the call that is meant."""
    check("1.6", lambda: 1)

    assert 'check("1.6", name, training_step' in capsys.readouterr().out
    assert summary().exercises == {}


def test_formulas_are_plain_in_a_terminal(capsys):
    """No dollars and no strokes of LaTeX where nothing draws them."""
    solution("7.3")
    said = capsys.readouterr().out

    assert "ln 69 ≈ 4.23" in said
    for exercise in EXERCISES.values():
        for text in (exercise.task, exercise.explanation, *exercise.hints):
            assert not set("$\\") & set(
                re.sub(r"`[^`]*`", "", plain_text(text))
            )
