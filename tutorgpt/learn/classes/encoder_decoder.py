"""The classes of chapter 9."""

from dataclasses import replace

import torch

from tutorgpt.config import ModelConfig
from tutorgpt.encoder_decoder.towers import (
    Attention,
    DecoderLayer,
    Encoder,
    EncoderDecoder,
    EncoderLayer,
)
from tutorgpt.learn.check.exercise import slip
from tutorgpt.learn.check.properties import blind_to_the_future
from tutorgpt.learn.check.taught import known_as, taught, taught_like
from tutorgpt.learn.classes.models import PLACES
from tutorgpt.learn.exercises.encoder_decoder import repair_the_decoder_layer
from tutorgpt.learn.exercises.multi_head import repair_the_heads
from tutorgpt.learn.exercises.residual_norm import repair_the_block
from tutorgpt.learn.exercises.single_head import repair_the_head

ACROSS = "The queries come from x; keys and values come from memory."
SCALE = "Divide by the root of D: the scores keep a spread of about 1."
PADDING = "`real` is True where a position may look: real tokens only."
READ = "x = x + self.attention(normed, normed, real)"
SOURCE, TARGET = "self.embedding(source)", "self.embedding(target)"
THINK = "x + self.feed_forward(self.norm_2(x))"


def padding(lengths: list[int], S: int) -> torch.Tensor:
    """Where sources of these lengths hold a token, (B, 1, S)."""
    return (torch.arange(S) < torch.tensor(lengths)[:, None])[:, None]


def to_read() -> list[tuple]:
    """Sizes (C, H), x (B, T, C), memory (B, S, C), and what is visible."""
    g = torch.Generator().manual_seed(91)
    return [
        (
            (C, H),
            torch.randn(len(lengths), T, C, generator=g),
            torch.randn(len(lengths), S, C, generator=g),
            padding(lengths, S),
        )
        for C, H, T, S, lengths in (
            (8, 2, 3, 6, [1, 6, 5]),
            (6, 3, 5, 4, [4, 2]),
            (12, 3, 4, 4, [3, 4]),
        )
    ]


def to_encode() -> list[tuple]:
    """Sizes (C, H), x (B, S, C), and which places are real."""
    return [(sizes, memory, real) for sizes, _, memory, real in to_read()]


def pairs() -> list[tuple]:
    """A config, sources that are filled up with PAD, and targets."""
    g = torch.Generator().manual_seed(92)
    cases = []
    for V, block_size, C, H, T, lengths in (
        (11, 8, 6, 2, 5, [7, 4, 2]),
        (9, 7, 8, 4, 7, [3, 6]),
    ):
        config = ModelConfig(
            vocab_size=V,
            block_size=block_size,
            n_embed=C,
            n_head=H,
            n_layer=2,
        )
        S = max(lengths)
        source = torch.randint(1, V, (len(lengths), S), generator=g)
        source *= padding(lengths, S)[:, 0]
        target = torch.randint(1, V, (len(lengths), T), generator=g)
        cases.append(((config,), source, target))
    return cases


def sources() -> list[tuple]:
    """A config, and sources that are filled up with PAD."""
    return [(sizes, source) for sizes, source, _ in pairs()]


CLASSES = (
    taught(
        Attention,
        "x reads memory where it is visible",
        *(
            known_as(repair_the_head.EXERCISE, says, *edits)
            for says, *edits in (
                (
                    "the softmax is missing",
                    "F.softmax(scores, dim=-1)",
                    "scores",
                ),
                (
                    "masked scores are set to 0, which still gets a weight",
                    'float("-inf")',
                    "0.0",
                ),
                (
                    "the softmax runs over the wrong axis: columns sum to "
                    "1, not rows",
                    "F.softmax(scores, dim=-1)",
                    "F.softmax(scores, dim=-2)",
                ),
            )
        ),
        slip(
            "the scores are not divided by √D",
            SCALE,
            " / math.sqrt(q.shape[-1])",
            "",
        ),
        slip(
            "the scores are divided by D, not by its root",
            SCALE,
            "math.sqrt(q.shape[-1])",
            "q.shape[-1]",
        ),
        slip(
            "the scores are divided by √C, not by √D",
            SCALE,
            "math.sqrt(q.shape[-1])",
            "math.sqrt(x.shape[-1])",
        ),
        slip(
            "the mask is left out: everything is looked at",
            "Fill where it is *not* visible, before the softmax.",
            "        scores = scores.masked_fill(~visible[:, None], "
            'float("-inf"))\n',
            "",
        ),
        slip(
            "the mask is turned round: what is hidden is looked at",
            "Fill where it is *not* visible: ~visible.",
            "~visible",
            "visible",
        ),
        slip(
            "x reads itself, and memory is never read",
            ACROSS,
            "self.key(memory)",
            "self.key(x)",
            "self.value(memory)",
            "self.value(x)",
        ),
        slip(
            "memory asks and x answers",
            ACROSS,
            "self.query(x)), self._split(self.key(memory))",
            "self.query(memory)), self._split(self.key(x))",
        ),
        slip(
            "the heads are joined without bringing H beside D first",
            "Bring H beside D first: transpose(1, 2), then flatten(2).",
            "read.transpose(1, 2).flatten(2)",
            "read.reshape(*x.shape)",
        ),
        slip(
            "there is one head only",
            "The channels are cut into n_head heads.",
            "self.n_head = n_head",
            "self.n_head = 1",
        ),
        known_as(
            repair_the_heads.EXERCISE,
            "the projection is left out",
            "return self.proj(read.transpose(1, 2).flatten(2))",
            "return read.transpose(1, 2).flatten(2)",
        ),
        known_as(
            repair_the_heads.EXERCISE,
            "the projection has lost its bias",
            "self.proj = nn.Linear(n_embed, n_embed)",
            "self.proj = nn.Linear(n_embed, n_embed, bias=False)",
        ),
        cases=to_read,
    ),
    taught(
        EncoderLayer,
        "reads both ways, real tokens only",
        *(
            known_as(repair_the_block.EXERCISE, says, *edits)
            for says, *edits in (
                (
                    "neither part is added to its input yet",
                    "x = x + self",
                    "x = self",
                    "return x + self",
                    "return self",
                ),
                (
                    "only the second part has its path",
                    "x = x + self",
                    "x = self",
                ),
                (
                    "only the first part has its path",
                    "return x + self",
                    "return self",
                ),
                (
                    "the path runs through the norms",
                    "x = x + self",
                    "x = normed + self",
                    "return x + self",
                    "return self.norm_2(x) + self",
                ),
                (
                    "the norms were moved behind the sum: post-norm",
                    f"        normed = self.norm_1(x)\n        {READ}\n"
                    f"        return {THINK}",
                    "        x = self.norm_1(x + self.attention(x, x, real))\n"
                    "        return self.norm_2(x + self.feed_forward(x))",
                ),
                (
                    "both parts read the layer's input: the second one does "
                    "not see what the first has found",
                    "x = x + self",
                    "y = x + self",
                    "return x + self",
                    "return y + self",
                ),
            )
        ),
        slip(
            "the padding is looked at as well",
            PADDING,
            "normed, normed, real",
            "normed, normed, torch.ones_like(real)",
        ),
        slip(
            "there is a causal mask: no position sees what stands behind it",
            "All of the source is there from the start: `real` is enough.",
            "normed, normed, real",
            "normed, normed, real & past(x)",
        ),
        slip(
            "x asks without its norm",
            "self.norm_1(x) asks and is read.",
            "normed, normed, real",
            "x, normed, real",
        ),
        cases=to_encode,
    ),
    taught(
        Encoder,
        "vectors that know the whole source",
        *(
            replace(wrong, edits=((SOURCE, "self.embedding.token(source)"),))
            for wrong in PLACES
        ),
        slip(
            "the padding is looked at as well",
            PADDING,
            "real_tokens(source)",
            "torch.ones_like(real_tokens(source))",
        ),
        slip(
            "there is a causal mask: no position sees what stands behind it",
            "All of the source is there from the start: `real` is enough.",
            "layer(x, real)",
            "layer(x, real & past(x))",
        ),
        slip(
            "the last norm is left out",
            "The memory is self.norm(x).",
            "return self.norm(x)",
            "return x",
        ),
        slip(
            "only one layer has a say in the result",
            "for layer in self.layers.",
            "in self.layers:",
            "in self.layers[:1]:",
        ),
        cases=sources,
    ),
    taught_like(
        repair_the_decoder_layer.EXERCISE,
        DecoderLayer,
        "looks back, looks across, thinks",
    ),
    taught(
        EncoderDecoder,
        "scores from source and past",
        *(
            replace(wrong, edits=((TARGET, "self.embedding.token(target)"),))
            for wrong in PLACES
        ),
        slip(
            "probabilities come out, and not scores",
            "A model ends in scores: cross_entropy takes the softmax itself.",
            "return self.lm_head(self.norm(x))",
            "return self.lm_head(self.norm(x)).softmax(dim=-1)",
        ),
        slip(
            "the last norm is left out",
            "self.lm_head(self.norm(x)).",
            "self.lm_head(self.norm(x))",
            "self.lm_head(x)",
        ),
        slip(
            "the padding of the source is looked at as well",
            PADDING,
            "self.encoder(source), real_tokens(source)",
            "self.encoder(source), torch.ones_like(real_tokens(source))",
        ),
        slip(
            "only one layer of the decoder has a say in the result",
            "for layer in self.decoder.",
            "in self.decoder:",
            "in self.decoder[:1]:",
        ),
        slip(
            "the decoder reads the source's embedding, and not what the "
            "encoder made of it",
            "The memory is self.encoder(source).",
            "self.decode(target, self.encoder(source)",
            "self.decode(target, self.encoder.embedding(source)",
        ),
        slip(
            "both towers look tokens up in one table",
            "The decoder has an embedding of its own.",
            TARGET,
            "self.encoder.embedding(target)",
        ),
        cases=pairs,
        rules=(blind_to_the_future,),
    ),
)
