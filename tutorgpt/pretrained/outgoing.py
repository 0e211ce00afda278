"""Chapter 12. Our own models as a folder that transformers reads."""

from pathlib import Path
from typing import cast

import torch
from safetensors.torch import save_file
from torch import Tensor

from tutorgpt.ground.places import shown, weights_folder
from tutorgpt.ground.whole_files import SUMS, whole_folder
from tutorgpt.language_model import LanguageModel, credit_of
from tutorgpt.pretrained.gpt2 import GPT2, GPT2Config
from tutorgpt.pretrained.gpt2_names import (
    CONFIG,
    DROPOUTS,
    GELU,
    LM_HEAD,
    PREFIX,
    WEIGHTS,
    is_turned,
    their_name,
)
from tutorgpt.pretrained.outgoing_tokenizer import (
    SETTINGS,
    TOKENIZER,
    write_json,
    write_tokenizer,
)
from tutorgpt.pretrained.widened import widened, widened_config
from tutorgpt.residual_norm import ResidualNormModel
from tutorgpt.scaling import GPT, fuse
from tutorgpt.tokens.tokenizer import Tokenizer, check_vocabulary


def to_transformers(
    model: LanguageModel,
    folder: str | Path,
    tokenizer: Tokenizer | None = None,
    *,
    replace: bool = False,
) -> Path:
    """Write a model as a folder that transformers reads, whole or not at all.

    AutoModelForCausalLM.from_pretrained(folder) gives the same logits, to
    rounding, and AutoTokenizer.from_pretrained(folder) the tokenizer.
    model: a GPT2, a GPT, or chapter 5's model, which is a GPT taken apart.
    folder: a new or an empty one.
    replace: put it in the place of a folder written by this function.
    Raises ValueError for another model, a tokenizer of another vocabulary
    and a folder that holds something else, OSError if it cannot be written.
    """
    folder = weights_folder(folder).absolute()
    check_free(folder, replace=replace)
    if tokenizer is not None:
        check_vocabulary(tokenizer, model.config.vocab_size)
    config, weights = in_their_words(model)
    with whole_folder(folder) as partial:
        write_json(partial / CONFIG, config | credit_of(model))
        save_file(weights, partial / WEIGHTS, {"format": "pt"})
        if tokenizer is not None:
            write_tokenizer(tokenizer, partial, model.config.block_size)
    return folder


def check_free(folder: Path, *, replace: bool) -> None:
    """Refuse to write over anything but a folder that was written here."""
    if folder.exists() and folder.samefile(Path.cwd()):
        raise ValueError(
            f"{str(folder)!r} is the folder that you are in, which cannot be "
            "put in another's place: name a new folder in it"
        )
    if folder.exists() and not folder.is_dir():
        raise ValueError(
            f"{str(folder)!r} is a file: name a folder that is new or empty"
        )
    if replace and is_ours(folder):
        return
    others = sorted(folder.iterdir()) if folder.exists() else []
    if others:
        raise ValueError(
            f"{str(folder)!r} holds other files already "
            f"({shown(others[0].name)}): name a folder that is new or empty"
        )


def is_ours(folder: Path) -> bool:
    """Whether a folder holds what was written here, and nothing else."""
    names = {place.name for place in folder.glob("*")}
    may_be = {CONFIG, WEIGHTS, TOKENIZER, SETTINGS, SUMS}
    return {CONFIG, WEIGHTS, SUMS} <= names <= may_be


def in_their_words(model: LanguageModel) -> tuple[dict, dict[str, Tensor]]:
    """What config.json says of a model, and its weights by their names.

    Raises ValueError for a model that has no such form.
    """
    if type(model) not in (GPT, GPT2, ResidualNormModel):
        raise ValueError(
            f"{type(model).__name__} has no form among transformers' models "
            "of GPT-2's kind: write a GPT, a GPT2 or a ResidualNormModel so, "
            "and any other model as safetensors"
        )
    check_parts(model)
    if isinstance(model, GPT2):
        config, weights = model.config, dict(model.named_parameters())
        told = {"activation_function": GELU[0], "tie_word_embeddings": True}
    else:
        ours = fuse(model) if isinstance(model, ResidualNormModel) else model
        ours = cast("GPT", ours)
        config, weights = widened_config(ours), widened(ours)
        told = {"activation_function": "relu", "tie_word_embeddings": False}
        told["n_inner"] = 4 * model.config.n_embed
    turned = {
        name: weight.detach().mT if is_turned(name) else weight.detach()
        for name, weight in weights.items()
    }
    return written_config(config) | told, {
        PREFIX * (name != LM_HEAD) + their_name(name): each.cpu().contiguous()
        for name, each in turned.items()
    }


def check_parts(model: LanguageModel) -> None:
    """Refuse a model of which a part was replaced."""
    with torch.device("meta"):
        fresh = type(model)(model.config)
    ours, theirs = (
        {name: weight.shape for name, weight in each.named_parameters()}
        for each in (model, fresh)
    )
    strange = [n for n in (*ours, *theirs) if ours.get(n) != theirs.get(n)]
    if strange:
        raise ValueError(
            f"this {type(model).__name__} has other parts than its class "
            f"makes ({strange[0]}), and such a folder says nothing of them: "
            "merge its adapters first, with merge(model), or give it the "
            "parts of its class again"
        )


def written_config(config: GPT2Config) -> dict:
    """What config.json says of a shape."""
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "dtype": "float32",
        "vocab_size": config.vocab_size,
        "n_positions": config.block_size,
        "n_embd": config.n_embed,
        "n_head": config.n_head,
        "n_layer": config.n_layer,
        "layer_norm_epsilon": config.epsilon,
        **dict.fromkeys(DROPOUTS, config.dropout),
        # No token of ours begins or ends a text; without this, 50256 does.
        "bos_token_id": None,
        "eos_token_id": None,
    }
