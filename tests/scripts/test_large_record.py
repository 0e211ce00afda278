"""The record of LARGE and SMALL: stopped, gone on with, and measured."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.records import large
from tutorgpt.config import SMALL, TrainConfig
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.recipes import rare
from tutorgpt.view import read_record

VERSES = "浣溪沙 苏轼\n春风不度，人在西楼。\n\n" * 60
CORPUS = Corpus.from_text("verses", VERSES)


def arguments(monkeypatch: pytest.MonkeyPatch, *words: str):
    """What the script reads of its command line."""
    monkeypatch.setattr(sys, "argv", ["large.py", *words])
    return large.parse()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """SMALL's arguments, for four narrow steps in a folder of their own."""
    preset = replace(SMALL, n_embed=8, n_head=2, n_layer=1)
    monkeypatch.setattr(large, "RUNS", {"small": (preset, 4, 2, rare)})
    monkeypatch.setattr(large, "ROOT", tmp_path)
    monkeypatch.setattr(large, "TEXTS", 2)
    monkeypatch.setattr(large, "TOKENS", 20)
    monkeypatch.setattr(large, "load_corpus", lambda name: CORPUS)
    words = ("--preset", "small", "--precision", "fp32")
    return arguments(monkeypatch, *words)


def test_the_long_run_goes_on_as_it_was_begun(monkeypatch):
    """The settings without options are those of the recorded runs."""
    ours = large.settings(arguments(monkeypatch, "--precision", "fp32"))
    recorded = next(
        TrainConfig(**run["training"])
        for run in read_record("large_songci")["runs"]
        if run["seed"] == 1337
    )

    assert ours == replace(recorded, precision="fp32", fast_dropout=True)


def test_a_row_holds_five_moments_and_what_is_copied(tiny):
    """Of a run that has ended."""
    row = large.study(tiny)

    assert [loss["step"] for loss in row["losses"]] == [0, 2, 4]
    assert list(row["poems"]) == ["0", "2", "4"]  # few steps share moments
    assert row["originality"]["characters"] == 40
    assert list(row["originality"]["shares"]) == [4, 8, 16]


def test_a_stopped_run_leaves_what_it_has_measured(
    tiny, monkeypatch, tmp_path
):
    """And goes on to the end that it would have had."""
    whole = large.study(tiny)
    write = large.Poems.__call__

    def stop(poems) -> None:
        write(poems)
        if poems.state.step == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(large, "ROOT", tmp_path / "again")
    with monkeypatch.context() as now:
        now.setattr(large.Poems, "__call__", stop)
        part = large.study(tiny)
    rest = large.study(tiny)

    assert [loss["step"] for loss in part["losses"]] == [0, 2]
    assert [loss["held_out"] for loss in rest["losses"]] == (
        [loss["held_out"] for loss in whole["losses"]]
    )
    assert rest["poems"] == whole["poems"]


def test_only_poems_of_the_end_are_measured_together():
    """A run that was stopped has none; the prompt is not the model's."""

    def run(step, text):
        return {
            "model": "GPT",
            "training": {"max_steps": 9},
            "poems": {"0": large.PROMPT, step: large.PROMPT + text},
        }

    ended, stopped = run("9", VERSES[:30]), run("5", VERSES[:40])
    (found,) = large.last_poems([ended, stopped, ended], CORPUS).values()

    assert found["texts"] == 2
    assert found["characters"] == 60
    assert found["shares"][16]["model"] == 1.0


def test_small_repeats_what_its_recipe_is_known_for():
    """With the seeds of results/quality_songci.json."""
    quality = read_record("quality_songci")["runs"]["rare recipe"]
    known = {run["seed"]: run["val_loss"] for run in quality}
    runs = read_record("small_songci")["runs"]

    assert runs
    for run in runs:
        assert run["last"] == pytest.approx(known[run["seed"]], abs=0.01)
        assert len(run["poems"]) == 5
        assert run["originality"]["characters"] == 5000


@pytest.mark.parametrize("preset", large.RUNS)
def test_no_model_copies_more_than_is_usual(preset: str):
    """As the page of records says; twice a poem is there for held-out text."""
    record = read_record(f"{preset}_songci")
    measured = list(record["last_poems"].values())
    measured += [
        run["originality"] for run in record["runs"] if "originality" in run
    ]
    for found in measured:
        for beside in (found["longest"], *found["shares"].values()):
            assert beside["model"] <= max(beside["held_out"])
        assert max(found["longest"]["held_out"]) > 50


def test_the_processor_ends_where_the_gpu_does():
    """Within what seeds make; the chapter prints both."""
    runs = [
        r for r in read_record("large_songci")["runs"] if r["model"] == "GPT"
    ]
    cpu = [run for run in runs if run["device"] == "cpu"]
    ends = [run["last"] for run in runs if run["device"] == "cuda"]

    assert [run["losses"][-1]["step"] for run in cpu] == [2000]
    assert cpu[0]["last"] == pytest.approx(sum(ends) / len(ends), abs=0.03)
    assert cpu[0]["training"]["precision"] == "fp32"
