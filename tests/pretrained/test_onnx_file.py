"""ONNX files: onnxruntime is the judge."""

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import onnxruntime
import pytest
import torch
from unchecked import unchecked_shapes

from tutorgpt import GPT, BigramModel, LanguageModel, ModelConfig
from tutorgpt.modern import ModernGPT
from tutorgpt.pretrained import GPT2, GPT2Config, onnx_file, to_onnx
from tutorgpt.tokens import ByteTokenizer, CharTokenizer

TOKENIZER = CharTokenizer.from_text("the quick, brown fox.\nJUMPS")
V = TOKENIZER.vocab_size
SHAPE = {"vocab_size": V, "n_embed": 32, "n_head": 4, "n_layer": 2}

MODELS: dict[str, Callable[[int], LanguageModel]] = {
    "GPT": lambda T: GPT(ModelConfig(**SHAPE, block_size=T, dropout=0.3)),
    "GPT2": lambda T: GPT2(GPT2Config(**SHAPE, block_size=T)),
    "ModernGPT": lambda T: ModernGPT(ModelConfig(**SHAPE, block_size=T)),
    "chapter 1": lambda T: BigramModel(ModelConfig(**SHAPE, block_size=T)),
}


@pytest.fixture(autouse=True)
def symbols_for_lengths() -> Iterator[None]:
    """torch.export reads the models with them."""
    with unchecked_shapes():
        yield


def awake(name: str, block_size: int) -> LanguageModel:
    """A model in train mode, with all its numbers moved."""
    torch.manual_seed(1)
    model = MODELS[name](block_size)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.2)
    return model


def opened(file: Path) -> onnxruntime.InferenceSession:
    """A file in the program that many use, on the processor."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what is refused is asked for here
    return onnxruntime.InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"]
    )


CASES = [(name, 16) for name in MODELS]
CASES += [("GPT", 1), ("GPT", 2), ("GPT", 3), ("GPT2", 1), ("ModernGPT", 2)]


@torch.no_grad()
@pytest.mark.parametrize(("name", "block_size"), CASES)
def test_onnxruntime_scores_as_the_model_does(
    name: str, block_size: int, tmp_path: Path
) -> None:
    """For texts of every length, one or many at once."""
    model = awake(name, block_size)
    session = opened(to_onnx(model, tmp_path / "m.onnx"))
    assert model.training  # as it was
    model.eval()
    for B in (1, 2, 7):
        for T in {1, 2, 3, block_size // 2, block_size}:
            if not 1 <= T <= block_size:
                continue
            tokens = torch.randint(V, (B, T))
            (logits,) = session.run(["logits"], {"tokens": tokens.numpy()})
            torch.testing.assert_close(
                torch.from_numpy(logits), model(tokens), rtol=0, atol=1e-5
            )


def test_a_longer_text_is_refused_by_the_file(tmp_path: Path) -> None:
    """It has no positions for it."""
    session = opened(to_onnx(awake("GPT", 4), tmp_path / "m.onnx"))

    with pytest.raises(Exception, match="4 by 5"):
        session.run(None, {"tokens": torch.zeros(1, 5).long().numpy()})


def test_the_file_tells_what_it_holds(tmp_path: Path) -> None:
    """Kind, shape and tokenizer, in the form of a checkpoint."""
    model = awake("GPT", 4)
    model.credit = "made from Tiny by Somebody"
    file = to_onnx(model, str(tmp_path / "m.onnx"), TOKENIZER)
    session = opened(file)
    about = session.get_modelmeta().custom_metadata_map["tutorgpt"]
    told = json.loads(about)

    assert told["model"] == "GPT"
    assert ModelConfig(**told["config"]) == awake("GPT", 4).config
    assert told["tokenizer"] == TOKENIZER.describe()
    assert told["credit"] == "made from Tiny by Somebody"
    assert session.get_inputs()[0].shape == ["batch", "length"]


def test_nothing_is_printed_or_warned_of(
    tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    """And torch speaks again afterwards."""
    level = logging.getLogger("torch.onnx").level
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        to_onnx(awake("GPT", 4), tmp_path / "m.onnx")

    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("torch.onnx").level == level


# ------------------------------------------------------------- bad input


@pytest.mark.parametrize("package", ["onnx", "onnxscript"])
def test_a_missing_package_is_named(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what installs it."""
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ValueError, match=f"needs the package {package}, whi"):
        to_onnx(awake("GPT", 4), tmp_path / "m.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_tokenizer_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    """Both sizes are named."""
    with pytest.raises(ValueError, match=f"{V} but the tokenizer knows 256"):
        to_onnx(awake("GPT", 4), tmp_path / "m.onnx", ByteTokenizer())
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is computed."""
    monkeypatch.setattr(onnx_file, "MOST_BYTES", 10_000)
    monkeypatch.setattr(onnx_file, "traced", None)

    with pytest.raises(ValueError, match=r"has 0\.0 GB of weights .* as safe"):
        to_onnx(awake("GPT", 4), tmp_path / "m.onnx")


def test_the_file_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves what was there before."""
    import onnx_ir

    def full(model: object, path: str, **settings: object) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    file = tmp_path / "m.onnx"
    file.write_bytes(b"mine")
    monkeypatch.setattr(onnx_ir, "save", full)
    with pytest.raises(OSError, match=r"cannot be written .No space left"):
        to_onnx(awake("chapter 1", 4), file)
    assert file.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes")
def test_a_pipe_is_refused_and_stays_one(tmp_path: Path) -> None:
    """It is no file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(ValueError, match=r"device or a pipe.*: name a"):
        to_onnx(awake("GPT", 4), pipe)
    assert pipe.is_fifo()
