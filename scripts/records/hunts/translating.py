"""The hunt of chapter 9: a translator of dates with broken decoder layers."""

import torch
from torch import Tensor

from tutorgpt import ModelConfig
from tutorgpt.encoder_decoder import EncoderDecoder
from tutorgpt.encoder_decoder.translation import (
    teacher_forced_loss,
    train_translator,
    translate,
)
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.scaling import count_parameters
from tutorgpt.text.dates import date_tokenizer, sample_dates, split_days

SEED, STEPS, EVERY = 1337, 300, 25


def translating(source: str) -> dict:
    """Chapter 9's model with this class for its decoder layers."""
    layer = EXERCISES["9.8"].build(source)
    tokenizer, (days, held_out) = date_tokenizer(), split_days()
    config = ModelConfig(
        vocab_size=tokenizer.vocab_size,
        block_size=40,
        n_embed=32,
        n_head=4,
        n_layer=2,
    )

    def draw(
        count: int, generator: torch.Generator, among: Tensor = days
    ) -> tuple[Tensor, Tensor]:
        words, iso = sample_dates(among, count, generator)
        return tokenizer.encode_sources(words), tokenizer.encode_targets(iso)

    generator = torch.Generator().manual_seed(SEED)
    test = draw(500, generator, held_out)
    torch.manual_seed(SEED)
    model = EncoderDecoder(config)
    for n in range(config.n_layer):
        model.decoder[n] = layer(config.n_embed, config.n_head)
    curve = [[0, held_out_loss(model, test)]]

    def draw_and_look(
        count: int, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        # Called once a step, before it: the only look into the training.
        seen[0] += 1
        if seen[0] % EVERY == 1 and seen[0] > 1:
            curve.append([seen[0] - 1, held_out_loss(model, test)])
        return draw(count, generator)

    seen = [0]
    train_translator(
        model,
        draw_and_look,
        max_steps=STEPS,
        batch_size=32,
        learning_rate=1e-2,
    )
    curve.append([STEPS, held_out_loss(model, test)])
    words, _ = sample_dates(held_out, 3, generator)
    written = translate(model, tokenizer.encode_sources(words), 11)
    return {
        "parameters": count_parameters(model),
        "curve": curve,
        "sample": "\n".join(
            f"{line:34} {tokenizer.decode(row)}"
            for line, row in zip(words, written, strict=True)
        ),
    }


@torch.no_grad()
def held_out_loss(
    model: EncoderDecoder, pairs: tuple[Tensor, Tensor]
) -> float:
    """Nats per character of held-out dates, to three decimals."""
    with eval_mode(model):
        return round(teacher_forced_loss(model, *pairs).item(), 3)


HUNTS = {"9.8": translating}
