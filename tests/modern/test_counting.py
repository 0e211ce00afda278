"""One way to count: chapter 6's for its GPT, and torch's for all others."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from tutorgpt import GPT, LARGE, BigramModel, ModelConfig, count_parameters
from tutorgpt.config import CHAPTER
from tutorgpt.decoding.cache import cache_shape
from tutorgpt.modern import (
    Experts,
    GroupedQueryAttention,
    ModernGPT,
    SwiGLU,
    TiedOutput,
    cache_bytes,
    looking_flops,
    model_flops,
    used_weights,
)
from tutorgpt.modern.parts import PartsGPT, PastReader
from tutorgpt.scaling import training_flops

SHAPE = ModelConfig(
    vocab_size=20, block_size=16, n_embed=24, n_head=4, n_layer=2
)


def with_attention(n_key_head: int, window: int) -> GPT:
    model = GPT(SHAPE)
    for block in model.blocks:
        block.multi_head = GroupedQueryAttention(24, 4, n_key_head, window)
    return model


def forward_flops(model: nn.Module) -> float:
    """What torch counts a token, attention as the products that it is."""
    tokens = torch.zeros(3, 16, dtype=torch.int64)
    with (
        sdpa_kernel(SDPBackend.MATH),
        FlopCounterMode(display=False) as counter,
    ):
        model(tokens)
    return counter.get_total_flops() / tokens.numel()


def test_a_gpt_is_counted_as_chapter_6_counts_it():
    """From the model what training_flops has from the config."""
    for preset in (CHAPTER, LARGE):
        config = preset.model(vocab_size=82)
        with torch.device("meta"):
            assert model_flops(GPT(config)) == training_flops(config)


@pytest.mark.parametrize("kind", [GPT, ModernGPT])
def test_torch_counts_the_same(kind):
    """A third is the forward pass: torch notes down 2 for each product."""
    model = kind(SHAPE)

    assert forward_flops(model) == model_flops(model) / 3


def test_shared_heads_save_weights_and_cache_but_no_looking():
    """Every query head still looks; keys and values are fewer."""
    whole, shared = with_attention(4, 16), with_attention(1, 16)

    assert looking_flops(shared) == looking_flops(whole)
    assert cache_bytes(whole) == 4 * cache_bytes(shared)
    assert used_weights(whole) - used_weights(shared) == 2 * 24 * 2 * 18


def test_a_window_saves_looking_and_cache():
    """A quarter of the tokens, a quarter of both; no weight less."""
    whole, window = with_attention(4, 16), with_attention(4, 4)

    assert looking_flops(whole) == 4 * looking_flops(window)
    assert cache_bytes(whole) == 4 * cache_bytes(window)
    assert used_weights(whole) == used_weights(window)
    assert cache_bytes(with_attention(4, 99)) == cache_bytes(whole)


def test_of_experts_the_active_ones_are_used():
    """And torch counts no more than that, and the router."""
    model = GPT(SHAPE)
    for block in model.blocks:
        block.feed_forward = SwiGLU(24, 10)
    dense = used_weights(model)
    for block in model.blocks:
        block.feed_forward = Experts(24, 10, n_expert=6, n_active=2)

    assert used_weights(model) == dense + 2 * (3 * 24 * 10 + 24 * 6)
    assert count_parameters(model) > used_weights(model) + 2 * 4 * 720
    assert forward_flops(model) == model_flops(model) / 3


def test_a_tied_table_is_multiplied_once():
    """Looking up a row is no product; scoring is."""
    model = GPT(SHAPE)
    before = used_weights(model)
    model.lm_head = TiedOutput(model.embedding.token)

    assert used_weights(model) == before
    assert (
        count_parameters(GPT(SHAPE)) - count_parameters(model) == 24 * 20 + 20
    )


def test_the_bytes_are_those_that_a_reader_keeps():
    """Of a model with parts, and of chapter 8's reader."""
    model = ModernGPT(SHAPE)
    for block, window in zip(model.blocks, (5, 99), strict=True):
        block.multi_head = GroupedQueryAttention(24, 4, 2, window)
    assert isinstance(model, PartsGPT)
    kept = sum(past.kept.nbytes for past in PastReader(model, 3).pasts)
    chapter_8 = torch.empty(cache_shape(SHAPE, 3))

    assert cache_bytes(model, 3) == kept
    assert cache_bytes(GPT(SHAPE), 3) == chapter_8.nbytes
    assert 2 * cache_bytes(model.bfloat16(), 3) == kept


def test_a_model_without_attention_is_refused():
    """Its name, and what can be counted."""
    with pytest.raises(ValueError, match="BigramModel has no attention"):
        cache_bytes(BigramModel(replace(SHAPE, n_layer=1)))


def test_a_token_is_looked_up_for_nothing():
    """A table of a million rows costs no operation."""
    model = GPT(SHAPE)
    before = model_flops(model)
    model.embedding.token = nn.Embedding(10_000, 24)

    assert model_flops(model) == before
