"""Chapter 12. What the field's own library computes with the same file."""

import re
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.pretrained.filling import GGUF, TRANSFORMERS, put
from tutorgpt.pretrained.gguf_file import config_of, open_gguf, stored_tensor
from tutorgpt.pretrained.llama import LlamaConfig
from tutorgpt.pretrained.needed import models_needed


@torch.inference_mode()
def logits_of_transformers(
    path: str | Path, tokens: Int[Tensor, "B T"]
) -> Float[Tensor, "B T V"]:
    """The logits of transformers' LlamaForCausalLM with a GGUF's weights.

    path: a sound GGUF file of the llama family; see load_gguf.
    None of our classes computes anything here, and no model stays behind,
    so that theirs and ours need not be in the memory together.
    """
    with models_needed("the model of another library"):
        reader = open_gguf(Path(path))
        packed = {tensor.name: tensor for tensor in reader.tensors}
        facts = {name: f.contents() for name, f in reader.fields.items()}
        config = config_of(facts, set(packed))
        model = empty_model(config)
    heads = {"q_proj": config.n_head, "k_proj": config.n_key_head}
    for name, _ in model.named_parameters():
        weight = stored_tensor(packed[gguf_name(name)]).read()
        for part, n_head in heads.items():
            if part in name:
                weight = halves_from_neighbours(weight, n_head)
        put(model, name, weight)
    model.tie_weights()
    return model.eval()(tokens).logits


def empty_model(config: LlamaConfig) -> Any:
    """transformers' model of this shape, whose weights take no room yet."""
    from transformers import LlamaConfig as TheirConfig
    from transformers import LlamaForCausalLM
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

    told = TheirConfig(
        vocab_size=config.vocab_size,
        hidden_size=config.n_embed,
        intermediate_size=config.hidden,
        num_hidden_layers=config.n_layer,
        num_attention_heads=config.n_head,
        num_key_value_heads=config.n_key_head,
        max_position_embeddings=config.block_size,
        rms_norm_eps=config.epsilon,
        rope_parameters={
            "rope_type": "default",
            "rope_theta": config.rotary_base,
        },
        tie_word_embeddings=config.tied,
    )
    with torch.device("meta"):
        model = LlamaForCausalLM(told)
    model.model.rotary_emb = LlamaRotaryEmbedding(told)
    return model


def gguf_name(theirs: str) -> str:
    """What a GGUF file calls a weight of transformers' Llama."""
    number = re.search(r"layers\.(\d+)\.", theirs)
    general = re.sub(r"layers\.\d+\.", "layers.#.", theirs)
    pairs = {
        a: b
        for ours, names in TRANSFORMERS.names.items()
        for a, b in zip(names, GGUF.names[ours], strict=True)
    }
    return pairs[general].replace("#", number[1] if number else "")


def halves_from_neighbours(
    weight: Float[Tensor, "HD C"], n_head: int
) -> Float[Tensor, "HD C"]:
    """Rows of queries or keys as transformers turns them; see filling."""
    by_pair = weight.unflatten(0, (n_head, -1, 2))  # (H, D/2, 2, C)
    return by_pair.transpose(1, 2).flatten(0, 2)
