"""Chapter 7's instruments on a Llama, beside those of transformers."""

import pytest
import torch
from llama_files import reference, write_gguf

from tutorgpt.modern.attention import look_back
from tutorgpt.pretrained import Llama, load_gguf
from tutorgpt.pretrained.looking import attention_weights, logit_lens


@pytest.fixture(scope="module")
def theirs() -> torch.nn.Module:
    """The library's model, with four heads that share two heads of keys."""
    model = reference()
    model.set_attn_implementation("eager")  # the one that tells its weights
    return model


@pytest.fixture(scope="module")
def ours(theirs, tmp_path_factory) -> Llama:
    """The same weights in our class."""
    path = tmp_path_factory.mktemp("looking") / "tiny.gguf"
    return load_gguf(write_gguf(path, theirs))[0]


@pytest.fixture(scope="module")
def tokens(ours) -> torch.Tensor:
    """Two texts, longer than a head is wide."""
    torch.manual_seed(1)
    return torch.randint(ours.config.vocab_size, (2, 21))


def test_the_weights_are_those_of_transformers(ours, theirs, tokens):
    """Turned queries and keys, and each head with the keys it shares."""
    found = attention_weights(ours, tokens)
    with torch.inference_mode():
        told = theirs(tokens, output_attentions=True).attentions

    assert found.shape == (2, 2, 4, 21, 21)
    assert torch.allclose(found, torch.stack(told, dim=1), atol=1e-5)
    assert found.std() > 0.01  # heads that look alike everywhere tell nothing


def test_a_layer_is_made_of_its_weights(ours, tokens, monkeypatch):
    """The weights, times the values, are what the attention hands on."""
    seen = []

    def watched(q, k, v, *rest):
        out = look_back(q, k, v, *rest)
        seen.append((v, out))
        return out

    monkeypatch.setattr("tutorgpt.modern.attention.look_back", watched)
    weights = attention_weights(ours, tokens)

    assert len(seen) == 2
    for layer, (v, out) in enumerate(seen):
        fetched = weights[:, layer] @ v.repeat_interleave(2, dim=1)
        assert torch.allclose(fetched, out, atol=1e-5)


def test_the_lens_begins_with_the_table_and_ends_with_the_model(ours, tokens):
    """One answer more than there are layers."""
    lens = logit_lens(ours, tokens)
    with torch.inference_mode():
        table = ours.lm_head(ours.norm(ours.token(tokens)))
        logits = ours(tokens)

    assert lens.shape == (3, 2, 21, ours.config.vocab_size)
    assert torch.allclose(lens[0], table, atol=1e-5)
    assert torch.allclose(lens[-1], logits, atol=1e-5)
    assert not torch.allclose(lens[1], logits, atol=1e-2)


def test_the_model_is_left_as_it_was(ours, tokens):
    """Neither a hook nor a mode stays behind."""
    ours.train()
    attention_weights(ours, tokens)
    logit_lens(ours, tokens)

    assert ours.training
    assert not any(part._forward_hooks for part in ours.modules())
    ours.eval()
