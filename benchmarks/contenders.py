"""Who is measured: each gives a function that makes one training step.

Ours is the engine as `tutorgpt.train` runs it. The others run as their own
training scripts do; a library without one gets our batches and AdamW as it
comes. Under autocast they choose for themselves what to compute in bfloat16.
Who is missing is named, with the reason.
"""

import importlib.util
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from shapes import Shape
from source_text import SourceModel, source_loss, stacked_batch
from torch import Tensor, nn

from tutorgpt.config import ModelConfig, TrainConfig
from tutorgpt.scaling import GPT
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.split import Corpus
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.training.engine.step_loss import (
    AutocastStepLoss,
    StepLoss,
    build_step_loss,
)
from tutorgpt.training.loss import next_token_loss
from tutorgpt.training.steps import training_steps

RATE = 1e-3
Step = Callable[[], object]


class MissingError(Exception):
    """A contender that is not here, and why."""


def taking(
    loss: Callable[[], Tensor], optimizer: torch.optim.Optimizer
) -> Step:
    """A step down the gradient of a loss that is computed anew each time."""

    def step() -> None:
        value = loss()
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()

    return step


def ours(shape: Shape, data: Tensor, **settings) -> Step:
    """The engine on chapter 6's GPT."""
    config = TrainConfig(
        max_steps=1_000_000,
        eval_interval=1_000_000,
        batch_size=shape.batch_size,
        learning_rate=RATE,
        **settings,
    )
    torch.manual_seed(0)
    symbols = "".join(chr(0x4E00 + n) for n in range(shape.model.vocab_size))
    corpus = Corpus("random", "", CharTokenizer(symbols), data, data)
    return partial(next, training_steps(GPT(shape.model), corpus, config))


def source(shape: Shape, data: Tensor) -> Step:
    """The source text's code, as it is."""
    torch.manual_seed(0)
    model = SourceModel(shape.model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    T = shape.model.block_size

    def loss() -> Tensor:
        return source_loss(model, *stacked_batch(data, shape.batch_size, T))

    return taking(loss, optimizer)


def with_tricks(
    shape: Shape,
    data: Tensor,
    *,
    batches: Callable = sample_batch,
    fused: bool = True,
    build: Callable = build_step_loss,
    **settings,
) -> Step:
    """Chapter 6's GPT with only some of what the engine does for speed."""
    torch.manual_seed(0)
    model = GPT(shape.model)
    config = TrainConfig(batch_size=shape.batch_size, **settings)
    step_loss = build(model, config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, fused=fused)
    generator = torch.Generator().manual_seed(0)
    T = shape.model.block_size

    def loss() -> Tensor:
        words = (generator,) if batches is sample_batch else ()
        return step_loss(*batches(data, shape.batch_size, T, *words))

    return taking(loss, optimizer)


def library_step(model: nn.Module, shape: Shape, data: Tensor) -> Step:
    """A model that gives logits, our batches, AdamW as it comes."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    generator = torch.Generator().manual_seed(0)
    T = shape.model.block_size

    def loss() -> Tensor:
        tokens, targets = sample_batch(data, shape.batch_size, T, generator)
        # Under autocast the scores are narrow, and a loss wants 32 bits.
        return next_token_loss(model(tokens).float(), targets)

    return taking(loss, optimizer)


class OnlyLogits(nn.Module):
    """A model of transformers without what wraps its logits."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor) -> Tensor:
        return self.model(input_ids=tokens, use_cache=False).logits


def gpt2(m: ModelConfig, **settings: Any) -> Any:
    """transformers' GPT-2 of this shape."""
    try:
        from transformers import GPT2Config, GPT2LMHeadModel
    except ImportError:
        raise MissingError("pip install transformers") from None
    config = GPT2Config(
        vocab_size=m.vocab_size,
        n_positions=m.block_size,
        n_embd=m.n_embed,
        n_layer=m.n_layer,
        n_head=m.n_head,
        bos_token_id=0,
        eos_token_id=0,
        **settings,
    )
    return GPT2LMHeadModel(config)


def transformers_gpt2(shape: Shape, data: Tensor) -> Step:
    """GPT-2 of Hugging Face, with sdpa."""
    dropout = shape.model.dropout
    model = gpt2(
        shape.model,
        resid_pdrop=dropout,
        embd_pdrop=dropout,
        attn_pdrop=dropout,
        attn_implementation="sdpa",
    )
    return library_step(OnlyLogits(model), shape, data)


def x_transformers(shape: Shape, data: Tensor) -> Step:
    """lucidrains' decoder, with its sdpa path."""
    try:
        from x_transformers import Decoder, TransformerWrapper
    except ImportError:
        raise MissingError("pip install x-transformers") from None
    m = shape.model
    model = TransformerWrapper(
        num_tokens=m.vocab_size,
        max_seq_len=m.block_size,
        emb_dropout=m.dropout,
        attn_layers=Decoder(
            dim=m.n_embed,
            depth=m.n_layer,
            heads=m.n_head,
            attn_dim_head=m.head_size,
            attn_flash=True,
            attn_dropout=m.dropout,
            ff_dropout=m.dropout,
        ),
    )
    return library_step(model, shape, data)


def nanogpt(shape: Shape, data: Tensor, *, checkout: Path | None) -> Step:
    """nanoGPT's model, optimizer, batches and shortened gradients."""
    m = shape.model
    model = nanogpt_model(checkout, m, bias=False)
    optimizer = model.configure_optimizers(0.1, RATE, (0.9, 0.95), "cpu")
    stored, T = data.numpy().astype(np.uint16), m.block_size

    def cut(start: int) -> Tensor:
        return torch.from_numpy(stored[start : start + T].astype(np.int64))

    def step() -> None:
        starts = torch.randint(len(stored) - T, (shape.batch_size,)).tolist()
        tokens = torch.stack([cut(start) for start in starts])
        targets = torch.stack([cut(start + 1) for start in starts])
        _, loss = model(tokens, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def rasbt(
    shape: Shape, data: Tensor, *, checkout: Path | None, name: str
) -> Step:
    """A GPT of rasbt's package: GPTModel, or its GPTModelFast."""
    package = None if checkout is None else checkout / "pkg"
    if package is None or not package.is_dir():
        raise MissingError("name a checkout with --rasbt PATH")
    sys.path.insert(0, str(package))
    try:
        from llms_from_scratch import ch04  # type: ignore[import-not-found]
    except ImportError as error:
        raise MissingError(str(error)) from None
    finally:
        sys.path.remove(str(package))
    m = shape.model
    model = getattr(ch04, name)(
        {
            "vocab_size": m.vocab_size,
            "context_length": m.block_size,
            "emb_dim": m.n_embed,
            "n_heads": m.n_head,
            "n_layers": m.n_layer,
            "drop_rate": m.dropout,
            "qkv_bias": False,
        }
    )
    return library_step(model, shape, data)


def nanogpt_model(
    checkout: Path | None, m: ModelConfig, **settings: Any
) -> Any:
    """nanoGPT's own GPT of this shape, read from a checkout."""
    if checkout is None or not (checkout / "model.py").is_file():
        raise MissingError("name a checkout with --nanogpt PATH")
    spec = importlib.util.spec_from_file_location(
        "nanogpt_model", checkout / "model.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    config = module.GPTConfig(
        block_size=m.block_size,
        vocab_size=m.vocab_size,
        n_layer=m.n_layer,
        n_head=m.n_head,
        n_embd=m.n_embed,
        dropout=m.dropout,
        **settings,
    )
    return module.GPT(config)


def plain(model: GPT, config: TrainConfig) -> StepLoss:
    """Logits, then their loss."""
    return StepLoss(model)


def autocast(model: GPT, config: TrainConfig) -> StepLoss:
    """torch's own choice of what to compute in sixteen bits."""
    return AutocastStepLoss(model)


def tricks() -> dict[str, Callable[[Shape, Tensor], Step]]:
    """The way from the source text to the engine, a trick a line."""
    some = partial(partial, with_tricks)
    return {
        "source text": source,
        "one matrix, sdpa": some(
            batches=stacked_batch, fused=False, build=plain
        ),
        "+ batches at once": some(fused=False, build=plain),
        "+ fused AdamW": some(build=plain),
        "+ output layer in chunks": some(),
        "+ fast dropout": some(fast_dropout=True),
        "... and bf16": some(fast_dropout=True, precision="bf16"),
        "... on the residual path only": some(
            fast_dropout=True, precision="bf16", attention_dropout=False
        ),
        "autocast bf16": some(build=autocast),
    }


def under_autocast(
    build: Callable[[Shape, Tensor], Step],
) -> Callable[[Shape, Tensor], Step]:
    """The same contender, each of its steps made under autocast."""

    def built(shape: Shape, data: Tensor) -> Step:
        return torch.autocast("cpu", torch.bfloat16)(build(shape, data))

    return built


def contenders(
    nanogpt_checkout: Path | None, rasbt_checkout: Path | None
) -> dict[str, Callable[[Shape, Tensor], Step]]:
    """Everyone by name, the source text first.

    The engine in bf16 as such comes last: what it is where bf16 pays.
    """
    some, fast = partial(partial, ours), {"fast_dropout": True}
    rasbts = partial(partial, rasbt, checkout=rasbt_checkout)
    mine = {
        "source text": source,
        "tutorgpt fp32": ours,
        "tutorgpt fp32 fast dropout": some(**fast),
        "tutorgpt auto fast dropout": some(precision="auto", **fast),
        "tutorgpt auto residual dropout": some(
            precision="auto", attention_dropout=False, **fast
        ),
        "tutorgpt fp32 compiled": some(compile=True),
    }
    peers = {
        "nanoGPT": partial(nanogpt, checkout=nanogpt_checkout),
        "transformers GPT-2": transformers_gpt2,
        "x-transformers": x_transformers,
        "rasbt ch04": rasbts(name="GPTModel"),
        "rasbt ch04 fast": rasbts(name="GPTModelFast"),
    }
    narrow = {
        "tutorgpt bf16 fast dropout": partial(
            with_tricks, precision="bf16", **fast
        ),
        "tutorgpt bf16 residual dropout": partial(
            with_tricks, precision="bf16", attention_dropout=False, **fast
        ),
    }
    theirs = {
        f"{name} autocast": under_autocast(build)
        for name, build in peers.items()
    }
    return mine | peers | narrow | theirs
