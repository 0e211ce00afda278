"""Chapter 12. A model as one ONNX file, which many programs compute with."""

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from tutorgpt.ground.places import expanded
from tutorgpt.ground.whole_files import check_no_device, whole_file
from tutorgpt.language_model import LanguageModel, credit_of, eval_mode
from tutorgpt.pretrained.needed import models_needed
from tutorgpt.tokens.tokenizer import Tokenizer, check_vocabulary

MOST_BYTES = 2 * 10**9
"""A file of this layout ends at 2 GiB, and holds more than the weights."""
KEY = "tutorgpt"
"""Where the file's metadata tell model, config and tokenizer, as JSON."""


def to_onnx(
    model: LanguageModel, file: str | Path, tokenizer: Tokenizer | None = None
) -> Path:
    """Write a model as an ONNX file, whole or not at all.

    Its input is `tokens` (B, T), whole numbers of 64 bits, for any B and a T
    up to block_size; its output is `logits` (B, T, V), those of the model in
    eval mode, to rounding.
    tokenizer: described in the file's metadata, beside the model's config.
    Raises RefusalError if a package of the extra [models] is missing,
    ValueError for a tokenizer of another vocabulary and a model of more than
    2 GB, or a file that is a device, OSError if it cannot be written.
    """
    file = expanded(file)
    check_onnx()
    check_no_device(file)
    if tokenizer is not None:
        check_vocabulary(tokenizer, model.config.vocab_size)
    check_size(model)
    program = traced(model)
    told = {"model": type(model).__name__, "config": asdict(model.config)}
    told |= credit_of(model)
    if tokenizer is not None:
        told["tokenizer"] = tokenizer.describe()
    described = json.dumps(told, ensure_ascii=False)
    program.model.metadata_props[KEY] = described
    with whole_file(file) as partial:
        program.save(str(partial), external_data=False)
    return file


def check_onnx() -> None:
    """Refuse to begin where what writes such files is not installed."""
    with models_needed("an ONNX file"):
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401


def check_size(model: LanguageModel) -> None:
    """Refuse a model that is too large for one file."""
    size = sum(p.numel() * p.element_size() for p in model.parameters())
    if size > MOST_BYTES:
        raise ValueError(
            f"the model has {size / 1e9:.1f} GB of weights and an ONNX file "
            "holds at most 2: write it as safetensors"
        )


def traced(model: LanguageModel) -> Any:
    """What a model computes, as ONNX's operations.

    The lengths of the example stand for all: those of 1 would not, as torch
    takes them to be 1 for ever.
    """
    T = model.config.block_size
    lengths: dict[int, Any] = {0: torch.export.Dim("batch", min=1)}
    if T > 1:
        lengths[1] = torch.export.Dim("length", min=1, max=T)
    device = next(model.parameters()).device
    example = torch.zeros(2, min(T, 2), dtype=torch.int64, device=device)
    with quiet(), eval_mode(model), torch.no_grad():
        return torch.onnx.export(
            model,
            (example,),
            dynamo=True,
            dynamic_shapes={"tokens": lengths},
            input_names=["tokens"],
            output_names=["logits"],
            verbose=False,
        )


@contextmanager
def quiet() -> Iterator[None]:
    """Inside, torch does not speak of packages that are not needed here."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
