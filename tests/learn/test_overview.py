"""progress() and tutorgpt status: what is done, left, and next."""

import pytest

from tutorgpt.cli import main
from tutorgpt.learn import progress
from tutorgpt.learn.chapters import EXERCISES
from tutorgpt.learn.overview import report
from tutorgpt.learn.progress import Answer, Exercise, Progress, record_exercise


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A record for each test."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(file))
    return file


def passed(*numbers):
    return Progress({n: Exercise(1, True) for n in numbers})


def test_a_beginner_is_sent_to_the_first_exercise():
    """Nothing passed: everything is left, and 1.1 is next."""
    text = report(Progress())

    assert f"0 of {len(EXERCISES)} exercises" in text
    assert "Next: exercise 1.1" in text


def test_the_next_exercise_is_in_the_chapter_begun():
    """Who has begun chapter 3 goes on there, not in chapter 1."""
    assert "Next: exercise 3.1" in report(passed("3.2"))


def test_a_chapter_ends_with_a_word():
    """All exercises of a chapter: it is done, and no minutes are left."""
    text = report(passed(*(n for n in EXERCISES if n.startswith("1."))))

    assert "Chapter 1 is done" in text
    assert "6 of 6 exercises" in text
    assert "Next: exercise 2.1" in text


def test_the_book_ends_with_a_word():
    """All exercises: closing words and nothing to do."""
    text = report(passed(*EXERCISES))

    assert "You have passed every exercise" in text
    assert "Next" not in text


def test_quiz_answers_are_counted_by_chapter():
    """A question belongs to the chapter that its id begins with."""
    known = Progress(
        quiz={"2.1": Answer("a", True), "2.2": Answer("b", False)}
    )

    assert "quiz 1/2 right" in report(known).splitlines()[1]


def test_who_is_stuck_is_shown_the_hints():
    """After two tries the next exercise comes with its hint."""
    known = Progress({"1.1": Exercise(2, False)})

    assert 'Tried 2 times: hint("1.1")' in report(known)


def test_lines_fit_a_terminal():
    """Nothing is wider than 80 columns but the closing words."""
    lines = report(Progress()).splitlines()

    assert max(map(len, lines)) <= 80


def test_notebook_and_terminal_say_the_same(capsys, place):
    """tutorgpt status prints what progress() prints, and the file."""
    record_exercise("1.1", True)
    progress()
    in_notebook = capsys.readouterr().out

    assert main(["status"]) == 0
    assert capsys.readouterr().out == f"{in_notebook}kept in {place}\n"


def test_status_sets_a_corrupt_file_aside(capsys, place):
    """It says so and goes on."""
    place.write_text("{")

    assert main(["status"]) == 0
    assert "now lies at" in capsys.readouterr().err
    assert not place.exists()
