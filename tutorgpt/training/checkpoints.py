"""A trained model in one file: weights, config and tokenizer."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import torch
from jaxtyping import Shaped
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_model, save_model
from torch import Tensor, nn

from tutorgpt.ground.checks import NewerError
from tutorgpt.ground.places import weights_folder
from tutorgpt.ground.whole_files import check_no_device, whole_file
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel, credit_of
from tutorgpt.modern.gpt import ModernGPT
from tutorgpt.pretrained.adapters import adapters_of
from tutorgpt.pretrained.gpt2 import GPT2
from tutorgpt.pretrained.llama import Llama
from tutorgpt.text.tokenizers import load_tokenizer
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.tokens.tokenizer import Tokenizer, check_vocabulary

FORMAT = 2
"""The version of the file's layout; a newer one is refused.

2: one file, model.safetensors; a JSON text in its metadata, under
"tutorgpt", names the model's kind, its config and its tokenizer.
1: weights.safetensors, and model.json beside it, which could disagree.
"""
MODEL = "model.safetensors"
WEIGHTS_1, DESCRIPTION_1 = "weights.safetensors", "model.json"
_KEY, _SUM = "tutorgpt", "sha256"

MODELS: dict[str, type[LanguageModel]] = {
    model.__name__: model for model in (*LADDER, ModernGPT, GPT2, Llama)
}
"""The models that a checkpoint may hold, by the name of their class."""


def save_checkpoint(
    folder: str | Path, model: LanguageModel, tokenizer: Tokenizer
) -> Path:
    """Write a model and its tokenizer to a folder, whole or not at all.

    All is in one file that takes its name when it is complete: a crash or
    a full disk leaves what was there before, and weights never stand
    beside another model's vocabulary. Raises OSError if the folder cannot
    be written to, ValueError for a model that still has adapters.
    """
    folder = weights_folder(folder)
    try:
        write_model(folder / MODEL, model, tokenizer)
    except OSError as error:
        raise OSError(f"the checkpoint {error}") from None
    _forget_format_1(folder)
    return folder


def write_model(
    file: Path, model: LanguageModel, tokenizer: Tokenizer
) -> None:
    """Write a checkpoint's one file, under any name, whole or not at all.

    Raises ValueError for a device or a pipe and for a model that has
    adapters, OSError if it cannot be written.
    """
    described = describe_model(model, tokenizer)
    check_merged(model)
    check_vocabulary(tokenizer, model.config.vocab_size)
    check_no_device(file)
    with whole_file(file) as partial:
        weights = model.state_dict()
        save_model(model, str(partial), metadata(described, weights))


def check_merged(model: nn.Module) -> None:
    """Refuse a model with adapters: its class is built without any."""
    for name, _ in adapters_of(model):
        raise ValueError(
            f"this {type(model).__name__} has an adapter at {name}, which no "
            "checkpoint can hold: merge the adapters first, with merge(model)"
        )


def metadata(
    described: dict, weights: dict[str, Shaped[Tensor, "..."]]
) -> dict[str, str]:
    """What a safetensors file says of a model: description and checksum."""
    text = json.dumps(described, ensure_ascii=False)
    return {"format": "pt", _KEY: text, _SUM: checksum(weights)}


def checksum(weights: dict[str, Shaped[Tensor, "..."]]) -> str:
    """The SHA-256 of a model's weights, by name."""
    digest = hashlib.sha256()
    for name, weight in sorted(weights.items()):
        digest.update(name.encode())
        flat = weight.detach().cpu().contiguous().flatten()
        digest.update(flat.view(torch.uint8).numpy().data)
    return digest.hexdigest()


def describe_model(model: nn.Module, tokenizer: Tokenizer) -> dict:
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
        "tokenizer": tokenizer.describe(),
        **credit_of(model),
    }


def load_checkpoint(
    folder: str | Path,
) -> tuple[LanguageModel, Tokenizer]:
    """The model, in eval mode, and the tokenizer that a folder holds.

    folder: or the file in it, which may then have any name.
    Nothing in the folder can run code: weights are safetensors, the rest
    is JSON. Raises FileNotFoundError if there is no checkpoint, ValueError
    if it is damaged, of a newer format, or a model of other parts.
    """
    folder = weights_folder(folder)
    if not holds_model(folder):
        raise FileNotFoundError(
            f"there is no checkpoint in {str(folder)!r}: train one with "
            "tutorgpt ladder, or name another folder"
        )
    try:
        described = read_description(folder)
        model = build_model(described)
        tokenizer = load_tokenizer(described["tokenizer"])
        check_vocabulary(tokenizer, model.config.vocab_size)
        check_parts(weights_file(folder), model)
        load_model(model, str(weights_file(folder)))
        _check_weights(folder, model)
        model.credit = str(described.get("credit", ""))
    except (NewerError, OtherPartsError) as error:
        raise type(error)(
            f"the checkpoint in {str(folder)!r} cannot be read: {error}"
        ) from None
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        RuntimeError,
        SafetensorError,
    ) as error:
        raise ValueError(
            f"the checkpoint in {str(folder)!r} cannot be read "
            f"({first_line(error)}): train it again with tutorgpt ladder"
        ) from None
    return model.eval(), tokenizer


class OtherPartsError(ValueError):
    """A model of this name was made of other parts when it was written."""


def check_parts(file: Path, model: nn.Module, where: str = "its") -> None:
    """Refuse the weights of a model that was made of other parts.

    Its class may have the same name: ModernGPT had other parts before.
    """
    ours, kind = model.state_dict(), type(model).__name__
    with safe_open(str(file), framework="pt") as opened:
        theirs = set(opened.keys())
    # A tied weight has two names in the model and one in the file.
    there = {w.data_ptr() for name, w in ours.items() if name in theirs}
    differences = [
        f"it has no {name}"
        for name, weight in ours.items()
        if weight.data_ptr() not in there
    ]
    differences += [f"it has {n}" for n in sorted(theirs - set(ours))]
    if differences:
        raise OtherPartsError(
            f"{where} {kind} is made of other parts than this tutorgpt's "
            f"({differences[0]}): train one again with tutorgpt train "
            f"--model {kind}, or use the tutorgpt that wrote it"
        )


def _check_weights(folder: Path, model: nn.Module) -> None:
    """Refuse weights that are not those that were written, or no numbers."""
    stored = _metadata_of(weights_file(folder)).get(_SUM)
    if stored is not None and stored != checksum(model.state_dict()):
        raise ValueError("its weights have changed since they were written")
    broken = not_finite(model.state_dict())
    if broken:
        raise ValueError(f"{broken}: its training has diverged")


def not_finite(weights: dict[str, Shaped[Tensor, "..."]]) -> str:
    """In words, the first weights that are no numbers; empty if all are."""
    for name, weight in weights.items():
        if not weight.isfinite().all():
            return f"{name} has weights that are not finite"
    return ""


def holds_model(folder: Path) -> bool:
    """Whether a folder holds a model, of this format or of format 1.

    Or whether it is such a model's file itself.
    """
    if folder.suffix == Path(MODEL).suffix and folder.is_file():
        return True
    return any((folder / name).is_file() for name in (MODEL, DESCRIPTION_1))


def find_models(folder: Path) -> list[Path]:
    """The folders at or below this one that hold a model, newest last.

    Other programs call their files model.safetensors too: those are left
    out, and one that is damaged is not, so that it can be named. What is
    half written, deleted or set aside is not looked at.
    """
    files = [*filter(_may_be_ours, folder.rglob(MODEL))]
    files += folder.rglob(DESCRIPTION_1)
    files = [file for file in files if not _is_aside(file, folder)]
    files.sort(key=lambda file: file.stat().st_mtime_ns)
    return list(dict.fromkeys(file.parent for file in files))


def _is_aside(file: Path, folder: Path) -> bool:
    """Whether a file lies where what does not count is put."""
    return any(
        name.startswith((".", "damaged_"))
        for name in file.relative_to(folder).parts
    )


def weights_file(folder: Path) -> Path:
    """The file with the weights, in a folder of either format; or itself."""
    if folder.is_file():
        return folder
    file = folder / MODEL
    return file if file.is_file() else folder / WEIGHTS_1


def read_description(folder: Path, where: str = "its") -> dict:
    """What a folder says of its model; of format 1 in today's words.

    where: how the sentence about a newer format begins.
    Raises KeyError, TypeError, ValueError, OSError or SafetensorError if it
    is damaged, ValueError if it is of a newer format.
    """
    file = weights_file(folder)
    if file.name == WEIGHTS_1:
        return _read_format_1(folder, where)
    held = _metadata_of(file)
    if _KEY not in held:
        raise ValueError("it is not a model that tutorgpt has written")
    described = json.loads(held[_KEY])
    check_format(described["format"], where)
    return described


def _may_be_ours(file: Path) -> bool:
    try:
        return _KEY in _metadata_of(file)
    except (OSError, SafetensorError):
        return True


def _metadata_of(file: Path) -> dict[str, str]:
    with safe_open(str(file), framework="pt") as opened:
        return opened.metadata() or {}


def _read_format_1(folder: Path, where: str) -> dict:
    text = (folder / DESCRIPTION_1).read_text("utf-8")
    described = json.loads(text)
    check_format(described["format"], where)
    tokenizer = CharTokenizer(described.pop("characters"))
    return described | {"tokenizer": tokenizer.describe()}


def _forget_format_1(folder: Path) -> None:
    """Remove the older format's two files; read is the new one anyway."""
    with suppress(OSError):
        for name in (DESCRIPTION_1, WEIGHTS_1):
            (folder / name).unlink(missing_ok=True)


def build_model(described: dict) -> LanguageModel:
    """The model of a description, with weights that are not trained."""
    kind = described["model"]
    if kind not in MODELS:
        raise ValueError(
            f"its model is of kind {kind!r}, and the package has "
            f"{', '.join(MODELS)}"
        )
    config = MODELS[kind].config_class(**described["config"])
    return MODELS[kind](config)


def check_format(number: int, where: str = "its") -> None:
    """Refuse what a newer tutorgpt has written."""
    if number > FORMAT:
        raise NewerError(
            f"{where} format is {number}, this tutorgpt reads up to {FORMAT}: "
            "update tutorgpt"
        )


def first_line(error: Exception) -> str:
    """What an error says, in one line that ends without a stop."""
    if isinstance(error, KeyError):
        return f"unknown or missing {error}"
    return str(error).partition("\n")[0].rstrip(": ")
