"""One table is counted once, stepped once and stored once."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from tutorgpt import (
    GPT,
    ModelConfig,
    TrainConfig,
    count_parameters,
    load_checkpoint,
    next_token_loss,
    save_checkpoint,
    train,
)
from tutorgpt.modern import TiedOutput
from tutorgpt.text.corpus import Corpus
from tutorgpt.training import checkpoints
from tutorgpt.training.optimizer import build_optimizers
from tutorgpt.training.recipes import good

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
SHAPE = ModelConfig(
    vocab_size=7, block_size=8, n_embed=16, n_head=2, n_layer=2
)


class TiedGPT(GPT):
    """Chapter 6's GPT with one part exchanged."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.lm_head = TiedOutput(self.embedding.token)


def build() -> TiedGPT:
    torch.manual_seed(0)
    return TiedGPT(SHAPE)


def test_scores_are_products_with_the_embeddings():
    """A token's score is the product of x and its row."""
    table = nn.Embedding(7, 16)
    x = torch.randn(2, 3, 16)
    scores = TiedOutput(table)(x)

    torch.testing.assert_close(scores[1, 2, 4], x[1, 2] @ table.weight[4])


def test_it_counts_once():
    """The output's matrix and its bias are gone."""
    assert (
        count_parameters(GPT(SHAPE)) - count_parameters(build()) == 7 * 16 + 7
    )


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_it_is_stepped_once(optimizer):
    """One owner has it, as a table: Muon leaves it alone."""
    model = build()
    config = replace(good(TrainConfig()), optimizer=optimizer)
    owners = [
        (type(one).__name__, id(parameter))
        for one in build_optimizers(model, config)
        for group in one.param_groups
        for parameter in group["params"]
    ]
    table = id(model.lm_head.weight)

    assert [owner for owner, p in owners if p == table] == ["AdamW"]
    assert len(owners) == len(list(model.parameters()))


def test_training_keeps_it_one_table():
    """A step on what comes in is a step on what goes out."""
    model = build()
    history = train(
        model, CORPUS, TrainConfig(max_steps=30, learning_rate=1e-2)
    )

    assert model.lm_head.weight is model.embedding.token.weight
    assert history.val_loss < 1.5


def test_a_checkpoint_stores_it_once_and_brings_it_back_tied(
    tmp_path, monkeypatch
):
    """Loaded, the two are still one parameter, with the same scores."""
    monkeypatch.setitem(checkpoints.MODELS, "TiedGPT", TiedGPT)
    model, tokens = build().eval(), torch.arange(7)[None]
    save_checkpoint(tmp_path, model, CORPUS.tokenizer)
    loaded, _ = load_checkpoint(tmp_path)
    numbers = sum(p.numel() for p in model.parameters())

    assert loaded.lm_head.weight is loaded.embedding.token.weight
    torch.testing.assert_close(loaded(tokens), model(tokens))
    assert (tmp_path / "model.safetensors").stat().st_size < 4 * numbers + 5000


def test_the_first_loss_is_near_ln_v():
    """Rows of length 1 make scores that spread about 1."""
    torch.manual_seed(0)
    config = replace(SHAPE, vocab_size=65, n_embed=32)
    tokens = torch.randint(65, (32, 9))
    scores = TiedGPT(config)(tokens[:, :-1])
    excess = (
        next_token_loss(scores, tokens[:, 1:]).item()
        - torch.tensor(65.0).log()
    )

    assert abs(excess) < 1
