"""progress() and tutorgpt status: what is done, left, and next."""

import pytest

from tutorgpt.cli import main
from tutorgpt.learn import progress
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.learn.record.kept import (
    Answer,
    Exercise,
    Progress,
    record_exercise,
    record_quiz,
)
from tutorgpt.learn.record.pace import pace
from tutorgpt.learn.report import ESTIMATES, closing_words, report, times


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A record for each test."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(file))
    return file


def passed(*numbers):
    return Progress({n: Exercise(1, True) for n in numbers})


def answered(known, *chapters, right=True):
    """The record with every question of these chapters answered."""
    for chapter in chapters:
        for question in load_quiz(chapter):
            known.quiz[question.id] = Answer("a", right)
    return known


def of_chapter(chapter):
    return [n for n, e in EXERCISES.items() if e.chapter == chapter]


def test_a_beginner_is_sent_to_the_first_exercise():
    """Nothing passed: everything is left, and 1.1 is next."""
    text = report(Progress())

    assert f"0 of {len(EXERCISES)} exercises" in text
    assert "Next: exercise 1.1" in text
    assert "begin with chapter 0, which is optional." in text
    assert "chapter 0" not in report(passed("1.1")).partition("Next")[2]


def test_the_optional_chapter_stands_in_nobodys_way():
    """It is next for who has begun with it, and when nothing else is left."""
    rest = [n for n, e in EXERCISES.items() if e.chapter]
    chapters = [n for n in quiz_chapters() if n]

    assert "Next: exercise 0.2" in report(passed("0.1"))
    assert "Next: exercise 1.2" in report(passed("0.1", "1.1"))
    assert "Next: exercise 2.1" in report(answered(passed(*of_chapter(1)), 1))
    assert "Next: exercise 1.1" in report(answered(passed(*of_chapter(0)), 0))
    assert "Next: exercise 0.1" in report(answered(passed(*rest), *chapters))
    assert "chapter 0  .........." in report(Progress()).splitlines()[0]


def test_the_next_exercise_is_in_the_chapter_begun():
    """Who has begun chapter 3 goes on there, not in chapter 1."""
    assert "Next: exercise 3.1" in report(passed("3.2"))
    assert "Next: exercise 3.1" in report(answered(Progress(), 3))


def test_after_the_exercises_comes_the_quiz():
    """All exercises passed and no question answered: the quiz is next."""
    text = report(passed(*of_chapter(1)))

    assert "Chapter 1 is done" not in text
    assert "Next: the quiz of chapter 1, 7 of 7 questions open" in text
    assert "quiz(1)" in text


def test_a_chapter_ends_with_a_word():
    """Exercises and questions: the chapter is done, and the next begins."""
    text = report(answered(passed(*of_chapter(1)), 1))

    assert "Chapter 1 is done: nothing is left in it." in text
    assert "6 of 6 exercises  quiz 7/7, 7 right   done" in text
    assert "Next: exercise 2.1" in text


def test_wrong_answers_are_not_held_against_anyone():
    """A chapter with wrong answers is done, and says that they are."""
    text = report(answered(passed(*of_chapter(1)), 1, right=False))

    assert "Chapter 1 is done; 7 of its answers could be better" in text
    assert "Next: exercise 2.1" in text


def test_a_chapter_ends_with_its_quiz():
    """Passed exercises are not all of chapter 8: its questions are next."""
    known = passed(*of_chapter(8))

    assert "Chapter 8 is done" not in report(known)
    assert "Chapter 8 is done" in report(answered(known, 8))


def test_the_quiz_of_the_last_chapter_may_be_all_that_is_left():
    """Everything but chapter 9's questions: they are next."""
    rest = (chapter for chapter in quiz_chapters() if chapter != 9)

    assert "Next: the quiz of chapter 9" in report(
        answered(passed(*EXERCISES), *rest)
    )


def test_the_book_ends_with_a_word():
    """Everything passed and answered: closing words and nothing to do."""
    text = report(answered(passed(*EXERCISES), *quiz_chapters()))

    assert "You have passed every exercise" in text
    assert "Next" not in text
    assert " left" not in text.replace("nothing is left", "")


def test_the_last_check_of_a_chapter_says_what_comes():
    """Its quiz while questions are open, then the next chapter."""
    for number in of_chapter(1):
        record_exercise(number, True)
    before = closing_words(1)
    for question in load_quiz(1):
        record_quiz(question.id, "a", True)

    assert "all 6 exercises of chapter 1 have passed" in before
    assert "Next: the quiz of chapter 1" in before
    assert "Next: exercise 2.1" in closing_words(1)


def test_quiz_answers_are_counted_by_chapter():
    """Questions of the chapter's file; neither predictions nor others."""
    known = Progress(
        quiz={
            "2.q1": Answer("a", True),
            "2.q2": Answer("12", False),
            "2.p1": Answer("a", True),
            "2.q99": Answer("a", True),
        }
    )

    assert "quiz 2/7, 1 right" in report(known).splitlines()[2]
    assert "2 of " in report(known)


def test_who_is_stuck_is_shown_the_hints():
    """After two tries the next exercise comes with its hint."""
    known = Progress({"1.1": Exercise(2, False)})

    assert 'Tried 2 times: hint("1.1")' in report(known)


def passed_in(factor, numbers):
    return Progress(
        {
            number: Exercise(1, True, factor * EXERCISES[number].minutes)
            for number in numbers
        }
    )


def test_minutes_follow_the_learners_own_clock():
    """Each in twice its estimate: the rest tends to it, the more the surer."""
    known = passed_in(2.0, of_chapter(1)[:3])
    rest = sum(EXERCISES[number].minutes for number in of_chapter(2))
    asked = len([q for q in load_quiz(2) if not q.is_prediction])
    two = known.exercises.pop("1.1")
    before = report(known)
    known.exercises["1.1"] = two
    seen = sum(EXERCISES[number].minutes for number in of_chapter(1)[:3])
    factor = (2 * seen + 60) / (seen + 60)
    after = report(known)

    assert f"about {rest + asked} min left" in before
    assert "an estimate" in before
    assert f"about {round(factor * rest) + asked} min left" in after
    assert f"over 3 exercises: {factor:.1f} of the estimate" in after


def test_a_few_fast_passes_do_not_shrink_the_rest_to_nothing():
    """Three exercises in seconds say little of the other fifty-two."""
    few = pace(passed_in(0.01, of_chapter(1)[:3]), ESTIMATES)
    many = pace(passed_in(0.01, list(EXERCISES)[:40]), ESTIMATES)

    assert few > 0.5
    assert many < 0.25


def test_every_exercise_has_its_times(capsys):
    """tutorgpt status --times: estimate, own minutes, tries, one a line."""
    record_exercise("1.1", True)
    assert main(["status", "--times"]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in lines[1:-1]] == list(EXERCISES)
    found = {line.split()[0]: line.split()[-3:] for line in lines}
    assert found["1.1"] == ["5", "0.0", "1"]
    assert found["1.2"] == ["10", "-", "0"]


@pytest.mark.parametrize("text", [report(Progress()), times(Progress())])
def test_lines_fit_a_terminal(text):
    """Nothing is wider than 80 columns but the closing words."""
    assert max(map(len, text.splitlines())) <= 80


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
