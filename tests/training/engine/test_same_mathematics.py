"""The engine is faster than the source text's code and computes the same."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import torch

from tutorgpt import GPT, ModelConfig, ResidualNormModel, TrainConfig
from tutorgpt.scaling import fuse
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.steps import begin, update

FILE = Path(__file__).parents[3] / "benchmarks" / "source_text.py"
SHAPE = ModelConfig(
    vocab_size=1500, block_size=8, n_embed=32, n_head=4, n_layer=3
)


@pytest.fixture(scope="module")
def source_text() -> ModuleType:
    """The benchmark's re-implementation of the source text's script."""
    spec = importlib.util.spec_from_file_location("source_text", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fused_copy(source: torch.nn.Module, shape: ModelConfig) -> GPT:
    """Chapter 6's model with the weights of the source text's."""
    model = ResidualNormModel(shape)
    missing = model.load_state_dict(source.state_dict(), strict=False)

    assert not missing.unexpected_keys
    assert all("weight" not in name for name in missing.missing_keys)
    return fuse(model)


@pytest.mark.parametrize("vocab_size", [69, 1500])
def test_ten_steps_are_the_same_ten_steps(vocab_size, source_text):
    """Same weights, same batches: losses within 1e-5 of each other."""
    torch.manual_seed(0)
    shape = replace(SHAPE, vocab_size=vocab_size)
    source = source_text.SourceModel(shape)
    config = TrainConfig(batch_size=16, learning_rate=1e-2)
    state = begin(fused_copy(source, shape), config, World())
    optimizer = torch.optim.AdamW(source.parameters(), lr=1e-2)
    data = torch.randint(vocab_size, (4000,))
    generator = torch.Generator().manual_seed(config.seed)
    losses = []
    for _ in range(10):
        starts = torch.randint(len(data) - 8, (16, 1), generator=generator)
        window = data[starts + torch.arange(9)]
        tokens, targets = window[:, :-1], window[:, 1:].contiguous()
        loss = source_text.source_loss(source, tokens, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        update(state, data)

    ours = [loss.item() for loss in state.losses]
    assert ours == pytest.approx(losses, rel=1e-5)
