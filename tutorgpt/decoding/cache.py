"""Chapter 8. A GPT that remembers the keys and values of what it has read."""

from typing import cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.feed_forward import FeedForward
from tutorgpt.language_model import LanguageModel, Reader, window_start
from tutorgpt.scaling import GPT, FusedMultiHead, GPTBlock


class CachedBlock:
    """A GPTBlock, by its own weights, that keeps its keys and values.

    x (B N, C), a row a token, at positions past, past + 1, ... -> (B N, C),
    or (B, C) where only the last tokens' results are wanted.
    cache: two tensors (B, H, T, D) with T = block_size, filled from the left.
    """

    def __init__(self, block: GPTBlock, cache: Tensor) -> None:
        self.keys, self.values = cache
        self.norm_1, self.norm_2 = norm(block.norm_1), norm(block.norm_2)
        self.qkv = block.multi_head.qkv.weight.t()
        self.proj = linear(block.multi_head.proj)
        self.expand = linear(block.feed_forward.expand)
        self.contract = linear(block.feed_forward.contract)

    def __call__(
        self, x: Float[Tensor, "BN C"], past: int, last_only: bool
    ) -> Float[Tensor, "BM C"]:
        B, H, T, D = self.keys.shape
        N = len(x) // B  # new tokens in each text
        qkv = torch.mm(F.layer_norm(x, *self.norm_1), self.qkv)
        q, k, v = qkv.view(B, N, 3, H, D).permute(2, 0, 3, 1, 4)
        if N < T:  # a full window moves: nothing of it is used again
            end = past + N
            self.keys[:, :, past:end], self.values[:, :, past:end] = k, v
            k, v = self.keys[:, :, :end], self.values[:, :, :end]
        if last_only:
            q, x = q[:, :, -1:], x.view(B, N, -1)[:, -1]
        several = q.shape[2] > 1  # one query may see all there is
        out = F.scaled_dot_product_attention(q, k, v, is_causal=several)
        out = out.transpose(1, 2).reshape(x.shape)
        x = x + torch.addmm(self.proj[0], out, self.proj[1])
        wide = F.layer_norm(x, *self.norm_2)
        wide = torch.addmm(self.expand[0], wide, self.expand[1]).relu_()
        return x + torch.addmm(self.contract[0], wide, self.contract[1])


class CachedReader:
    """Scores the next token as its GPT does, without reading twice.

    tokens (B, T), the text so far -> scores (B, V). If the text has grown by
    one token since the last call, that token alone is read. If the window
    has moved, every token has a new position: all is read again.
    """

    def __init__(
        self, model: GPT, batch_size: int, window: str = "exact"
    ) -> None:
        config, position = model.config, model.embedding.position.weight
        cache = position.new_zeros(cache_shape(config, batch_size))
        self.block_size, self.window = config.block_size, window
        self.token, self.position = model.embedding.token.weight, position
        self.blocks = [
            CachedBlock(cast("GPTBlock", block), its_cache)
            for block, its_cache in zip(model.blocks, cache, strict=True)
        ]
        self.norm, self.lm_head = norm(model.norm), linear(model.lm_head)
        self.start = self.length = 0

    def __call__(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B V"]:
        start = window_start(tokens.shape[1], self.block_size, self.window)
        end = tokens.shape[1] - start
        goes_on = start == self.start and end == self.length + 1
        past = self.length if goes_on else 0
        self.start, self.length = start, end
        new = tokens[:, start + past :]
        x = F.embedding(new, self.token) + self.position[past:end]
        x = x.flatten(0, 1)  # on matrices, torch has less to work out
        for block in self.blocks:
            x = block(x, past, last_only=block is self.blocks[-1])
        bias, weight = self.lm_head
        return torch.addmm(bias, F.layer_norm(x, *self.norm), weight)


def norm(layer: nn.LayerNorm) -> tuple:
    """A LayerNorm's own numbers, as F.layer_norm takes them."""
    return layer.normalized_shape, layer.weight, layer.bias, layer.eps


def linear(layer: nn.Linear) -> tuple:
    """A Linear's own numbers, as torch.addmm takes them."""
    return layer.bias, layer.weight.t()


def cache_shape(config: ModelConfig, batch_size: int) -> tuple[int, ...]:
    """Layers, keys and values, B, H, block_size, D."""
    n_layer, n_head = config.n_layer, config.n_head
    size = config.head_size
    return (n_layer, 2, batch_size, n_head, config.block_size, size)


def reader(model: LanguageModel, batch_size: int, window: str) -> Reader:
    """What scores the next token of a growing text: the model's best way.

    A GPT reads each token once and keeps its keys and values; one that was
    taken apart, and any other model, reads as it says itself.
    """
    if isinstance(model, GPT) and is_as_built(model):
        return CachedReader(model, batch_size, window)
    return model.reader(batch_size, window)


def is_as_built(model: GPT) -> bool:
    """Whether no part of a GPT was replaced, hooked or given a new forward.

    The cached reader takes the weights only and would not notice: a head
    switched off by a hook, say, would write as if it were on. So the kinds
    of all parts are compared, in the order of model.modules(), with those
    of a GPT fresh from its class; also which of its layers have a bias.
    """
    parts = list(model.modules())
    block = [GPTBlock, nn.LayerNorm, FusedMultiHead, nn.Linear, nn.Linear]
    block += [nn.LayerNorm, FeedForward, nn.Linear, nn.ReLU, nn.Linear]
    block += [nn.Dropout]
    kinds = [GPT, TokenAndPositionEmbedding, nn.Embedding, nn.Embedding]
    kinds += [nn.Dropout, nn.Sequential, *block * model.config.n_layer]
    kinds += [nn.LayerNorm, nn.Linear]
    if [type(part) for part in parts] != kinds:
        return False
    biases = [p.bias is not None for p in parts if isinstance(p, nn.Linear)]
    if biases != [False, True, True, True] * model.config.n_layer + [True]:
        return False
    return not any(
        part._forward_hooks
        or part._forward_pre_hooks
        or "forward" in vars(part)
        for part in parts
    )
