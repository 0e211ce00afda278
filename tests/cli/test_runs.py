"""tutorgpt runs and compare: what has been trained, side by side."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from figure_tools import heading

from tutorgpt.cli import main
from tutorgpt.ground.locks import held
from tutorgpt.training.history import History
from tutorgpt.training.looks import aligned
from tutorgpt.training.runs import DIVERGED, RunFolder, RunSettings
from tutorgpt.view.compare import compare_runs, in_legend

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
        *("run", "model", "text", "tokens", "steps", "best", "after", "state")
    ]
    assert len(lines) == 3
    for line, name in zip(lines, ("a", "b b", "c"), strict=True):
        assert line.startswith(str(runs / name))
        assert f"{best_loss(runs / name):.4f}" in line
        assert line.endswith("ended")
    assert "BigramModel  cats.txt  characters" in lines[1]


def test_losses_of_different_tokens_are_not_compared(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Each line says its tokens, and a sentence what follows from them."""
    for name in ("a", "b b"):
        shutil.copytree(runs / name, tmp_path / name)
    assert "tutorgpt compare" not in told(capsys, "runs", str(tmp_path))
    file = tmp_path / "a" / "run.json"
    settings = json.loads(file.read_text())
    file.write_text(json.dumps(settings | {"tokenizer": "bytes"}))
    out = told(capsys, "runs", str(tmp_path))

    assert "cats.txt  bytes " in out
    assert "tutorgpt compare gives them per byte" in out


def test_the_state_of_a_run_is_told(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Running, stopped, diverged, damaged, not begun."""
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


def test_a_run_trained_further_and_killed_at_once_is_not_ended(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """The end that its history tells of is the one before."""
    shutil.copytree(runs / "a", tmp_path / "a")
    settings = RunSettings.read(tmp_path / "a")
    assert settings.training.max_steps == 4
    further = replace(settings.training, max_steps=900)
    replace(settings, training=further, stretches=((0, 4), (4, 900))).write(
        tmp_path / "a"
    )

    line = told(capsys, "runs", str(tmp_path)).splitlines()[1]

    assert "4/900" in line
    assert line.endswith("stopped")


def test_a_run_without_its_settings_is_not_sent_in_a_circle(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """--out would answer that there is a run already."""
    shutil.copytree(runs / "a", tmp_path / "a")
    (tmp_path / "a" / "run.json").unlink()

    assert "has no run.json" in told(capsys, "runs", str(tmp_path))
    assert main(["train", "--resume", str(tmp_path / "a")]) == 2
    complaint = capsys.readouterr().err
    assert "has no run.json" in complaint
    assert "begin one" not in complaint


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


def test_runs_of_bytes_are_compared(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """With others by the byte, with each other beside what counting does."""
    mine, twin = tmp_path / "bytes", tmp_path / "twin"
    words = ["--corpus", str(runs / "cats.txt"), "--tokenizer", "bytes"]
    assert main(["train", *QUICK, *words, "--out", str(mine)]) == 0
    shutil.copytree(mine, twin)
    figure = tmp_path / "x.svg"
    drawn = ["--figure", str(figure), "--force"]
    with_characters = told(
        capsys, "compare", str(mine), str(runs / "a"), *drawn
    )
    with_bytes = told(capsys, "compare", str(mine), str(twin), *drawn)

    assert "losses in bits per byte" in with_characters
    assert "no floors: the tokenizers differ" in with_characters
    assert "losses in nats per token" in with_bytes
    assert "no floors" not in with_bytes
    assert "unigram floor" in figure.read_text()


def test_a_run_that_does_not_say_its_bytes_is_refused_by_name(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """An older tutorgpt did not write them down."""
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


@pytest.mark.parametrize(
    ("name", "words"), [("_old", "./_old"), (r"a$\b$", r"a\$\b\$"), ("a", "a")]
)
def test_every_name_stands_in_the_legend(name: str, words: str) -> None:
    """Matplotlib leaves out _old, and reads a$b$ as a formula."""
    assert in_legend(Path(name)) == words


def test_numbers_stand_to_the_right() -> None:
    """Words to the left."""
    assert aligned([("a", "n"), ("bb", "1"), ("c", "10")]) == [
        "a    n",
        "bb   1",
        "c   10",
    ]


def test_files_of_another_program_are_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Others call their checkpoints step_… too."""
    (tmp_path / "x/checkpoints").mkdir(parents=True)
    (tmp_path / "x/checkpoints/step_100.pt").touch()

    assert main(["runs", str(tmp_path)]) == 2
    assert "there is no run in" in capsys.readouterr().err


def test_runs_are_found_at_any_depth(
    runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """From the folder above, too."""
    said = told(capsys, "runs", str(runs.parent))

    assert len(re.findall(r"ended$", said, re.M)) >= 3


def test_another_programs_run_json_is_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Many programs have a file of that name."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "run.json").write_text('{"id": 3}')

    assert main(["runs", str(tmp_path)]) == 2
    assert "there is no run" in capsys.readouterr().err


def test_one_run_by_two_names_is_one_run(
    runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """Nothing to compare."""
    twice = [str(runs / "a"), str(runs / "b b" / ".." / "a")]

    assert main(["compare", *twice]) == 2
    assert "one run is nothing to compare" in capsys.readouterr().err


def test_a_figure_is_an_svg(runs: Path, capsys: pytest.CaptureFixture) -> None:
    """A name with another ending would lie."""
    command = ["compare", str(runs / "a"), str(runs / "b b")]

    assert main([*command, "--figure", "x.png"]) == 2
    assert "such as x.svg" in capsys.readouterr().err


def test_a_notebook_compares_as_the_command_does(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """The same table, with the sign of what was measured, and curves."""
    folders = [str(runs / "a"), str(runs / "b b")]
    figure = ["--figure", str(tmp_path / "x.svg")]
    by_command = told(capsys, "compare", *folders, *figure)
    drawn = compare_runs(*folders, title="Both have four steps")
    table = capsys.readouterr().out

    assert f"≈ {best_loss(runs / 'a'):.4f}" in table
    said = by_command.partition("written: ")[0].split()
    assert table.replace("≈ ", "").split() == said
    (axes,) = drawn.axes
    assert heading(drawn) == "Both have four steps"
    assert [line.get_label() for line in axes.lines[:2]] == folders


def test_one_run_is_nothing_to_compare_in_a_notebook_either(
    runs: Path,
) -> None:
    """The same sentence."""
    with pytest.raises(ValueError, match="one run is nothing to compare"):
        compare_runs(runs / "a", f"{runs}/a")


@pytest.mark.parametrize("stands_in", [".", "my-tutorgpt", "my-tutorgpt/runs"])
def test_what_a_chapter_trained_is_found(
    stands_in: str,
    runs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """From the folder above the desk, in it, and in one below it; once."""
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(tmp_path / "p.json"))
    desk = tmp_path / "my-tutorgpt"
    told(capsys, "lab", str(desk), "--no-start")
    shutil.copytree(runs / "a", desk / "runs" / "gpt")
    monkeypatch.chdir(tmp_path / stands_in)

    assert told(capsys, "runs").count("GPT") == 1
    told(capsys, "status", "--report", "built.html")
    assert "1 trained models found" in Path("built.html").read_text("utf-8")


def test_where_nothing_was_trained_the_places_are_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """In one sentence."""
    monkeypatch.chdir(tmp_path)

    assert main(["runs"]) == 2
    said = "there is no run in runs and results/mine, here and in your desk: "
    assert said in capsys.readouterr().err
