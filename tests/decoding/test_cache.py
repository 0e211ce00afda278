"""The remembered keys and values change the speed and nothing else.

The plain loop is the judge: the same weights, the whole context read again
at every step. Float rounding may differ, so logits agree to 1e-4 of scores
that spread much wider, and the drawn tokens agree exactly.
"""

import subprocess
import sys

import pytest
import torch
from torch import Tensor, nn

from tutorgpt import GPT, ModelConfig, generate
from tutorgpt.decoding import WINDOWS, reader, window_start
from tutorgpt.decoding.cache import CachedReader, cache_shape

V, T = 11, 6
CONFIG = ModelConfig(
    vocab_size=V, block_size=T, n_embed=16, n_head=4, n_layer=3, dropout=0.5
)
TEXT = torch.randint(V, (2, 4 * T), generator=torch.Generator().manual_seed(1))


def gpt(config: ModelConfig = CONFIG) -> GPT:
    """A GPT whose weights are large and different, biases and norms too."""
    torch.manual_seed(0)
    model = GPT(config).eval()
    for parameter in model.parameters():
        parameter.data.add_(torch.randn_like(parameter) * 0.3)
    return model


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def plain_loop(model: GPT, tokens: Tensor, count: int, window: str) -> Tensor:
    """The loop of the chapter: no cache, and torch's own draw."""
    generator = seeded()
    for _ in range(count):
        start = window_start(tokens.shape[1], T, window)
        with torch.no_grad():
            scores = model(tokens[:, start:])[:, -1]
        new = torch.multinomial(scores.softmax(-1), 1, generator=generator)
        tokens = torch.cat([tokens, new], dim=1)
    return tokens


@pytest.mark.parametrize("window", WINDOWS)
@torch.inference_mode()
def test_the_scores_are_the_models_own(window):
    """At every length, before and past the window, the logits agree."""
    model = gpt()
    cached, plain = (
        CachedReader(model, 2, window),
        model.reader(2, window),
    )
    for length in range(1, 4 * T + 1):
        expected = plain(TEXT[:, :length])

        assert expected.std() > 0.3
        torch.testing.assert_close(
            cached(TEXT[:, :length]), expected, rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("prompt", [1, 3, T, T + 1, 3 * T])
def test_the_same_tokens_are_drawn(prompt, window):
    """generate writes what the plain loop writes, well past the window."""
    model, tokens = gpt(), TEXT[:, :prompt]
    written = generate(model, tokens, 5 * T, generator=seeded(), window=window)

    assert len(written[:, prompt:].unique()) > 5
    assert torch.equal(written, plain_loop(model, tokens, 5 * T, window))


@pytest.mark.parametrize("block_size", [1, 2, 3])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_smallest_windows(window, block_size):
    """Also a context of one, two or three tokens is read right."""
    config = ModelConfig(
        vocab_size=V,
        block_size=block_size,
        n_embed=8,
        n_head=2,
        n_layer=1,
    )
    model = gpt(config)
    cached = CachedReader(model, 2, window)
    plain = model.reader(2, window)
    with torch.inference_mode():
        for length in range(1, 9):
            torch.testing.assert_close(
                cached(TEXT[:, :length]), plain(TEXT[:, :length])
            )


def test_a_cached_step_reads_one_token(monkeypatch):
    """Inside the window each call but the first embeds a single token."""
    lengths = []
    embed = nn.functional.embedding

    def watched(tokens: Tensor, weight: Tensor) -> Tensor:
        lengths.append(tokens.shape[1])
        return embed(tokens, weight)

    monkeypatch.setattr("torch.nn.functional.embedding", watched)
    generate(gpt(), TEXT[:, :2], 7, generator=seeded())

    assert lengths == [2, 1, 1, 1, 1, T, T]


def test_half_a_window_is_read_again_now_and_then(monkeypatch):
    """The window moves by half a block, and is then filled up one by one."""
    lengths = []
    embed = nn.functional.embedding

    def watched(tokens: Tensor, weight: Tensor) -> Tensor:
        lengths.append(tokens.shape[1])
        return embed(tokens, weight)

    monkeypatch.setattr("torch.nn.functional.embedding", watched)
    generate(gpt(), TEXT[:, :T], 8, generator=seeded(), window="half")

    assert lengths == [T, 4, 1, 1, 4, 1, 1, 4]


@torch.inference_mode()
def test_a_jump_in_the_text_is_read_whole():
    """A reader that is given several new tokens does not guess."""
    model = gpt()
    cached, plain = CachedReader(model, 2), model.reader(2, "exact")
    for length in (2, 5, 3, 3, 4):
        torch.testing.assert_close(
            cached(TEXT[:, :length]), plain(TEXT[:, :length])
        )


def test_the_weights_are_shared():
    """A reader holds no copy: a changed weight changes its scores."""
    model = gpt()
    cached = CachedReader(model, 2)
    with torch.inference_mode():
        before = cached(TEXT[:, :3])
    model.lm_head.bias.data.add_(1)
    with torch.inference_mode():
        torch.testing.assert_close(cached(TEXT[:, :3]), before + 1)


def test_the_caches_bytes():
    """LARGE: 6 layers, K and V, 6 heads, 256 positions of 64 floats."""
    config = ModelConfig(
        vocab_size=9, block_size=256, n_embed=384, n_head=6, n_layer=6
    )
    cache = torch.empty(cache_shape(config, 1))

    assert cache.nbytes == 2 * 6 * 256 * 384 * 4 == 4_718_592


def test_a_gpt_is_read_with_its_cache():
    """generate chooses the fast way for a GPT by itself."""
    assert isinstance(reader(gpt(), 2, "exact"), CachedReader)


def replaced(model: GPT) -> None:
    model.blocks[1] = nn.Identity()


def removed(model: GPT) -> None:
    del model.blocks[2]


def hooked(model: GPT) -> None:
    model.blocks[1].register_forward_hook(lambda part, args, out: out * 2)


def hooked_before(model: GPT) -> None:
    model.lm_head.register_forward_pre_hook(lambda part, args: (args[0] * 2,))


def patched(model: GPT) -> None:
    block = model.blocks[0]
    block.multi_head.forward = torch.zeros_like


def other_activation(model: GPT) -> None:
    model.blocks[0].feed_forward.relu = nn.Tanh()


def without_bias(model: GPT) -> None:
    model.lm_head.bias = None


def with_bias(model: GPT) -> None:
    layer = model.blocks[0].multi_head.qkv
    layer.bias = nn.Parameter(torch.arange(len(layer.weight)) / 4)


@pytest.mark.parametrize(
    "change",
    [
        replaced,
        removed,
        hooked,
        hooked_before,
        patched,
        other_activation,
        without_bias,
        with_bias,
    ],
)
def test_a_gpt_taken_apart_is_asked_itself(change):
    """What a reader of chapter 7 does to a model is heard in its text."""
    model = gpt()
    untouched = generate(model, TEXT[:, :2], 20, generator=seeded())
    change(model)
    written = generate(model, TEXT[:, :2], 20, generator=seeded())

    assert torch.equal(written, plain_loop(model, TEXT[:, :2], 20, "exact"))
    assert not torch.equal(written, untouched)


def test_a_subclass_is_asked_itself():
    """A GPT with a forward of its own is never read by its weights."""

    class Reversed(GPT):
        def forward(self, tokens: Tensor) -> Tensor:
            return -super().forward(tokens)

    torch.manual_seed(0)

    assert not isinstance(reader(Reversed(CONFIG), 2, "exact"), CachedReader)


def test_whoever_generates_has_the_cache():
    """Also a program that imports nothing but GPT and generate."""
    program = (
        "import torch\n"
        "from tutorgpt import GPT, SMALL, generate\n"
        "model = GPT(SMALL.model(vocab_size=5))\n"
        "embed, read = torch.nn.functional.embedding, []\n"
        "def count(tokens, *rest):\n"
        "    read.append(tokens.shape[1])\n"
        "    return embed(tokens, *rest)\n"
        "torch.nn.functional.embedding = count\n"
        "generate(model, torch.zeros(1, 3, dtype=torch.int64), 3)\n"
        "print(read)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )

    assert done.stdout == "[3, 1, 1]\n", done.stderr
