"""The training loop: repeatable, silent, and it learns.

Which test is there for which mistake:

- targets not shifted: learns a periodic text, without a look at the answer
- the validation split trained on: never looks at the validation split
- the model left in eval mode after a measurement: trains in train mode
- zero_grad forgotten: each step is AdamW's on one batch
"""

import math
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from tutorgpt import (
    GPT,
    BigramModel,
    LanguageModel,
    ModelConfig,
    MultiHeadModel,
    TrainConfig,
    generate,
    train,
)
from tutorgpt.ground.watching import shows_progress
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.training import steps
from tutorgpt.training.loop import History, Record
from tutorgpt.training.loss import exact_loss

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
BUDGET = TrainConfig(
    max_steps=25, batch_size=4, learning_rate=1e-2, eval_interval=10, seed=3
)


def build(rung: type[LanguageModel] = GPT, **changes) -> LanguageModel:
    torch.manual_seed(0)
    shape = {
        "vocab_size": 7,
        "block_size": 8,
        "n_embed": 16,
        "n_head": 2,
        "n_layer": 2,
    }
    return rung(ModelConfig(**{**shape, **changes}))


def losses(history: History) -> list[tuple]:
    """What a history says, without the seconds."""
    return [
        (r.step, r.train_loss, r.val_loss, r.tokens) for r in history.records
    ]


def test_records_at_the_start_at_each_interval_and_at_the_end():
    """A validation loss is measured at 0, 10, 20 and after the last step."""
    records = train(build(), CORPUS, BUDGET).records

    assert [r.step for r in records] == [0, 10, 20, 25]
    assert [r.tokens for r in records] == [0, 320, 640, 800]


def test_the_last_step_is_recorded_once():
    """When the last step ends an interval there is one record, not two."""
    records = train(build(), CORPUS, replace(BUDGET, max_steps=20)).records

    assert [r.step for r in records] == [0, 10, 20]


def test_before_the_first_step_the_loss_is_near_ln_v():
    """An untrained model is about as wrong as a uniform guess."""
    first = train(build(), CORPUS, BUDGET).records[0]

    assert first.train_loss is None
    assert first.val_loss == pytest.approx(math.log(7), abs=0.35)


def test_the_last_record_is_the_exact_loss_of_the_trained_model():
    """History says what measuring again says."""
    model = build()
    history = train(model, CORPUS, BUDGET)

    assert history.val_loss == exact_loss(model, CORPUS.val)


def test_history_gives_the_last_losses_and_plain_dictionaries():
    """val_loss and train_loss are the last record's; to_list is for JSON."""
    first, last = Record(0, None, 2.0, 0.0, 0), Record(5, 1.5, 1.0, 0.2, 160)
    history = History([first, last])

    assert history.val_loss == 1.0
    assert history.train_loss == 1.5
    assert history.to_list()[0] == {
        "step": 0,
        "train_loss": None,
        "val_loss": 2.0,
        "seconds": 0.0,
        "tokens": 0,
        "gradient_norm": None,
    }


def test_seconds_go_forward():
    """Every record knows how long after the start it was made."""
    seconds = [r.seconds for r in train(build(), CORPUS, BUDGET).records]

    assert seconds[0] == 0
    assert seconds == sorted(seconds)
    assert seconds[-1] > 0


def test_the_same_seed_gives_the_same_run():
    """Same model, same config: the same losses, to the bit."""
    one, same = (train(build(), CORPUS, BUDGET) for _ in range(2))

    assert losses(one) == losses(same)


def test_another_seed_gives_another_run():
    """The seed decides which batches are drawn."""
    text = "".join("abcdefg"[n * n % 53 % 7] for n in range(400))
    corpus = Corpus.from_text("odd", text)
    one = train(build(), corpus, BUDGET)
    other = train(build(), corpus, replace(BUDGET, seed=4))

    assert one.val_loss != other.val_loss


def test_the_seed_of_the_batches_is_not_the_global_one():
    """What was drawn from the global generator before does not matter."""
    one = train(build(), CORPUS, BUDGET)
    model = build()
    torch.manual_seed(99)
    same = train(model, CORPUS, BUDGET)

    assert losses(one) == losses(same)


def test_measuring_more_often_does_not_change_the_run():
    """eval_interval is a choice of the reader's, not of the training."""
    often = train(build(), CORPUS, replace(BUDGET, eval_interval=1))
    rarely = train(build(), CORPUS, replace(BUDGET, eval_interval=1000))

    assert often.val_loss == rarely.val_loss
    assert len(often.records) == 26
    assert len(rarely.records) == 2


def test_each_step_is_adamws_on_one_batch():
    """Three steps by hand, with the same batches, end in the same place."""
    config = replace(BUDGET, max_steps=3)
    ours, by_hand = build(), build()
    history = train(ours, CORPUS, config)
    generator = torch.Generator().manual_seed(config.seed)
    optimizer = torch.optim.AdamW(by_hand.parameters(), lr=1e-2)
    seen = []
    for _ in range(3):
        tokens, targets = sample_batch(CORPUS.train, 4, 8, generator)
        logits = by_hand(tokens)
        loss = F.cross_entropy(logits.transpose(1, 2), targets)
        by_hand.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(loss.item())

    assert history.train_loss == pytest.approx(sum(seen) / 3, rel=1e-5)
    for name, weight in ours.state_dict().items():
        torch.testing.assert_close(
            weight, by_hand.state_dict()[name], rtol=1e-3, atol=1e-4
        )


def test_learns_a_periodic_text():
    """On abcdefgabc... the loss falls from ln 7 to almost nothing."""
    model = build(BigramModel)
    history = train(
        model, CORPUS, replace(BUDGET, max_steps=200, eval_interval=50)
    )
    val_losses = [r.val_loss for r in history.records]

    assert val_losses == sorted(val_losses, reverse=True)
    assert history.val_loss < 0.1
    assert history.train_loss < 0.2


def test_learns_without_a_look_at_the_answer():
    """After training, the model continues the text by itself."""
    model = build(MultiHeadModel)
    train(model, CORPUS, replace(BUDGET, max_steps=200))
    prompt = torch.tensor([CORPUS.tokenizer.encode("abc")])
    tokens = generate(model, prompt, 11, greedy=True)[0].tolist()
    text = CORPUS.tokenizer.decode(tokens)

    assert text == "abcdefgabcdefg"


def test_never_trains_on_the_validation_split(monkeypatch):
    """Every batch is drawn from the training split."""
    drawn_from = []

    def spy(data, *rest):
        drawn_from.append(data)
        return sample_batch(data, *rest)

    monkeypatch.setattr(steps, "sample_batch", spy)
    train(build(), CORPUS, BUDGET)

    assert len(drawn_from) == 25
    assert all(data is CORPUS.train for data in drawn_from)


def test_trains_in_train_mode():
    """Dropout is on in every step, also after a measurement."""
    model = build(dropout=0.2).eval()
    modes = []
    model.register_forward_hook(
        lambda m, args, _: modes.append((m.training, len(args[0])))
    )
    train(model, CORPUS, replace(BUDGET, eval_interval=1))
    steps = [training for training, batch in modes if batch == 4]

    assert len(steps) >= 25
    assert steps.count(True) == 25


def test_prints_nothing(capsys, monkeypatch):
    """Where nobody watches there is no output at all, not even a bar."""
    monkeypatch.delenv("TUTORGPT_PROGRESS", raising=False)
    train(build(), CORPUS, BUDGET)

    assert capsys.readouterr() == ("", "")


class Terminal:
    """What sys.stderr says of itself when it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_progress_unless_it_is_turned_off(monkeypatch):
    """A terminal has a bar; TUTORGPT_PROGRESS=0 takes it away."""
    monkeypatch.delenv("TUTORGPT_PROGRESS", raising=False)
    monkeypatch.setattr("sys.stderr", Terminal())

    assert shows_progress()
    monkeypatch.setenv("TUTORGPT_PROGRESS", "0")
    assert not shows_progress()


def test_a_notebook_sees_progress(monkeypatch):
    """Inside IPython there is a bar although stderr is no terminal."""
    monkeypatch.delenv("TUTORGPT_PROGRESS", raising=False)
    assert not shows_progress()

    monkeypatch.setattr("builtins.__IPYTHON__", True, raising=False)
    assert shows_progress()


def test_an_interrupted_run_leaves_a_usable_model():
    """After Ctrl-C the weights are those of the steps that were made."""
    model = build()
    before = model.lm_head.weight.detach().clone()
    calls = []

    def interrupt(module, args, _):
        calls.append(module.training)
        if calls.count(True) == 6:
            raise KeyboardInterrupt

    hook = model.register_forward_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(model, CORPUS, BUDGET)
    hook.remove()
    halfway = exact_loss(model, CORPUS.val)

    assert not torch.equal(model.lm_head.weight, before)
    assert math.isfinite(halfway)
    assert train(model, CORPUS, BUDGET).records[0].val_loss == halfway


def test_a_corpus_with_another_vocabulary_is_refused():
    """A model of 9 tokens cannot read a text of 7; both are named."""
    with pytest.raises(ValueError, match=r"vocab_size 9 but .*'abc' has 7"):
        train(build(vocab_size=9), CORPUS, BUDGET)


@pytest.mark.parametrize("length", [8, 40])
def test_a_corpus_that_is_too_short_is_refused(length):
    """Each split must fill a window; the message holds both numbers."""
    corpus = Corpus.from_text("short", ("abcdefg" * 9)[:length])

    with pytest.raises(ValueError, match=r"\d tokens are too few .* 8: "):
        train(build(), corpus, BUDGET)


def test_a_refused_run_leaves_the_model_alone():
    """Nothing is trained before the corpus has been checked."""
    model = build()
    before = model.lm_head.weight.detach().clone()
    with pytest.raises(ValueError, match="too few"):
        train(model, Corpus.from_text("short", "abcdefg"), BUDGET)

    assert torch.equal(model.lm_head.weight, before)
