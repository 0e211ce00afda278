"""The hunt of chapter 10: bits per byte, by a broken measure.

Nothing broken is trained: one model of the bytes of Song ci is, and each
version of the function measures it.
"""

from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import GPT, generate, load_corpus
from tutorgpt.config import CHAPTER
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import sample_batch
from tutorgpt.training.steps import training_steps

SEED, STEPS, EVERY = 1337, 600, 50


@cache
def trained() -> dict[str, Any]:
    """The model's losses (N,) on held-out tokens (N,), step by step."""
    corpus = load_corpus("songci", "bytes")
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    torch.manual_seed(SEED)
    model = GPT(config)
    generator = torch.Generator().manual_seed(SEED)
    held_out = sample_batch(corpus.val, 256, config.block_size, generator)
    losses = [losses_of(model, *held_out)]
    settings = CHAPTER.training(max_steps=STEPS, eval_interval=STEPS)
    for state in training_steps(model, corpus, settings):
        if state.step % EVERY == 0:
            losses.append(losses_of(model, *held_out))
    start = torch.tensor([corpus.tokenizer.encode("\n")])
    with eval_mode(model):
        written = generate(model, start, 150, generator=generator)
    return {
        "parameters": count_parameters(model),
        "tokenizer": corpus.tokenizer,
        "tokens": held_out[1].flatten(),
        "losses": losses,
        "sample": corpus.tokenizer.decode(written[0].tolist()),
    }


@torch.no_grad()
def losses_of(model: GPT, inputs: Tensor, targets: Tensor) -> Tensor:
    """What the model pays for each token, in nats."""
    with eval_mode(model):
        logits = model(inputs).flatten(0, 1)
    return F.cross_entropy(logits, targets.flatten(), reduction="none")


def measuring(source: str) -> dict:
    """What this version of the function says of the model."""
    seen, measure = trained(), EXERCISES["10.7"].build(source)
    bits = [
        measure(losses, seen["tokens"], seen["tokenizer"]).item()
        for losses in seen["losses"]
    ]
    return {
        "parameters": seen["parameters"],
        "corpus": "songci",
        "unit": "bits per byte",
        "curve": [[n * EVERY, round(x, 3)] for n, x in enumerate(bits)],
        "sample": seen["sample"],
    }


HUNTS = {"10.7": measuring}
