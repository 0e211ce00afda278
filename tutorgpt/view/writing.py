"""What a model writes from one prompt while it learns to."""

import math
from pathlib import Path

import torch

from tutorgpt.decoding import generate
from tutorgpt.ground.places import expanded
from tutorgpt.tokens.stream import text_so_far
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.training.divergence import check_weights, diverged
from tutorgpt.training.runs import RunFolder
from tutorgpt.training.state import TrainingState

MOMENTS = (0.0, 0.01, 0.1)
"""Shares of a run after which a sample is shown, and once more at its end."""
LENGTH, SEED = 120, 1337


class Writing:
    """A sample at the beginning, at 1 %, at 10 % and at the end of a run.

    Each is drawn by a generator of its own, from the same seed: the training
    is the same with and without, to the bit.

    prompt: what every sample goes on from.
    folder: of the run, which keeps the samples too; None: nobody does.
    Raises ValueError for a character of the prompt that has no number.
    """

    def __init__(
        self,
        state: TrainingState,
        tokenizer: Tokenizer,
        prompt: str,
        folder: str | Path | None = None,
    ) -> None:
        self.state, self.tokenizer = state, tokenizer
        self.run = None if folder is None else RunFolder(expanded(folder))
        self.prompt = tokenizer.encode(prompt)
        steps = state.config.max_steps
        self.due = {math.ceil(share * steps) for share in MOMENTS}
        self.last: int | None = None

    def __call__(self) -> str | None:
        """What the model writes now, if it is time to; else None.

        Raises DivergedError if the model can write nothing any more.
        """
        step = self.state.step
        if step == self.last or not (step in self.due or self.state.is_over):
            return None
        self.last = step
        model = self.state.model
        check_weights(self.state, model.state_dict())
        device = next(model.parameters()).device
        try:
            written = generate(
                model,
                torch.tensor([self.prompt], device=device),
                LENGTH,
                generator=torch.Generator(device).manual_seed(SEED),
            )
        except ValueError:  # all else was checked before the first step
            raise diverged(self.state, "the scores are not finite") from None
        text = text_so_far(self.tokenizer, written[0].tolist())
        if self.run is not None:
            self.run.keep_sample(step, text)
        return text
