"""What a learner has done, as facts: what was built, passed and answered.

No fact names a person or a place: a text of one's own is called so, its
samples are left out, and a run goes by its name in the folder it lies in.
"""

import getpass
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutorgpt.ground.places import readable
from tutorgpt.learn.chapter import chapters, read_chapter
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.learn.record.kept import Progress
from tutorgpt.learn.report import ChapterState, chapter_state, closing
from tutorgpt.text.corpus import CORPORA
from tutorgpt.text.floors import Floors
from tutorgpt.training.looks import Look, look_at
from tutorgpt.training.runs import RunFolder, RunSettings, find_runs
from tutorgpt.view.compare import floors_of
from tutorgpt.view.live import Point

MOST_RUNS = 100
"""Runs that are listed; of more, the first ones by name."""
OWN_TEXT = "a text of your own"


@dataclass(frozen=True)
class Chapter:
    """One chapter: its title, and what the record says of it."""

    title: str
    state: ChapterState

    @property
    def says(self) -> str:
        """Finished, begun, or not begun."""
        if self.state.done:
            return "finished"
        return "begun" if self.state.begun else "not begun"


@dataclass(frozen=True)
class Tried:
    """One exercise that was tried, or a question that was answered."""

    number: str
    title: str
    right: bool
    tries: int
    minutes: float | None = None


@dataclass(frozen=True)
class Trained:
    """One model that was trained.

    loss: its lowest, exact, on the validation split, in nats per token; None
    where nothing was measured. points: its losses by step. samples: what it
    wrote, by step.
    """

    name: str
    model: str
    text: str
    steps: int
    state: str
    loss: float | None = None
    floors: Floors | None = None
    points: tuple[Point, ...] = ()
    samples: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything that a report says.

    following: in sentences, what to do next. left_out: runs beyond
    MOST_RUNS.
    """

    chapters: tuple[Chapter, ...]
    exercises: tuple[Tried, ...]
    answers: tuple[Tried, ...]
    trained: tuple[Trained, ...]
    following: tuple[str, ...]
    left_out: int = 0


def gather(known: Progress, folders: Iterable[Path]) -> Facts:
    """The facts of a record, and of the runs and ladders in some folders."""
    states = [chapter_state(known, number) for number in chapters()]
    runs = [
        (folder, run)
        for folder in folders
        if folder.is_dir()
        for run in find_runs(folder)
    ]
    ladders = [rung for folder in folders for rung in climbed(folder)]
    return Facts(
        chapters=tuple(
            Chapter(read_chapter(state.chapter).title, state)
            for state in states
        ),
        exercises=tuple(exercises(known)),
        answers=tuple(answers(known)),
        trained=(*trained(runs[:MOST_RUNS]), *ladders[:MOST_RUNS]),
        following=tuple(closing(states, known)),
        left_out=len(runs[MOST_RUNS:]) + len(ladders[MOST_RUNS:]),
    )


def exercises(known: Progress) -> Iterator[Tried]:
    """Those that were tried or worked on, in the order of the book."""
    for number, exercise in EXERCISES.items():
        done = known.exercises.get(number)
        if done is not None:
            yield Tried(
                number, exercise.title, done.passed, done.tries, done.minutes
            )


def answers(known: Progress) -> Iterator[Tried]:
    """The questions and predictions that were answered."""
    for chapter in quiz_chapters():
        for question in load_quiz(chapter):
            given = known.quiz.get(question.id)
            if given is not None:
                name = f"Chapter {chapter}, {question.name.lower()}"
                yield Tried(question.id, name, given.right, given.tries)


def trained(runs: Iterable[tuple[Path, Path]]) -> Iterator[Trained]:
    """What training runs have come to."""
    floors: dict[str, Floors | None] = {}
    for number, (folder, run) in enumerate(runs, 1):
        look = look_at(run)
        name = nameless(run, folder, f"run {number}")
        if look.known is None:
            yield Trained(name, "unknown", "unknown", look.step, look.state)
            continue
        settings = look.known
        key = settings.fingerprint + settings.corpus
        if key not in floors:
            floors[key] = floors_at_hand(look)
        is_own = settings.corpus not in CORPORA
        samples = {} if is_own else RunFolder(run).samples()
        yield Trained(
            name=name,
            model=settings.model,
            text=OWN_TEXT if is_own else settings.corpus,
            steps=look.step,
            state=look.state,
            loss=look.best.val_loss if look.best else None,
            floors=floors[key],
            points=tuple((r.step, r.val_loss) for r in look.records),
            samples=tuple(sorted(samples.items())),
        )


def floors_at_hand(look: Look) -> Floors | None:
    """What counting reaches on a run's text, if nothing is to be fetched."""
    settings: RunSettings = look.settings
    source = CORPORA.get(settings.corpus)
    if source is not None and not source.is_cached():
        return None
    return floors_of(look)[0]


def climbed(folder: Path) -> Iterator[Trained]:
    """The rungs of the ladders whose records lie in a folder."""
    for file in sorted(folder.rglob("ladder_*.json")):
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
            yield from rungs(record)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue  # not a ladder's, or damaged: no fact


def rungs(record: dict) -> list[Trained]:
    """What a ladder's record says of its models."""
    name = record["corpus"]["name"]
    is_own = name not in CORPORA or f"--corpus {name} " not in (
        record["command"] + " "
    )
    floors = Floors(**record["floors"])
    return [
        Trained(
            name="ladder",
            model=str(rung["model"]),
            text=OWN_TEXT if is_own else name,
            steps=int(record["steps"]),
            state="ended",
            loss=sum(run["val_loss"] for run in rung["runs"])
            / len(rung["runs"]),
            floors=floors,
            samples=()
            if is_own
            else ((int(record["steps"]), str(rung["sample"])),),
        )
        for rung in record["rungs"]
    ]


def nameless(run: Path, folder: Path, instead: str) -> str:
    """A run's name below the folder where it was found.

    instead: what it is called where this would be a whole path, or where
    it says who the learner is.
    """
    name = run.name if run == folder else run.relative_to(folder).as_posix()
    person = {Path.home().name, login()} - {""}
    if any(word.casefold() in name.casefold() for word in person):
        return instead
    return readable(name)


def login() -> str:
    """The name that this computer knows the learner by; empty if none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
