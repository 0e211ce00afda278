"""A trained model in a folder: weights, config and vocabulary."""

import json
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_model, save_model
from torch import nn

from tutorgpt.config import ModelConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.tokenizer import CharTokenizer

FORMAT = 1
"""The version of the folder's layout; a newer one is refused."""

MODEL_HOMES = ("tutorgpt.ladder", "tutorgpt.modern")
"""The modules that bring all models of the package with them."""

WEIGHTS = "weights.safetensors"
DESCRIPTION = "model.json"


def save_checkpoint(
    folder: str | Path, model: LanguageModel, tokenizer: CharTokenizer
) -> Path:
    """Write a model and its vocabulary to a folder, whole or not at all.

    Both files are written under other names and then renamed, so that a
    crash or a full disk leaves what was there before.
    Raises OSError if the folder cannot be written to.
    """
    folder = Path(folder)
    described = describe_model(model, tokenizer)
    text = json.dumps(described, ensure_ascii=False, indent=1)
    weights = folder / f"{WEIGHTS}.partial"
    description = folder / f"{DESCRIPTION}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_model(model, str(weights))
        description.write_text(text, encoding="utf-8")
        weights.replace(folder / WEIGHTS)
        description.replace(folder / DESCRIPTION)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OSError(
            f"the checkpoint cannot be written to {str(folder)!r} "
            f"({reason}): free some space, or name another folder"
        ) from None
    finally:
        with suppress(OSError):
            weights.unlink(missing_ok=True)
            description.unlink(missing_ok=True)
    return folder


def describe_model(model: nn.Module, tokenizer: CharTokenizer) -> dict:
    """What must be known of a model before its weights can be read."""
    if not isinstance(model, LanguageModel):
        raise TypeError(
            f"{type(model).__name__} is not a LanguageModel: only those, "
            "which carry their config, can be written to a checkpoint"
        )
    return {
        "format": FORMAT,
        "model": type(model).__name__,
        "config": asdict(model.config),
        "characters": tokenizer.characters,
    }


def load_checkpoint(
    folder: str | Path,
) -> tuple[LanguageModel, CharTokenizer]:
    """The model, in eval mode, and the vocabulary that a folder holds.

    Nothing in the folder can run code: weights are safetensors, the rest
    is JSON. Raises FileNotFoundError if there is no checkpoint, ValueError
    if it is damaged or of a newer format.
    """
    folder = Path(folder)
    if not (folder / DESCRIPTION).is_file():
        raise FileNotFoundError(
            f"there is no checkpoint in {str(folder)!r}: train one with "
            "tutorgpt ladder, or name another folder"
        )
    try:
        described = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        check_format(described["format"])
        model = known_models()[described["model"]](
            ModelConfig(**described["config"])
        )
        tokenizer = CharTokenizer(described["characters"])
        load_model(model, str(folder / WEIGHTS))
    except (
        KeyError,
        ValueError,
        TypeError,
        OSError,
        RuntimeError,
        SafetensorError,
    ) as error:
        raise ValueError(
            f"the checkpoint in {str(folder)!r} cannot be read "
            f"({first_line(error)}): train it again with tutorgpt ladder"
        ) from None
    return model.eval(), tokenizer


def check_format(number: int, where: str = "its") -> None:
    """Refuse what a newer tutorgpt has written."""
    if number > FORMAT:
        raise ValueError(
            f"{where} format is {number}, this tutorgpt reads up to {FORMAT}: "
            "update tutorgpt"
        )


def first_line(error: Exception) -> str:
    """What an error says, short enough for a sentence."""
    if isinstance(error, KeyError):
        return f"unknown or missing {error}"
    return str(error).partition("\n")[0].rstrip(": ")


def known_models() -> dict[str, type[LanguageModel]]:
    """The package's models by name; a notebook's own are not among them."""
    for home in MODEL_HOMES:
        import_module(home)
    return {
        model.__name__: model
        for model in LanguageModel.__subclasses__()
        if model.__module__.startswith("tutorgpt.")
    }
