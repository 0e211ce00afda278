"""Saving a trained model and reading it again."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from tutorgpt import (
    GPT,
    LADDER,
    CharTokenizer,
    LanguageModel,
    ModelConfig,
    load_checkpoint,
    save_checkpoint,
)
from tutorgpt.ground.checks import NewerError
from tutorgpt.training import checkpoints
from tutorgpt.training.checkpoints import (
    OtherPartsError,
    find_models,
    read_description,
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
    """Say something else of the model, with the same weights."""
    described = read_description(folder) | values
    rewrite(folder, json.dumps(described))


def rewrite(folder: Path, text: str) -> None:
    """Put a text in the place of the description."""
    file = folder / "model.safetensors"
    save_file(load_file(file), file, {"tutorgpt": text})


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


def test_only_one_file_is_written(tmp_path: Path) -> None:
    """Weights, config and tokenizer, and nothing partial beside them."""
    save(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]


def test_the_home_folder_is_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From Python too, whatever the name's letters are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    for name in ("a b", "春"):
        save_checkpoint(f"~/{name}", LADDER[0](CONFIG), TOKENIZER)
        assert load_checkpoint(f"~/{name}")[1] == TOKENIZER
        assert (tmp_path / "home" / name / "model.safetensors").is_file()


def test_a_path_that_is_not_utf_8_gets_no_weights(tmp_path: Path) -> None:
    """They could be written there, but never be read again."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    for use in (lambda: save(folder), lambda: load_checkpoint(folder)):
        with pytest.raises(ValueError, match=r"not UTF-8, and .* rename it"):
            use()
    assert not folder.exists()


def test_the_file_says_what_it_holds(tmp_path: Path) -> None:
    """Kind, config and tokenizer with its kind, for any safetensors reader."""
    save(tmp_path)
    with safe_open(tmp_path / "model.safetensors", framework="pt") as file:
        described = json.loads(file.metadata()["tutorgpt"])

    assert described == {
        "format": 2,
        "model": "GPT",
        "config": asdict(CONFIG),
        "tokenizer": {
            "kind": "characters",
            "characters": TOKENIZER.characters,
        },
    }


class WideConfig(ModelConfig):
    """A config of its own, as a model with other parts will have."""


class WideModel(GPT):
    """A model that names its own config class."""

    config_class = WideConfig


def test_a_model_comes_back_with_its_own_config_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What describes a model is for its class to say."""
    monkeypatch.setitem(checkpoints.MODELS, "WideModel", WideModel)
    save_checkpoint(
        tmp_path, WideModel(WideConfig(**asdict(CONFIG))), TOKENIZER
    )
    loaded, _ = load_checkpoint(tmp_path)

    assert type(loaded) is WideModel
    assert type(loaded.config) is WideConfig


FORMAT_1 = Path(__file__).with_name("format_1")
"""Written by version 0.1.0, before checkpoints became one file."""


@pytest.mark.parametrize(
    ("kind", "logits", "total"),
    [
        ("GPT", [0.2991138696670532, 0.691139817237854], 8.648786544799805),
        (
            "BigramModel",
            [-1.1763843297958374, 0.30409473180770874],
            2.73757529,
        ),
    ],
)
def test_a_folder_of_format_1_still_opens(
    kind: str, logits: list[float], total: float
) -> None:
    """The same model and vocabulary, and the logits of that day."""
    model, tokenizer = load_checkpoint(FORMAT_1 / kind)
    scores = model(torch.tensor([tokenizer.encode("to b")]))

    assert type(model).__name__ == kind
    assert scores[0, -1, :2].tolist() == pytest.approx(logits, abs=1e-5)
    assert scores.sum().item() == pytest.approx(total, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("weights.safetensors", None),
        ("weights.safetensors", b""),
        ("weights.safetensors", b"half a header"),
        ("model.json", b""),
        ("model.json", b"[]"),
        ("model.json", b"{}"),
    ],
)
def test_damage_to_format_1_is_one_sentence(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    """Missing, cut short or something else: what it is, and what to do."""
    shutil.copytree(FORMAT_1 / "GPT", tmp_path, dirs_exist_ok=True)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


def test_a_newer_number_in_an_old_folder_is_refused(tmp_path: Path) -> None:
    """With both numbers, and no word about training again."""
    shutil.copytree(FORMAT_1 / "GPT", tmp_path, dirs_exist_ok=True)
    file = tmp_path / "model.json"
    described = json.loads(file.read_text("utf-8")) | {"format": 99}
    file.write_text(json.dumps(described), "utf-8")

    with pytest.raises(NewerError, match=r"is 99, this .* update tutorgpt$"):
        load_checkpoint(tmp_path)


def test_a_tokenizer_of_another_size_is_refused(tmp_path: Path) -> None:
    """When it is written, and when it is read."""
    other = CharTokenizer.from_text("ab")
    with pytest.raises(ValueError, match=r"vocab_size 7 .* knows 2"):
        save_checkpoint(tmp_path, GPT(CONFIG), other)
    save(tmp_path)
    change(tmp_path, tokenizer=other.describe())

    with pytest.raises(ValueError, match=r"vocab_size 7 .* knows 2"):
        load_checkpoint(tmp_path)


def test_somebody_elses_model_file_is_not_taken_for_ours(
    tmp_path: Path,
) -> None:
    """model.safetensors is a common name: ours says what it holds."""
    save(tmp_path / "ours")
    theirs = tmp_path / "theirs" / "model.safetensors"
    theirs.parent.mkdir()
    save_file({"weight": torch.zeros(2)}, theirs)

    assert find_models(tmp_path) == [tmp_path / "ours"]
    with pytest.raises(ValueError, match="not a model that tutorgpt has"):
        load_checkpoint(theirs.parent)


def test_saving_over_format_1_leaves_one_model(tmp_path: Path) -> None:
    """The old two files go, so that nobody can read them by mistake."""
    shutil.copytree(FORMAT_1 / "GPT", tmp_path, dirs_exist_ok=True)
    model = save(tmp_path, seed=1)
    loaded, _ = load_checkpoint(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]
    assert torch.equal(
        loaded.state_dict()["lm_head.bias"], model.state_dict()["lm_head.bias"]
    )


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """Its name, and what to do."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(OSError, match=r"taken.* name another folder"):
        save(tmp_path / "taken")


def test_no_checkpoint_says_how_to_make_one(tmp_path: Path) -> None:
    """The command that trains a model."""
    with pytest.raises(FileNotFoundError, match="train one with tutorgpt lad"):
        load_checkpoint(tmp_path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """With both numbers."""
    save(tmp_path)
    change(tmp_path, format=3)

    with pytest.raises(ValueError, match=r"format is 3, this .* up to 2"):
        load_checkpoint(tmp_path)


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    """A class that the package does not have."""
    save(tmp_path)
    change(tmp_path, model="Oracle")

    with pytest.raises(ValueError, match=r"kind 'Oracle', and .* BigramModel"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "new"}', "\0"])
def test_a_damaged_description_is_one_sentence(
    tmp_path: Path, text: str
) -> None:
    """Whatever stands in the file's metadata."""
    save(tmp_path)
    rewrite(tmp_path, text)

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("share", [0, 0.5])
def test_damaged_weights_are_one_sentence(
    tmp_path: Path, share: float
) -> None:
    """Whatever is left of the file."""
    save(tmp_path)
    file = tmp_path / "model.safetensors"
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


def test_a_file_without_a_description_is_one_sentence(tmp_path: Path) -> None:
    """Weights alone are no model of ours."""
    save(tmp_path)
    file = tmp_path / "model.safetensors"
    save_file(load_file(file), file)

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


def test_an_unknown_tokenizer_is_named(tmp_path: Path) -> None:
    """Its kind, and what this version knows."""
    save(tmp_path)
    change(tmp_path, tokenizer={"kind": "runes", "runes": "ᚠ"})

    with pytest.raises(ValueError, match=r"kind 'runes'.*knows 'characters'"):
        load_checkpoint(tmp_path)


def test_weights_of_another_shape_are_one_sentence(tmp_path: Path) -> None:
    """torch's list of sizes does not reach the reader."""
    save(tmp_path)
    config = read_description(tmp_path)["config"]
    change(tmp_path, config=config | {"n_embed": 16})

    with pytest.raises(ValueError, match=r"^.*cannot be read \(.*train it.*$"):
        load_checkpoint(tmp_path)


def test_weights_of_other_parts_are_named(tmp_path: Path) -> None:
    """One that is missing, else one too many; and the remedy."""
    save(tmp_path)
    described = read_description(tmp_path)
    file = tmp_path / "model.safetensors"
    weights = load_file(file)
    text = {"tutorgpt": json.dumps(described)}

    save_file(weights | {"gate": torch.ones(2)}, file, text)
    with pytest.raises(OtherPartsError, match=r"it has gate\): train one aga"):
        load_checkpoint(tmp_path)
    bias = weights.pop("norm.bias")
    save_file(weights | {"gate": bias}, file, text)
    with pytest.raises(OtherPartsError, match=r"it has no norm\.bias\): trai"):
        load_checkpoint(tmp_path)
