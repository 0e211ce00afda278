"""The training loop: draw a batch, measure the loss, step downhill."""

import time
from dataclasses import asdict, dataclass, field

import torch
from tqdm.auto import tqdm

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.progress import shows_progress
from tutorgpt.text.batches import check_enough, sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss, next_token_loss


@dataclass(frozen=True)
class Record:
    """One measurement on the way.

    step: updates made so far.
    train_loss: mean loss of the batches since the record before, in nats
        per character; None at step 0, before any batch.
    val_loss: exact, over the whole validation split, in nats per character.
    seconds: since the start.
    tokens: read so far.
    """

    step: int
    train_loss: float | None
    val_loss: float
    seconds: float
    tokens: int


@dataclass
class History:
    """What was measured during a training run, in order."""

    records: list[Record] = field(default_factory=list)

    @property
    def val_loss(self) -> float:
        """The last exact validation loss, in nats per character."""
        return self.records[-1].val_loss

    @property
    def train_loss(self) -> float | None:
        """The last mean training loss, in nats per character."""
        return self.records[-1].train_loss

    def to_list(self) -> list[dict]:
        """The records as plain dictionaries, ready for JSON."""
        return [asdict(record) for record in self.records]


def train(
    model: LanguageModel, corpus: Corpus, config: TrainConfig
) -> History:
    """Train a model in place and return what was measured.

    Prints nothing; draws a progress bar in a terminal and in a notebook
    (TUTORGPT_PROGRESS=0 turns it off).
    Raises ValueError if the corpus has another vocabulary or is too short.
    """
    V, T = model.config.vocab_size, model.config.block_size
    if corpus.tokenizer.vocab_size != V:
        raise ValueError(
            f"the model has vocab_size {V} but corpus {corpus.name!r} has "
            f"{corpus.tokenizer.vocab_size} characters: "
            "build the model with vocab_size=corpus.tokenizer.vocab_size"
        )
    check_enough(len(corpus.train), T)
    check_enough(len(corpus.val), T)
    device = next(model.parameters()).device
    generator = torch.Generator().manual_seed(config.seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.learning_rate, fused=True
    )
    start = time.perf_counter()
    first = exact_loss(model, corpus.val)
    history = History([Record(0, None, first, 0.0, 0)])
    losses = []
    model.train()
    bar = tqdm(
        range(1, config.max_steps + 1),
        desc=type(model).__name__,
        unit="step",
        disable=not shows_progress(),
    )
    for step in bar:
        tokens, targets = sample_batch(
            corpus.train, config.batch_size, T, generator
        )
        logits = model(tokens.to(device))
        loss = next_token_loss(logits, targets.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        if step % config.eval_interval == 0 or step == config.max_steps:
            record = Record(
                step=step,
                train_loss=torch.stack(losses).mean().item(),
                val_loss=exact_loss(model, corpus.val),
                seconds=time.perf_counter() - start,
                tokens=step * config.batch_size * T,
            )
            history.records.append(record)
            bar.set_postfix(val_loss=f"{record.val_loss:.3f}")
            losses.clear()
    return history
