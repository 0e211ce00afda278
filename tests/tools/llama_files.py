"""Tiny models of the llama family, written as other programs write them.

The weights and the logits are transformers' own; the GGUF file is written
by the library gguf, with the rows of queries and keys in llama.cpp's order.
"""

import json
import random
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFEndian, GGUFWriter
from gguf.quants import dequantize, quantize

from tutorgpt.tokens import BytePairTokenizer
from tutorgpt.tokens.alphabet import letters

WHOLE = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEXT = "the cat sat on the mat, and then the other cat sat there: " * 9
TEMPLATE = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] "
    "!= 'system' %}{{ '<|im_start|>system\nYou are a cat<|im_end|>\n' }}"
    "{% endif %}{{'<|im_start|>' + message['role'] + '\n' + "
    "message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 48,
    "rms_norm_eps": 1e-5,
    "rope_theta": 5000.0,
    "eos_token_id": 2,
    "bos_token_id": 1,
}


def tokens_and_merges() -> tuple[list[str], list[tuple[str, str]]]:
    """A vocabulary in a file's own order: whole tokens, then all others."""
    learned = BytePairTokenizer.train(TEXT, 285)
    spelled = [letters(each) for each in learned.bytes_of]
    merges = [(spelled[a], spelled[b]) for a, b in learned.merges]
    # As in SmolLM2's file, no token for a byte that is rare.
    spelled = [token for token in spelled if token != letters(b"\x04")]
    random.Random(0).shuffle(spelled)
    return WHOLE + spelled, merges


def reference(*, tied: bool = True, **shape: object) -> torch.nn.Module:
    """transformers' model, with weights drawn wide enough to matter."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokens, _ = tokens_and_merges()
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(tokens), tie_word_embeddings=tied, **SHAPE | shape
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            spread = 0.3 if "norm" in name else 0.15
            weight.add_(torch.randn_like(weight) * spread)
    return model


def neighbours(weight: np.ndarray, n_head: int) -> np.ndarray:
    """llama.cpp's convert_hf_to_gguf.py, LlamaModel.permute."""
    halves = weight.reshape(n_head, 2, -1, weight.shape[1])
    return halves.swapaxes(1, 2).reshape(weight.shape)


NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def gguf_name(name: str) -> str:
    """transformers' name of a weight, as llama.cpp calls it."""
    name = name.removesuffix(".weight")
    if not name.startswith("model.layers."):
        return f"{NAMES[name]}.weight"
    _, _, number, part = name.split(".", 3)
    return f"blk.{number}.{NAMES[part]}.weight"


def gguf_weights(model: torch.nn.Module) -> dict[str, np.ndarray]:
    """A model's weights as a GGUF file orders them, by its names."""
    heads = {
        "q_proj": model.config.num_attention_heads,
        "k_proj": model.config.num_key_value_heads,
    }
    found = {}
    for name, weight in model.named_parameters():
        numbers = weight.detach().numpy().copy()
        for part, n_head in heads.items():
            if part in name:
                numbers = neighbours(numbers, n_head)
        found[gguf_name(name)] = numbers
    return found


def write_gguf(
    path: Path,
    model: torch.nn.Module,
    *,
    packing: GGMLQuantizationType = GGMLQuantizationType.F32,
    family: str = "llama",
    change_weights=lambda weights: weights,
    more: dict[str, object] | None = None,
    endian: GGUFEndian = GGUFEndian.LITTLE,
    **changes: object,
) -> Path:
    """A GGUF file; changes: fields by their names, with _ for a dot, or None.

    more: fields that such a file need not have, whole numbers or words.
    Tables are packed, single rows are not, as llama.cpp does it.
    """
    tokens, merges = tokens_and_merges()
    config, writer = model.config, GGUFWriter(path, family, endianess=endian)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3] * 3 + [1] * (len(tokens) - 3))
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, value in (more or {}).items():
        add = (
            writer.add_string if isinstance(value, str) else writer.add_uint32
        )
        add(name, value)
    [fields] = writer.kv_data
    for name, value in changes.items():
        known = {each.replace(".", "_"): each for each in fields}
        if value is None:
            del fields[known[name]]
        elif name in known:
            fields[known[name]].value = value
        else:
            raise KeyError(name)
    for name, numbers in change_weights(gguf_weights(model)).items():
        if numbers.ndim < 2 or packing == GGMLQuantizationType.F32:
            writer.add_tensor(name, numbers)
        else:
            writer.add_tensor(
                name, quantize(numbers, packing), raw_dtype=packing
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@torch.no_grad()
def packed(model: torch.nn.Module, packing: GGMLQuantizationType) -> None:
    """Round a model's tables as packing them would."""
    for weight in model.parameters():
        if weight.ndim == 2:
            rounded = dequantize(quantize(weight.numpy(), packing), packing)
            weight.copy_(torch.from_numpy(rounded))


def tokenizer_json() -> dict:
    """The tokenizer as the library tokenizers describes it."""
    tokens, merges = tokens_and_merges()
    byte_level = {
        "type": "ByteLevel",
        "add_prefix_space": False,
        "trim_offsets": True,
        "use_regex": True,
    }
    plain = {"single_word": False, "lstrip": False, "rstrip": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": n, "content": text, "normalized": False, "special": True}
            | plain
            for n, text in enumerate(WHOLE)
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                byte_level,
            ],
        },
        "post_processor": None,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: n for n, token in enumerate(tokens)},
            "merges": [list(pair) for pair in merges],
        },
    }


def write_folder(folder: Path, model: torch.nn.Module, **how: object) -> Path:
    """A folder as transformers writes it, with the tokenizer's two files."""
    model.save_pretrained(folder, **how)
    text = json.dumps(tokenizer_json(), ensure_ascii=False)
    (folder / "tokenizer.json").write_text(text, "utf-8")
    told = json.dumps({"chat_template": TEMPLATE})
    (folder / "tokenizer_config.json").write_text(told, "utf-8")
    return folder
