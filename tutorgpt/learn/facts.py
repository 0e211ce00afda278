"""What a learner has done, as facts: what was built, passed and answered.

No fact names a person or a place: a text of one's own is called so, its
samples are left out, and a model goes by the last name of its folder alone.
"""

import getpass
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import torch
from safetensors import SafetensorError

from tutorgpt.config import ModelConfig
from tutorgpt.learn.chapter import chapters, read_chapter
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.learn.record.kept import Progress
from tutorgpt.learn.report import ChapterState, chapter_state, closing
from tutorgpt.scaling import count_parameters
from tutorgpt.text.corpus import CORPORA
from tutorgpt.text.floors import Floors
from tutorgpt.training.checkpoints import (
    MODELS,
    find_models,
    read_description,
)
from tutorgpt.training.looks import Look, look_at
from tutorgpt.training.runs import (
    UNREADABLE,
    RunFolder,
    RunSettings,
    find_runs,
)
from tutorgpt.view.compare import floors_of
from tutorgpt.view.live import Point

MOST_RUNS = 100
"""Runs that are listed; of more, the first ones by name."""
LADDERS = "ladder_*.json"
"""The records of ladders; the models lie in folders of the same names."""
OWN_TEXT = "a text of your own"


@dataclass(frozen=True)
class ChapterFacts:
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

    steps: None where nothing says how many there were.
    parameters: the numbers that it learns; None where that is not known.
    loss: exact, on the validation split, in nats per token: the lowest of a
        run, the mean over the seeds of a ladder's model; None where nothing
        was measured.
    points: its losses by step. samples: what it wrote, by step.
    """

    name: str
    model: str
    text: str
    steps: int | None
    state: str
    parameters: int | None = None
    loss: float | None = None
    floors: Floors | None = None
    points: tuple[Point, ...] = ()
    samples: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything that a report says.

    following: in sentences, what to do next. left_out: models beyond
    MOST_RUNS.
    """

    chapters: tuple[ChapterFacts, ...]
    exercises: tuple[Tried, ...]
    answers: tuple[Tried, ...]
    trained: tuple[Trained, ...]
    following: tuple[str, ...]
    left_out: int = 0


def gather(known: Progress, folders: Iterable[Path]) -> Facts:
    """The facts of a record, and of what was trained in some folders."""
    states = [chapter_state(known, number) for number in chapters()]
    there = [folder for folder in folders if folder.is_dir()]
    runs = [run for folder in there for run in find_runs(folder)]
    alone = [model for folder in there for model in models_alone(folder)]
    ladders = [rung for folder in there for rung in climbed(folder)]
    return Facts(
        chapters=tuple(
            ChapterFacts(read_chapter(state.chapter).title, state)
            for state in states
        ),
        exercises=tuple(tried(known)),
        answers=tuple(answered(known)),
        trained=(
            *trained(runs[:MOST_RUNS]),
            *kept(alone[:MOST_RUNS]),
            *ladders[:MOST_RUNS],
        ),
        following=tuple(closing(states, known)),
        left_out=sum(len(x[MOST_RUNS:]) for x in (runs, alone, ladders)),
    )


def tried(known: Progress) -> Iterator[Tried]:
    """Those that were tried or worked on, in the order of the book."""
    for number, exercise in EXERCISES.items():
        done = known.exercises.get(number)
        if done is not None:
            yield Tried(
                number, exercise.title, done.passed, done.tries, done.minutes
            )


def answered(known: Progress) -> Iterator[Tried]:
    """The questions and predictions that were answered."""
    for chapter in quiz_chapters():
        for question in load_quiz(chapter):
            given = known.quiz.get(question.id)
            if given is not None:
                name = f"Chapter {chapter}, {question.name.lower()}"
                yield Tried(question.id, name, given.right, given.tries)


def trained(runs: Iterable[Path]) -> Iterator[Trained]:
    """What training runs have come to."""
    floors: dict[str, Floors | None] = {}
    for number, run in enumerate(runs, 1):
        look = look_at(run)
        name = nameless(run, f"run {number}")
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
            parameters=parameters(settings.model, settings.shape),
            loss=look.best.val_loss if look.best else None,
            floors=floors[key],
            points=tuple((r.step, r.val_loss) for r in look.records),
            samples=tuple(sorted(samples.items())),
        )


def models_alone(folder: Path) -> list[Path]:
    """The models that were kept without a run or a ladder, by name.

    Those that belong to one are facts already.
    """
    runs = {*find_runs(folder)}
    ladders = {*folder.rglob(LADDERS)}
    return sorted(
        model
        for model in find_models(folder)
        if runs.isdisjoint(model.parents)
        and Path(f"{model.parent}.json") not in ladders
    )


def kept(models: Iterable[Path]) -> Iterator[Trained]:
    """What models say of themselves that save_checkpoint has written.

    They know neither their text nor their steps.
    """
    for number, folder in enumerate(models, 1):
        name = nameless(folder, f"model {number}")
        try:
            described = read_description(folder)
            kind = str(described["model"])
            shape = MODELS[kind].config_class(**described["config"])
        except (OSError, SafetensorError, *UNREADABLE):
            yield Trained(name, "unknown", "unknown", None, "damaged")
            continue
        size = parameters(kind, shape)
        yield Trained(name, kind, "unknown", None, "kept", size)


def parameters(model: str, shape: ModelConfig) -> int | None:
    """How many numbers a model of this kind and shape learns, if it is ours.

    It is built without its numbers, which takes no room.
    """
    try:
        with torch.device("meta"):
            return count_parameters(MODELS[model](shape))
    except (RuntimeError, *UNREADABLE):
        return None


def floors_at_hand(look: Look) -> Floors | None:
    """What counting reaches on a run's text, if nothing is to be fetched."""
    settings: RunSettings = look.settings
    source = CORPORA.get(settings.corpus)
    if source is not None and not source.is_cached():
        return None
    return floors_of(look)[0]


def climbed(folder: Path) -> Iterator[Trained]:
    """The rungs of the ladders whose records lie in a folder."""
    for file in sorted(folder.rglob(LADDERS)):
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
            yield from rungs(record)
        except (OSError, *UNREADABLE):
            continue  # not a ladder's, or damaged: no fact


def rungs(record: dict) -> list[Trained]:
    """What a ladder's record says of its models."""
    name = record["corpus"]["name"]
    is_own = name not in CORPORA or f"--corpus {name} " not in (
        record["command"] + " "
    )
    found = record["floors"]
    floors = Floors(**{name: float(found[name]) for name in found})
    return [
        Trained(
            name="ladder",
            model=str(rung["model"]),
            text=OWN_TEXT if is_own else name,
            steps=int(record["steps"]),
            state="ended",
            parameters=rung.get("parameters"),
            loss=fmean(run["val_loss"] for run in rung["runs"]),
            floors=floors,
            samples=()
            if is_own
            else ((int(record["steps"]), str(rung["sample"])),),
        )
        for rung in record["rungs"]
    ]


def nameless(folder: Path, instead: str) -> str:
    """A model's name: its folder's own, without those above it.

    instead: what it is called where one of its words says who the learner
    is.
    """
    name = folder.resolve().name
    person = {Path.home().name, login()} - {""}
    letter = r"[^\W\d_]"
    if any(
        re.search(rf"(?<!{letter}){re.escape(who)}(?!{letter})", name, re.I)
        for who in person
    ):
        return instead
    return name


def login() -> str:
    """The name that this computer knows the learner by; empty if none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
