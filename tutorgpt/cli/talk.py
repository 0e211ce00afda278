"""What tutorgpt train says on its way."""

from collections.abc import Callable
from pathlib import Path

from tutorgpt.cli.terminal import counted, labelled, say
from tutorgpt.ground.places import shown, visible
from tutorgpt.ground.watching import shows_progress
from tutorgpt.text.split import Corpus
from tutorgpt.training.history import Record
from tutorgpt.training.state import TrainingState


class Talk:
    """The plan before the first step, then losses, and samples if wanted.

    In a terminal a bar shows the losses; without one each has a line.
    prompt: what the model writes on from on its way; None: it does not.
    """

    def __init__(self, folder: Path, prompt: str | None) -> None:
        self.folder, self.prompt = folder, prompt

    def __call__(
        self, state: TrainingState, corpus: Corpus
    ) -> Callable[[], None]:
        """Say what begins; what is returned is called after every step."""
        say(introduction(state, corpus, self.folder))
        writing = None
        if self.prompt is not None:
            from tutorgpt.view.writing import Writing  # pulls matplotlib

            writing = Writing(
                state, corpus.tokenizer, self.prompt, self.folder
            )
        said = len(state.history.records)

        def step_made() -> None:
            nonlocal said
            for record in state.history.records[said:]:
                said += 1
                if not shows_progress():
                    say(measured(record, state, corpus.tokenizer.UNIT))
            text = writing() if writing else None
            if text is not None:
                say(sample(state.step, text))

        step_made()
        return step_made


def introduction(state: TrainingState, corpus: Corpus, folder: Path) -> str:
    training, shape = state.config, state.model.config
    device = next(state.model.parameters()).device
    lines = {
        "text:": f"{shown(corpus.name)}, {corpus.size:,} "
        f"{corpus.tokenizer.UNIT}s, "
        f"{shape.vocab_size:,} different",
        "model:": f"{type(state.model).__name__}, {shape.n_layer} layers, "
        f"{shape.n_embed} wide, on {device}",
        "budget:": f"{counted(training.max_steps, 'step')} of "
        f"{training.batch_size} x {shape.block_size} "
        f"{corpus.tokenizer.UNIT}s, "
        f"{training.optimizer}, learning rate "
        f"{training.learning_rate:g}, {training.precision}",
        "folder:": shown(folder),
    }
    start, end = state.stretches[-1]
    if state.is_over:
        lines["now:"] = (
            f"has ended, after {counted(state.step, 'step')}; more --steps "
            "train it further"
        )
    elif state.step:
        lines["now:"] = f"goes on after step {state.step:,}"
    if start and not state.is_over:
        lines["rate:"] = (
            "trained further: the learning rate's schedule is drawn anew "
            f"from step {start:,} to {end:,}"
        )
    return "\n".join(labelled(name, text) for name, text in lines.items())


def measured(record: Record, state: TrainingState, unit: str) -> str:
    """One measurement in one line; unit is what the loss is per."""
    best = ", the best so far" if state.history.best is record else ""
    return (
        f"step {record.step:,} of {state.config.max_steps:,}: "
        f"{record.val_loss:.4f} nats per {unit}{best}, "
        f"{record.seconds:.0f} s"
    )


def sample(step: int, text: str) -> str:
    """What was written after a step, each line behind a bar."""
    lines = visible(text).strip("\n").split("\n")
    heading = f"after step {step:,} it writes:"
    return "\n".join([heading, *(f"  | {line}" for line in lines)])
