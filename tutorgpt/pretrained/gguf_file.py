"""A GGUF file of the llama family as a Llama and its tokenizer.

The library gguf reads the file and unpacks its numbers. What it would do
with a damaged file (count for hours, or give fewer numbers) is refused here.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from tutorgpt.ground.places import expanded
from tutorgpt.ground.whole_files import reason
from tutorgpt.pretrained.credit import credit_in_facts
from tutorgpt.pretrained.faults import faults_named
from tutorgpt.pretrained.filling import GGUF, Stored, fill
from tutorgpt.pretrained.llama import Llama, LlamaConfig
from tutorgpt.pretrained.needed import models_needed
from tutorgpt.tokens.model_files import tokenizer_of_gguf
from tutorgpt.tokens.renumbered import PretrainedTokenizer

if TYPE_CHECKING:
    from gguf import GGUFReader, ReaderTensor

MAGIC = b"GGUF"
"""What every such file begins with."""
MOST_ENTRIES = 2**20
"""Entries of a list: the largest vocabularies have a quarter of it."""
FAMILY = "llama"
DAMAGED = "is damaged or not complete", "fetch it again"
REMEDY = "choose a model of the llama family, such as smollm2"


def load_gguf(path: str | Path) -> tuple[Llama, PretrainedTokenizer]:
    """The model, in eval mode, and the tokenizer that a GGUF file holds.

    Numbers of fewer bits become numbers of 32 bits. All is checked before
    anything large is made.
    Raises FileNotFoundError if there is no file, OSError if it cannot be
    read, ValueError if it is of another family, damaged, not complete,
    packed in a way that is not known, or too large for the memory.
    Source of the layout: ggml-org/ggml, docs/gguf.md, version 3.
    """
    path = expanded(path)
    check_magic(path)
    with models_needed("a GGUF file"), faults_named(path, *DAMAGED):
        reader = open_gguf(path)
    with faults_named(path, "cannot be used", REMEDY):
        described = {
            name: field.contents() for name, field in reader.fields.items()
        }
        config = config_of(described, {t.name for t in reader.tensors})
        tokenizer = tokenizer_of_gguf(described, config.vocab_size)
        stored = {t.name: stored_tensor(t) for t in reader.tensors}
        model = fill(config, GGUF, stored)
    model.credit = credit_in_facts(described)
    return model, tokenizer


def check_magic(path: Path) -> None:
    """Refuse what is no GGUF file, before a library looks at it."""
    try:
        with path.open("rb") as opened:
            found = opened.read(len(MAGIC))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no file {str(path)!r}: check the path, or name "
            "smollm2, which is fetched"
        ) from None
    except IsADirectoryError:
        raise ValueError(
            f"{str(path)!r} is a folder: name the GGUF file in it"
        ) from None
    except OSError as error:
        raise OSError(
            f"{str(path)!r} cannot be read ({reason(error)}): check its "
            "permissions, or choose another file"
        ) from None
    if found != MAGIC:
        raise ValueError(
            f"{str(path)!r} cannot be used (it does not begin as a GGUF "
            f"file): {REMEDY}"
        )


def open_gguf(path: Path) -> "GGUFReader":
    """The library's reader of a file; ValueError for a damaged one."""
    from gguf import GGUFEndian

    reader = strict_reader()(path)
    if reader.endianess != GGUFEndian.LITTLE:
        raise ValueError("its numbers are written with the high byte first")
    return reader


def strict_reader() -> "type[GGUFReader]":
    """The library's reader, which refuses numbers that no sound file has."""
    from gguf import GGUFReader, GGUFValueType

    class StrictReader(GGUFReader):
        def _get(
            self, offset: Any, dtype: Any, count: Any = 1, *rest: Any, **k: Any
        ) -> Any:
            end = int(offset) + np.dtype(dtype).itemsize * int(count)
            if end > len(self.data):
                raise ValueError(
                    f"it ends at byte {len(self.data):,} and goes on to "
                    f"{end:,}"
                )
            return super()._get(offset, dtype, count, *rest, **k)

        def _get_field_parts(self, orig_offs: Any, raw_type: Any) -> Any:
            if raw_type == GGUFValueType.ARRAY:
                check_entries(int(self._get(orig_offs + 4, np.uint64)[0]))
            return super()._get_field_parts(orig_offs, raw_type)

        def _build_tensor_info(self, offs: Any, count: Any) -> Any:
            check_entries(int(count))
            return super()._build_tensor_info(offs, count)

    return StrictReader


def check_entries(count: int) -> None:
    """Refuse a list of more entries than there are anywhere."""
    if count > MOST_ENTRIES:
        raise ValueError(f"a list says that it has {count:,} entries")


UNKNOWN = {
    "rope.scaling.type": (None, "none"),
    "expert_count": (None, 0),
    "attention.sliding_window": (None, 0),
}
"""What such a file may say and a Llama here does not do."""


def config_of(described: dict, tensors: set[str]) -> LlamaConfig:
    """The shape that a file states; KeyError for what it does not say."""
    stated = stated_in(described)
    H = stated["attention.head_count"]
    config = LlamaConfig(
        vocab_size=len(described["tokenizer.ggml.tokens"]),
        block_size=stated["context_length"],
        n_embed=stated["embedding_length"],
        n_head=H,
        n_layer=stated["block_count"],
        n_key_head=stated.get("attention.head_count_kv", H),
        hidden=stated["feed_forward_length"],
        rotary_base=stated.get("rope.freq_base", 10_000.0),
        epsilon=stated["attention.layer_norm_rms_epsilon"],
        tied="output.weight" not in tensors,
    )
    for name in ("rope.dimension_count", "attention.key_length"):
        check_head_size(name, stated.get(name, config.head_size), config)
    return config


def stated_in(described: dict) -> dict:
    """What a file says of a Llama; ValueError for another family."""
    family = described["general.architecture"]
    if family != FAMILY:
        raise ValueError(f"it is of the family {family!r}, not {FAMILY!r}")
    stated = {
        name.removeprefix(f"{FAMILY}."): value
        for name, value in described.items()
        if name.startswith(f"{FAMILY}.")
    }
    for name, fine in UNKNOWN.items():
        if stated.get(name) not in fine:
            raise ValueError(f"its {name} is {stated[name]!r}, not {fine[1]}")
    return stated


def check_head_size(name: str, stated: int, config: LlamaConfig) -> None:
    """Refuse heads of another size than the channels shared out."""
    if stated != config.head_size:
        raise ValueError(
            f"its {name} is {stated}, and a Llama here turns all of the "
            f"n_embed / n_head = {config.head_size} channels of a head"
        )


def stored_tensor(tensor: "ReaderTensor") -> Stored:
    """A tensor that is unpacked when it is asked for.

    Raises ValueError for a packing that the library cannot undo.
    """
    from gguf import GGML_QUANT_SIZES
    from gguf.quants import dequantize

    packing = tensor.tensor_type
    try:  # one block of zeros
        size = GGML_QUANT_SIZES[packing][1]
        dequantize(np.zeros((1, size), dtype=np.uint8), packing)
    except NotImplementedError:
        raise ValueError(
            f"its {tensor.name} is packed as {packing.name}, which is not "
            "read here"
        ) from None

    def unpacked() -> Tensor:
        numbers = dequantize(tensor.data, packing)
        if not numbers.flags.writeable:  # they are the mapped file itself
            numbers = np.array(numbers)
        return torch.from_numpy(numbers)

    return Stored(tuple(reversed(tensor.shape.tolist())), unpacked)
