"""The broken models of chapters 8 and 9, which are not trained on text alone.

bugs.py calls what HUNTS names; each gives what one would see with
one version of the exercise's code.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import GPT, ModelConfig, load_corpus, train
from tutorgpt.config import CHAPTER
from tutorgpt.encoder_decoder import EncoderDecoder
from tutorgpt.encoder_decoder.translation import (
    teacher_forced_loss,
    train_translator,
    translate,
)
from tutorgpt.language_model import eval_mode
from tutorgpt.learn.chapters import EXERCISES
from tutorgpt.learn.exercise import build
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.dates import date_tokenizer, sample_dates, split_days

SEED, STEPS, EVERY = 1337, 600, 25


@torch.no_grad()
def one_by_one(source: str) -> dict:
    """Chapter 6's GPT, reading one character at a time with this embedding.

    What a cache keeps of a token depends on its own vector and on those
    before it, so all of a text is computed at once from the vectors that
    the characters got one by one.
    """
    corpus = load_corpus("shakespeare")
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    torch.manual_seed(SEED)
    model = GPT(config)
    with torch.enable_grad():
        train(model, corpus, CHAPTER.training(max_steps=STEPS))
    model.eval()
    T = config.block_size
    embedding = build(source, EXERCISES["8.7"].target)(
        config.vocab_size, config.n_embed, T
    )
    embedding.load_state_dict(model.embedding.state_dict(), strict=False)

    def score(tokens: Tensor) -> Tensor:
        vectors = [
            embedding(tokens[:, t : t + 1], t) for t in range(tokens.shape[1])
        ]
        x = model.blocks(torch.cat(vectors, dim=1))
        return model.lm_head(model.norm(x))

    generator = torch.Generator().manual_seed(SEED)
    inputs, targets = sample_batch(corpus.val, 2000, T, generator)
    losses = F.cross_entropy(
        score(inputs).flatten(0, 1), targets.flatten(), reduction="none"
    )
    by_place = losses.view(-1, T).mean(dim=0).tolist()
    rows = torch.tensor([corpus.tokenizer.encode("\n")]).expand(3, 1)
    while rows.shape[1] <= T:
        p = score(rows)[:, -1].softmax(dim=-1)
        new = torch.multinomial(p, 1, generator=generator)
        rows = torch.cat([rows, new], dim=1)
    written = map(corpus.tokenizer.decode, rows[:, 1:].tolist())
    return {
        "parameters": count_parameters(model),
        "axis": "characters read",
        "curve": [[n, round(x, 3)] for n, x in enumerate(by_place, start=1)],
        "sample": "\n".join(row.replace("\n", "↵") for row in written),
    }


def translating(source: str) -> dict:
    """Chapter 9's model with this class for its decoder layers."""
    layer = build(source, EXERCISES["9.8"].target)
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
        seen[0] += 1
        if seen[0] % EVERY == 1 and seen[0] > 1:
            curve.append([seen[0] - 1, held_out_loss(model, test)])
        return draw(count, generator)

    seen = [0]
    train_translator(
        model, draw_and_look, max_steps=300, batch_size=32, learning_rate=1e-2
    )
    curve.append([300, held_out_loss(model, test)])
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


HUNTS = {"8.7": one_by_one, "9.8": translating}
