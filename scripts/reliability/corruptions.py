"""Damaged files: each command says so, or does what it would have done."""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from scripts.reliability.holds import (
    Outcome,
    Snapshot,
    Tally,
    act,
    call,
    ending,
)
from scripts.reliability.results import essence
from scripts.reliability.scene import (
    QUICK,
    set_scene,
    surroundings,
    workplace,
)
from tutorgpt.cli import COMMANDS, doctor
from tutorgpt.desk import making
from tutorgpt.ground.whole_files import SUMS, _sums
from tutorgpt.learn.record.kept import record_exercise

COUNT = 520
DRAW = ("--tokens", "60", "--seed", "7")
RESUME = ("train", "--resume", "runs/half")


@dataclass(frozen=True)
class Task:
    """A command, where it writes, and the models it may read instead.

    any_result: it uses the damaged file as what it then is.
    """

    argv: tuple[str, ...]
    target: str = ""
    instead: tuple[tuple[str, ...], ...] = ()
    any_result: bool = False


def _reading(run: str, *steps: int) -> tuple[Task, ...]:
    """The three commands that read a run, best first, others instead."""
    others = [f"{run}/checkpoints/step_{step:08d}" for step in steps]
    text = ("--corpus", "cats.txt" if "runs" in run else "question.txt")
    return (
        Task(
            ("sample", run, *DRAW),
            instead=tuple(("sample", other, *DRAW) for other in others),
        ),
        Task(
            ("eval", run),
            instead=tuple(("eval", other, *text) for other in others),
        ),
        Task(
            ("export", run, "new.html"),
            "new.html",
            tuple(("export", other, "new.html") for other in others),
        ),
    )


def _one_model(model: str, text: str) -> tuple[Task, ...]:
    return (
        Task(("sample", model, *DRAW)),
        Task(("eval", model, "--corpus", text)),
        Task(("export", model, "new.html"), "new.html"),
    )


def _fresh(text: str) -> Task:
    argv = ("train", "--corpus", text, *QUICK, "--steps", "2")
    return Task((*argv, "--out", "runs/new"), "runs/new")


def _any(task: Task) -> Task:
    return Task(task.argv, task.target, task.instead, any_result=True)


GPT = "results/mine/ladder_cats/GPT"
LISTS = tuple(
    Task((name, *rest), any_result=True)
    for name, *rest in (
        ("runs", "runs"),
        ("compare", "runs/half", "runs/done"),
    )
    if name in COMMANDS
)
GROUPS: dict[str, tuple[str, tuple[Task, ...]]] = {
    "run": (
        "runs/half/**/*",
        (*_reading("runs/half", 5), Task(RESUME, "runs/half"), *LISTS),
    ),
    "ended run": (
        "runs/done/*.json",
        (
            *_reading("runs/done", 5, 6),
            Task(("train", "--resume", "runs/done"), "runs/done"),
            *LISTS,
        ),
    ),
    "format 1": (
        "old/**/*",
        (
            *_reading("old/run", 0),
            Task(("train", "--resume", "old/run"), "old/run"),
            *_one_model("old/GPT", "question.txt"),
        ),
    ),
    "ladder": (
        "results/mine/ladder_cats/GPT/*",
        (
            *_one_model(GPT, "cats.txt"),
            Task(("sample", *DRAW), any_result=True),
        ),
    ),
    "tokens": (
        "cats.tokens",
        (
            Task(("data", "cats.tokens")),
            _fresh("cats.tokens"),
            Task(("eval", "runs/half", "--corpus", "cats.tokens")),
            Task(("eval", GPT, "--corpus", "cats.tokens")),
        ),
    ),
    "text": (
        "cats.txt",
        (
            Task(("data", "cats.txt"), any_result=True),
            Task(
                ("data", "cats.txt", "--tokens", "new.tokens"),
                "new.tokens",
                any_result=True,
            ),
            _any(_fresh("cats.txt")),
            Task(("eval", "runs/half")),
            Task(RESUME, "runs/half"),
        ),
    ),
    "record": (
        "progress.json",
        (
            Task(("status",)),
            Task(("status", "--times")),
            Task(("check", "2.1"), any_result=True),
        ),
    ),
    "cache": (
        "cache/**/*",
        (
            Task(("data",), any_result=True),
            Task(("data", "songci")),
            Task(("data", "tinyshakespeare")),
            Task(("doctor",), any_result=True),
        ),
    ),
}
"""What is damaged, and every command that opens it."""


def empty(content: bytes, chance: random.Random) -> bytes:
    return b""


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(max(1, len(content)))]


def flip(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return b"\x01"
    place = chance.randrange(len(content))
    changed = bytearray(content)
    changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def scribble(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(max(1, len(content)))
    return content[:place] + chance.randbytes(16) + content[place + 16 :]


def zeros(content: bytes, chance: random.Random) -> bytes:
    return b"\0" * len(content)


def zero_tail(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(max(1, len(content)))
    return content[:place] + b"\0" * (len(content) - place)


def longer(content: bytes, chance: random.Random) -> bytes:
    return content + chance.randbytes(chance.randrange(1, 40))


def not_utf8(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(max(1, len(content)))
    return content[:place] + b"\xff\xfe\xe9" + content[place:]


def huge_length(content: bytes, chance: random.Random) -> bytes:
    """The length of a header, as safetensors and token files write it."""
    size = chance.choice((2**31, 2**32 - 1, 2**62)).to_bytes(8, "little")
    if content.startswith(b"TUTORGPT"):
        return content[:12] + size[:4] + content[16:]
    return size + content[8:]


STRANGERS = (None, [], {}, "x", "", -1, 0, 2**70, 1.5, True, float("nan"))


def other_json(content: bytes, chance: random.Random) -> bytes:
    """One value of a JSON file missing, or of another kind."""
    try:
        told = json.loads(content)
    except ValueError:
        return flip(content, chance)
    places = list(_places(told))
    if not places:
        return b"[]"
    holder, key = chance.choice(places)
    if chance.random() < 0.3:
        del holder[key]
    else:
        holder[key] = chance.choice(STRANGERS)
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _places(told: object):
    if isinstance(told, dict):
        pairs = list(told.items())
    elif isinstance(told, list):
        pairs = list(enumerate(told))
    else:
        return
    for key, value in pairs:
        yield told, key
        yield from _places(value)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    empty,
    cut,
    flip,
    scribble,
    zeros,
    zero_tail,
    longer,
    not_utf8,
    huge_length,
    other_json,
    other_json,
)
GONE, FOLDER = "deleted", "a folder"


@dataclass(frozen=True)
class Trial:
    """A file of the scene, and what becomes of it.

    forged: the list of checksums is made to fit, so that the damage shows
    only when the file is understood.
    """

    group: str
    file: str
    how: str
    content: bytes | None
    forged: bool

    def __str__(self) -> str:
        sums = ", checksums made to fit" if self.forged else ""
        return f"{self.file} ({self.how}{sums})"

    def apply(self, folder: Path) -> None:
        file = folder / self.file
        file.unlink()
        if self.how == FOLDER:
            file.mkdir()
        elif self.content is not None:
            file.write_bytes(self.content)
        if self.forged:
            (file.parent / SUMS).write_bytes(_sums(file.parent))


def draw_trial(scene: Path, number: int, seed: int) -> Trial:
    """The trial of this number: group by group, the rest by chance."""
    chance = random.Random(f"corruptions {seed} {number}")
    group = list(GROUPS)[number % len(GROUPS)]
    files = sorted(
        path for path in scene.glob(GROUPS[group][0]) if path.is_file()
    )
    file = chance.choice(files)
    content = file.read_bytes()
    how = chance.choice((*DAMAGES, GONE, FOLDER))
    forged = (
        (file.parent / SUMS).is_file()
        and file.name != SUMS
        and callable(how)
        and chance.random() < 0.5
    )
    name = file.relative_to(scene).as_posix()
    if isinstance(how, str):
        return Trial(group, name, how, None, False)
    changed = how(content, chance)
    if changed == content:
        changed = empty(content, chance)
    return Trial(group, name, how.__name__, changed, forged)


def run(seed: int, count: int = COUNT, only: int | None = None) -> Tally:
    """Damage as many files, one after the other, in fresh copies."""
    tally = Tally("corruptions", seed)
    with workplace() as place:
        scene = set_scene(place / "scene")
        known = Known(scene, place)
        for number in range(count) if only is None else (only,):
            trial = draw_trial(scene, number, seed)
            tally.count("files damaged", f"  of the {trial.group}")
            for task in GROUPS[trial.group][1]:
                tally.count("commands")
                outcome, complaints = try_task(trial, task, known)
                name = f"trial {number}, {trial}"
                tally.note(name, outcome, complaints)
    return tally


class Known:
    """What each task gives on the sound scene; looked up once."""

    def __init__(self, scene: Path, place: Path) -> None:
        self.scene, self.place = scene, place
        self._right: dict[tuple[str, ...], str] = {}

    def copy(self) -> Path:
        copy = self.place / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.scene, copy)
        return copy

    def right(self, argv: tuple[str, ...], target: str) -> str:
        """The result of a command on an undamaged copy."""
        if argv not in self._right:
            with surroundings(self.copy()):
                outcome = perform(argv)
                assert outcome.is_done, outcome
                self._right[argv] = essence(outcome, target)
        return self._right[argv]


def perform(argv: tuple[str, ...]) -> Outcome:
    """A command; check stands for a passed exercise in a notebook."""
    if argv[0] == "check":
        return act(argv, lambda: record_exercise(argv[1], True))
    with (
        mock.patch.object(doctor, "estimate", return_value=()),
        mock.patch.object(making, "trust"),
    ):
        return call(argv)


def try_task(
    trial: Trial, task: Task, known: Known
) -> tuple[Outcome, list[str]]:
    """Run a command on a copy with one damaged file; what does not hold."""
    right = known.right(task.argv, task.target)
    rest = [known.right(argv, task.target) for argv in task.instead]
    folder = known.copy()
    trial.apply(folder)
    before = Snapshot.of(folder)
    with surroundings(folder):
        outcome = perform(task.argv)
        found = ending(outcome)
        if outcome.is_done and not (task.any_result or trial.forged):
            found += wrong_result(trial, task, outcome, right, rest)
    after = Snapshot.of(folder)
    changes_run = "--resume" in task.argv and outcome.is_done
    if not changes_run:
        lost = before.gone(after)
        lost = [name for name in lost if not _is_replaced(name, task)]
        found += [f"{name} is lost" for name in lost[:3]]
    if not outcome.is_done:
        contents = set(before.held.values())
        new = [n for n in before.new(after) if after.held[n] not in contents]
        found += [f"refused, but it left {name}" for name in new[:3]]
    if trial.group == "text" and outcome.is_done and is_no_text(trial):
        found.append("a file full of NUL characters was used as a text")
    return outcome, found


def _is_replaced(name: str, task: Task) -> bool:
    """What a command is there to change: the record, a damaged download."""
    return (
        (name == "progress.json" and task.argv[0] == "check")
        or name.startswith("cache/")
        or name.endswith(".lock")
    )


def wrong_result(
    trial: Trial, task: Task, outcome: Outcome, right: str, rest: list[str]
) -> list[str]:
    """Another result than on the sound files, without a word about it."""
    try:
        found = essence(outcome, task.target)
    except Exception as error:
        return [f"exit code 0, but its result cannot be read: {error!r}"]
    if found == right or cannot_be_known(trial):
        return []
    is_told = outcome.err or "damaged" in outcome.out
    if is_told and (found in rest or trial.group in ("record", "text")):
        return []
    if found in rest:
        return ["another checkpoint than the best was read, without a word"]
    return ["exit code 0 with another result than on sound files"]


def cannot_be_known(trial: Trial) -> bool:
    """Damage that leaves a file somebody could have meant.

    A number changed within the record; a weight changed in a format that
    has no checksums.
    """
    if trial.content is None:
        return trial.how == GONE and trial.group == "record"
    if trial.group == "record":
        try:
            return set(json.loads(trial.content)) >= {"format", "exercises"}
        except (ValueError, TypeError):
            return False
    return trial.file == "old/GPT/weights.safetensors"


def is_no_text(trial: Trial) -> bool:
    return trial.content is not None and trial.content.count(b"\0") > 16
