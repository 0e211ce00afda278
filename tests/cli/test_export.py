"""tutorgpt export --to: for transformers, as safetensors, as ONNX."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from unchecked import unchecked_shapes

from tutorgpt import load_checkpoint
from tutorgpt.cli import main
from tutorgpt.training.runs import RunFolder

TEXT = "The cat sat on the mat, the dog sat on the log.\n" * 30
QUICK = ["--preset", "small", "--steps", "2", "--threads", "1"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT of characters, one of pairs, and a ModernGPT."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "cats.txt").write_text(TEXT)
    for name, *words in (
        ("gpt",),
        ("pairs", "--tokenizer", "pairs:270"),
        ("modern", "--model", "ModernGPT"),
    ):
        where = ["--corpus", str(folder / "cats.txt")]
        out = ["--out", str(folder / name)]
        assert main(["train", *QUICK, *where, *out, *words]) == 0
    return folder


@pytest.fixture(autouse=True)
def in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """An empty one, and the library asks no server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    with unchecked_shapes():
        yield


def here(folder: str = ".") -> list[str]:
    """The names of all that lies in a folder."""
    return [place.name for place in Path(folder).iterdir()]


def told(capsys: pytest.CaptureFixture, *command: str | Path) -> str:
    """What a command prints that succeeds."""
    capsys.readouterr()
    assert main([str(word) for word in command]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture, *command: str | Path) -> str:
    """The one sentence of a command that must be refused."""
    capsys.readouterr()
    assert main([str(word) for word in command]) == 2
    out, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert "Traceback" not in out + err
    return err


@torch.no_grad()
@pytest.mark.parametrize("name", ["gpt", "pairs"])
def test_transformers_opens_the_folder(
    name: str, runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """Model and tokenizer, by the folder's name."""
    import transformers

    said = told(capsys, "export", runs / name, "out", "--to", "transformers")
    model = transformers.AutoModelForCausalLM.from_pretrained("out")
    tokenizer = transformers.AutoTokenizer.from_pretrained("out")
    ours, alphabet = load_checkpoint(RunFolder(runs / name).checkpoints[-1])
    numbers = tokenizer("The cat ")["input_ids"]
    tokens = torch.tensor([numbers])

    assert said == "out: open it with from_pretrained of transformers\n"
    assert numbers == alphabet.encode("The cat ")
    torch.testing.assert_close(
        model(tokens).logits, ours(tokens), rtol=0, atol=1e-5
    )


@torch.no_grad()
@pytest.mark.parametrize("name", ["gpt", "modern"])
def test_one_file_of_weights_is_a_checkpoints(
    name: str, runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """In a folder under its usual name, it is opened again."""
    file = "w.safetensors"
    said = told(capsys, "export", runs / name, file, "--to", "safetensors")
    Path("again").mkdir()
    Path(file).rename("again/model.safetensors")
    again, _ = load_checkpoint("again")
    ours, _ = load_checkpoint(RunFolder(runs / name).checkpoints[-1])
    tokens = torch.arange(8)[None]

    assert said.startswith("w.safetensors: 0.2 MB")
    assert type(again) is type(ours)
    assert torch.equal(again(tokens), ours(tokens))


@torch.no_grad()
@pytest.mark.parametrize("name", ["gpt", "modern"])
def test_onnxruntime_runs_the_file(
    name: str, runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """With the tokenizer in its metadata."""
    import onnxruntime

    said = told(capsys, "export", runs / name, "m.onnx", "--to", "onnx")
    session = onnxruntime.InferenceSession("m.onnx")
    ours, alphabet = load_checkpoint(RunFolder(runs / name).checkpoints[-1])
    tokens = torch.tensor([alphabet.encode("The cat ")])
    (logits,) = session.run(None, {"tokens": tokens.numpy()})
    about = session.get_modelmeta().custom_metadata_map["tutorgpt"]

    assert said.endswith("reads 8 tokens at most\n")
    assert json.loads(about)["tokenizer"] == alphabet.describe()
    torch.testing.assert_close(
        torch.from_numpy(logits), ours(tokens), rtol=0, atol=1e-5
    )


FORMS = {"transformers": "out", "safetensors": "w", "onnx": "m"}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_there_is_replaced_by_force_alone(
    form: str, runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """A file, or a folder that was exported."""
    where = Path("there")
    export = ["export", runs / "gpt", where, "--to", form]
    told(capsys, *export)
    file = where / "model.safetensors" if where.is_dir() else where
    first = file.read_bytes()
    file.write_bytes(b"mine")

    assert "already: name another one, or replace it with --force" in refused(
        capsys, *export
    )
    assert file.read_bytes() == b"mine"
    told(capsys, *export, "--force")
    assert len(file.read_bytes()) == len(first)
    assert here() == ["there"]


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_folder_with_other_files_is_never_replaced(
    force: list[str], runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """Not even by force."""
    Path("mine").mkdir()
    Path("mine/thesis.txt").write_text("all of it")
    export = ["export", runs / "gpt", "mine", "--to", "transformers"]

    assert "holds other files already (thesis.txt): name a folder" in refused(
        capsys, *export, *force
    )
    assert here("mine") == ["thesis.txt"]


BAD = {
    "m.onnx": "'m.onnx' ends like what --to onnx writes, not --to page: write",
    "p.html --to onnx": "'p.html' ends like what --to page writes, not",
    "w.safetensors --to transformers": "ends like what --to safetensors wr",
    "out --to tranformers": "choose one of page, transformers, safetensors",
    "m --to onnx --title a": "--title is for a page: leave it out, or leave",
    "out --to transformers --prompt a": "--prompt is for a page: leave it",
    "gone/m --to onnx": "no folder 'gone' to write 'm' into: make it first",
    "gone/w --to safetensors": "no folder 'gone' to write 'w' into: make",
    ". --to safetensors": "'.' is a folder: name a file in it",
    "mine.txt --to transformers": "cannot be a folder, because 'mine.txt' is",
    "mine.txt/a --to transformers": "cannot be a folder, because 'mine.txt'",
    "mine.txt --to onnx": "there is a file 'mine.txt' already: name another",
    "caf\udce9 --to transformers": "is not UTF-8, and weights cannot be read",
    "caf\udce9 --to safetensors": "is not UTF-8, and weights cannot be read",
}


@pytest.mark.parametrize("line", BAD)
def test_a_wrong_command_line_is_refused(
    line: str, runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """With the value and the remedy, and nothing is written."""
    Path("mine.txt").write_text("mine")

    assert BAD[line] in refused(capsys, "export", runs / "gpt", *line.split())
    assert here() == ["mine.txt"]
    assert Path("mine.txt").read_text() == "mine"


def test_a_model_without_such_a_form_is_named(
    runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """And the forms that it has."""
    said = refused(
        *(capsys, "export", runs / "modern", "out", "--to", "transformers")
    )

    assert "ModernGPT has no form among transformers' models" in said
    assert "as safetensors" in said
    assert here() == []


def test_without_the_extra_it_is_said_what_to_install(
    runs: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before the model is opened; the other forms need nothing."""
    for name in ("onnxscript", "transformers", "tokenizers"):
        monkeypatch.setitem(sys.modules, name, None)

    assert "an ONNX file needs the package onnxscript" in refused(
        capsys, "export", runs / "gpt", "m.onnx", "--to", "onnx"
    )
    assert here() == []
    for form in ("transformers", "safetensors"):
        told(capsys, "export", runs / "gpt", f"a_{form}", "--to", form)


def test_a_folder_is_whole_or_not_there(
    runs: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk that is full at the last file leaves nothing."""

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tutorgpt.pretrained.outgoing.write_tokenizer", full)
        said = refused(
            *(capsys, "export", runs / "gpt", "out", "--to", "transformers")
        )

    assert "'out' cannot be written" in said or "out' cannot be" in said
    assert here() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes")
@pytest.mark.parametrize("form", FORMS)
def test_a_pipe_is_refused_and_stays_one(
    form: str, runs: Path, capsys: pytest.CaptureFixture
) -> None:
    """safetensors would put a file in its place, be it /dev/null."""
    os.mkfifo("pipe")
    said = refused(
        *(capsys, "export", runs / "gpt", "pipe", "--to", form, "--force")
    )

    assert "device or a pipe" in said or "is a file: name another" in said
    assert Path("pipe").is_fifo()
    assert here() == ["pipe"]
