"""Generated text, marked as such."""

import torch

from tutorgpt.decoding import generate
from tutorgpt.language_model import LanguageModel
from tutorgpt.tokens.stream import text_so_far
from tutorgpt.tokens.tokenizer import Tokenizer


def show_text(text: str) -> None:
    """Print a text behind a bar; your machine may write it otherwise."""
    for line in text.strip("\n").splitlines():
        print(f"│ {line}")


def show_sample(
    model: LanguageModel,
    tokenizer: Tokenizer,
    *,
    prompt: str = "\n",
    length: int = 160,
    seed: int = 1337,
) -> None:
    """Print what a model writes after a prompt."""
    tokens = torch.tensor([tokenizer.encode(prompt)])
    tokens = tokens.to(next(model.parameters()).device)
    generator = torch.Generator(tokens.device).manual_seed(seed)
    written = generate(model, tokens, length, generator=generator)
    show_text(text_so_far(tokenizer, written[0].tolist()))
