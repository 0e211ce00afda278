"""Chapter 12. A folder of the library transformers becomes our GPT-2.

Such a folder holds config.json and model.safetensors, which are all that is
read here: the library itself is not needed.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from tutorgpt.ground.checks import at_least
from tutorgpt.ground.places import weights_folder
from tutorgpt.pretrained.credit import credit_in
from tutorgpt.pretrained.faults import faults_named
from tutorgpt.pretrained.gpt2 import GPT2, GPT2Config
from tutorgpt.pretrained.gpt2_names import (
    CONFIG,
    DROPOUTS,
    GELU,
    LM_HEAD,
    NOT_LEARNED,
    PREFIX,
    WEIGHTS,
    is_turned,
    their_name,
)

SHAPE = ("vocab_size", "n_positions", "n_embd", "n_head", "n_layer")
"""What config.json must say; the rest has a usual value."""
REMEDY = (
    "name a folder with a GPT-2, as GPT2LMHeadModel.save_pretrained writes it"
)


def from_transformers(folder: str | Path) -> GPT2:
    """The GPT-2 that a folder of transformers holds, in eval mode.

    folder: with config.json and model.safetensors, as save_pretrained of
        GPT2LMHeadModel writes it. Its logits are the library's, to rounding.
    Raises FileNotFoundError if there is none, OSError if it cannot be read,
    ValueError if it is damaged, or of another kind than GPT-2.
    """
    folder = weights_folder(folder)
    check_files(folder)
    with faults_named(folder, "cannot be read", REMEDY):
        told = read_told(folder / CONFIG)
        model = empty_model(config_of(told))
        with safe_open(str(folder / WEIGHTS), framework="pt") as opened:
            names = find_weights(opened, model)
            fill(model, opened, names)
    model.credit = credit_in(told, folder)
    return model.eval()


def check_files(folder: Path) -> None:
    """Refuse a folder that lacks a file."""
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            raise FileNotFoundError(
                f"there is no {name} in {str(folder)!r}: name a folder that "
                "save_pretrained of GPT2LMHeadModel has written, with all "
                "weights in one file"
            )


def read_told(file: Path) -> dict[str, Any]:
    """What a config.json says; ValueError or TypeError if it is damaged."""
    told = json.loads(file.read_text("utf-8"))
    if not isinstance(told, dict):
        raise TypeError(f"{CONFIG} is no JSON object")
    return told


def config_of(told: dict[str, Any]) -> GPT2Config:
    """The shape that a config.json tells.

    Raises KeyError, TypeError or ValueError if it is damaged, ValueError if
    its model computes something else than GPT2.
    """
    at_least(1, **{name: told[name] for name in SHAPE})
    check_kind(told)
    return GPT2Config(
        vocab_size=told["vocab_size"],
        block_size=told["n_positions"],
        n_embed=told["n_embd"],
        n_head=told["n_head"],
        n_layer=told["n_layer"],
        dropout=told.get(DROPOUTS[0], 0.1),
        epsilon=told.get("layer_norm_epsilon", 1e-5),
    )


def check_kind(told: dict) -> None:
    """Refuse what would give other logits than transformers' model."""
    known: dict[str, Iterable] = {
        "model_type": ("gpt2",),
        "activation_function": GELU,
        "n_inner": (None, 4 * told["n_embd"]),
        "scale_attn_weights": (True,),
        "scale_attn_by_inverse_layer_idx": (False,),
        "add_cross_attention": (False,),
        "tie_word_embeddings": (True,),
    }
    for name, values in known.items():
        expected, *_ = values
        if told.get(name, expected) not in values:
            raise ValueError(
                f"its {name} is {told[name]!r}, where GPT2 has {expected!r}"
            )


def empty_model(config: GPT2Config) -> GPT2:
    """A model whose weights have shapes and no numbers, so take no room."""
    with torch.device("meta"):
        return GPT2(config)


def find_weights(opened: Any, model: GPT2) -> dict[str, str]:
    """Our name of each parameter, and the name that it has in a file.

    Raises ValueError if the file's weights are not those of the model, to
    the last one; none of them is read for it.
    """
    stored = {name.removeprefix(PREFIX): name for name in names_in(opened)}
    found = {}
    for name, weights in model.named_parameters():
        theirs = their_name(name)
        if theirs not in stored:
            raise ValueError(f"{WEIGHTS} has no {theirs}")
        found[name] = stored.pop(theirs)
        shape = tuple(opened.get_slice(found[name]).get_shape())
        ours = weights.mT if is_turned(name) else weights
        if shape != ours.shape:
            raise ValueError(
                f"{theirs} has the shape {shape}, and by {CONFIG} it has "
                f"{tuple(ours.shape)}"
            )
    stored.pop(LM_HEAD, None)  # the token table, once more
    others = [name for name in stored if not name.endswith(NOT_LEARNED)]
    if others:
        raise ValueError(f"{WEIGHTS} has {others[0]}, which GPT2 has not")
    return found


@torch.no_grad()
def fill(model: GPT2, opened: Any, names: dict[str, str]) -> None:
    """Give an empty model the weights of a file, one after the other."""
    model.to_empty(device="cpu")
    model.lm_head.weight = model.embedding.token.weight  # tied again
    for name, weights in model.named_parameters():
        read = opened.get_tensor(names[name])
        if not (read.is_floating_point() and read.isfinite().all()):
            raise ValueError(f"{names[name]} is not all finite numbers")
        weights.copy_(read.mT if is_turned(name) else read)


def names_in(opened: Any) -> list[str]:
    """The names of the weights in an open safetensors file."""
    return list(opened.keys())
