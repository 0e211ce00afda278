"""What tutorgpt train takes with --resume, and what it says on its way."""

import json
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tutorgpt import GPT
from tutorgpt.cli import main
from tutorgpt.cli.train_run import stopped_with_a_way_on as stopped
from tutorgpt.cli.train_run import train_in
from tutorgpt.ground.locks import held
from tutorgpt.text.corpus import load_corpus
from tutorgpt.training import loop
from tutorgpt.training.runs import RunFolder, RunSettings

TEXT = "The cat sat on the mat, the dog sat on the log.\n" * 30
QUICK = ["--preset", "small", "--steps", "8", "--threads", "1"]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cats.txt and an ended run over it."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "cats.txt").write_text(TEXT)
    words = ["--corpus", str(folder / "cats.txt"), "--out"]
    assert main(["train", *QUICK, *words, str(folder / "run")]) == 0
    return folder


@pytest.fixture
def run(begun: Path, tmp_path: Path) -> Path:
    """The same run, moved to another folder."""
    shutil.copytree(begun / "run", tmp_path / "moved run")
    return tmp_path / "moved run"


def refusal(capsys: pytest.CaptureFixture, *command: str) -> str:
    """What the command says when it cannot be obeyed."""
    capsys.readouterr()
    assert main(list(command)) == 2
    said = capsys.readouterr()

    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def newest_weights(run: Path) -> dict[str, torch.Tensor]:
    """Of the newest checkpoint."""
    newest = RunFolder(run).checkpoints[-1]
    return load_file(newest / "model.safetensors")


# ------------------------------------------------------------------- --resume


def test_more_steps_train_a_run_further(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """It says so, and the settings have it."""
    assert main(["train", "--resume", str(run), "--steps", "12"]) == 0
    said = capsys.readouterr().out

    assert "schedule is drawn anew from step 8 to 12" in said
    assert "after 12 steps" in said
    assert RunSettings.read(run).stretches == ((0, 8), (8, 12))


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--steps", "4", "has 8 steps, more than 4"),
        ("--preset", "laptop", "--preset laptop cannot be given"),
        ("--recipe", "good", "--recipe good cannot be given"),
        ("--model", "BigramModel", "which has GPT"),
        ("--batch-size", "64", "which has 32"),
        ("--learning-rate", "0.5", "--learning-rate 0.5 cannot change"),
        ("--optimizer", "muon", "which has adamw"),
        ("--precision", "bf16", "which has fp32"),
        ("--seed", "1", "which has 1337"),
        ("--accumulation", "2", "which has 1"),
        ("--compile", None, "--compile True cannot change"),
    ],
)
def test_what_cannot_change_is_refused_by_name(
    option: str,
    value: str | None,
    named: str,
    run: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    """And nothing in the folder is another."""
    before = {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}
    words = [option] if value is None else [option, value]
    said = refusal(capsys, "train", "--resume", str(run), *words)

    assert named in said
    assert str(run) in said
    assert before == {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}


def test_the_same_value_again_is_no_change(run: Path) -> None:
    """Who repeats the whole command is not sent away."""
    words = ["--steps", "8", "--optimizer", "adamw", "--model", "GPT"]
    words += ["--seed", "1337", "--threads", "1", "--device", "cpu"]

    assert main(["train", "--resume", str(run), *words]) == 0


def test_a_text_that_has_moved_is_named_anew(
    begun: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Its fingerprint proves that it is the same; another one is refused."""
    settings = json.loads((run / "run.json").read_text())
    settings["corpus"] = "/nowhere/cats.txt"
    (run / "run.json").write_text(json.dumps(settings))
    said = refusal(capsys, "train", "--resume", str(run))
    assert "if it lies elsewhere now" in said
    assert f"tutorgpt train --resume '{run}' --corpus PATH" in said

    (tmp_path / "other.txt").write_text(TEXT[10:] + TEXT[:10])
    other = ["--corpus", str(tmp_path / "other.txt")]
    said = refusal(capsys, "train", "--resume", str(run), *other)
    assert "is not the one that the run" in said

    shutil.copy(begun / "cats.txt", tmp_path / "my cats.txt")
    words = ["--corpus", str(tmp_path / "my cats.txt"), "--steps", "9"]
    assert main(["train", "--resume", str(run), *words]) == 0
    assert RunSettings.read(run).corpus == str(tmp_path / "my cats.txt")


def test_a_device_that_is_not_there_has_a_remedy(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """A run from a computer with a GPU goes on without one, if told to."""
    settings = json.loads((run / "run.json").read_text())
    settings["device"] = "xla"
    (run / "run.json").write_text(json.dumps(settings))
    said = refusal(capsys, "train", "--resume", str(run))

    assert "device 'xla' cannot be used" in said
    assert said.rstrip().endswith(f"--resume '{run}' --device cpu")
    words = ["--device", "cpu", "--steps", "9"]
    assert main(["train", "--resume", str(run), *words]) == 0


def test_a_run_that_was_sharded_goes_on_alone(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """One process has nobody to share with, and says so."""
    settings = json.loads((run / "run.json").read_text())
    settings["sharded"] = True
    (run / "run.json").write_text(json.dumps(settings))
    assert main(["train", "--resume", str(run), "--steps", "9"]) == 0

    assert "not sharded any more" in capsys.readouterr().out


def test_a_run_in_use_is_refused(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """Two processes would overwrite each other's checkpoints."""
    with held(run):
        said = refusal(capsys, "train", "--resume", str(run), "--steps", "9")

    assert "is in use by process" in said


# ------------------------------------------------------------ starts that fail


@pytest.mark.parametrize(
    "words",
    [
        ["--device", "cuda:9"],
        ["--threads", "50000"],
        ["--model", "GTP"],
        ["--shard"],
        ["--batch-size", "6", "--accumulation", "4"],
        ["--corpus", "{}/short.txt"],
        ["--log-dir", "{}/cats.txt"],
        ["--samples", "春"],
    ],
    ids=" ".join,
)
def test_a_start_that_fails_blocks_nothing(
    words: list[str],
    begun: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    """The folder is as it was: not there. The next start is a start."""
    (begun / "short.txt").write_text("ab")
    out = tmp_path / "x" / "run"
    words = [word.format(begun) for word in words]
    plain = ["train", *QUICK, "--out", str(out)]
    text = [] if "--corpus" in words else ["--corpus", f"{begun}/cats.txt"]
    refusal(capsys, *plain, *text, *words)

    assert not out.parent.exists()
    assert main([*plain, "--corpus", str(begun / "cats.txt")]) == 0


def test_a_batch_beyond_all_memory_is_one_sentence(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """It shows in the first step only; nothing is left of it."""
    words = ["--corpus", str(begun / "cats.txt"), "--out", str(tmp_path / "x")]
    words += ["--batch-size", str(10**14)]
    assert main(["train", *QUICK, *words]) == 1

    assert "needs more memory than there is" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_an_empty_run_folder_is_no_run(begun: Path, run: Path) -> None:
    """Settings without a checkpoint are what a kill in the first second
    leaves."""
    shutil.rmtree(run / "checkpoints")
    words = ["--corpus", str(begun / "cats.txt"), "--out", str(run)]

    assert main(["train", *QUICK, *words]) == 0


def test_a_run_that_diverges_ends_with_code_1(
    begun: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """With one sentence, no "next:", and a checkpoint that still writes."""
    seen = []

    def explode(model, tokens):
        seen.append(1)
        return forward(model, tokens) * (math.nan if len(seen) > 6 else 1)

    forward = GPT.forward
    monkeypatch.setattr(GPT, "forward", explode)
    monkeypatch.setattr(loop, "exact_loss", lambda *_: 2.0)
    words = ["--corpus", str(begun / "cats.txt"), "--out", str(tmp_path / "x")]

    assert main(["train", *QUICK, *words]) == 1
    said = capsys.readouterr()
    assert "next:" not in said.out
    assert said.err.startswith("tutorgpt: the loss of a batch is nan after")
    assert said.err.count("\n") == 1
    monkeypatch.undo()
    assert main(["sample", str(tmp_path / "x"), "--tokens", "5"]) == 0


# ----------------------------------------------------------------- on its way


def test_samples_of_a_run_that_diverges_are_not_the_end_of_it(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Whatever notices first, it is told as what it is, with code 1."""
    words = ["--corpus", str(begun / "cats.txt"), "--out", str(tmp_path / "x")]
    words += ["--learning-rate", "1e30", "--samples"]

    assert main(["train", *QUICK, *words]) == 1
    assert "begin another run with a lower" in capsys.readouterr().err


def test_an_option_without_its_value_is_refused(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """argparse makes a list of --tokens=--, which no command expects."""
    assert "--tokens=-- has no value" in refusal(
        capsys, "sample", str(run), "--tokens=--"
    )


def test_without_a_terminal_each_measurement_has_a_line(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """As it is made, not at the end."""
    words = ["--corpus", str(begun / "cats.txt"), "--out", str(tmp_path / "x")]
    assert main(["train", *QUICK, *words]) == 0
    said = capsys.readouterr().out

    for step in (2, 4, 6, 8):
        assert f"step {step} of 8: " in said


def test_samples_are_shown_and_change_nothing(
    begun: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """At the beginning, at 1 %, at 10 %, at the end; equal weights."""
    words = ["--corpus", str(begun / "cats.txt"), "--samples", "The c"]
    out = ["--out", str(tmp_path / "x")]
    assert main(["train", *QUICK, *words, *out]) == 0
    said = capsys.readouterr().out
    without, with_samples = newest_weights(run), newest_weights(tmp_path / "x")

    for step in (0, 1, 8):
        assert f"after step {step} it writes:\n  | The c" in said
    assert said.count("it writes:") == 3
    assert list(RunFolder(tmp_path / "x").samples()) == [0, 1, 8]
    assert all(
        torch.equal(without[name], weight)
        for name, weight in with_samples.items()
    )


@pytest.mark.parametrize("rate", ["1e38", "1e20"])
def test_a_sample_of_a_broken_model_ends_the_run(
    rate: str, begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """As a loss that is no number does, before one is computed."""
    words = ["--corpus", str(begun / "cats.txt"), "--samples", "The c"]
    words += ["--learning-rate", rate]
    out = tmp_path / "x"

    assert main(["train", *QUICK, *words, "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert "not finite after step 1: " in said.err
    assert "begin another run with a lower learning rate" in said.err
    assert "after step 1 it writes" not in said.out
    assert main(["runs", str(out)]) == 0
    assert capsys.readouterr().out.endswith("diverged\n")


def test_samples_of_sharded_weights_are_refused(
    begun: Path, run: Path, capsys: pytest.CaptureFixture
) -> None:
    """One process alone writes them, and has but a part of the weights."""
    settings = replace(RunSettings.read(run), sharded=True)
    corpus = load_corpus(str(begun / "cats.txt"))

    with pytest.raises(ValueError, match="--samples needs a whole model"):
        train_in(run, settings, corpus, "The c")


# ------------------------------------------------------- which one, which text


def test_the_best_is_read_unless_the_newest_is_asked_for(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """And which one it was is said."""
    newest = RunFolder(run).checkpoints[-1]
    state = json.loads((newest / "state.json").read_text())
    best = min(state["history"], key=lambda record: record["val_loss"])
    capsys.readouterr()
    assert main(["sample", str(run), "--tokens", "1"]) == 0
    assert f"reading step {best['step']} of" in capsys.readouterr().err
    command = ["eval", str(run), "--checkpoint", "newest"]
    assert main(command) == 0

    assert f"step 8 of {run} (its newest" in capsys.readouterr().out


def test_eval_refuses_a_text_that_has_changed(
    begun: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Named with --corpus it is measured, and called what it is."""
    changed = tmp_path / "cats.txt"
    changed.write_text(TEXT[500:] + TEXT[:500])
    settings = json.loads((run / "run.json").read_text())
    settings["corpus"] = str(changed)
    (run / "run.json").write_text(json.dumps(settings))

    assert "is not the one that the run was" in refusal(
        capsys, "eval", str(run)
    )
    assert main(["eval", str(run), "--corpus", str(changed)]) == 0
    said = capsys.readouterr().out
    assert "it is not the text that the model was trained on" in said
    assert "held out" not in said
    assert main(["eval", str(run), "--corpus", str(begun / "cats.txt")]) == 0
    assert "characters held out" in capsys.readouterr().out


def test_a_checkpoint_of_a_run_knows_its_text(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """Named by its own folder, too."""
    capsys.readouterr()

    assert main(["eval", str(RunFolder(run).checkpoints[0])]) == 0
    assert "characters held out" in capsys.readouterr().out


def test_a_run_set_aside_is_never_picked_up(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """Nor half-written ones, by a search from the folder above."""
    checkpoints = run / "checkpoints"
    newest = RunFolder(run).checkpoints[-1]
    for name in ("damaged_step_00000009", ".step_00000009.partial"):
        shutil.copytree(newest, checkpoints / name)
    (run / "run.json").unlink()
    assert main(["sample", str(run.parent), "--tokens", "1"]) == 0

    said = capsys.readouterr().err
    assert "step 8 of" in said or "its best" in said
    assert "damaged" not in said
    assert "partial" not in said


def test_a_broken_model_writes_nothing(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """Weights that are no numbers, as older versions kept them."""
    from tutorgpt import load_checkpoint, save_checkpoint

    model, tokenizer = load_checkpoint(RunFolder(run).choose().folder)
    with torch.no_grad():
        model.get_parameter("lm_head.bias")[0] = math.nan
    save_checkpoint(run / "broken", model, tokenizer)
    said = refusal(capsys, "sample", str(run / "broken"), "--greedy")

    assert "lm_head.bias has weights that are not finite" in said


def test_of_a_folder_of_runs_one_is_to_be_named(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """Not: begin one there."""
    said = refusal(capsys, "train", "--resume", str(run.parent))

    assert f"tutorgpt runs {run.parent} lists them" in said


def test_a_run_that_has_ended_says_so(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """And how it is trained further."""
    assert main(["train", "--resume", str(run)]) == 0

    assert "has ended, after 8 steps; more --steps" in capsys.readouterr().out


def test_eval_says_where_a_lost_text_is_named(
    run: Path, capsys: pytest.CaptureFixture
) -> None:
    """As --resume does; and a text of other characters is refused."""
    settings = json.loads((run / "run.json").read_text())
    settings["corpus"] = "/nowhere/cats.txt"
    (run / "run.json").write_text(json.dumps(settings))
    said = refusal(capsys, "eval", str(run))
    assert f"tutorgpt eval '{run}' --corpus PATH" in said

    said = refusal(capsys, "eval", str(run), "--corpus", "shakespeare")
    assert "the model does not know" in said


def test_a_second_ctrl_c_says_what_is_kept(run: Path) -> None:
    """The first one's sentence never comes then."""
    with pytest.raises(KeyboardInterrupt) as caught, stopped(run):
        raise KeyboardInterrupt

    assert f"tutorgpt train --resume '{run}'" in str(caught.value)


def test_a_reader_who_has_seen_enough_does_not_end_a_run(
    begun: Path, tmp_path: Path
) -> None:
    """tutorgpt train | head -1 trains on."""
    out = tmp_path / "x"
    words = ["--corpus", str(begun / "cats.txt"), "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tutorgpt", "train", *QUICK, *words],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()

    assert process.wait(120) == 0
    assert RunFolder(out).checkpoints[-1].name == "step_00000008"
