"""tutorgpt runs and compare: what has been trained, side by side."""

import json
import re
from pathlib import Path

import pytest

from tutorgpt.cli import main
from tutorgpt.cli.run_table import aligned
from tutorgpt.ground.locks import held
from tutorgpt.training.history import History
from tutorgpt.training.runs import DIVERGED, RunFolder

TEXT = "The cat sat on the mat, the dog sat on the log.\n" * 30
OTHER = "Das Tier saß auf der Bank, der Hund saß auf dem Ast.\n" * 30
QUICK = ["--preset", "small", "--steps", "4", "--threads", "1"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs, the last one over another text."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "cats.txt").write_text(TEXT)
    (folder / "hund.txt").write_text(OTHER)
    for name, text, model in (
        ("a", "cats", "GPT"),
        ("b b", "cats", "BigramModel"),
        ("c", "hund", "BigramModel"),
    ):
        words = ["--corpus", str(folder / f"{text}.txt"), "--model", model]
        out = ["--out", str(folder / name)]
        assert main(["train", *QUICK, *words, *out]) == 0
    return folder


def told(capsys: pytest.CaptureFixture, *command: str) -> str:
    """What a command prints that succeeds."""
    assert main(list(command)) == 0
    return capsys.readouterr().out


def best_loss(run: Path) -> float:
    """As its history has it."""
    records = json.loads((run / "history.json").read_text())["history"]
    return min(record["val_loss"] for record in records)


def test_runs_are_listed(runs: Path, capsys: pytest.CaptureFixture) -> None:
    """Model, text, steps, best loss, state: a line each."""
    heading, *lines = told(capsys, "runs", str(runs)).splitlines()

    assert heading.split() == [
        *("run", "model", "text", "steps", "best", "after", "state")
    ]
    assert len(lines) == 3
    for line, name in zip(lines, ("a", "b b", "c"), strict=True):
        assert line.startswith(str(runs / name))
        assert f"{best_loss(runs / name):.4f}" in line
        assert line.endswith("ended")
    assert "BigramModel  cats.txt" in lines[1]


def test_the_state_of_a_run_is_told(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Running, stopped, diverged, damaged, not begun."""
    import shutil

    shutil.copytree(runs / "a", tmp_path / "a")
    run = RunFolder(tmp_path / "a")

    def state() -> str:
        return told(capsys, "runs", str(tmp_path)).splitlines()[1].split()[-1]

    with held(run.path):
        assert state() == "running"
    shutil.rmtree(run.checkpoints[-1])
    (run.path / "history.json").unlink()
    assert state() == "stopped"
    run.write_history(History(), DIVERGED, 4)
    assert state() == "diverged"
    (run.path / "run.json").write_text("{")
    assert "damaged" in told(capsys, "runs", str(tmp_path))


def test_a_folder_without_runs_says_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Not an empty table."""
    assert main(["runs", str(tmp_path)]) == 2
    assert "begin one with tutorgpt train" in capsys.readouterr().err


def test_runs_over_one_text_are_compared_in_nats(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """With the floors of counting in the figure."""
    figure = tmp_path / "x.svg"
    command = ["compare", str(runs / "a"), str(runs / "b b")]
    said = told(capsys, *command, "--figure", str(figure))

    for name in ("a", "b b"):
        assert f"{best_loss(runs / name):.4f}" in said
    assert "losses in nats per token" in said
    drawn = figure.read_text()
    assert "unigram floor" in drawn
    assert str(runs / "b b") in drawn


def test_runs_over_different_texts_are_compared_in_bits_per_byte(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """ß has two bytes: its text has fewer bits in each."""
    figure = tmp_path / "x.svg"
    command = ["compare", str(runs / "b b"), str(runs / "c")]
    said = told(capsys, *command, "--figure", str(figure))
    held_out = OTHER[len(OTHER) * 9 // 10 :]
    per_byte = len(held_out) / len(held_out.encode()) / 0.6931471805599453
    row = next(x for x in said.splitlines() if x.startswith(str(runs / "c")))

    assert "losses in bits per byte" in said
    assert f"{best_loss(runs / 'c') * per_byte:.4f}" in row
    assert "floor" not in figure.read_text()


def test_a_run_that_does_not_say_its_bytes_is_refused_by_name(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """An older tutorgpt did not write them down."""
    import shutil

    shutil.copytree(runs / "c", tmp_path / "old")
    settings = json.loads((tmp_path / "old" / "run.json").read_text())
    del settings["bytes_per_token"]
    (tmp_path / "old" / "run.json").write_text(json.dumps(settings))
    command = ["compare", str(runs / "a"), str(tmp_path / "old")]

    assert main([*command, "--figure", str(tmp_path / "x.svg")]) == 2
    said = capsys.readouterr().err
    assert f"the run in '{tmp_path / 'old'}' learned from another" in said
    assert not (tmp_path / "x.svg").exists()


def test_a_figure_is_not_replaced_unless_forced(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """And one run alone is nothing to compare."""
    figure = tmp_path / "x.svg"
    figure.write_text("mine")
    command = ["compare", str(runs / "a"), str(runs / "b b")]
    command += ["--figure", str(figure)]

    assert main(command) == 2
    assert "--force" in capsys.readouterr().err
    assert figure.read_text() == "mine"
    assert main([*command, "--force"]) == 0
    assert main(["compare", str(runs / "a"), str(runs / "a")]) == 2


def test_numbers_stand_to_the_right() -> None:
    """Words to the left."""
    assert aligned([("a", "n"), ("bb", "1"), ("c", "10")]) == [
        "a    n",
        "bb   1",
        "c   10",
    ]


def test_runs_are_found_at_any_depth(
    runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """From the folder above, too."""
    said = told(capsys, "runs", str(runs.parent))

    assert len(re.findall(r"ended$", said, re.M)) >= 3
