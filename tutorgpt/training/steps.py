"""Training, one step at a time: `train` drains it, experiments walk along."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from jaxtyping import Integer
from torch import Tensor

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.batches import check_enough, sample_batch
from tutorgpt.text.split import Corpus
from tutorgpt.training.choices import choose_threads, with_precision
from tutorgpt.training.engine.distributed import (
    World,
    averaging,
    check_shares,
    current_world,
    replicate,
    shard,
)
from tutorgpt.training.engine.step_loss import (
    AutocastStepLoss,
    StepLoss,
    build_step_loss,
    with_chosen_dropout,
)
from tutorgpt.training.engine.threads import check_threads, thread_count
from tutorgpt.training.optimizer import (
    build_optimizers,
    gradient_norm,
    set_learning_rate,
    shorten_gradient,
)
from tutorgpt.training.schedule import learning_rate_at
from tutorgpt.training.state import Schedule, TrainingState

RELEASE_INTERVAL = 10
"""Steps after which a corpus that lies on disk gives memory back."""


def training_steps(
    model: LanguageModel,
    corpus: Corpus,
    config: TrainConfig,
    *,
    schedule: Schedule = learning_rate_at,
) -> Iterator[TrainingState]:
    """Train a model in place, one step for each value that is asked for.

    Yields the state after each step: `state.step`, `state.loss`, and
    `state.model`, the model that was handed in. Between two steps a program
    may measure, draw, look inside, or leave: the steps stay the same. The
    model is put back into training mode; who changes a part of it alone
    must put that back. Nothing is measured, printed or written, so
    eval_interval and patience have no say.

        for state in training_steps(model, corpus, TrainConfig()):
            if state.step % 100 == 0:
                print(state.step, exact_loss(model, corpus.val))

    schedule: the learning rate of a step, counted from 1.
    Raises ValueError if the corpus has another vocabulary or is too short.
    """
    check_fits(model, corpus)
    check_threads(config.threads)
    world = current_world()
    config = replace(config, patience=None)
    config = with_precision(model, corpus.train, config, world)
    state = begin(model, config, world, schedule=schedule)
    threads = choose_threads(state, corpus.train)
    return _with_threads(threads, take_steps(state, corpus))


def _with_threads(
    threads: int | None, steps: Iterator[TrainingState]
) -> Iterator[TrainingState]:
    """The steps with this many threads, and the reader's own in between."""
    while True:
        with thread_count(threads):
            state = next(steps, None)
        if state is None:
            return
        yield state
        state.losses.clear()  # nobody takes their mean


def take_steps(
    state: TrainingState, corpus: Corpus
) -> Iterator[TrainingState]:
    """The steps that are left of a run, from wherever it stands."""
    while not state.is_over:
        if not (state.model.training and state.step_loss.training):
            state.model.train()
            state.step_loss.train()
        update(state, corpus.train)
        if state.step % RELEASE_INTERVAL == 0:
            corpus.release()
        yield state


def begin(
    model: LanguageModel,
    config: TrainConfig,
    world: World,
    *,
    sharded: bool = False,
    schedule: Schedule = learning_rate_at,
) -> TrainingState:
    """The state before the first step; with_precision comes before it."""
    check_shares(config, world)
    if sharded:
        check_sharded(config, world)
        shard(model)
        kind = AutocastStepLoss if config.precision == "bf16" else StepLoss
        step_loss = with_chosen_dropout(kind(model), model, config)
    else:
        step_loss = build_step_loss(model, config)
    if config.compile:
        step_loss.compile()
    if world.size > 1:
        # Each process drops out other activations than its neighbours.
        torch.manual_seed(config.seed + world.rank)
        if not sharded:
            step_loss = replicate(step_loss)
    return TrainingState(
        model=model,
        step_loss=step_loss,
        config=config,
        optimizers=build_optimizers(model, config),
        generator=torch.Generator().manual_seed(config.seed),
        world=world,
        schedule=schedule,
    )


def update(state: TrainingState, data: Integer[Tensor, " N"]) -> None:
    """Make one step, on one batch.

    A batch may be computed in parts, whose gradients add up to the same:
    each part's mean loss counts 1 / parts.
    """
    config, model, world = state.config, state.model, state.world
    tokens, targets = sample_batch(
        data, config.batch_size, model.config.block_size, state.generator
    )
    device = next(model.parameters()).device
    parts = config.accumulation
    share = torch.tensor(1 / parts, device=device)
    state.clear_gradients()
    for part, (some_tokens, some_targets) in enumerate(
        zip(
            world.rows(tokens).chunk(parts),
            world.rows(targets).chunk(parts),
            strict=True,
        ),
        start=1,
    ):
        # Processes exchange gradients once a batch, after the last part.
        with averaging(state.step_loss, world, wanted=part == parts):
            loss = state.step_loss(
                some_tokens.to(device), some_targets.to(device)
            )
            loss.backward(share)
        state.losses.append(loss.detach())
    state.step += 1
    state.gradient_norm = None
    if config.max_gradient_norm is not None:
        state.gradient_norm = shorten_gradient(model, config.max_gradient_norm)
    elif state.is_due(config.eval_interval):
        state.gradient_norm = gradient_norm(model)
    set_learning_rate(state.optimizers, state.learning_rate())
    for optimizer in state.optimizers:
        optimizer.step()


def check_fits(model: LanguageModel, corpus: Corpus) -> None:
    """Refuse a corpus that this model cannot learn from."""
    V, T = model.config.vocab_size, model.config.block_size
    if corpus.tokenizer.vocab_size != V:
        raise ValueError(
            f"the model has vocab_size {V} but corpus {corpus.name!r} has "
            f"{corpus.tokenizer.vocab_size} tokens: "
            "build the model with vocab_size=corpus.tokenizer.vocab_size"
        )
    check_enough(len(corpus.train), T)
    check_enough(len(corpus.val), T)


def check_sharded(config: TrainConfig, world: World) -> None:
    """Refuse what does not go with sharded weights."""
    if world.size == 1:
        raise ValueError(
            "one process has nobody to share the weights with: start "
            "several, as in torchrun --nproc-per-node 2 -m tutorgpt train"
        )
    if config.optimizer == "muon":
        raise ValueError(
            "optimizer 'muon' needs whole matrices, and sharding takes them "
            'apart: choose optimizer="adamw", or do not shard'
        )
    if config.precision == "bf16" and not torch.cuda.is_available():
        raise ValueError(
            "precision 'bf16' with sharded weights needs a GPU: choose "
            'precision="fp32", or do not shard'
        )
