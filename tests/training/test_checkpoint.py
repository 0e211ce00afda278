"""Saving a trained model and reading it again."""

import errno
import json
from pathlib import Path

import pytest
import torch

from tutorgpt import (
    LADDER,
    CharTokenizer,
    LanguageModel,
    ModelConfig,
    load_checkpoint,
    save_checkpoint,
)

TOKENIZER = CharTokenizer.from_text("\nabc 词🎭")
CONFIG = ModelConfig(
    vocab_size=TOKENIZER.vocab_size,
    block_size=4,
    n_embed=8,
    n_head=2,
    n_layer=2,
    dropout=0.5,
)


def save(folder: Path, seed: int = 0) -> LanguageModel:
    torch.manual_seed(seed)
    model = LADDER[-1](CONFIG)
    save_checkpoint(folder, model, TOKENIZER)
    return model


def change(folder: Path, **values: object) -> None:
    file = folder / "model.json"
    described = json.loads(file.read_text("utf-8")) | values
    file.write_text(json.dumps(described), "utf-8")


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.__name__)
def test_a_model_comes_back_as_it_was(
    rung: type[LanguageModel], tmp_path: Path
) -> None:
    """Same class, same logits, same vocabulary, ready to write."""
    model = rung(CONFIG)
    loaded, tokenizer = load_checkpoint(
        save_checkpoint(tmp_path / "new" / "folder", model, TOKENIZER)
    )
    tokens = torch.tensor([[0, 1, 2, 3]])

    assert type(loaded) is rung
    assert not loaded.training
    assert tokenizer == TOKENIZER
    assert torch.equal(loaded(tokens), model.eval()(tokens))


def test_only_two_files_are_written(tmp_path: Path) -> None:
    """Nothing partial is left beside them."""
    save(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "model.json",
        "weights.safetensors",
    ]


def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence; the old model still loads, and nothing is left over."""
    before = save(tmp_path)

    def no_space(self: Path, text: str, encoding: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", no_space)
    with pytest.raises(OSError, match=r"cannot be written .*No space left"):
        save(tmp_path, seed=1)
    monkeypatch.undo()
    loaded, _ = load_checkpoint(tmp_path)

    assert len(list(tmp_path.iterdir())) == 2
    assert torch.equal(
        loaded.state_dict()["lm_head.bias"],
        before.state_dict()["lm_head.bias"],
    )


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """Its name, and what to do."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(OSError, match=r"taken' .*another folder"):
        save(tmp_path / "taken")


def test_no_checkpoint_says_how_to_make_one(tmp_path: Path) -> None:
    """The command that trains a model."""
    with pytest.raises(FileNotFoundError, match="train one with tutorgpt lad"):
        load_checkpoint(tmp_path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """With both numbers."""
    save(tmp_path)
    change(tmp_path, format=2)

    with pytest.raises(ValueError, match=r"format is 2, this .* up to 1"):
        load_checkpoint(tmp_path)


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    """A class that the package does not have."""
    save(tmp_path)
    change(tmp_path, model="Oracle")

    with pytest.raises(ValueError, match="unknown or missing 'Oracle'"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "new"}', "\0"])
def test_a_damaged_description_is_one_sentence(
    tmp_path: Path, text: str
) -> None:
    """Whatever stands in model.json."""
    save(tmp_path)
    (tmp_path / "model.json").write_text(text, "utf-8")

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("share", [0, 0.5])
def test_damaged_weights_are_one_sentence(
    tmp_path: Path, share: float
) -> None:
    """Whatever is left of the file."""
    save(tmp_path)
    file = tmp_path / "weights.safetensors"
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


def test_missing_weights_are_one_sentence(tmp_path: Path) -> None:
    """A description alone is no model."""
    save(tmp_path)
    (tmp_path / "weights.safetensors").unlink()

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


def test_weights_of_another_shape_are_one_sentence(tmp_path: Path) -> None:
    """torch's list of sizes does not reach the reader."""
    save(tmp_path)
    described = json.loads((tmp_path / "model.json").read_text("utf-8"))
    change(tmp_path, config=described["config"] | {"n_embed": 16})

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)
