"""From scores to text: what may be drawn, and from how much context.

Which test is there for which mistake:

- generate without eval(): greedy is the argmax of the eval-mode model, and
  the mode seen inside forward
- top_k ignored: top_k = 1 is greedy; only the k likeliest are drawn
- the mode not put back: the model's mode is restored
- the context not cropped: works past the window
"""

import pytest
import torch
from torch import Tensor, nn

from tutorgpt import GPT, LADDER, LanguageModel, ModelConfig, generate
from tutorgpt.decoding import generate_batch, window_start
from tutorgpt.decoding.choice import (
    LOW,
    choose,
    draw,
    draw_by_torch,
    keep_likeliest,
    sharpened,
)

V, T = 11, 6
CONFIG = ModelConfig(
    vocab_size=V, block_size=T, n_embed=16, n_head=4, n_layer=2, dropout=0.5
)
PROMPT = torch.tensor([[1, 2, 3], [4, 5, 6]])


class Fixed(LanguageModel):
    """Scores every next token alike, and remembers how it was asked."""

    def __init__(self, scores: Tensor) -> None:
        super().__init__(
            ModelConfig(
                vocab_size=len(scores),
                block_size=T,
                n_embed=1,
                n_head=1,
                n_layer=1,
            )
        )
        self.scores = nn.Parameter(scores)
        self.asked: list[Tensor] = []
        self.modes: list[bool] = []

    def forward(self, tokens: Tensor) -> Tensor:
        self.asked.append(tokens)
        self.modes.append(self.training)
        return self.scores.expand(*tokens.shape, -1)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gpt() -> GPT:
    """A GPT whose scores differ enough for greedy text to be varied."""
    torch.manual_seed(0)
    model = GPT(CONFIG)
    for parameter in model.parameters():
        parameter.data.mul_(3)
    return model


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.__name__)
@pytest.mark.parametrize("count", [0, 1, 2 * T])
def test_continues_by_so_many_tokens(rung, count):
    """The prompt is kept and max_new_tokens tokens of the vocabulary come."""
    text = generate(rung(CONFIG), PROMPT, count, generator=seeded())

    assert text.shape == (2, 3 + count)
    assert text.dtype == torch.int64
    assert torch.equal(text[:, :3], PROMPT)
    assert text.min() >= 0
    assert text.max() < V


def test_the_prompt_itself_is_not_changed():
    """generate returns a new tensor and leaves its argument alone."""
    prompt = PROMPT.clone()
    generate(gpt(), prompt, 3)

    assert torch.equal(prompt, PROMPT)


@torch.no_grad()
def test_greedy_is_the_likeliest_token_every_time():
    """greedy=True is the written-out loop of argmax, in eval mode."""
    model = gpt().train()
    text = generate(model, PROMPT, 2 * T, greedy=True)
    model.eval()
    expected = PROMPT
    for _ in range(2 * T):
        best = model(expected[:, -T:])[:, -1].argmax(dim=-1)
        expected = torch.cat([expected, best[:, None]], dim=1)

    assert len(expected[0].unique()) > 3
    assert torch.equal(text, expected)


def test_top_k_of_one_is_greedy():
    """With one candidate there is nothing to draw."""
    model = gpt()

    assert torch.equal(
        generate(model, PROMPT, 20, top_k=1, generator=seeded()),
        generate(model, PROMPT, 20, greedy=True),
    )


def test_a_tiny_top_p_is_greedy():
    """The likeliest token always stays, however small its share."""
    model = gpt()

    assert torch.equal(
        generate(model, PROMPT, 20, top_p=1e-9, generator=seeded()),
        generate(model, PROMPT, 20, greedy=True),
    )


def test_a_low_temperature_is_greedy():
    """Dividing by a small temperature leaves the likeliest token alone."""
    model = gpt()

    assert torch.equal(
        generate(model, PROMPT, 20, temperature=1e-5, generator=seeded()),
        generate(model, PROMPT, 20, greedy=True),
    )


def test_the_generator_makes_it_repeatable():
    """The same seed gives the same text, another seed another text."""
    model = gpt()
    one, same, other = (
        generate(model, PROMPT, 20, generator=seeded(seed))
        for seed in (0, 0, 1)
    )

    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_global_random_state_is_left_alone():
    """With a generator of its own, sampling moves no other generator."""
    torch.manual_seed(0)
    before = torch.get_rng_state()
    generate(Fixed(torch.zeros(3)), torch.tensor([[0]]), 5, generator=seeded())

    assert torch.equal(torch.get_rng_state(), before)


def test_the_context_is_the_last_block():
    """The model is never asked for more than the last block_size tokens."""
    model = Fixed(torch.zeros(V))
    text = generate(model, torch.tensor([[0] * 9]), 4, generator=seeded())

    assert [asked.shape[1] for asked in model.asked] == [T] * 4
    assert torch.equal(model.asked[-1], text[:, -T - 1 : -1])


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_eval_inside_and_restored_after(training):
    """The model answers in eval mode and is handed back as it came."""
    model = Fixed(torch.zeros(V)).train(training)
    generate(model, torch.tensor([[0]]), 2, generator=seeded())

    assert model.modes == [False, False]
    assert model.training is training


def test_the_mode_is_restored_after_an_error():
    """A model that fails on the way is still handed back as it came."""

    class Broken(Fixed):
        def forward(self, tokens: Tensor) -> Tensor:
            raise RuntimeError("out of memory")

    model = Broken(torch.zeros(V)).train()
    with pytest.raises(RuntimeError, match="out of memory"):
        generate(model, torch.tensor([[0]]), 2)

    assert model.training


def test_no_gradients_are_kept():
    """Text is not trained on: nothing is recorded for backward."""
    text = generate(gpt(), PROMPT, 2)

    assert not text.requires_grad
    assert all(p.grad is None for p in gpt().parameters())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [0.5, 0.25, 0.125, 0.125]),
        ({"temperature": 0.5}, [16 / 22, 4 / 22, 1 / 22, 1 / 22]),
        ({"top_k": 2}, [2 / 3, 1 / 3, 0, 0]),
        ({"top_k": 99}, [0.5, 0.25, 0.125, 0.125]),
        ({"top_p": 0.7}, [2 / 3, 1 / 3, 0, 0]),
        ({"top_p": 1.0}, [0.5, 0.25, 0.125, 0.125]),
        ({"top_k": 2, "top_p": 0.6}, [1, 0, 0, 0]),
        ({"temperature": 0.5, "top_p": 0.72}, [1, 0, 0, 0]),
    ],
    ids=str,
)
def test_what_is_drawn_and_how_often(settings, expected):
    """20,000 draws have the frequencies that were worked out by hand.

    The model gives p = 1/2, 1/4, 1/8, 1/8. Temperature 1/2 squares these,
    and top_k comes before top_p. The tolerance is four standard deviations.
    """
    model = Fixed(torch.tensor([0.5, 0.25, 0.125, 0.125]).log())
    prompt = torch.zeros(20_000, 1, dtype=torch.int64)
    drawn = generate(model, prompt, 1, generator=seeded(), **settings)[:, 1]
    frequency = drawn.bincount(minlength=4) / len(drawn)

    torch.testing.assert_close(
        frequency, torch.tensor(expected).float(), rtol=0, atol=0.015
    )


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0.3, 1), (0.6, 2), (0.85, 3), (0.99, 4)]
)
def test_top_p_keeps_the_likeliest_that_reach_the_share(top_p, kept):
    """Of 0.4, 0.3, 0.2, 0.1 the fewest that sum to top_p stay, in place."""
    scores = torch.tensor([[0.1, 0.4, 0.2, 0.3]]).log()
    left = keep_likeliest(scores, None, top_p)
    order = [1, 3, 2, 0]

    assert left.isfinite().sum() == kept
    assert left[0, order[:kept]].isfinite().all()
    assert torch.equal(left[left.isfinite()], scores[left.isfinite()])


@pytest.mark.parametrize("top_k", [1, 2, 3])
def test_top_k_keeps_exactly_k(top_k):
    """k scores stay in place; the rest are minus infinity."""
    scores = torch.tensor([[0.1, 0.4, 0.2, 0.3]]).log()
    left = keep_likeliest(scores, top_k, None)

    assert left.isfinite().sum() == top_k
    assert torch.equal(left[left.isfinite()], scores[left.isfinite()])


def test_top_k_keeps_exactly_k_of_equals():
    """Where scores tie, still no more than k may be drawn."""
    left = keep_likeliest(torch.zeros(2, V), 3, None)

    assert left.isfinite().sum(dim=-1).tolist() == [3, 3]


def test_nothing_is_cut_unless_asked():
    """Without top_k and top_p the scores stay as they are."""
    scores = torch.tensor([[0.1, 0.4, 0.2, 0.3]])

    assert torch.equal(keep_likeliest(scores, None, None), scores)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"temperature": 0}, "temperature is 0: .*greedy=True"),
        ({"temperature": -1.5}, r"temperature is -1\.5: "),
        ({"temperature": float("nan")}, "temperature is nan: "),
        ({"temperature": float("inf")}, "temperature is inf: "),
        ({"top_k": 0}, "top_k is 0: choose a whole number, 1"),
        ({"top_k": -2}, "top_k is -2: choose a whole number, 1"),
        ({"top_p": 0}, "top_p is 0: choose a share"),
        ({"top_p": 1.2}, r"top_p is 1\.2: choose a share"),
    ],
    ids=str,
)
def test_settings_that_cannot_draw_are_refused(settings, message):
    """A setting out of range is refused with its value and a remedy."""
    with pytest.raises(ValueError, match=message):
        generate(gpt(), PROMPT, 1, **settings)


TINY = (
    {"temperature": 1e-39},
    {"temperature": 5e-324},
    {"temperature": 1e-6},
    {"top_p": 1e-300},
    {"top_p": 5e-324},
    {"temperature": 1e-39, "top_p": 1e-300, "top_k": 3},
)


@pytest.mark.parametrize("settings", TINY, ids=str)
@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.bfloat16]
)
@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e4])
def test_what_is_nearly_nothing_means_the_likeliest(settings, dtype, scale):
    """However small the number, and however large or small the scores."""
    generator = torch.Generator().manual_seed(3)
    scores = (scale * torch.randn(50, V, generator=generator)).to(dtype)
    chosen = choose(scores, generator=generator, **settings)

    best = scores.amax(dim=-1)
    assert torch.equal(scores.gather(1, chosen[:, None])[:, 0], best)


def test_a_low_temperature_divides_as_a_high_one_does():
    """On both sides of the border the probabilities are the same."""
    scores = 1e-3 * torch.randn(5, V, generator=torch.Generator())
    for temperature in (1.1 * LOW, 0.9 * LOW):
        expected = (scores.double() / temperature).softmax(dim=-1)
        found = sharpened(scores, temperature).softmax(dim=-1)

        assert torch.allclose(found.double(), expected, atol=1e-5)


def test_a_diverged_model_is_still_told():
    """Also at the lowest temperature."""
    scores = torch.full((1, V), float("nan"))
    for temperature in (1.0, 1e-39):
        with pytest.raises(ValueError, match="diverged"):
            choose(scores, temperature=temperature)


@pytest.mark.parametrize("broken", [float("nan"), float("inf")])
def test_the_likeliest_token_of_no_numbers_is_refused(broken):
    """Greedy writing goes no further than drawing does."""
    scores = torch.zeros(1, V)
    scores[0, 1] = broken
    with pytest.raises(ValueError, match="diverged"):
        choose(scores, greedy=True)


def test_a_negative_length_is_refused():
    """Text cannot be continued by fewer than 0 tokens."""
    with pytest.raises(ValueError, match="max_new_tokens is -1: "):
        generate(gpt(), PROMPT, -1)


def test_an_empty_prompt_is_refused():
    """A model needs one token to start from."""
    with pytest.raises(ValueError, match=r"prompt is empty \(T = 0\): "):
        generate(gpt(), torch.zeros(1, 0, dtype=torch.int64), 1)


def test_an_unknown_window_is_refused():
    """The two ways to move the window are named."""
    with pytest.raises(ValueError, match="window is 'quarter': choose one"):
        generate(gpt(), PROMPT, 1, window="quarter")


def test_only_two_windows_exist_and_the_exact_is_the_last_block():
    """exact keeps block_size tokens; half between half and all of them."""
    exact = [n - window_start(n, 8, "exact") for n in range(1, 40)]
    half = [n - window_start(n, 8, "half") for n in range(1, 40)]

    assert exact == [*range(1, 8), *[8] * 32]
    assert half[:16] == [1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8]
    assert set(half[8:]) == {5, 6, 7, 8}


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.__name__)
def test_half_a_window_at_a_time(rung):
    """Every rung may move its window by halves; the first block is equal."""
    torch.manual_seed(0)
    model = rung(CONFIG)
    exact, half = (
        generate(model, PROMPT, 4 * T, generator=seeded(), window=window)
        for window in ("exact", "half")
    )

    assert half.shape == exact.shape
    assert torch.equal(half[:, : T + 1], exact[:, : T + 1])


def test_a_text_can_be_cut_anywhere():
    """Ten tokens and ten more are the twenty at once, past the window."""
    for window in ("exact", "half"):
        settings = {"greedy": True, "window": window}
        first = generate(gpt(), PROMPT, 10, **settings)
        both = generate(gpt(), first, 10, **settings)

        assert torch.equal(both, generate(gpt(), PROMPT, 20, **settings))


def test_tokens_are_streamed_as_they_come():
    """stream gets each new column, in order, before the next is asked for."""
    model, heard = Fixed(torch.zeros(V)), []
    text = generate(
        model,
        PROMPT,
        4,
        generator=seeded(),
        stream=lambda new: heard.append((len(model.asked), new)),
    )

    assert [asked for asked, _ in heard] == [1, 2, 3, 4]
    assert torch.equal(torch.stack([new for _, new in heard], 1), text[:, 3:])


def test_a_text_may_be_learned_from():
    """What is generated is an ordinary tensor: gradients flow past it."""
    model = gpt()
    text = generate(model, PROMPT, 2, generator=seeded())
    model(text).sum().backward()

    assert model.lm_head.weight.grad is not None


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.__name__)
def test_prompts_of_different_lengths_write_as_alone(rung):
    """In a batch each greedy row is the text that its prompt gives alone."""
    torch.manual_seed(0)
    model = rung(CONFIG)
    prompts = [torch.arange(n) % V for n in (3, 1, 2 * T)]
    rows = generate_batch(model, prompts, 2 * T, greedy=True)

    for prompt, row in zip(prompts, rows, strict=True):
        alone = generate(model, prompt[None], 2 * T, greedy=True)
        assert torch.equal(row, alone[0])


def test_a_batch_draws_with_the_settings_of_generate():
    """Equal lengths give the rows that generate gives, draws and all."""
    model, settings = gpt(), {"temperature": 2.0, "top_k": 5}
    rows = generate_batch(
        model, list(PROMPT), 9, generator=seeded(), **settings
    )
    whole = generate(model, PROMPT, 9, generator=seeded(), **settings)

    assert torch.equal(torch.stack(rows), whole)


@pytest.mark.parametrize(
    "prompts", [[], [torch.tensor([1]), torch.tensor([], dtype=torch.int64)]]
)
def test_a_batch_with_an_empty_prompt_is_refused(prompts):
    """Every row needs one token to start from."""
    with pytest.raises(ValueError, match="prompt is empty"):
        generate_batch(gpt(), prompts, 1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_draw_is_torchs_own(dtype):
    """The tokens of torch.multinomial, and its generator's next state."""
    scores = 2 * torch.randn(40, 500, generator=seeded(), dtype=dtype)
    probabilities = keep_likeliest(scores, 300, None).softmax(dim=-1)
    ours, theirs = seeded(), seeded()
    for _ in range(50):
        expected = torch.multinomial(probabilities, 1, generator=theirs)

        assert torch.equal(draw(probabilities, ours), expected[:, 0])
    assert torch.equal(ours.get_state(), theirs.get_state())


def test_the_global_dice_are_torchs_too():
    """Without a generator the global one is used, in the same way."""
    probabilities = torch.randn(9, 70, generator=seeded()).softmax(dim=-1)
    torch.manual_seed(3)
    ours = draw(probabilities, None)
    torch.manual_seed(3)

    assert torch.equal(ours, torch.multinomial(probabilities, 1)[:, 0])


def test_a_diverged_model_is_named():
    """Scores that are not numbers are refused, not drawn from."""
    with pytest.raises(ValueError, match="scores are nan or infinite: "):
        generate(Fixed(torch.full((V,), float("nan"))), PROMPT, 1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_gpu_is_never_asked_to_draw_from_what_is_no_number(
    monkeypatch, bad: float
):
    """There multinomial would stop the whole process's use of the GPU."""
    probabilities = torch.tensor([[0.5, 0.5], [bad, 0.5]])
    monkeypatch.setattr(torch, "multinomial", None)

    with pytest.raises(ValueError, match="the model has diverged"):
        draw_by_torch(probabilities, None)
