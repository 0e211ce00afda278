"""The generator of training steps: what experiments walk along."""

from dataclasses import replace
from itertools import islice

import pytest
import torch

from tutorgpt import GPT, ModelConfig, TrainConfig, train
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
CONFIG = TrainConfig(
    max_steps=12, batch_size=4, learning_rate=1e-2, eval_interval=4, seed=3
)


def build() -> GPT:
    torch.manual_seed(0)
    shape = {"block_size": 8, "n_embed": 16, "n_head": 2, "n_layer": 2}
    return GPT(ModelConfig(vocab_size=7, dropout=0.1, **shape))


def weights(model: GPT) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_the_steps_are_those_of_train():
    """Walked one by one or in one call: the same weights, to the bit."""
    walked, trained = build(), build()
    steps = [state.step for state in training_steps(walked, CORPUS, CONFIG)]
    torch.manual_seed(0)
    trained = build()
    train(trained, CORPUS, CONFIG)

    assert steps == list(range(1, 13))
    assert torch.equal(weights(walked), weights(trained))


def test_a_look_between_two_steps_changes_nothing():
    """Measuring and eval mode leave the steps as they are."""
    left_alone = build()
    for _ in training_steps(left_alone, CORPUS, CONFIG):
        pass
    looked_at = build()
    for state in training_steps(looked_at, CORPUS, CONFIG):
        exact_loss(state.model, CORPUS.val)
        looked_at.eval()

    assert torch.equal(weights(looked_at), weights(left_alone))


@pytest.mark.parametrize("precision", ["auto", "fp32"])
@pytest.mark.parametrize("way", [train, training_steps])
def test_too_many_threads_are_refused_before_any_is_made(
    way, precision, monkeypatch
):
    """Some systems end a process that asks for so many."""
    made = []
    monkeypatch.setattr(torch, "set_num_threads", made.append)
    config = replace(CONFIG, threads=100_000, precision=precision)
    with pytest.raises(ValueError, match="threads is 100000: choose at most"):
        list(way(build(), CORPUS, config))

    assert made == []


def test_a_model_that_keeps_what_it_saw_can_be_trained():
    """Such as a result, put aside to be looked at later."""

    class Keeps(GPT):
        def forward(self, tokens):
            self.seen = super().forward(tokens)
            return self.seen

    torch.manual_seed(0)
    kept = Keeps(build().config)
    kept.load_state_dict(build().state_dict())
    kept(CORPUS.train[None, :8])
    torch.manual_seed(0)
    trained = build()
    torch.manual_seed(1)
    train(kept, CORPUS, CONFIG)
    torch.manual_seed(1)
    train(trained, CORPUS, CONFIG)

    torch.testing.assert_close(weights(kept), weights(trained))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_a_large_vocabulary_is_trained_in_other_numbers_too(dtype):
    """The output layer in pieces adds up numbers of 32 bits only."""
    model = GPT(replace(build().config, vocab_size=1100)).to(dtype)
    corpus = replace_vocabulary(1100)
    state = next(training_steps(model, corpus, CONFIG))

    assert state.step == 1
    assert model.lm_head.weight.dtype == dtype


def replace_vocabulary(size: int) -> Corpus:
    """A text with so many different characters."""
    return Corpus.from_text("many", "".join(map(chr, range(200, 200 + size))))


def test_the_threads_between_two_steps_are_the_readers_own():
    """A step takes as many as it was told; what stands around it does not."""
    outside, inside = torch.get_num_threads(), []
    model = build()

    def note(part: GPT, *_: object) -> None:
        if part.training:
            inside.append(torch.get_num_threads())

    model.register_forward_hook(note)
    config = replace(CONFIG, threads=outside + 1)
    between = [
        torch.get_num_threads() for _ in training_steps(model, CORPUS, config)
    ]

    assert set(between) == {outside}
    assert set(inside) == {outside + 1}


def test_a_long_training_keeps_no_more_than_its_last_loss():
    """What nobody takes the mean of does not pile up."""
    kept = [
        len(state.losses) for state in training_steps(build(), CORPUS, CONFIG)
    ]

    assert set(kept) == {1}


def test_a_step_says_what_it_cost():
    """step counts from 1, loss falls, and the model is the one given."""
    model = build()
    seen = [
        (state.step, state.loss, state.model)
        for state in training_steps(
            model, CORPUS, replace(CONFIG, max_steps=60)
        )
    ]

    assert seen[0][0] == 1
    assert seen[-1][1] < seen[0][1] / 2
    assert all(given is model for *_, given in seen)


def test_nothing_is_trained_before_it_is_asked_for():
    """Three values are three steps, and the rest is never made."""
    model = build()
    before = weights(model)
    steps = training_steps(model, CORPUS, CONFIG)
    untouched = torch.equal(weights(model), before)
    last = list(islice(steps, 3))[-1]

    assert untouched
    assert last.step == 3
    assert not torch.equal(weights(model), before)


def test_a_schedule_of_ones_own_decides_the_rate():
    """The optimizer gets what the schedule says, for each step."""
    rates = []
    for state in training_steps(
        build(), CORPUS, CONFIG, schedule=lambda step, config: 1e-3 * step
    ):
        (optimizer,) = state.optimizers
        rates.append(optimizer.param_groups[0]["lr"])

    assert rates == pytest.approx([1e-3 * n for n in range(1, 13)])


def test_another_vocabulary_is_refused_at_once():
    """Before the first step is asked for, with both numbers."""
    other = Corpus.from_text("other", "ab" * 200)

    with pytest.raises(ValueError, match=r"vocab_size 7 .* has 2"):
        training_steps(build(), other, CONFIG)
