"""Every command that takes a GPT takes a ModernGPT."""

from pathlib import Path
from typing import Any

import pytest

from scripts.earlier_modern import earlier_modern
from tutorgpt import ModelConfig, load_checkpoint
from tutorgpt.cli import main
from tutorgpt.modern import ModernGPT
from tutorgpt.modern.parts import PartsGPT, PastReader
from tutorgpt.training.checkpoints import MODELS
from tutorgpt.training.runs import RunFolder

TEXT = "The cat sat on the mat, the dog sat on the log.\n" * 30
QUICK = ["--preset", "small", "--steps", "4", "--threads", "1"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ModernGPT of characters, one of pairs, and a GPT."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "cats.txt").write_text(TEXT)
    for name, *words in (
        ("modern", "--model", "ModernGPT"),
        ("pieces", "--model", "ModernGPT", "--tokenizer", "pairs:270"),
        ("gpt",),
    ):
        where = ["--corpus", str(folder / "cats.txt")]
        out = ["--out", str(folder / name)]
        assert main(["train", *QUICK, *where, *out, *words]) == 0
    return folder


def told(capsys: pytest.CaptureFixture, *command: str | Path) -> str:
    """What a command prints that succeeds."""
    capsys.readouterr()
    assert main([str(word) for word in command]) == 0
    return capsys.readouterr().out


def test_it_is_listed_and_compared(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """By its name, beside a GPT."""
    both = runs / "modern", runs / "gpt"
    figure = "--figure", tmp_path / "curves.svg"

    assert told(capsys, "runs", runs).count("ModernGPT") == 2
    assert "ModernGPT" in told(capsys, "compare", *both, *figure)
    assert (tmp_path / "curves.svg").is_file()


@pytest.mark.parametrize("name", ["modern", "pieces"])
def test_it_is_measured_and_exported(
    name: str, runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Whatever its tokens are."""
    page = tmp_path / "page.html"

    assert "bits per byte" in told(capsys, "eval", runs / name)
    assert "open it in a browser" in told(
        *(capsys, "export", runs / name, page, "--prompt", "The cat")
    )
    assert '"kind": "ModernGPT"' in page.read_text("utf-8")


def test_it_writes_with_its_past(
    runs: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """sample asks for the exact window, and each call reads with a past."""
    calls: list[tuple[str, int]] = []
    read = PastReader.__call__

    def noted(self: PastReader, tokens):
        calls.append((self.unread.window, tokens.shape[1]))
        return read(self, tokens)

    monkeypatch.setattr(PastReader, "__call__", noted)
    words = ["--prompt", "The", "--tokens", "12", "--seed", "1"]
    text = told(capsys, "sample", runs / "modern", *words)

    assert text.startswith("The")
    assert calls == [("exact", length) for length in range(3, 15)]


def test_it_is_trained_further(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """With more steps, and its newest weights can be loaded."""
    where = ["--corpus", str(runs / "cats.txt"), "--out", str(tmp_path / "a")]
    told(capsys, "train", *QUICK, *where, "--model", "ModernGPT")
    told(capsys, "train", "--resume", tmp_path / "a", "--steps", "6")
    newest = RunFolder(tmp_path / "a").checkpoints[-1]
    model, _ = load_checkpoint(newest)

    assert newest.name == "step_00000006"
    assert type(model) is ModernGPT


class Earlier(PartsGPT):
    """ModernGPT as it was before: with ReLU squared."""

    def __init__(self, config: ModelConfig) -> None:
        parts: dict[str, Any] = dict(earlier_modern(config).named_children())
        del parts["dropout"]
        super().__init__(config, **parts)


Earlier.__name__ = "ModernGPT"


def test_a_run_of_its_earlier_parts_is_refused(
    runs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing writes with it and no training goes on: it is said why."""
    run = str(tmp_path / "a")
    where = ["--corpus", str(runs / "cats.txt"), "--out", run]
    with monkeypatch.context() as then:
        then.setitem(MODELS, "ModernGPT", Earlier)
        told(capsys, "train", *QUICK, *where, "--model", "ModernGPT")
    for command in (
        ["sample", run, "--prompt", "The"],
        ["train", "--resume", run, "--steps", "6"],
    ):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "made of other parts than this tutorgpt's" in said
        assert "has no blocks.0.feed_forward.gate.weight" in said
        assert "train one again with tutorgpt train --model" in said
