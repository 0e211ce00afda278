"""The questions of each chapter, read from tutorgpt/learn/quizzes.

A question is a choice with exactly one right answer, or a number. Every
choice and every known wrong number has its own explanation. A prediction
(2.p1) is asked before an experiment and answered by it; a quiz question
(2.q1) is answered by the page.
"""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn.quiz.fields import Fields

FOLDER = files("tutorgpt.learn") / "quizzes"
LETTERS = "abcdefghij"


@dataclass(frozen=True)
class Choice:
    """One answer to choose, whether it is right, and why or why not."""

    letter: str
    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class WrongNumber:
    """A number that people come to, and what leads them there."""

    value: float
    why: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; texts are Markdown with $maths$.

    choices: for a choice. answer, within (how far off is accepted), unit,
    why and wrong: for a number.
    """

    id: str
    kind: Literal["choice", "number"]
    text: str
    choices: tuple[Choice, ...] = ()
    answer: float = 0
    within: float = 0
    unit: str = ""
    why: str = ""
    wrong: tuple[WrongNumber, ...] = ()

    @property
    def chapter(self) -> int:
        """The chapter it belongs to."""
        return int(self.id.split(".")[0])

    @property
    def is_prediction(self) -> bool:
        """Whether an experiment answers it."""
        return ".p" in self.id

    @property
    def name(self) -> str:
        """What it is called beside its text: Question 3, Prediction 1."""
        kind = "Prediction" if self.is_prediction else "Question"
        return f"{kind} {self.id.partition('.')[2][1:]}"


def quiz_chapters() -> list[int]:
    """The chapters that have questions."""
    return sorted(int(name.split("_")[0]) for name in _file_names())


def load_quiz(chapter: int) -> list[Question]:
    """The questions of a chapter, predictions included, in their order.

    Raises ValueError for a chapter without questions, and for a file that
    does not say what it must; the message names the file and the question.
    """
    return list(_load(int(chapter)))


@cache
def _load(chapter: int) -> tuple[Question, ...]:
    for name in _file_names():
        if int(name.split("_")[0]) == chapter:
            text = (FOLDER / name).read_text(encoding="utf-8")
            return tuple(parse(text, name, chapter))
    raise RefusalError(
        f"chapter {chapter} has no questions: choose one of "
        f"{', '.join(map(str, quiz_chapters()))}"
    )


def _file_names() -> list[str]:
    if not FOLDER.is_dir():
        return []
    names = [file.name for file in FOLDER.iterdir()]
    return sorted(name for name in names if name.endswith(".toml"))


def find_question(id: str) -> Question:
    """The question of this id; ValueError names the nearest there is."""
    known = {
        question.id: question
        for chapter in quiz_chapters()
        for question in load_quiz(chapter)
    }
    id = str(id)
    if id in known:
        return known[id]
    near = difflib.get_close_matches(id, known, n=1, cutoff=0.5)
    instead = (
        f"did you mean {near[0]!r}?"
        if near
        else (f"ids are like {' and '.join(list(known)[:3:2])}")
    )
    raise RefusalError(f"there is no question {id!r}: {instead}")


def parse(text: str, name: str, chapter: int) -> list[Question]:
    """The questions in a file's text.

    name: how the file is called in an error. Raises ValueError.
    """
    try:
        data = Fields(name, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name} is not TOML: {error}") from error
    if data.number("chapter") != chapter:
        data.fail(f"chapter must be {chapter}, as in the file's name")
    questions = [_question(f, chapter) for f in data.tables("question")]
    data.close()
    ids = [question.id for question in questions]
    twice = {id for id in ids if ids.count(id) > 1}
    if twice:
        data.fail(f"used twice: {', '.join(sorted(twice))}")
    return questions


def _question(fields: Fields, chapter: int) -> Question:
    id = fields.text("id")
    fields.where += f", question {id}"
    start, _, number = id.partition(".")
    if (
        start != str(chapter)
        or number[:1] not in ("q", "p")
        or not number[1:].isdecimal()
    ):
        fields.fail(f"an id of chapter {chapter} is like {chapter}.q1 or .p1")
    kind, text = fields.text("kind"), fields.text("text")
    if kind == "choice":
        choices = _choices(fields)
        fields.close()
        return Question(id=id, kind="choice", text=text, choices=choices)
    if kind != "number":
        fields.fail(f'kind is "choice" or "number", not {kind!r}')
    answer, within = fields.number("answer"), fields.number("within")
    question = Question(
        id=id,
        kind="number",
        text=text,
        answer=answer,
        within=within,
        unit=fields.text("unit", ""),
        why=fields.text("why"),
        wrong=tuple(
            _wrong(known, answer, within)
            for known in fields.tables("wrong", least=0)
        ),
    )
    if within < 0:
        fields.fail(f"within is {within} and must not be negative")
    fields.close()
    return question


def _choices(fields: Fields) -> tuple[Choice, ...]:
    choices = []
    for letter, given in zip(
        LETTERS, fields.tables("choice", least=2), strict=False
    ):
        text, why = given.text("text"), given.text("why")
        choices.append(Choice(letter, text, why, given.flag("right")))
        given.close()
    right = sum(choice.right for choice in choices)
    if right != 1:
        fields.fail(f"{right} choices are right and exactly one must be")
    if len({choice.text for choice in choices}) < len(choices):
        fields.fail("two choices have the same text")
    return tuple(choices)


def _wrong(fields: Fields, answer: float, within: float) -> WrongNumber:
    value, why = fields.number("value"), fields.text("why")
    if abs(value - answer) <= within:
        fields.fail(f"{value} is called wrong and would be accepted")
    fields.close()
    return WrongNumber(value, why)
