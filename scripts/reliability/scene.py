"""A reader's small folder, on which every trial begins.

cats.txt, cats.tokens          a text, and its token file
runs/done, runs/half           a run that has ended, and one that has not
results/mine/ladder_cats/      six small models
old/GPT, old/run               what version 0.1.0 has written
page.html, cards.txt           pages that a command has written
progress.json, cache/          the record, and fetched texts
mirror/                        a few poems, as songci is laid out
"""

import argparse
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import torch

from scripts.reliability.holds import call
from tutorgpt.cli import build_parser, ladder
from tutorgpt.config import PRESETS, Preset
from tutorgpt.learn.record.kept import record_exercise, record_quiz
from tutorgpt.text import download
from tutorgpt.training.runs import RunFolder

TEXT = "the cat sat on the mat; the dog sat on the log.\n" * 16
TINY = Preset(
    name="tiny",
    block_size=8,
    n_embed=8,
    n_head=2,
    n_layer=2,
    dropout=0.1,
    batch_size=4,
    learning_rate=1e-2,
    max_steps=6,
)
STILL = replace(TINY, name="still", dropout=0.0)
FORMAT_1 = Path(__file__).resolve().parents[2] / "tests/training/format_1"
QUICK = ("--preset", "tiny", "--threads", "1", "--device", "cpu")
TRAIN = ("train", "--corpus", "cats.txt", *QUICK, "--eval-interval", "2")
TOO_FAST = ("--learning-rate", "0.3")
"""So that the best checkpoint is not the newest one."""
LADDER = ("ladder", "--corpus", "cats.txt", "--preset", "tiny", "--steps", "2")
PASSED = ("1.1", "1.2", "3.1")


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for a while; in memory where that can be had.

    Every command waits until its files are on disk, thousands of times.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tutorgpt-", dir=memory) as place:
        yield Path(place)


@contextmanager
def surroundings(folder: Path, mirror: str | None = None) -> Iterator[None]:
    """Stand in the folder, with its own cache, record and tiny presets.

    mirror: where the real texts are; None: the few poems in the folder.
    """
    own = {
        "HOME": str(folder / "home"),
        "TUTORGPT_CACHE": str(folder / "cache"),
        "TUTORGPT_PROGRESS_FILE": str(folder / "progress.json"),
        "TUTORGPT_PROGRESS": "0",
        "TUTORGPT_DATA_MIRROR": mirror or str(folder / "mirror"),
    }
    sums = download.REGISTRY if mirror else _sums()
    presets = {"tiny": TINY, "still": STILL}
    before, threads = Path.cwd(), torch.get_num_threads()
    with (
        mock.patch.dict(os.environ, own),
        mock.patch.dict(PRESETS, presets),
        mock.patch.dict(ladder.PRESETS, presets),
        mock.patch.object(download, "REGISTRY", sums),
    ):
        torch.set_num_threads(1)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
            torch.set_num_threads(threads)


def set_scene(folder: Path) -> Path:
    """Make all that a reader may have; every command on the way succeeds."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in _poems().items():
        file = folder / "mirror" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    shutil.copytree(FORMAT_1, folder / "old", dirs_exist_ok=True)
    shutil.copy(folder / "old/question.txt", folder)
    (folder / "cats.txt").write_text(TEXT, encoding="utf-8")
    with surroundings(folder):
        done = ("--out", "runs/done", "--checkpoint-interval", "1", *TOO_FAST)
        for argv in (
            ("data", "cats.txt", "--tokens", "cats.tokens"),
            (*TRAIN, *done),
            LADDER,
            ("export", "runs/done", "page.html"),
            ("cards", "cards.txt"),
            ("data", "songci"),
            ("data", "tinyshakespeare"),
        ):
            outcome = call(argv)
            assert outcome.is_done, outcome
        assert len(RunFolder(Path("runs/done")).checkpoints) == 3
        name_text(Path("runs/done"), "cats.txt")
        leave_half(folder / "runs/done", folder / "runs/half")
        for number in PASSED:
            record_exercise(number, True)
        record_exercise("1.3", False)
        record_quiz("bigram/1", "a", True)
    return folder


def parser_of(command: str) -> argparse.ArgumentParser:
    """What a command takes, as its parser describes it."""
    for action in build_parser(command)._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices[command]
    raise LookupError(command)


def overwriting(*argv: str) -> tuple[str, ...]:
    """With --force, where the command has such an option."""
    known = parser_of(argv[0])._option_string_actions
    return (*argv, "--force") if "--force" in known else argv


def leave_half(done: Path, half: Path) -> None:
    """A run as it is when it is stopped before its last step."""
    shutil.copytree(done, half)
    shutil.rmtree(RunFolder(half).checkpoints[-1])
    (half / "history.json").unlink()


def name_text(run: Path, name: str) -> None:
    """Let a run find its text in whatever folder one stands."""
    settings = json.loads((run / "run.json").read_text("utf-8"))
    settings["corpus"] = name
    (run / "run.json").write_text(json.dumps(settings, indent=1))


def _poems() -> dict[str, bytes]:
    def poems(*names: str) -> bytes:
        lines = ["一二三四五，六七八九。", "春江花月夜。"] * 3
        return json.dumps(
            [
                {"rhythmic": name, "author": "某", "paragraphs": lines}
                for name in names
            ]
        ).encode()

    room = "chinese-poetry/宋词"
    return {
        f"{room}/ci.song.0.json": poems("甲", "乙"),
        f"{room}/ci.song.1000.json": poems("丙"),
        f"{room}/ci.song.2019y.json": poems("丁"),
        "chinese-poetry/五代诗词/nantang/poetrys.json": poems("戊"),
        "tinyshakespeare/input.txt": b"To be, or not to be.\n" * 60,
    }


def _sums() -> dict[str, str]:
    return {
        path: hashlib.sha256(content).hexdigest()
        for path, content in _poems().items()
    }
