"""Trains the date translator in three forms, over three seeds.

    python scripts/records/translation.py    # about four minutes

Chapter 9's model as it stands (learned positions, pre-norm), the same with
sinusoids for positions, and the same with post-norm, as in the paper of
2017. Exact match is measured on held-out days. Writes
results/translation.json.
"""

import time
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from tutorgpt import ModelConfig
from tutorgpt.embedding import sinusoids
from tutorgpt.encoder_decoder import (
    DecoderLayer,
    EncoderDecoder,
    EncoderLayer,
    past,
)
from tutorgpt.encoder_decoder.translation import train_translator, translate
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.dates import date_tokenizer, sample_dates, split_days

OUT = Path(__file__).resolve().parents[2] / "results" / "translation.json"
SEEDS = (1337, 1338, 1339)
TRAINING = {"max_steps": 1000, "batch_size": 32, "learning_rate": 1e-2}
HELD_OUT, EVERY = 5000, 25
TOKENIZER = date_tokenizer()
CONFIG = ModelConfig(
    vocab_size=TOKENIZER.vocab_size,
    block_size=40,
    n_embed=32,
    n_head=4,
    n_layer=2,
)


class PostNormEncoderLayer(EncoderLayer):
    """The encoder's layer of 2017: the norm stands after each sum."""

    def forward(self, x, real):
        x = self.norm_1(x + self.attention(x, x, real))
        return self.norm_2(x + self.feed_forward(x))


class PostNormDecoderLayer(DecoderLayer):
    """The decoder's layer of 2017: the norm stands after each sum."""

    def forward(self, x, memory, real):
        x = self.norm_1(x + self.self_attention(x, x, past(x)))
        x = self.norm_2(x + self.cross_attention(x, memory, real))
        return self.norm_3(x + self.feed_forward(x))


def as_it_stands(model: EncoderDecoder) -> None:
    """Learned positions and pre-norm."""


def with_sinusoids(model: EncoderDecoder) -> None:
    """Fixed waves in place of both tables of learned positions."""
    for embedding in (model.encoder.embedding, model.embedding):
        table = embedding.position.weight
        table.data = sinusoids(*table.shape)
        table.requires_grad_(False)


def with_post_norm(model: EncoderDecoder) -> None:
    """The layers of 2017 in place of ours, drawn anew."""
    C, H = model.config.n_embed, model.config.n_head
    layers = range(model.config.n_layer)
    model.encoder.layers = nn.ModuleList(
        PostNormEncoderLayer(C, H) for _ in layers
    )
    model.decoder = nn.ModuleList(PostNormDecoderLayer(C, H) for _ in layers)


FORMS = {
    "learned positions, pre-norm": as_it_stands,
    "sinusoids, pre-norm": with_sinusoids,
    "learned positions, post-norm": with_post_norm,
}


def measure_run(form: str, seed: int) -> dict:
    """Train one form and say how much it gets exactly right."""
    days, held_out = split_days()

    def draw(count, generator):
        words, iso = sample_dates(days, count, generator)
        return TOKENIZER.encode_sources(words), TOKENIZER.encode_targets(iso)

    torch.manual_seed(seed)
    model = EncoderDecoder(CONFIG)
    FORMS[form](model)
    start = time.process_time()
    losses = train_translator(model, draw, seed=seed, **TRAINING)
    seconds = time.process_time() - start
    generator = torch.Generator().manual_seed(0)
    words, iso = sample_dates(held_out, HELD_OUT, generator)
    written = translate(model, TOKENIZER.encode_sources(words), 11)
    right = [
        TOKENIZER.decode(row) == day
        for row, day in zip(written, iso, strict=True)
    ]
    return {
        "form": form,
        "seed": seed,
        "exact_match": sum(right) / len(right),
        "cpu_seconds": round(seconds, 1),
        "losses": losses.view(-1, EVERY).mean(dim=1).tolist(),
    }


def main() -> None:
    """Measure all forms with all seeds and write them down."""
    torch.set_num_threads(1)
    runs = []
    for seed in SEEDS:
        for form in FORMS:
            runs.append(measure_run(form, seed))
            print({**runs[-1], "losses": runs[-1]["losses"][-1]}, flush=True)
            record = {
                "command": "python scripts/records/translation.py",
                "machine": machine() | {"threads": 1},
                "versions": versions(),
                "model": asdict(CONFIG),
                "training": TRAINING,
                "held_out_dates": HELD_OUT,
                "steps_per_loss": EVERY,
                "runs": runs,
            }
            write_record(OUT, record)


if __name__ == "__main__":
    main()
