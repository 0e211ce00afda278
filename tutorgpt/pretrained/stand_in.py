"""Chapter 12's model for a reader who cannot have the real one.

It has the layers and heads of SmolLM2 and fewer channels, random weights,
and a tokenizer that has learned from one sentence. What it writes makes no
sense, and every cell of the chapter runs on it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tutorgpt.ground.whole_files import whole_file
from tutorgpt.pretrained.conversation import END, START, TEMPLATE
from tutorgpt.pretrained.fetch import fetch, models_folder
from tutorgpt.pretrained.needed import models_needed
from tutorgpt.tokens import BytePairTokenizer
from tutorgpt.tokens.alphabet import letters

if TYPE_CHECKING:
    from gguf import GGUFWriter

FILE = "stand-in.gguf"
L, C, H, G, HIDDEN = 30, 288, 9, 3, 384
WHOLE = ["<|endoftext|>", START, END]
"""Tokens that stand for no text."""
SENTENCE = "The capital of France is Paris, and that of Italy is Rome. " * 9
SYSTEM = "You stand in for another model"


def model_file(name: str = "smollm2") -> Path:
    """The file of the chapter's model, or of one that stands in for it.

    Where the real one is not kept and cannot be fetched, the reason is
    printed, and a small file of the same kind is written to the cache.
    Raises RefusalError if the packages of [models] are missing.
    """
    try:
        return fetch(name)
    except (OSError, ValueError) as error:
        print(f"{error}\nA random model stands in for it here: what you see")
        print("is not what the page shows, and the page says what would be.")
        return write_stand_in(models_folder() / FILE)


def write_stand_in(path: Path) -> Path:
    """A GGUF file of a random Llama, the same one every time."""
    with models_needed("a GGUF file"), whole_file(path) as partial:
        from gguf import GGMLQuantizationType, GGUFWriter
        from gguf.quants import quantize

        writer = GGUFWriter(partial, "llama")
        tokens, merges = tokens_and_merges()
        add_facts(writer, tokens, merges)
        draw = np.random.default_rng(1337)
        for name, shape in shapes(len(tokens)).items():
            if len(shape) == 1:
                writer.add_tensor(name, np.ones(shape, dtype=np.float32))
                continue
            packing = GGMLQuantizationType.Q4_1
            if name == "token_embd.weight":
                packing = GGMLQuantizationType.Q8_0
            numbers = draw.normal(size=shape, scale=C**-0.5)
            packed = quantize(numbers.astype(np.float32), packing)
            writer.add_tensor(name, packed, raw_dtype=packing)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    return path


def add_facts(
    writer: "GGUFWriter", tokens: list[str], merges: list[str]
) -> None:
    """What the file says of the model, and its tokenizer."""
    writer.add_name("Stand-in")
    writer.add_license("apache-2.0")
    writer.add_block_count(L)
    writer.add_context_length(2048)
    writer.add_embedding_length(C)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(H)
    writer.add_head_count_kv(G)
    writer.add_rope_freq_base(100_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3] * len(WHOLE) + [1] * (len(tokens) - len(WHOLE)))
    writer.add_token_merges(merges)
    writer.add_eos_token_id(WHOLE.index(END))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE.replace("SYSTEM", SYSTEM))


def tokens_and_merges() -> tuple[list[str], list[str]]:
    """Tokens and merges that one sentence teaches, as such files spell."""
    learned = BytePairTokenizer.train(SENTENCE, 300)
    spelled = [letters(each) for each in learned.bytes_of]
    return WHOLE + spelled, [
        f"{spelled[a]} {spelled[b]}" for a, b in learned.merges
    ]


def shapes(vocab_size: int) -> dict[str, tuple[int, ...]]:
    """The tensors of the file, and the shape of each, rows first."""
    shared = C * G // H
    found = {"token_embd.weight": (vocab_size, C)}
    for layer in range(L):
        found |= {
            f"blk.{layer}.{name}.weight": shape
            for name, shape in {
                "attn_norm": (C,),
                "attn_q": (C, C),
                "attn_k": (shared, C),
                "attn_v": (shared, C),
                "attn_output": (C, C),
                "ffn_norm": (C,),
                "ffn_gate": (HIDDEN, C),
                "ffn_up": (HIDDEN, C),
                "ffn_down": (C, HIDDEN),
            }.items()
        }
    return found | {"output_norm.weight": (C,)}
