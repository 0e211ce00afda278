"""Processes killed at random: nothing is lost, and all goes on."""

import faulthandler
import multiprocessing
import os
import random
import shutil
import signal
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest import mock

from tqdm import tqdm
from tqdm.auto import tqdm as chosen_bar

from scripts.reliability.holds import (
    MOST_SECONDS,
    Outcome,
    Tally,
    call,
    ending,
)
from scripts.reliability.results import essence, halves
from scripts.reliability.scene import (
    LADDER,
    TRAIN,
    overwriting,
    set_scene,
    surroundings,
    workplace,
)
from tutorgpt.cli import main
from tutorgpt.learn.record.kept import record_exercise, summary
from tutorgpt.text import download

ROOT = Path(__file__).resolve().parents[2]
COUNT = 130
AT_ONCE = 100
"""Exercises that the record's process passes if nobody kills it."""


def victim(
    argv: tuple[str, ...], folder: Path, mirror: str | None, tell: Connection
) -> None:
    """Run a command in this process, which somebody is about to kill."""
    # Processes forked off one server would share tqdm's lock, and one that
    # is killed inside never gives it back.
    for bar in (tqdm, chosen_bar):  # each may have a lock of its own
        bar.set_lock(threading.RLock())
    with (
        surroundings(folder, mirror),
        (folder.parent / "said").open("w") as said,
        redirect_stdout(said),
        redirect_stderr(said),
    ):
        # Whatever hangs says where, before it is ended.
        faulthandler.dump_traceback_later(MOST_SECONDS * 0.9, file=said)
        tell.send("ready")
        if argv[0] == "check":
            pass_exercises(tell)
        code = main(argv) if argv[0] != "check" else 0
    os._exit(code)


def pass_exercises(tell: Connection) -> None:
    """One after the other; each is told of when it has been kept."""
    for number in range(AT_ONCE):
        record_exercise(f"9.{number}", True)
        tell.send(number)


def server() -> ForkServerContext:
    """Forks processes off one that has everything imported already.

    Python 3.11 looks for the preloaded modules on PYTHONPATH only.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scripts.reliability.warm"])
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    path = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    with mock.patch.dict(os.environ, path):
        first = context.Process()
        first.start()
        first.join()
    return context


@dataclass(frozen=True)
class Case:
    """A command to be killed, and what must be right afterwards.

    without: what is not there when it begins.
    is_real: with the real songci, where a mirror has it.
    """

    name: str
    argv: tuple[str, ...]
    target: str
    without: tuple[str, ...] = ()
    is_real: bool = False


def _train(preset: str, recipe: str, optimizer: str) -> Case:
    # A word given later wins: the preset is drawn over that of TRAIN.
    argv = (*TRAIN, "--preset", preset, "--recipe", recipe)
    argv += ("--optimizer", optimizer, "--steps", "10")
    argv += ("--checkpoint-interval", "1", "--out", "runs/new")
    dropout = "dropout" if preset == "tiny" else "no dropout"
    return Case(f"train, {recipe}, {optimizer}, {dropout}", argv, "runs/new")


MINE = "results/mine"
CASES = (
    *(
        _train(preset, recipe, optimizer)
        for preset in ("tiny", "still")
        for recipe in ("plain", "good", "rare")
        for optimizer in ("adamw", "muon")
    ),
    Case("ladder", LADDER, MINE, (MINE,)),
    Case("ladder, again", overwriting(*LADDER), MINE),
    Case("data songci", ("data", "songci"), "", ("cache",), is_real=True),
    Case(
        "data --from",
        ("data", "songci", "--from", "mirror"),
        "",
        ("cache",),
    ),
    Case(
        "data --tokens",
        ("data", "long.txt", "--tokens", "new.tokens"),
        "new.tokens",
    ),
    Case("export", ("export", "runs/done", "new.html"), "new.html"),
    Case(
        "export --to transformers",
        ("export", "runs/done", "new", "--to", "transformers"),
        "new",
    ),
    Case(
        "export, over a page",
        overwriting("export", f"{MINE}/ladder_cats/GPT", "page.html"),
        "page.html",
    ),
    Case("cards", ("cards", "new.txt"), "new.txt"),
    Case("the record", ("check",), "progress.json"),
)


@dataclass
class Hunt:
    """One folder in which a case is begun, killed, and brought to its end."""

    case: Case
    folder: Path
    mirror: str | None
    right: str
    seconds: float
    passed: set[int] = field(default_factory=set)


class Killer:
    """Starts processes and kills them after a time drawn by chance."""

    def __init__(self, place: Path, tally: Tally) -> None:
        self.context, self.tally = server(), tally
        self.place = place
        self.scene = set_scene(place / "scene")
        text = (self.scene / "cats.txt").read_text("utf-8")
        (self.scene / "long.txt").write_text(text * 2000, encoding="utf-8")
        self._known: dict[str, tuple[str, float]] = {}

    def start(self, case: Case) -> Hunt:
        """A fresh folder; how the case ends is looked up once."""
        right, seconds = self._known.get(case.name, ("", 0.0))
        hunt = Hunt(case, self.place / "hunt/at", None, right, seconds)
        shutil.rmtree(hunt.folder.parent, ignore_errors=True)
        shutil.copytree(self.scene, hunt.folder)
        for name in case.without:
            shutil.rmtree(hunt.folder / name)
        real = os.environ.get("TUTORGPT_DATA_MIRROR")
        hunt.mirror = real if case.is_real else None
        if not right:
            code = self.once(hunt, None)
            said = (hunt.folder.parent / "said").read_text("utf-8")
            assert code == 0, f"{case.argv}: {code} {said}"
            hunt.right = self.outcome_of(hunt)
            self._known[case.name] = hunt.right, hunt.seconds
            return self.start(case)
        return hunt

    def once(self, hunt: Hunt, wait: float | None) -> int:
        """Start the command, or let a run go on; kill it, or let it end."""
        ours, theirs = self.context.Pipe()
        argv = next_call(hunt)
        process = self.context.Process(
            target=victim, args=(argv, hunt.folder, hunt.mirror, theirs)
        )
        process.start()
        theirs.close()
        ours.recv()
        begun = time.perf_counter()
        process.join(MOST_SECONDS if wait is None else wait)
        if process.exitcode is None:
            process.kill()
            process.join()
        if wait is None and not hunt.seconds:
            hunt.seconds = time.perf_counter() - begun
        try:
            while ours.poll():
                hunt.passed.add(ours.recv())
        except EOFError:
            pass
        return process.exitcode or 0

    def outcome_of(self, hunt: Hunt) -> str:
        """What a case has come to, after its end."""
        if hunt.case.argv[0] == "check":
            return "all are kept"
        with surroundings(hunt.folder, hunt.mirror):
            outcome = Outcome(hunt.case.argv, 0, "", "")
            if hunt.case.argv[1:2] == ("songci",):
                outcome = call(("data", "songci"))
            return essence(outcome, hunt.case.target)

    def kill_until_done(self, number: int, case: Case, times: int) -> None:
        """Kill a case so many times, look after each, and let it end."""
        chance = random.Random(f"kills {self.tally.seed} {number}")
        hunt = self.start(case)
        name = f"hunt {number}, {case.name}"
        code = -signal.SIGKILL
        goes_on = 0.5 if case.argv[0] == "train" else 0.8
        for _ in range(times):
            wait = chance.random() * hunt.seconds * goes_on
            code = self.once(hunt, wait)
            if code != -signal.SIGKILL:
                break  # it was done before we were
            self.tally.count("processes killed", f"  {case.name}")
            self.tally.note(name, " ".join(case.argv), self.standing(hunt))
        if code != 0:
            code = self.once(hunt, None)
        self.tally.count("cases brought to their end")
        found = self.standing(hunt)
        if code:
            said = (hunt.folder.parent / "said").read_text("utf-8").strip()
            found.append(f"it does not go on: exit code {code}, {said!r}")
        elif self.outcome_of(hunt) != hunt.right:
            found.append("it ended otherwise than without being killed")
        self.tally.note(f"{name}, at its end", " ".join(case.argv), found)

    def standing(self, hunt: Hunt) -> list[str]:
        """What does not hold right now, between a kill and the next call."""
        case, folder = hunt.case, hunt.folder
        found = [f"half of {name}" for name in halves(folder / "runs")]
        found += [f"half of {name}" for name in halves(folder / MINE)]
        with surroundings(folder, hunt.mirror):
            if case.argv[:2] == ("data", "songci"):
                found += wrong_in_cache()
            if case.argv[0] == "check":
                found += forgotten(hunt.passed)
            file = folder / case.target
            if file.is_file():
                found += halves_of(file)
            if list((folder / "runs/new").glob("checkpoints/step_*")):
                reads = call(("sample", "runs/new", "--tokens", "5"))
                found += ending(reads)
                if not reads.is_done:
                    found.append(f"sample cannot read it: {reads.err}")
        return found


def halves_of(file: Path) -> list[str]:
    """Of one file, whether it is there in half."""
    return [name for name in halves(file.parent) if name == file.name]


def next_call(hunt: Hunt) -> tuple[str, ...]:
    """The command; a run that has a checkpoint goes on with --resume.

    A file or an exported folder that was whole already when its process was
    killed is written over.
    """
    argv, target = hunt.case.argv, hunt.case.target
    place = hunt.folder / target
    if argv[0] == "train" and list(place.glob("checkpoints/step_*")):
        return ("train", "--resume", target)
    is_there = place.is_dir() if "transformers" in argv else place.is_file()
    if argv[0] in ("data", "export", "cards") and is_there:
        return overwriting(*(word for word in argv if word != "--force"))
    return argv


def wrong_in_cache() -> list[str]:
    """Files of the cache, under their final names, with other contents."""
    return [
        f"{path} in the cache is not the file that it should be"
        for path in download.REGISTRY
        if (download.cache_folder() / path).exists()
        and not download._is_right(path)
    ]


def forgotten(passed: set[int]) -> list[str]:
    """Exercises that had passed, and that the record does not know of."""
    known = summary().exercises
    return [
        f"exercise 9.{number} had passed, and is lost"
        for number in passed
        if f"9.{number}" not in known or not known[f"9.{number}"].passed
    ]


def run(seed: int, count: int = COUNT, only: int | None = None) -> Tally:
    """Kill as many processes, of all cases in turn."""
    tally = Tally("kills", seed)
    with workplace() as place:
        killer = Killer(place, tally)
        cases = random.Random(f"kills {seed}").sample(CASES, len(CASES))
        times = max(1, count // len(CASES))
        number = 0 if only is None else only
        while tally.counts.get("processes killed", 0) < count:
            case = cases[number % len(cases)]
            killer.kill_until_done(number, case, times)
            number += 1
            if only is not None:
                break
    return tally
