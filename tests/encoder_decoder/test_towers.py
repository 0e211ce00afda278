"""Chapter 9's two towers: what sees what, and torch's own Transformer.

Which test is there for which mistake:

- a cross-attention that reads the target, a mask upside down, post-norm in
  place of pre-norm, a forgotten norm: the towers are nn.Transformer
- padding that is looked at: padding changes nothing
- a decoder that sees the future: the decoder is causal
- the encoder left masked: the encoder reads ahead
- memory handed to the first layer only: every layer reads the source
"""

from itertools import pairwise

import pytest
import torch
from recorded import script
from torch import Tensor, nn

from tutorgpt import ModelConfig
from tutorgpt.embedding import sinusoids
from tutorgpt.encoder_decoder import (
    Attention,
    DecoderLayer,
    EncoderDecoder,
    EncoderLayer,
)
from tutorgpt.text.pairs import PAD, real_tokens

B, S, T, C, H, L, V = 3, 9, 6, 24, 4, 3, 13
CONFIG = ModelConfig(
    vocab_size=V, block_size=12, n_embed=C, n_head=H, n_layer=L
)


@pytest.fixture
def model() -> EncoderDecoder:
    """Every parameter drawn anew, so that no bias is 0 and no norm's 1."""
    return wake(EncoderDecoder(CONFIG))


def wake(module):
    generator = torch.Generator().manual_seed(5)
    for parameter in module.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = 0.4 * noise
    return module


def some_tokens(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, V, shape, generator=generator)


def padded_source() -> Tensor:
    source = some_tokens(B, S)
    source[1, 5:] = PAD
    source[2, 1:] = PAD
    return source


# ------------------------------------------------------ torch's Transformer


RECORDED = script("records/translation")
"""Its post-norm layers are those that the record was made with."""


@torch.no_grad()
def torch_twin(model: EncoderDecoder, *, norm_first: bool) -> nn.Transformer:
    """torch's own Transformer with a copy of our weights."""
    same = {"dim_feedforward": 4 * C, "dropout": 0.0, "batch_first": True}
    encoder = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(C, H, norm_first=norm_first, **same),
        L,
        nn.LayerNorm(C),
        enable_nested_tensor=False,
    )
    twin = nn.Transformer(
        C,
        H,
        num_decoder_layers=L,
        custom_encoder=encoder,
        norm_first=norm_first,
        **same,
    )
    for ours, theirs in zip(
        model.encoder.layers, twin.encoder.layers, strict=True
    ):
        copy_attention(ours.attention, theirs.self_attn)
        copy_rest(ours, theirs, norms=2)
    for ours, theirs in zip(model.decoder, twin.decoder.layers, strict=True):
        copy_attention(ours.self_attention, theirs.self_attn)
        copy_attention(ours.cross_attention, theirs.multihead_attn)
        copy_rest(ours, theirs, norms=3)
    twin.encoder.norm.load_state_dict(model.encoder.norm.state_dict())
    twin.decoder.norm.load_state_dict(model.norm.state_dict())
    return twin.train()


def copy_attention(ours: Attention, theirs: nn.MultiheadAttention) -> None:
    parts = (ours.query, ours.key, ours.value)
    theirs.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
    theirs.in_proj_bias.zero_()
    theirs.out_proj.load_state_dict(ours.proj.state_dict())


def copy_rest(ours, theirs, *, norms: int) -> None:
    theirs.linear1.load_state_dict(ours.feed_forward.expand.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.contract.state_dict())
    for n in range(1, norms + 1):
        norm = getattr(ours, f"norm_{n}")
        getattr(theirs, f"norm{n}").load_state_dict(norm.state_dict())


@torch.no_grad()
def twins_logits(
    model: EncoderDecoder, source: Tensor, target: Tensor, norm_first: bool
) -> Tensor:
    twin = torch_twin(model, norm_first=norm_first)
    length = target.shape[1]
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
    x = twin(
        model.encoder.embedding(source),
        model.embedding(target),
        tgt_mask=hidden,
        src_key_padding_mask=source == PAD,
        memory_key_padding_mask=source == PAD,
    )
    return model.lm_head(x)


@torch.no_grad()
def test_the_towers_are_torchs(model):
    """With the same weights, nn.Transformer(norm_first=True) is equal."""
    source, target = padded_source(), some_tokens(B, T, seed=1)
    expected = twins_logits(model, source, target, norm_first=True)

    torch.testing.assert_close(
        model(source, target), expected, rtol=1e-4, atol=1e-4
    )


@torch.no_grad()
def test_with_the_norm_after_the_sum_they_are_the_papers():
    """Post-norm layers make nn.Transformer(norm_first=False)."""
    model = EncoderDecoder(CONFIG)
    model.encoder.layers = nn.ModuleList(
        RECORDED.PostNormEncoderLayer(C, H) for _ in range(L)
    )
    model.decoder = nn.ModuleList(
        RECORDED.PostNormDecoderLayer(C, H) for _ in range(L)
    )
    wake(model)
    source, target = padded_source(), some_tokens(B, T, seed=1)
    expected = twins_logits(model, source, target, norm_first=False)

    torch.testing.assert_close(
        model(source, target), expected, rtol=1e-4, atol=1e-4
    )


# ------------------------------------------------------------ who sees what


@torch.no_grad()
def test_attention_is_the_formula_term_by_term():
    """Head h of position t averages the visible values by e^(q·k/√D)."""
    layer = wake(Attention(C, H)).double()
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(B, T, C, generator=generator).double()
    memory = torch.randn(B, S, C, generator=generator).double()
    visible = torch.rand(B, T, S, generator=generator) < 0.6
    visible[:, :, 0] = True
    q, k, v = layer.query(x), layer.key(memory), layer.value(memory)
    D = C // H
    joined = torch.zeros(B, T, C, dtype=torch.float64)
    for b in range(B):
        for t in range(T):
            seen = visible[b, t]
            for h in range(H):
                part = slice(h * D, (h + 1) * D)
                powers = (k[b, seen, part] @ q[b, t, part] / D**0.5).exp()
                joined[b, t, part] = powers / powers.sum() @ v[b, seen, part]

    torch.testing.assert_close(layer(x, memory, visible), layer.proj(joined))


@torch.no_grad()
def test_padding_changes_nothing(model):
    """However far a source is filled up, the logits stay the same."""
    source, target = some_tokens(B, S), some_tokens(B, T, seed=1)
    logits = model(source, target)

    for more in (1, 3):
        fill = torch.full((B, more), PAD)
        torch.testing.assert_close(
            model(torch.cat([source, fill], dim=1), target),
            logits,
            rtol=1e-5,
            atol=1e-5,
        )


@torch.no_grad()
@pytest.mark.parametrize("t", range(T))
def test_the_decoder_is_causal(model, t):
    """Changing target token t changes no logits before t, and those at t."""
    source, target = some_tokens(B, S), some_tokens(B, T, seed=1)
    changed = target.clone()
    changed[:, t] = 3 + (changed[:, t] - 2) % (V - 3)
    before, after = model(source, target), model(source, changed)

    assert torch.equal(before[:, :t], after[:, :t])
    assert not torch.allclose(before[:, t], after[:, t])


@torch.no_grad()
def test_the_encoder_reads_ahead(model):
    """Changing the last source token changes the memory of the first."""
    source = some_tokens(B, S)
    changed = source.clone()
    changed[:, -1] = 3 + (changed[:, -1] - 2) % (V - 3)

    first, other = model.encoder(source)[:, 0], model.encoder(changed)[:, 0]
    assert not torch.allclose(first, other)


@torch.no_grad()
def test_rows_do_not_mix(model):
    """Another source and target in row 0 leaves row 1 alone."""
    source, target = padded_source(), some_tokens(B, T, seed=1)
    logits = model(source, target)
    source[0], target[0] = some_tokens(S, seed=7), some_tokens(T, seed=8)

    torch.testing.assert_close(model(source, target)[1:], logits[1:])


# ----------------------------------------------------------- statement 14


@torch.no_grad()
@pytest.mark.parametrize("n", range(L))
def test_every_decoder_layer_reads_the_source(model, n):
    """Zeroing the memory for one layer alone changes the logits."""
    source, target = padded_source(), some_tokens(B, T, seed=1)
    logits = model(source, target)
    hook = model.decoder[n].cross_attention.register_forward_pre_hook(
        lambda _, seen: (seen[0], torch.zeros_like(seen[1]), seen[2])
    )
    blind = model(source, target)
    hook.remove()

    assert not torch.allclose(blind, logits, atol=1e-3)


def test_every_layer_is_handed_the_same_memory(model):
    """One tensor goes to all, and each layer's output to the next."""
    seen = []
    for layer in model.decoder:
        layer.register_forward_hook(
            lambda _, inputs, output: seen.append((inputs, output))
        )
    model(some_tokens(B, S), some_tokens(B, T, seed=1))

    assert len(seen) == L
    for (earlier, output), (later, _) in pairwise(seen):
        assert later[0] is output
        assert later[1] is earlier[1]


def test_every_parameter_learns(model):
    """Each one gets a gradient that is not zero."""
    model(padded_source(), some_tokens(B, T, seed=1)).square().sum().backward()

    still = [
        name
        for name, parameter in model.named_parameters()
        if parameter.grad is None or not parameter.grad.any()
    ]
    assert still == []


def test_what_a_layer_costs():
    """Matrices of an encoder layer 12 C², of a decoder layer 16 C²."""
    sizes = [
        sum(p.numel() for p in layer.parameters() if p.dim() == 2)
        for layer in (EncoderLayer(C, H), DecoderLayer(C, H))
    ]

    assert sizes == [12 * C * C, 16 * C * C]


# --------------------------------------------------------------- positions


def test_sinusoids_turn_like_clock_hands():
    """Entry (t, 2i) is sin(t / 10000^(2i/C)) and the next its cosine."""
    waves = sinusoids(50, C)

    for t, i in ((0, 0), (7, 3), (49, 11)):
        angle = torch.tensor(t / 10_000 ** (2 * i / C))
        torch.testing.assert_close(waves[t, 2 * i], angle.sin())
        torch.testing.assert_close(waves[t, 2 * i + 1], angle.cos())


def test_sinusoids_know_distances():
    """The dot product of two positions depends on their distance alone."""
    waves = sinusoids(50, C).double()
    products = waves @ waves.T

    for distance in (1, 5, 20):
        diagonal = products.diagonal(distance)
        torch.testing.assert_close(
            diagonal, diagonal[:1].expand_as(diagonal), rtol=1e-4, atol=1e-4
        )


def test_an_odd_number_of_channels_has_sinusoids_too():
    """The last cosine is left out."""
    assert sinusoids(4, 5).shape == (4, 5)
    assert torch.equal(sinusoids(4, 5)[:, 0], sinusoids(4, 8)[:, 0])


# -------------------------------------------------------------- edge cases


def test_a_row_of_padding_is_refused(model):
    """The error names the row; softmax over nothing would be NaN."""
    source = some_tokens(B, S)
    source[1] = PAD

    with pytest.raises(ValueError, match="row 1 of 3 sources holds no token"):
        model(source, some_tokens(B, T))


def test_an_empty_source_is_refused():
    """S = 0 leaves nothing to look at."""
    with pytest.raises(ValueError, match="row 0 of 2 sources"):
        real_tokens(torch.zeros(2, 0, dtype=torch.int64))


def test_a_source_longer_than_the_block_is_refused(model):
    """The error holds both numbers."""
    with pytest.raises(ValueError, match=r"13 tokens but block_size is 12"):
        model(some_tokens(B, 13), some_tokens(B, T))


def test_a_target_longer_than_the_block_is_refused(model):
    """The error holds both numbers."""
    with pytest.raises(ValueError, match=r"13 tokens but block_size is 12"):
        model(some_tokens(B, S), some_tokens(B, 13))


def test_heads_must_share_the_channels():
    """Five heads cannot share 24 channels."""
    with pytest.raises(ValueError, match="24 cannot be shared by n_head 5"):
        Attention(24, 5)
