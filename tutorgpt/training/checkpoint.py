"""A trained model in a folder: weights, config and vocabulary."""

import json
from dataclasses import asdict
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_model, save_model

from tutorgpt.config import ModelConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.tokenizer import CharTokenizer

FORMAT = 1
"""The version of the folder's layout; a newer one is refused."""


def save_checkpoint(
    folder: str | Path, model: LanguageModel, tokenizer: CharTokenizer
) -> Path:
    """Write a model and its vocabulary to a folder, weights first.

    Each file is written under another name and then renamed, so that a
    crash never leaves half a file.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    described = {
        "format": FORMAT,
        "model": type(model).__name__,
        "config": asdict(model.config),
        "characters": tokenizer.characters,
    }
    weights = folder / "weights.safetensors.partial"
    save_model(model, str(weights))
    weights.replace(folder / "weights.safetensors")
    text = folder / "model.json.partial"
    text.write_text(
        json.dumps(described, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    text.replace(folder / "model.json")
    return folder


def load_checkpoint(
    folder: str | Path,
) -> tuple[LanguageModel, CharTokenizer]:
    """The model, in eval mode, and the vocabulary that a folder holds.

    Nothing in the folder can run code: weights are safetensors, the rest
    is JSON. Raises FileNotFoundError if there is no checkpoint, ValueError
    if it is damaged or of a newer format.
    """
    folder = Path(folder)
    if not (folder / "model.json").is_file():
        raise FileNotFoundError(
            f"there is no checkpoint in {str(folder)!r}: train one with "
            "tutorgpt ladder, or name another folder"
        )
    try:
        described = json.loads((folder / "model.json").read_text("utf-8"))
        if described["format"] > FORMAT:
            raise ValueError(
                f"its format is {described['format']} and this tutorgpt "
                f"reads up to {FORMAT}: update tutorgpt"
            )
        model = _models()[described["model"]](
            ModelConfig(**described["config"])
        )
        tokenizer = CharTokenizer(described["characters"])
        load_model(model, str(folder / "weights.safetensors"))
    except KeyError as error:
        raise ValueError(
            f"the checkpoint in {str(folder)!r} is damaged "
            f"(unknown or missing {error}): train it again"
        ) from None
    except (ValueError, TypeError, SafetensorError, RuntimeError) as error:
        raise ValueError(
            f"the checkpoint in {str(folder)!r} cannot be read: {error}"
        ) from None
    return model.eval(), tokenizer


def _models() -> dict[str, type[LanguageModel]]:
    """The package's models by name; a notebook's own are not among them."""
    return {
        model.__name__: model
        for model in LanguageModel.__subclasses__()
        if model.__module__.startswith("tutorgpt.")
    }
