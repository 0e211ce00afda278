"""tutorgpt train, eval and sample on a run: begun, continued, refused."""

import json
from pathlib import Path

import pytest

from tutorgpt.cli import main
from tutorgpt.tokens import BytePairTokenizer
from tutorgpt.training.runs import RunFolder, RunSettings

TEXT = "The cat sat on the mat, the dog sat on the log.\n" * 30
QUICK = ["--preset", "small", "--steps", "4", "--threads", "1"]


@pytest.fixture
def text(tmp_path: Path) -> str:
    (tmp_path / "cats.txt").write_text(TEXT)
    return str(tmp_path / "cats.txt")


@pytest.fixture
def run(tmp_path: Path, text: str, capsys: pytest.CaptureFixture) -> Path:
    """The folder of a short run that has ended."""
    folder = tmp_path / "run"
    command = ["train", *QUICK, "--corpus", text, "--out", str(folder)]
    assert main(command) == 0
    capsys.readouterr()
    return folder


def refusal(capsys: pytest.CaptureFixture, *command: str) -> str:
    """What the command says when it cannot be obeyed."""
    assert main(list(command)) == 2
    said = capsys.readouterr()

    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_a_run_leaves_settings_checkpoints_and_history(run: Path) -> None:
    """All that continues, samples or plots it."""
    history = json.loads((run / "history.json").read_text())["history"]

    assert (run / "run.json").is_file()
    assert [folder.name for folder in RunFolder(run).checkpoints][-1] == (
        "step_00000004"
    )
    assert [record["step"] for record in history] == [1, 2, 3, 4]


def test_a_run_that_torchrun_starts_again_goes_on(
    run: Path, text: str, capsys: pytest.CaptureFixture, monkeypatch
) -> None:
    """After a failure the same command finds its own folder, and resumes."""
    command = ["train", *QUICK, "--corpus", text, "--out", str(run)]
    said = refusal(capsys, *command)
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "1")

    assert "already" in said
    assert main(command) == 0


def test_a_run_says_what_it_does_and_what_it_reached(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture
) -> None:
    """Text, model, budget; then losses in both units, speed and what next."""
    out = str(tmp_path / "x")
    assert main(["train", *QUICK, "--corpus", text, "--out", out]) == 0
    said = capsys.readouterr().out

    for word in ("1,440 characters", "GPT, 3 layers", "4 steps of 32 x 8"):
        assert word in said
    for word in ("nats", "bits", "characters a second", "tutorgpt sample"):
        assert word in said


def test_eval_measures_the_best_checkpoint(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """The number is that of the history's best record."""
    history = json.loads((run / "history.json").read_text())["history"]
    best = min(record["val_loss"] for record in history)
    assert main(["eval", str(run)]) == 0

    assert f"{best:.4f} nats" in capsys.readouterr().out


def test_sample_reads_a_run(run: Path, capsys: pytest.CaptureFixture) -> None:
    """As it reads any model's folder."""
    command = ["sample", str(run), "--prompt", "The cat", "--tokens", "9"]
    assert main(command) == 0

    assert capsys.readouterr().out.startswith("The cat")


def test_continuing_a_finished_run_changes_nothing(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """It says the same losses again."""
    before = (run / "checkpoints/step_00000004/model.safetensors").read_bytes()
    assert main(["train", "--resume", str(run)]) == 0
    after = (run / "checkpoints/step_00000004/model.safetensors").read_bytes()

    assert before == after
    assert "after 4 steps" in capsys.readouterr().out


def test_a_run_in_the_way_is_refused(
    run: Path, text: str, capsys: pytest.CaptureFixture
) -> None:
    """Nothing is overwritten; the sentence says how to continue."""
    said = refusal(capsys, "train", "--corpus", text, "--out", str(run))

    assert f"train --resume {run}" in said


def test_a_folder_without_a_run_cannot_be_continued(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """The sentence says how to begin one."""
    said = refusal(capsys, "train", "--resume", str(tmp_path))

    assert f"train --out {tmp_path}" in said


def test_another_text_is_noticed(
    run: Path, text: str, capsys: pytest.CaptureFixture
) -> None:
    """A run goes on with the text it began with, to the character."""
    Path(text).write_text(TEXT.replace("cat", "act"))
    said = refusal(capsys, "train", "--resume", str(run))

    assert "is not the one that the run" in said


def test_damaged_settings_are_refused(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """run.json is named."""
    (run / "run.json").write_text('{"format": 1}')

    assert "run.json" in refusal(capsys, "train", "--resume", str(run))


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("device", 2**70),
        ("corpus", None),
        ("log_dir", ["a"]),
        ("sharded", "yes"),
        ("stretches", [[1]]),
        ("bytes_per_token", "1"),
        ("filgerprint", "x"),
    ],
)
def test_settings_of_a_wrong_kind_are_refused_by_name(
    entry: str, value: object, run: Path, capsys: pytest.CaptureFixture
) -> None:
    """Whatever opens the run; nothing reaches torch."""
    settings = json.loads((run / "run.json").read_text())
    settings[entry] = value
    (run / "run.json").write_text(json.dumps(settings))
    for command in (["train", "--resume"], ["eval"]):
        said = refusal(capsys, *command, str(run))
        assert "run.json' cannot be used" in said
        assert entry in said or entry == "stretches"
    assert main(["runs", str(run)]) == 0
    assert "damaged" in capsys.readouterr().out


def test_newer_settings_are_refused(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """What a later tutorgpt wrote is named as such."""
    (run / "run.json").write_text('{"format": 7}')

    assert "update tutorgpt" in refusal(capsys, "train", "--resume", str(run))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "GTP"], "no model 'GTP'"),
        (["--device", "abacus"], "device 'abacus'"),
        (["--steps", "0"], "0 is out of range"),
        (["--shard"], "torchrun"),
        (["--batch-size", "6", "--accumulation", "4"], "batch_size 6"),
        (["--resume", "x"], "--out"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_cannot_work_is_refused(
    words: list[str],
    message: str,
    tmp_path: Path,
    text: str,
    capsys: pytest.CaptureFixture,
) -> None:
    """One sentence on the error stream, exit code 2."""
    command = ["train", "--corpus", text, "--out", str(tmp_path / "x")]
    assert main([*command, *words]) == 2

    assert message in capsys.readouterr().err


def test_a_file_in_the_place_of_the_folder_is_refused(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture
) -> None:
    """Before anything is trained."""
    (tmp_path / "x").write_text("")
    out = str(tmp_path / "x" / "run")

    assert "x' is a file" in refusal(
        capsys, "train", "--corpus", text, "--out", out
    )


def test_a_token_file_is_made_and_trained_on(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture
) -> None:
    """The same losses as from the text itself."""
    tokens, losses = str(tmp_path / "cats.tokens"), []
    assert main(["data", text, "--tokens", tokens]) == 0
    for number, corpus in enumerate((text, tokens)):
        out = tmp_path / str(number)
        command = ["train", *QUICK, "--corpus", corpus, "--out", str(out)]
        assert main(command) == 0
        history = json.loads((out / "history.json").read_text())["history"]
        losses.append([record["val_loss"] for record in history])

    assert losses[0] == losses[1]
    assert "vocabulary" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [["songci", "--tokens", "x.tokens"], ["text.txt", "--tokens", "x.bin"]],
    ids=["a name", "no suffix"],
)
def test_a_token_file_that_makes_no_sense_is_refused(
    words: list[str], capsys: pytest.CaptureFixture
) -> None:
    """One sentence with what to give instead."""
    assert "--tokens" in refusal(capsys, "data", *words)


@pytest.mark.parametrize("name", ["bytes", "pairs:270"])
def test_a_run_may_read_bytes_or_pairs(
    tmp_path: Path, text: str, name: str, capsys: pytest.CaptureFixture
) -> None:
    """Trained, trained further, measured per byte, and written with."""
    out = ["--out", str(tmp_path / "run")]
    named = ["--tokenizer", name, "--samples", "春"]
    assert main(["train", *QUICK, "--corpus", text, *named, *out]) == 0
    began = capsys.readouterr().out
    assert main(["train", "--resume", out[1], "--steps", "6"]) == 0
    capsys.readouterr()
    assert main(["eval", out[1]]) == 0
    measured = capsys.readouterr().out
    assert main(["sample", out[1], "--prompt", "雷", "--seed", "1"]) == 0
    written = capsys.readouterr().out

    unit = {"bytes": "byte", "pairs:270": "token"}[name]
    assert f"per {unit} after 4 steps" in began
    assert f"nats per {unit}\n" in measured
    assert "bits per byte\n" in measured
    assert written.startswith("雷")
    assert RunSettings.read(tmp_path / "run").tokenizer == name


def test_a_run_keeps_its_tokenizer(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """It cannot go on with another one, nor begin with one that is none."""
    said = refusal(
        capsys, "train", "--resume", str(run), "--tokenizer", "bytes"
    )

    assert "--tokenizer bytes cannot change the run" in said
    assert "which has characters" in said
    said = refusal(capsys, "train", "--tokenizer", "pairs:9")
    assert "with N from 257 up" in said


def test_a_run_of_pairs_goes_on_with_the_pairs_of_its_checkpoint(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not learned again."""
    out = ["--out", str(tmp_path / "run")]
    named = ["--tokenizer", "pairs:270"]
    assert main(["train", *QUICK, "--corpus", text, *named, *out]) == 0
    monkeypatch.setattr(BytePairTokenizer, "train", None)

    assert main(["train", "--resume", out[1], "--steps", "5"]) == 0
