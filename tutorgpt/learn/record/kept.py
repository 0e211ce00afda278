"""What a learner has done, kept in one JSON file on this machine.

No account, no network. The file lies in the user's data folder;
TUTORGPT_PROGRESS_FILE names another place.
"""

import json
import math
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import time
from typing import Any

from platformdirs import user_data_path

from tutorgpt.ground.locks import alone
from tutorgpt.ground.places import expanded
from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.whole_files import reason, write_whole

VARIABLE = "TUTORGPT_PROGRESS_FILE"
FORMAT = 1
PAUSE = 30
"""Minutes after which nobody is taken to be still at work."""
WAIT = 10.0
"""Seconds to wait for one's turn to write."""
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""What reading a file that is not ours, or not whole, can raise."""


@dataclass
class Exercise:
    """What is known about one exercise: how often tried, whether passed.

    minutes: of work until it passed; pauses are left out.
    """

    tries: int = 0
    passed: bool = False
    minutes: float = 0.0


@dataclass
class Answer:
    """The newest answer to one quiz question, and how often it was tried."""

    choice: str
    right: bool
    tries: int = 1


@dataclass
class Progress:
    """Everything that is kept: exercises by number, answers by question.

    clock: when something was last asked or answered, seconds since 1970.
    hints: by exercise, how many of its hints were shown. They stand beside
        the exercises and not in them, so that an older version, which
        knows no hints, still reads the rest.
    """

    exercises: dict[str, Exercise] = field(default_factory=dict)
    quiz: dict[str, Answer] = field(default_factory=dict)
    clock: float = 0.0
    hints: dict[str, int] = field(default_factory=dict)

    def tick(self) -> float:
        """Minutes since the last tick, or none if that was a pause."""
        minutes = (time() - self.clock) / 60
        self.clock = round(time(), 1)
        return minutes if 0 <= minutes <= PAUSE else 0.0

    def work_on(self, number: str) -> Exercise:
        """Count the time since the last tick for an exercise still open."""
        done = self.exercises.setdefault(str(number), Exercise())
        minutes = self.tick()
        if not done.passed:
            done.minutes = round(done.minutes + minutes, 2)
        return done


def progress_file() -> Path:
    """Where the learner's progress is kept.

    Raises OSError where the variable's text leads nowhere.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return user_data_path("tutorgpt", False) / "progress.json"
    try:
        return expanded(named)
    except ValueError as error:
        raise OSError(str(error)) from None


def summary() -> Progress:
    """What has been recorded so far; empty before the first record.

    A file that cannot be understood is set aside under another name, with a
    notice, and never overwritten.
    """
    file = progress_file()
    try:
        text = file.read_bytes().decode("utf-8")
        return _parse(text)
    except FileNotFoundError:
        return Progress()
    except UNREADABLE:
        _set_aside(file)
        return Progress()


def read_summary() -> Progress:
    """What has been recorded so far, for who asks to see it.

    Raises RefusalError, one sentence, if the record cannot be read.
    """
    try:
        return summary()
    except OSError as error:
        raise RefusalError(trouble("read", error)) from error


def start_clock() -> None:
    """Begin to count the minutes of whatever comes next."""
    with _record() as change:
        change.known.tick()


def record_help(number: str, hints: int = 0) -> None:
    """Keep the time until a learner asked for help with an exercise.

    hints: up to which hint it has shown, 1 for the first; 0 for none.
    """
    with _record() as change:
        known = change.known
        known.work_on(number)
        if hints:
            known.hints[number] = max(known.hints.get(number, 0), hints)


def record_exercise(number: str, passed: bool) -> None:
    """Keep the result of one check; what was passed once stays passed."""
    with _record() as change:
        done = change.known.work_on(number)
        done.tries += 1
        done.passed = done.passed or passed


def record_quiz(question_id: str, choice: str, right: bool) -> str:
    """Keep the newest answer to a quiz question.

    Returns why it could not be kept, in one sentence; "" if it is kept.
    """
    with _record() as change:
        known = change.known
        before = known.quiz.get(question_id)
        tries = before.tries + 1 if before else 1
        known.tick()
        known.quiz[question_id] = Answer(choice, right, tries)
    return change.trouble


@dataclass
class _Change:
    """The record while it is changed; then what kept it from being kept."""

    known: Progress = field(default_factory=Progress)
    trouble: str = ""

    def fail(self, what: str, error: OSError) -> None:
        """Say on stderr that the file cannot be read, or not kept."""
        self.trouble = trouble(what, error)
        print(f"tutorgpt: {self.trouble}", file=sys.stderr)


@contextmanager
def _record() -> Iterator[_Change]:
    """The record, to be changed and kept.

    One that cannot be read now is not overwritten: what the block changes
    is an empty record, which is thrown away.
    """
    change = _Change()
    with _one_at_a_time():
        try:
            change.known = summary()
        except OSError as error:
            change.fail("read", error)
        yield change
        if change.trouble:
            return
        try:
            _write(change.known)
        except OSError as error:
            change.fail("kept", error)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep other notebooks from writing the record as long as this does.

    Each reads what is there, changes it and writes it back: without turns,
    one would undo what the other has just kept. Where no turn can be had,
    what was learned is kept all the same.
    """
    with ExitStack() as turn:
        with suppress(OSError):
            file = progress_file()
            file.parent.mkdir(parents=True, exist_ok=True)
            lock = file.with_name(f".{file.name}.lock")
            turn.enter_context(alone(lock, WAIT))
        yield


def _parse(text: str) -> Progress:
    """The file's content; any error means that it cannot be understood."""
    data = json.loads(text, object_pairs_hook=_merged)
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']} is not {FORMAT}")
    known = Progress(
        {n: Exercise(**kept) for n, kept in data["exercises"].items()},
        {q: Answer(**kept) for q, kept in data["quiz"].items()},
        data.get("clock", 0.0),
        dict(data.get("hints", {})),
    )
    _expect_time(known.clock)
    for exercise in known.exercises.values():
        _expect(exercise.tries, int)
        _expect(exercise.passed, bool)
        _expect_time(exercise.minutes)
    for shown in known.hints.values():
        _expect(shown, int)
    for answer in known.quiz.values():
        _expect(answer.choice, str)
        _expect(answer.tries, int)
        _expect(answer.right, bool)
    return known


def _merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the file; what stands there twice is put together.

    An older version kept hint(2.2) and check("2.2", ...) apart, under keys
    that JSON writes alike: what was passed once stays passed.
    """
    kept: dict[str, Any] = {}
    for key, value in pairs:
        before = kept.get(key)
        if isinstance(before, dict) and "passed" in before:
            value = before | {
                name: before.get(name, 0) + value.get(name, 0)
                for name in ("tries", "minutes")
            }
            value["passed"] = any(d[1]["passed"] for d in pairs if d[0] == key)
        kept[key] = value
    return kept


def _expect(value: object, kind: type) -> None:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not of type {kind.__name__}")


def _expect_time(value: float) -> None:
    _expect(value, float)
    if not 0 <= value < math.inf:
        raise ValueError(f"{value} is not a time")


def _write(known: Progress) -> None:
    """Put the record in its place."""
    file = progress_file()
    kept = {"format": FORMAT, **asdict(known)}
    if not known.hints:
        del kept["hints"]
    write_whole(file, json.dumps(kept, indent=1) + "\n")


def _set_aside(file: Path) -> None:
    """Give an unreadable file another name that no other file has."""
    number = 1
    while (aside := file.with_name(f"{file.stem}.aside-{number}")).exists():
        number += 1
    with suppress(FileNotFoundError):  # another notebook was quicker
        file.rename(aside)
    print(
        "tutorgpt: the progress file could not be understood: it now lies "
        f"at {aside}, and a new one is begun",
        file=sys.stderr,
    )


def trouble(what: str, error: OSError) -> str:
    """One sentence on a file that cannot be read or kept."""
    place = os.environ.get(VARIABLE) or progress_file()
    return (
        f"your progress cannot be {what} in {place} ({reason(error)}): set "
        f"{VARIABLE} to a file that can be written"
    )
