"""The text for a chat assistant: what it holds, and that it tells nothing."""

import re
from pathlib import Path

import pytest

from tutorgpt.cli import main
from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn.asking import hint
from tutorgpt.learn.chapter import chapters, read_chapter, step
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.record.kept import (
    Exercise,
    Progress,
    record_exercise,
    summary,
)
from tutorgpt.learn.tutor import LEFT_OUT, RULES, tutor_text

ALL_SEEN = Progress(hints=dict.fromkeys(EXERCISES, 3))
"""A learner who has asked for every hint there is."""


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for one test's record."""
    place = tmp_path / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(place))
    return place


def spaced(text: str) -> str:
    return " ".join(text.split())


def tells(line: str) -> bool:
    """Whether a line of a program could give something away.

    Not: the head of a function or a class, an import, a lone return of one
    name, else, a lone word such as break, brackets, a comment.
    """
    head = re.match(r"(def|class|import|from|#|@) ?", line)
    plain = r"return( \w+)?|else:|pass|break|continue|\W*"
    return not head and not re.fullmatch(plain, line)


def telling(number: str) -> list[str]:
    """The lines of a solution that its task and starter do not show."""
    exercise = EXERCISES[number]
    code = re.sub(r'""".*?"""', "", exercise.solution, flags=re.DOTALL)
    lines = [spaced(line) for line in code.splitlines()]
    return [li for li in lines if tells(li) and li not in asked(number)]


def asked(number: str) -> str:
    """What an exercise shows before any hint."""
    exercise = EXERCISES[number]
    return spaced(exercise.task + " " + exercise.starter)


@pytest.mark.parametrize("number", EXERCISES)
def test_no_line_of_a_solution_is_in_it(number: str) -> None:
    """Of none of its chapter, with all hints seen, but what the task shows."""
    exercise = EXERCISES[number]
    chapter = [
        n for n, e in EXERCISES.items() if e.chapter == exercise.chapter
    ]
    lines = {line for n in chapter for line in telling(n)}
    about_it = spaced(tutor_text(number, ALL_SEEN))
    about_all = spaced(tutor_text(str(exercise.chapter), ALL_SEEN))

    assert telling(number) or number == "1.6"  # where lines change places
    assert [line for line in lines if line in about_all] == []
    leaks = [line for line in lines if line in about_it]
    assert [line for line in leaks if line not in asked(number)] == []
    if exercise.suspect:
        assert exercise.suspect not in about_it + about_all


def test_a_hint_that_holds_the_line_is_left_out() -> None:
    """The third of 1.1 is the solution itself; the first two are there."""
    text = tutor_text("1.1", ALL_SEEN)

    assert "How many nats is one bit?" in text
    assert "Divide the loss by the nats of one bit." in text
    assert "math.log(2)" not in text
    assert f"- {LEFT_OUT}" in text


@pytest.mark.parametrize("number", chapters())
def test_a_chapter_says_what_it_is_about(number: int) -> None:
    """Title, goal, parts, classes, what it comes to: in a page or two."""
    told = read_chapter(number)
    text = tutor_text(str(number), Progress())

    assert text.startswith(RULES)
    headings = [heading for heading, _ in told.sections]
    for part in (told.title, told.goal, *headings, *told.terms):
        assert part in text
    cells = [cell for _, cells in told.sections for cell in cells]
    assert len(cells) > 20
    assert all(cell in text for cell in cells)
    assert told.classes
    assert told.summary
    assert all(line in text for line in told.classes)
    assert len(text) < 8000
    assert "##  " not in text
    assert "](" not in text


def test_terms_are_words_that_a_chapter_introduces() -> None:
    """In bold, without its boxes and what is stressed."""
    introduced = read_chapter(2).terms

    assert introduced[:6] == (
        *("attention", "head", "score"),
        *("query", "key", "value"),
    )
    assert not {"Predict", "Claim 1", "Verdict: holds"} & set(introduced)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("class A:\n    pass\n\n\nshow(A())", "class A, show(…)"),
        ("def f(x):\n    return x + 1", "def f"),
        ("x = f(3)\nprint(x)\nassert x == 4", "x = f(…)"),
        ("a.b = c.d(e)[0]\nplt.show()", "a.b = …"),
        ("for i in range(3):\n    s += i", "for i in …"),
        ("a = f(1)\nb = f(2)\nc = f(3)", "a = f(…), b = f(…)"),
        ("print(1 + 1)", "print(…)"),
    ],
)
def test_a_cell_is_told_in_short(code: str, says: str) -> None:
    """What it defines, sets and calls, and not how."""
    assert step(code) == says


def test_a_part_is_told_by_its_cells() -> None:
    """Chapter 2's class, and what is done with it."""
    assert (
        "- The class: `class Head; examine(…); shapes(…); head = Head(…)"
        in tutor_text("2", Progress())
    )


def test_a_class_is_told_by_its_head() -> None:
    """What it takes, what comes out, and its first sentence."""
    assert read_chapter(4).classes[0] == (
        "`class FeedForward(n_embed: int), forward(x: Float[Tensor, "
        "'B T C']) -> Float[Tensor, 'B T C']`: Widen four times, cut the "
        "negatives off, and come back."
    )


def test_the_learners_record_is_in_it() -> None:
    """Tries, hints, what has passed; the hints seen word by word."""
    known = Progress(
        {"3.1": Exercise(1, True, 4.0), "3.2": Exercise(4, False, 9.0)},
        hints={"3.2": 1},
    )
    text = tutor_text("3.2", known)

    assert "I have passed 1 of the chapter's 5 exercises" in text
    assert "- 3.1 The price of many heads: passed, 1 try\n" in text
    assert "heads: not passed yet, 4 tries, 1 of 3 hints seen\n" in text
    assert "- 3.3 Join the heads again: not tried yet\n" in text
    first, second, _ = map(spaced, EXERCISES["3.2"].hints)
    assert first in text
    assert second not in text
    assert EXERCISES["3.2"].task.strip() in text
    assert EXERCISES["3.2"].starter.strip() in text


def test_a_hint_is_kept(capsys: pytest.CaptureFixture) -> None:
    """The furthest one counts, also when they begin again."""
    hint("4.1")
    hint("4.1")
    assert summary().hints == {"4.1": 2}
    for _ in range(3):
        hint("4.1")

    assert summary().hints == {"4.1": 3}


def test_without_a_number_it_is_what_comes_next() -> None:
    """The first exercise, then the one after it, then the quiz."""
    begun = {e: Exercise(1, True, 1.0) for e in EXERCISES if e[:2] == "1."}

    assert "## The exercise: 1.1 " in tutor_text(None, Progress())
    record_exercise("1.1", True)
    assert "## The exercise: 1.2 " in tutor_text(None, summary())
    text = tutor_text(None, Progress(begun))
    assert "# Where I am: chapter 1," in text
    assert "The exercise" not in text


def test_the_book_may_be_done() -> None:
    """Then it is about the last chapter."""
    done = {number: Exercise(1, True, 1.0) for number in EXERCISES}

    assert "# Where I am: chapter" in tutor_text(None, Progress(done))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("42", "'42': choose a chapter, 0 to 12, or .* mean '4.2'"),
        ("3.22", "chapter 3 has 3.1, 3.2, .*; did you mean '3.2'"),
        ("3.99", "chapter 3 has 3.1, 3.2, 3.3, 3.4, 3.5$"),
        ("abc", "'abc': choose a chapter, 0 to 12, or an exercise such as"),
        ("", "'': choose a chapter"),
        ("0.9", "chapter 0 has 0.1, 0.2, .*; did you mean"),
        ("-1", "'-1': choose a chapter"),
    ],
)
def test_what_is_not_there_is_refused(
    asked: str, says: str, capsys: pytest.CaptureFixture
) -> None:
    """One sentence, with the nearest there is."""
    with pytest.raises(RefusalError, match=says):
        tutor_text(asked, Progress())
    assert main(["tutor", asked]) == 2
    err = capsys.readouterr().err

    assert err.count("\n") == 1
    assert re.search(says, err)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("3,2", "3.2"), (" 3.2 ", "3.2"), ("03.2", "3.2"), ("02", "2")],
)
def test_a_number_may_be_written_as_people_do(asked: str, meant: str) -> None:
    """With a comma, with spaces around it, with the zero of the files."""
    assert tutor_text(asked, Progress()) == tutor_text(meant, Progress())


@pytest.mark.parametrize(("kept", "seen"), [(9, 3), (-1, 0)])
def test_there_are_three_hints(kept: int, seen: int) -> None:
    """Whatever number a record has."""
    texts = [
        tutor_text("3.2", Progress(hints={"3.2": hints}))
        for hints in (kept, seen)
    ]

    assert texts[0] == texts[1]
    assert ("Hints that I have seen, 3 of 3" in texts[0]) == (seen == 3)


def test_the_command_prints_or_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """The same text either way."""
    assert main(["tutor", "3.2"]) == 0
    printed = capsys.readouterr().out
    assert main(["tutor", "3.2", "--out", str(tmp_path / "help.md")]) == 0

    assert printed == tutor_text("3.2", Progress())
    assert (tmp_path / "help.md").read_text("utf-8") == printed
    assert "help.md: give it to your assistant" in capsys.readouterr().out


def test_a_record_that_cannot_be_read_is_said(
    file: Path, capsys: pytest.CaptureFixture
) -> None:
    """One sentence, as status says it."""
    file.mkdir()

    assert main(["tutor"]) == 2
    assert "your progress cannot be read" in capsys.readouterr().err
