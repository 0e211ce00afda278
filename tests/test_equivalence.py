"""Our code against a reference, and the fast form against the simple one.

Which test is there for which mistake:

- no 1/√D, or √C in place of √D: a head is PyTorch's attention, and every
  test below it
- softmax over the wrong axis, the mask off by one, `past` transposed: the
  same
- heads joined in another order: many heads are PyTorch's
- a residual path or a norm forgotten: a block is PyTorch's layer
- q, k, v permuted in the fused form: the fused heads are the simple ones
- the final norm forgotten: the GPT is transformers' GPT-2
"""

import os

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt import (
    GPT,
    BigramModel,
    Block,
    FeedForward,
    Head,
    ModelConfig,
    MultiHead,
    ResidualNormModel,
    TrainConfig,
    train,
)
from tutorgpt.scaling import FusedMultiHead, GPTBlock, fuse
from tutorgpt.text.corpus import Corpus

B, T, C, H, V = 3, 7, 24, 4, 13
D = C // H


def normal(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator)


def wake(module: nn.Module, scale: float = 1.0) -> nn.Module:
    """Draw every parameter anew, so that no bias is 0 and no norm's is 1."""
    generator = torch.Generator().manual_seed(5)
    for parameter in module.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = scale * noise
    return module.eval()


def causal_mask(length: int) -> Tensor:
    """True where PyTorch's modules must not look: at the future."""
    return torch.ones(length, length, dtype=torch.bool).triu(1)


def by_heads(layer: MultiHead, part: str) -> Tensor:
    """One (C, C) matrix from the H matrices (D, C) of the heads."""
    return torch.cat([getattr(head, part).weight for head in layer.heads])


@torch.no_grad()
def test_a_head_is_pytorchs_attention():
    """A head is F.scaled_dot_product_attention of its own q, k and v."""
    head, x = wake(Head(C, D, T)), normal(B, T, C)
    q, k, v = head.query(x), head.key(x), head.value(x)
    expected = F.scaled_dot_product_attention(q, k, v, is_causal=True)

    torch.testing.assert_close(head(x), expected)


@torch.no_grad()
def test_a_head_is_the_formula_term_by_term():
    """Position t is the mean of values 0 ... t weighted by e^(q·k/√D)."""
    head, x = wake(Head(C, D, T)).double(), normal(B, T, C).double()
    q, k, v = head.query(x), head.key(x), head.value(x)
    expected = torch.zeros(B, T, D, dtype=torch.float64)
    for b in range(B):
        for t in range(T):
            scores = [q[b, t] @ k[b, past] / D**0.5 for past in range(t + 1)]
            weights = torch.stack(scores).exp()
            expected[b, t] = weights / weights.sum() @ v[b, : t + 1]

    torch.testing.assert_close(head(x), expected)


@torch.no_grad()
def test_many_heads_are_pytorchs():
    """MultiHead is nn.MultiheadAttention with a causal mask."""
    ours, x = wake(MultiHead(C, H, T)), normal(B, T, C)
    theirs = nn.MultiheadAttention(C, H, batch_first=True).eval()
    copy_heads(ours, theirs)
    expected, _ = theirs(x, x, x, attn_mask=causal_mask(T))

    torch.testing.assert_close(ours(x), expected, rtol=1e-4, atol=1e-4)


@torch.no_grad()
def copy_heads(ours: MultiHead, theirs: nn.MultiheadAttention) -> None:
    parts = [by_heads(ours, part) for part in ("query", "key", "value")]
    theirs.in_proj_weight.copy_(torch.cat(parts))
    theirs.in_proj_bias.zero_()
    theirs.out_proj.load_state_dict(ours.proj.state_dict())


@torch.no_grad()
def test_feed_forward_is_its_formula():
    """FeedForward is max(0, x W₁ + b₁) W₂ + b₂ at every position alone."""
    layer, x = wake(FeedForward(C)), normal(B, T, C)
    expand, contract = layer.expand, layer.contract
    wide = (x @ expand.weight.T + expand.bias).clamp(min=0)

    assert wide.shape == (B, T, 4 * C)
    torch.testing.assert_close(
        layer(x),
        wide @ contract.weight.T + contract.bias,
        rtol=1e-4,
        atol=1e-4,
    )


@torch.no_grad()
def test_layer_norm_is_its_formula():
    """The norm of a block takes each token to mean 0 and variance 1."""
    norm, x = wake(Block(C, H, T)).norm_1, 3 + 5 * normal(B, T, C)
    centred = x - x.mean(dim=-1, keepdim=True)
    variance = centred.pow(2).mean(dim=-1, keepdim=True)
    unit = centred / torch.sqrt(variance + 1e-5)

    torch.testing.assert_close(norm(x), unit * norm.weight + norm.bias)


@torch.no_grad()
def copy_block(ours: Block, theirs: nn.TransformerEncoderLayer) -> None:
    copy_heads(ours.multi_head, theirs.self_attn)
    theirs.linear1.load_state_dict(ours.feed_forward.expand.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.contract.state_dict())
    theirs.norm1.load_state_dict(ours.norm_1.state_dict())
    theirs.norm2.load_state_dict(ours.norm_2.state_dict())


def pytorchs_layer() -> nn.TransformerEncoderLayer:
    """PyTorch's layer in training mode: no shortcut for inference."""
    return nn.TransformerEncoderLayer(
        C, H, 4 * C, dropout=0.0, norm_first=True, batch_first=True
    )


@torch.no_grad()
def test_a_block_is_pytorchs_layer():
    """Block is nn.TransformerEncoderLayer(norm_first=True), masked."""
    ours, theirs, x = (
        wake(Block(C, H, T), 0.3),
        pytorchs_layer(),
        normal(B, T, C),
    )
    copy_block(ours, theirs)
    expected = theirs(x, src_mask=causal_mask(T))

    torch.testing.assert_close(ours(x), expected, rtol=1e-4, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("length", [1, 2, T])
def test_the_fused_heads_are_the_simple_ones(length):
    """FusedMultiHead is MultiHead once the weights are stacked."""
    simple, x = wake(MultiHead(C, H, T)), normal(B, length, C)
    fused = FusedMultiHead(C, H, T, dropout=0.0).eval()
    parts = [by_heads(simple, part) for part in ("query", "key", "value")]
    fused.qkv.weight.copy_(torch.cat(parts))
    fused.proj.load_state_dict(simple.proj.state_dict())

    torch.testing.assert_close(fused(x), simple(x), rtol=1e-4, atol=1e-4)


SHAPES = [
    ModelConfig(vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=3),
    ModelConfig(vocab_size=5, block_size=1, n_embed=4, n_head=1, n_layer=1),
    ModelConfig(vocab_size=2, block_size=9, n_embed=6, n_head=6, n_layer=2),
    ModelConfig(
        vocab_size=V, block_size=T, n_embed=C, n_head=2, n_layer=1, dropout=0.4
    ),
]


@pytest.mark.parametrize("config", SHAPES, ids=str)
@torch.no_grad()
def test_fuse_keeps_the_logits(config):
    """fuse(chapter 5's model) gives the same logits in eval mode."""
    simple = wake(ResidualNormModel(config), 0.3)
    tokens = torch.arange(2 * config.block_size) % config.vocab_size
    tokens = tokens.view(2, config.block_size)
    fused = fuse(simple)

    assert not fused.training
    torch.testing.assert_close(
        fused(tokens), simple(tokens), rtol=1e-4, atol=1e-4
    )


def test_fuse_keeps_the_gradients():
    """The fused form learns the same: equal gradients for equal weights."""
    simple = wake(ResidualNormModel(SHAPES[0]), 0.3)
    fused = fuse(simple)
    tokens = torch.arange(T)[None] % V
    for model in (simple, fused):
        F.cross_entropy(model(tokens)[0], tokens[0].roll(-1)).backward()
    stacked = torch.cat(
        [
            getattr(head, part).weight.grad
            for part in ("query", "key", "value")
            for head in simple.blocks[0].multi_head.heads
        ]
    )

    torch.testing.assert_close(
        fused.blocks[0].multi_head.qkv.weight.grad,
        stacked,
        rtol=1e-3,
        atol=1e-5,
    )


@torch.no_grad()
def test_fuse_copies():
    """Changing the fused model afterwards leaves the first one alone."""
    simple = wake(ResidualNormModel(SHAPES[0]))
    before = simple.lm_head.weight.clone()
    fuse(simple).lm_head.weight.zero_()

    assert torch.equal(simple.lm_head.weight, before)


@torch.no_grad()
def test_the_gpt_is_one_built_from_pytorchs_layers():
    """The whole of chapter 5 and 6 is PyTorch's encoder, masked."""
    simple = wake(ResidualNormModel(SHAPES[0]), 0.3)
    tokens = torch.arange(B * T).view(B, T) % V
    x = simple.embedding.token(tokens) + simple.embedding.position.weight
    for block in simple.blocks:
        layer = pytorchs_layer()
        copy_block(block, layer)
        x = layer(x, src_mask=causal_mask(T))
    expected = simple.lm_head(F.layer_norm(x, (C,), *simple.norm.parameters()))

    torch.testing.assert_close(
        fuse(simple)(tokens), expected, rtol=1e-4, atol=1e-4
    )


@torch.no_grad()
def test_the_gpt_is_transformers_gpt2(monkeypatch):
    """GPT is Hugging Face's GPT-2 of the same shape, ReLU in place of GELU.

    Theirs has a bias on q, k and v (set to 0) and none on the last layer
    (ours is added to its logits); their matrices are transposed.
    """
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    import transformers

    ours = wake(GPT(SHAPES[0]), 0.3)
    theirs = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=V,
            n_positions=T,
            n_embd=C,
            n_layer=3,
            n_head=H,
            activation_function="relu",
            tie_word_embeddings=False,
            bos_token_id=0,
            eos_token_id=0,
        )
    ).eval()
    theirs.load_state_dict(named_as_gpt2(ours))
    tokens = torch.arange(B * T).view(B, T) % V
    expected = theirs(tokens).logits + ours.lm_head.bias

    torch.testing.assert_close(ours(tokens), expected, rtol=1e-4, atol=1e-4)


def named_as_gpt2(model: GPT) -> dict[str, Tensor]:
    """The weights of a GPT under the names transformers gives them."""
    weights = {
        "transformer.wte.weight": model.embedding.token.weight,
        "transformer.wpe.weight": model.embedding.position.weight,
        "transformer.ln_f.weight": model.norm.weight,
        "transformer.ln_f.bias": model.norm.bias,
        "lm_head.weight": model.lm_head.weight,
    }
    for n, block in enumerate(model.blocks):
        attention, feed_forward = block.multi_head, block.feed_forward
        for name, layer in (
            ("ln_1", block.norm_1),
            ("ln_2", block.norm_2),
            ("attn.c_attn", attention.qkv),
            ("attn.c_proj", attention.proj),
            ("mlp.c_fc", feed_forward.expand),
            ("mlp.c_proj", feed_forward.contract),
        ):
            out = layer.weight.shape[0]
            bias = torch.zeros(out) if layer.bias is None else layer.bias
            prefix = f"transformer.h.{n}.{name}"
            turned = isinstance(layer, nn.Linear)
            weights[f"{prefix}.weight"] = (
                layer.weight.T if turned else layer.weight
            )
            weights[f"{prefix}.bias"] = bias
    return weights


def test_dropout_is_the_only_difference_between_chapters_5_and_6():
    """With dropout 0 the GPT gives chapter 5's logits in train mode too."""
    simple = wake(ResidualNormModel(SHAPES[0]), 0.3).train()
    fused = fuse(simple)
    tokens = torch.arange(T)[None] % V

    assert fused.training
    torch.testing.assert_close(
        fused(tokens), simple(tokens), rtol=1e-4, atol=1e-4
    )


@torch.no_grad()
@pytest.mark.parametrize("place", ["attention", "sub-layer", "embedding"])
def test_dropout_works_in_train_mode_only(place):
    """Each of the GPT's three kinds of dropout acts, and only in training."""
    torch.manual_seed(0)
    config = SHAPES[0]
    if place == "attention":
        layer, x = FusedMultiHead(C, H, T, dropout=0.5), normal(B, T, C)
    elif place == "sub-layer":
        layer = GPTBlock(ModelConfig(**{**vars(config), "dropout": 0.5}))
        layer.multi_head.dropout = 0.0
        x = normal(B, T, C)
    else:
        layer = GPT(ModelConfig(**{**vars(config), "dropout": 0.5}))
        layer.blocks = nn.Sequential()
        x = torch.arange(B * T).view(B, T) % V

    layer.train()
    assert not torch.equal(layer(x), layer(x))
    layer.eval()
    assert torch.equal(layer(x), layer(x))


@pytest.mark.slow
def test_the_trained_bigram_is_the_table_of_counts():
    """A bigram model with room for the whole table learns the frequencies.

    n_embed = V lets Linear(Embedding) be any V × V table, so its softmax
    must come to count(a, b) / count(a) of the training split; three
    seeds came within 0.01 of it.
    """
    generator = torch.Generator().manual_seed(4)
    chain = torch.tensor(
        [
            [0.7, 0.2, 0.1, 0.0],
            [0, 0.5, 0.5, 0],
            [0.1, 0.1, 0.1, 0.7],
            [1.0, 0, 0, 0],
        ]
    )
    tokens = [0]
    for draw in torch.rand(2000, generator=generator):
        row = chain[tokens[-1]].cumsum(0)
        tokens.append(int((draw > row).sum().clamp(max=3)))
    corpus = Corpus.from_text("chain", "".join("abcd"[n] for n in tokens))
    counts = torch.zeros(4, 4)
    here = torch.stack([corpus.train[:-1], corpus.train[1:]])
    counts.index_put_(tuple(here), torch.ones(here.shape[1]), accumulate=True)
    torch.manual_seed(0)
    model = BigramModel(
        ModelConfig(vocab_size=4, block_size=8, n_embed=4, n_head=1, n_layer=1)
    )
    train(
        model,
        corpus,
        TrainConfig(max_steps=1500, batch_size=128, learning_rate=3e-3),
    )
    learned = model(torch.arange(4)[:, None])[:, 0].softmax(dim=-1)
    counted = counts / counts.sum(dim=1, keepdim=True)

    assert (learned - counted).abs().max() < 0.03
