"""A folder of the llama family, as transformers writes it, as a Llama.

Three files are read: config.json, tokenizer.json and the weights, which may
be in several files. None of them can run code.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from tutorgpt.ground.places import weights_folder
from tutorgpt.pretrained.credit import credit_in
from tutorgpt.pretrained.faults import faults_named
from tutorgpt.pretrained.filling import TRANSFORMERS, Stored, fill
from tutorgpt.pretrained.llama import Llama, LlamaConfig
from tutorgpt.tokens.model_files import tokenizer_of_json
from tutorgpt.tokens.renumbered import PretrainedTokenizer

FAMILY = "llama"
ONE_FILE, PARTS = "model.safetensors", "model-*-of-*.safetensors"
LOOSE = ".rotary_emb.inv_freq"
"""Angles that older files hold; Rotary computes its own."""
REMEDY = (
    "choose a folder of the llama family, with config.json, tokenizer.json "
    "and model.safetensors, or smollm2"
)
NUMBERS = ("F64", "F32", "F16", "BF16")
"""Kinds of numbers that are read, in the words of safetensors."""


def load_safetensors(
    folder: str | Path,
) -> tuple[Llama, PretrainedTokenizer]:
    """The model, in eval mode, and the tokenizer that a folder holds.

    folder: with config.json, tokenizer.json and model.safetensors. Numbers
    become numbers of 32 bits.
    Raises FileNotFoundError if a file is missing, OSError if one cannot be
    read, ValueError if the model is of another family, or damaged, or too
    large for the memory.
    """
    folder = weights_folder(folder)
    with faults_named(folder, "cannot be used", REMEDY):
        described = json_of(folder / "config.json")
        config = config_of(described)
        stored = stored_in(folder, tied=config.tied)
        tokenizer = tokenizer_of_json(
            folder / "tokenizer.json",
            config.vocab_size,
            end_of(described),
            template_in(folder),
        )
        model = fill(config, TRANSFORMERS, stored)
    model.credit = credit_in(described, folder)
    return model, tokenizer


def json_of(path: Path) -> dict[str, Any]:
    """What a file of JSON says; ValueError for one that is damaged."""
    try:
        described = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise ValueError(f"its {path.name} is no JSON") from None
    if not isinstance(described, dict):
        raise ValueError(f"its {path.name} has another layout")
    return described


SIMPLE = {
    "hidden_act": ("silu",),
    "attention_bias": (None, False),
    "mlp_bias": (None, False),
    "rope_scaling": (None,),
    "num_experts": (None, 0),
}
"""What a folder may say; with other values a Llama here does not fit."""


def config_of(described: Mapping[str, Any]) -> LlamaConfig:
    """The shape that a config.json states; KeyError for what it lacks."""
    check_family(described)
    older = {"rope_theta": described.get("rope_theta", 10_000.0)}
    turning: dict[str, Any] = described.get("rope_parameters") or older
    if turning.get("rope_type", "default") != "default":
        raise ValueError(f"its rope_type is {turning['rope_type']!r}")
    H = described["num_attention_heads"]
    config = LlamaConfig(
        vocab_size=described["vocab_size"],
        block_size=described["max_position_embeddings"],
        n_embed=described["hidden_size"],
        n_head=H,
        n_layer=described["num_hidden_layers"],
        n_key_head=described.get("num_key_value_heads") or H,
        hidden=described["intermediate_size"],
        rotary_base=turning["rope_theta"],
        epsilon=described["rms_norm_eps"],
        tied=described.get("tie_word_embeddings", False),
    )
    size = described.get("head_dim") or config.head_size
    if size != config.head_size:
        raise ValueError(f"its head_dim is {size}, not {config.head_size}")
    return config


def check_family(described: Mapping[str, Any]) -> None:
    """Refuse another family, and a Llama with parts that ours has not."""
    family = described["model_type"]
    if family != FAMILY:
        raise ValueError(f"it is of the family {family!r}, not {FAMILY!r}")
    for name, fine in SIMPLE.items():
        if described.get(name) not in fine:
            raise ValueError(f"its {name} is {described.get(name)!r}")


def end_of(described: Mapping[str, Any]) -> int | None:
    """The token after which an answer ends; the first, if there are more."""
    end = described.get("eos_token_id")
    return end[0] if isinstance(end, list) else end


def template_in(folder: Path) -> str | None:
    """How a folder writes a conversation; None if it does not say."""
    alone, settings = "chat_template.jinja", "tokenizer_config.json"
    if (folder / alone).is_file():
        return (folder / alone).read_text("utf-8")
    if not (folder / settings).is_file():
        return None
    template = json_of(folder / settings).get("chat_template")
    return template if isinstance(template, str) else None


def weight_files(folder: Path) -> list[Path]:
    """The files that a folder's weights are read from: one, or its parts."""
    whole = folder / ONE_FILE
    parts = sorted(folder.glob(PARTS))
    return [whole] if whole.is_file() or not parts else parts


def stored_in(folder: Path, *, tied: bool) -> dict[str, Stored]:
    """Every table of a folder's files, by its name, without reading it.

    tied: whether the output layer is the table of embeddings: a second one
        in the file is then left out.
    """
    found = {}
    for file in weight_files(folder):
        file.open("rb").close()  # a missing one says which
        with safe_open(str(file), framework="pt") as opened:
            for name in opened.keys():  # noqa: SIM118, it is no dict
                found[name] = stored_table(file, name, opened.get_slice(name))
    if tied:
        found.pop("lm_head.weight", None)
    return {n: each for n, each in found.items() if not n.endswith(LOOSE)}


def stored_table(file: Path, name: str, found: Any) -> Stored:
    """A table that is read when it is asked for."""
    kind = found.get_dtype()
    if kind not in NUMBERS:
        raise ValueError(f"its {name} is of {kind} numbers")

    def read() -> Tensor:
        with safe_open(str(file), framework="pt") as opened:
            table = opened.get_tensor(name)
            # A copy, because the table may be the mapped file itself.
            return table.to(torch.float32, copy=True)

    return Stored(tuple(found.get_shape()), read)
