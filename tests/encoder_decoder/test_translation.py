"""Teaching an encoder–decoder, and its greedy and beam decoding."""

import math
from itertools import product

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import ModelConfig
from tutorgpt.encoder_decoder import EncoderDecoder, translation
from tutorgpt.encoder_decoder.translation import (
    beam_search,
    teacher_forced_loss,
    train_translator,
    translate,
)
from tutorgpt.text.dates import date_tokenizer, sample_dates, split_days
from tutorgpt.text.pairs import END, PAD, START

V, N = 5, 4


def small_model(seed: int, spread: float = 0.4) -> EncoderDecoder:
    """Random and opinionated: five tokens, three of them marks."""
    torch.manual_seed(seed)
    model = EncoderDecoder(
        ModelConfig(vocab_size=V, block_size=6, n_embed=8, n_head=2, n_layer=2)
    )
    for parameter in model.parameters():
        parameter.data = spread * torch.randn(parameter.shape)
    return model


SOURCE = torch.tensor([[3, 4, 4, 3]])


@pytest.mark.parametrize("steps", [1, 2, 9, 10, 11])
def test_a_short_training_has_a_rate_for_each_step(steps: int) -> None:
    """Of ten steps the rising tenth is none."""
    model = small_model(0)

    def draw(size: int, generator: torch.Generator) -> tuple[Tensor, ...]:
        return SOURCE, torch.tensor([[START, 3, 4, END]])

    losses = train_translator(model, draw, max_steps=steps)
    assert losses.isfinite().all()
    assert len(losses) == steps


@torch.no_grad()
def every_translation(model: EncoderDecoder) -> dict[tuple[int, ...], float]:
    """ln p of each target that ends, or is cut off after N tokens."""
    scores = {}
    for length in range(1, N + 1):
        for tokens in product(range(V), repeat=length):
            stops = tokens[-1] == END or length == N
            if END in tokens[:-1] or not stops:
                continue
            target = torch.tensor([[START, *tokens]])
            logits = model(SOURCE, target[:, :-1])[0]
            chosen = F.log_softmax(logits, -1).gather(1, target[0, 1:, None])
            scores[tokens] = chosen.sum().item()
    return scores


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_beam_of_full_width_finds_the_best(seed):
    """It is the likeliest of all translations, found by brute force."""
    model = small_model(seed)
    scores = every_translation(model)
    best = max(scores, key=lambda tokens: scores[tokens])
    tokens, score = beam_search(model, SOURCE, V**N, N)

    assert sum(map(math.exp, scores.values())) == pytest.approx(1, abs=1e-4)
    assert tuple(tokens.tolist()) == best
    assert score == pytest.approx(scores[best], abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_a_beam_of_one_is_greedy(seed):
    """Keeping one beginning is taking the likeliest token."""
    model = small_model(seed)
    tokens, _ = beam_search(model, SOURCE, 1, N)

    assert torch.equal(tokens, translate(model, SOURCE, N)[0])


def test_greedy_can_miss_the_best():
    """For some model a wider beam finds a likelier translation."""
    gains = []
    for seed in range(6):
        model = small_model(seed)
        gains.append(
            beam_search(model, SOURCE, V**N, N)[1]
            - beam_search(model, SOURCE, 1, N)[1]
        )

    assert min(gains) > -1e-4
    assert max(gains) > 0.1


@pytest.mark.parametrize("width", [0, -2])
def test_a_beam_without_width_is_refused(width):
    """The error says which width it was given."""
    with pytest.raises(ValueError, match=f"width is {width}: keep 1"):
        beam_search(small_model(0), SOURCE, width, N)


def test_an_ended_row_is_filled_up():
    """After its END a row holds PAD, and other rows go on."""
    model = small_model(2, spread=0.6)
    generator = torch.Generator().manual_seed(0)
    source = torch.randint(3, V, (40, 4), generator=generator)
    written = translate(model, source, N)
    ends = (written == END).int()
    after = (ends.cumsum(dim=1) - ends).bool()

    assert after.any()
    assert (written[after] == PAD).all()


def test_rows_are_translated_alone():
    """A row is translated in a batch as it is by itself."""
    model = small_model(2, spread=0.6)
    generator = torch.Generator().manual_seed(0)
    source = torch.randint(3, V, (10, 4), generator=generator)
    together = translate(model, source, N)

    for row, written in zip(source, together, strict=True):
        alone = translate(model, row[None], N)[0]
        assert torch.equal(alone, written[: len(alone)])


def test_translating_leaves_the_mode_alone():
    """A model in training stays in training."""
    model = small_model(0).train()
    translate(model, SOURCE, N)
    beam_search(model, SOURCE, 2, N)

    assert model.training


def test_the_loss_is_that_of_the_real_tokens():
    """Padding after END weighs nothing; each token knows those before."""
    model = small_model(1, spread=0.3)
    target = torch.tensor([[START, 3, END, PAD, PAD]])
    logits = model(SOURCE, target[:, :2])[0]
    expected = F.cross_entropy(logits, torch.tensor([3, END]))

    torch.testing.assert_close(
        teacher_forced_loss(model, SOURCE, target), expected
    )


@pytest.mark.slow
def test_it_learns_one_batch_by_heart():
    """Eight dates are translated without a mistake after a short lesson."""
    tokenizer = date_tokenizer()
    days, _ = split_days()
    generator = torch.Generator().manual_seed(0)
    words, iso = sample_dates(days, 8, generator)
    pairs = tokenizer.encode_sources(words), tokenizer.encode_targets(iso)
    torch.manual_seed(0)
    model = EncoderDecoder(
        ModelConfig(
            vocab_size=tokenizer.vocab_size,
            block_size=40,
            n_embed=32,
            n_head=4,
            n_layer=1,
        )
    )

    def draw(
        batch_size: int, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        return pairs

    losses = train_translator(model, draw, max_steps=150, learning_rate=1e-2)
    written = translate(model, pairs[0], 11)

    assert losses[-1] < 0.1 < losses[0]
    assert [tokenizer.decode(row) for row in written] == iso


def test_who_watches_is_shown_the_loss(monkeypatch, capsys):
    """Every step's by the watcher, and the newest one beside the bar."""
    monkeypatch.setattr(translation, "shows_progress", lambda: True)
    watched = []

    def draw(count: int, _: torch.Generator) -> tuple[Tensor, Tensor]:
        target = torch.tensor([[START, 3, END]]).repeat(count, 1)
        return SOURCE.repeat(count, 1), target

    losses = train_translator(
        small_model(0), draw, max_steps=4, watch=watched.append
    )

    assert torch.equal(torch.stack(watched), losses)
    assert f"loss={losses[-1]:.3f}" in capsys.readouterr().err
