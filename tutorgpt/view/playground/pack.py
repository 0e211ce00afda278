"""A model as data for the browser: rounded, named, with a checksum."""

import base64
import zlib
from collections.abc import Mapping
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor

from tutorgpt.language_model import LanguageModel, eval_mode
from tutorgpt.modern.gpt import ModernGPT
from tutorgpt.residual_norm import ResidualNormModel
from tutorgpt.scaling import GPT, count_parameters, fuse
from tutorgpt.tokens.tokenizer import Tokenizer, check_vocabulary

FORMAT = 2
"""What engine.js must know to read a pack.

Format 1, of pages and notebooks written earlier, named neither the model's
kind nor the tokenizer's, and kept the characters at its top level.
"""
KINDS = (GPT, ResidualNormModel, ModernGPT)
"""Whose weights a page reads. engine.js says by its class's name what a kind
computes; it knows chapter 5's model as the GPT that fuse makes of it."""
LIMIT = 3_000_000
"""Parameters; beyond it a page gets too large to send and to run."""
SIXTEEN_BITS = 1_600_000
"""Parameters that fit into 4.5 MB at two bytes each; a model with more of
them gets one byte each. Base64 makes four characters of three bytes."""
MOST_TOKENS = 2**16
"""A page keeps the number of a token in two bytes."""


def pack(
    model: LanguageModel,
    tokenizer: Tokenizer,
    *,
    note: str = "",
) -> dict:
    """Everything the playground needs to know about a model, ready for JSON.

    note: a sentence about the model, shown under the playground.
    Raises ValueError for a model that the page cannot compute: one that is
    none of KINDS, is too large, is not finite, or has another vocabulary; and
    for more than 65,536 tokens.
    """
    check_vocabulary(tokenizer, model.config.vocab_size)
    shown = as_shown(model)
    config = model.config
    shape = ("vocab_size", "block_size", "n_embed", "n_head", "n_layer")
    return {
        "format": FORMAT,
        "kind": type(shown).__name__,
        "note": note,
        "config": {name: getattr(config, name) for name in shape},
        "parameters": count_parameters(shown),
        "tokenizer": pack_tokenizer(tokenizer),
        # The order in which their bytes follow each other in a snapshot.
        "tensors": [
            [name, list(tensor.shape)]
            for name, tensor in shown.state_dict().items()
        ],
        "snapshots": [snapshot(shown, bits=weight_bits(shown))],
    }


def pack_tokenizer(tokenizer: Tokenizer) -> dict:
    """As it describes itself, but its merges as bytes, in base64.

    They are two numbers of 16 bits each; before them stand the bytes, in
    the order of their numbers.
    """
    described = tokenizer.describe()
    if "merges" not in described:
        return described
    if tokenizer.vocab_size > MOST_TOKENS:
        raise ValueError(
            f"the tokenizer has {tokenizer.vocab_size:,} tokens and a page "
            f"holds at most {MOST_TOKENS:,}: train with fewer pairs, or let "
            "the model write with tutorgpt sample"
        )
    merges = np.array(described["merges"], dtype="<u2")
    return described | {
        "bytes": _base64(b"".join(tokenizer.bytes_of[:256])),
        "merges": _base64(merges.tobytes()),
    }


def as_shown(model: LanguageModel) -> LanguageModel:
    """A copy of the model on the CPU, as a GPT or a ModernGPT.

    model: one of KINDS, or a class of the reader's own that computes the
    same with weights of the same names and shapes.
    Raises ValueError for any other model, saying what is different.
    """
    check_size(model)
    twin = twin_of(model)
    shown = fuse(twin) if isinstance(twin, ResidualNormModel) else twin
    check_finite(shown)
    check_same(model, shown.eval())
    return shown


def twin_of(model: LanguageModel) -> LanguageModel:
    """The one of KINDS with the model's weights, on the CPU."""
    weights = {name: w.cpu() for name, w in model.state_dict().items()}
    for kind in KINDS:
        with suppress(ValueError):  # of a shape that this kind cannot have
            twin = kind(model.config)
            if _shapes(twin.state_dict()) == _shapes(weights):
                twin.load_state_dict(weights)
                return twin
    raise ValueError(
        f"{type(model).__name__} does not have the weights of a GPT: the "
        "playground shows the models of chapters 5 and 6 and the ModernGPT "
        "of chapter 11, so train one of them (or edit the page's engine.js)"
    )


def check_size(model: LanguageModel) -> None:
    """Refuse a model that has more than LIMIT parameters."""
    parameters = count_parameters(model)
    if parameters > LIMIT:
        raise ValueError(
            f"the model has {parameters:,} parameters and a page holds at "
            f"most {LIMIT:,}: choose a smaller n_embed or n_layer, or let "
            "it write with tutorgpt sample"
        )


def weight_bits(model: LanguageModel) -> int:
    """How many bits of a weight a page keeps: 16, or 8 of a large model."""
    return 16 if count_parameters(model) <= SIXTEEN_BITS else 8


def check_finite(model: LanguageModel) -> None:
    """Refuse weights that are not numbers, or too large for 16 bits."""
    for name, tensor in model.state_dict().items():
        if not tensor.half().isfinite().all():
            raise ValueError(
                f"{name} has values that are not finite or beyond 65,504: "
                "train the model again, with a smaller learning_rate"
            )


@torch.inference_mode()
def check_same(model: LanguageModel, shown: LanguageModel) -> None:
    """Refuse a model whose logits are not those of its twin."""
    config = model.config
    generator = torch.Generator().manual_seed(1337)
    tokens = torch.randint(
        config.vocab_size, (1, config.block_size), generator=generator
    )
    device = next(model.parameters()).device
    with eval_mode(model):
        logits = model(tokens.to(device)).float().cpu()
    expected = shown(tokens)
    if not torch.allclose(logits, expected, rtol=1e-2, atol=1e-2):
        kind = type(shown).__name__
        raise ValueError(
            f"{type(model).__name__} has the weights of a {kind} but computes "
            "other logits: the page would show another model than yours, "
            f"so compare its forward with {kind}'s"
        )


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in weights.items()}


def snapshot(model: LanguageModel, *, bits: int = 16, **facts: float) -> dict:
    """The model's weights as text: float16, or whole numbers of 8 bits.

    facts: what the page says of this moment of training, step and loss.
    """
    # Vectors (biases, norms) keep 16 bits beside matrices of eight: they are
    # so few that nothing would be saved.
    data = b"".join(
        _half(tensor) if bits == 16 or tensor.ndim == 1 else _eight(tensor)
        for tensor in model.state_dict().values()
    )
    return {
        **facts,
        "bits": bits,
        # A page that was cut short in the mail, or changed in an editor,
        # would still compute something: the sum lets engine.js notice.
        "crc32": zlib.crc32(data),
        "weights": _base64(data),
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _half(tensor: Tensor) -> bytes:
    """Float16, the lower byte first on every machine: DataView reads so."""
    return tensor.detach().numpy().astype("<f2").tobytes()


def _eight(tensor: Tensor) -> bytes:
    """Row by row: a float16 scale, then a whole number for each weight.

    One scale for the whole matrix would be set by its largest weight, and
    rows of small ones would round to nothing.
    """
    scales, whole = _in_eight_bits(tensor)
    rows = zip(scales.astype("<f2"), whole, strict=True)
    return b"".join(scale.tobytes() + row.tobytes() for scale, row in rows)


def _in_eight_bits(tensor: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Scales (rows,) and whole numbers (rows, columns): W ≈ scale · whole."""
    weights = tensor.detach().numpy()
    # A row of zeros still needs a scale to divide by.
    top = np.abs(weights).max(axis=1).clip(min=1e-3)
    # The scale is itself rounded, to one of float16's steps: a factor of up
    # to 1 ± 1/2048. Rounded down, it would leave the largest weight of the
    # row beyond 127, so it is first made larger by a thousandth.
    scales = (top / 127 * 1.001).astype(np.float16).astype(np.float32)
    # Near zero float16's steps are wider than that; the clip is for them.
    whole = np.rint(weights / scales[:, None]).clip(-127, 127)
    return scales, whole.astype(np.int8)


@torch.no_grad()
def rounded(model: LanguageModel, *, bits: int | None = None) -> LanguageModel:
    """The model with the weights that the page computes with.

    bits: of each weight (default: what pack chooses).
    """
    shown = as_shown(model)
    bits = bits or weight_bits(shown)
    for tensor in shown.state_dict().values():
        if bits == 16 or tensor.ndim == 1:
            tensor.copy_(tensor.half().float())
        else:
            scales, whole = _in_eight_bits(tensor)
            tensor.copy_(torch.from_numpy(scales[:, None] * whole))
    return shown
