"""Chapter 9. Teaching two towers, and letting them write."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F
from tqdm.auto import tqdm

from tutorgpt.encoder_decoder.towers import EncoderDecoder
from tutorgpt.ground.watching import shows_progress
from tutorgpt.language_model import eval_mode
from tutorgpt.text.pairs import END, PAD, START, real_tokens

Draw = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]
"""Gives so many sources (B, S) and targets (B, T), padded."""


def teacher_forced_loss(
    model: EncoderDecoder,
    source: Int[Tensor, "B S"],
    target: Int[Tensor, "B T"],
) -> Float[Tensor, ""]:
    """Cross-entropy of each target token, given the right ones before it.

    target (B, T) runs from START to END; padding after it is not counted.
    """
    logits = model(source, target[:, :-1])
    return F.cross_entropy(
        logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD
    )


def train_translator(
    model: EncoderDecoder,
    draw: Draw,
    *,
    max_steps: int,
    batch_size: int = 64,
    learning_rate: float = 3e-3,
    seed: int = 1337,
    watch: Callable[[Tensor], None] = lambda loss: None,
) -> Float[Tensor, " N"]:
    """Train a model in place on fresh pairs; the loss of every batch.

    The learning rate rises for a tenth of the steps and then falls to
    nearly 0, while AdamW's first beta does the opposite (OneCycleLR).
    watch: called after every step with its loss.
    """
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        learning_rate,
        total_steps=max_steps,
        # Of ten steps a tenth is the first, which is no rise.
        pct_start=0.0 if max_steps == 10 else 0.1,
    )
    losses = []
    model.train()
    bar = tqdm(range(max_steps), unit="step", disable=not shows_progress())
    for step in bar:
        loss = teacher_forced_loss(model, *draw(batch_size, generator))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.detach())
        watch(losses[-1])
        if step % 50 == 49 or step + 1 == max_steps:
            bar.set_postfix(loss=f"{loss.item():.3f}")
    return torch.stack(losses)


@torch.inference_mode()
def translate(
    model: EncoderDecoder, source: Int[Tensor, "B S"], max_new_tokens: int
) -> Int[Tensor, "B N"]:
    """Write the likeliest next token until every row has said END.

    What follows a row's END is PAD; START is left out.
    """
    target = torch.full_like(source[:, :1], START)
    ended = torch.zeros_like(target, dtype=torch.bool)
    with eval_mode(model):
        memory, real = model.encoder(source), real_tokens(source)
        for _ in range(max_new_tokens):
            scores = model.decode(target, memory, real)[:, -1:]
            new = scores.argmax(dim=-1).masked_fill(ended, PAD)
            target = torch.cat([target, new], dim=1)
            ended = ended | (new == END)
            if ended.all():
                break
    return target[:, 1:]


@torch.inference_mode()
def beam_search(
    model: EncoderDecoder,
    source: Int[Tensor, "1 S"],
    width: int,
    max_new_tokens: int,
) -> tuple[Int[Tensor, " N"], float]:
    """The likeliest translation among the few kept, and its ln p.

    After every token only the `width` likeliest beginnings stay. Width 1
    is greedy; a width that keeps all of them finds the best there is. In
    between, a wider beam may also end with a less likely translation.
    Raises ValueError for a width below 1.
    """
    if width < 1:
        raise ValueError(f"width is {width}: keep 1 beginning or more")
    beams: list[tuple[float, list[int]]] = [(0.0, [START])]
    with eval_mode(model):
        memory, real = model.encoder(source), real_tokens(source)
        for _ in range(max_new_tokens):
            live = [beam for beam in beams if beam[1][-1] != END]
            if not live:
                break
            target = torch.tensor([tokens for _, tokens in live])
            seen = memory.expand(len(live), -1, -1)
            scores = model.decode(target, seen, real.expand(len(live), -1, -1))
            rows = F.log_softmax(scores[:, -1], dim=-1).tolist()
            grown = [
                (so_far + more, [*tokens, new])
                for (so_far, tokens), row in zip(live, rows, strict=True)
                for new, more in enumerate(row)
            ]
            ended = [beam for beam in beams if beam[1][-1] == END]
            beams = sorted(ended + grown, key=lambda b: -b[0])[:width]
    score, tokens = beams[0]
    return torch.tensor(tokens[1:]), score
