"""Exercise 8.7. A bug hunt: a text that is read worse with every character."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, build, slip
from tutorgpt.learn.check.modules import give_weights

BROKEN = """\
class GrowingText(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, new, past):
        places = torch.arange(new.shape[1])
        return self.token(new) + self.position(places)"""

MENDED = BROKEN.replace("places = torch", "places = past + torch")


def to_grow() -> list[tuple]:
    """Sizes (V, C, block_size), new tokens (B, N), and how many went before.

    A prompt read at once, one token after it, and a few together.
    """
    g = torch.Generator().manual_seed(93)
    return [
        ((V, C, block_size), torch.randint(V, (B, N), generator=g), past)
        for V, C, block_size, B, N, past in (
            (5, 4, 8, 1, 5, 0),
            (9, 6, 12, 3, 1, 7),
            (7, 8, 16, 2, 4, 9),
            (4, 6, 5, 3, 2, 3),  # up to the last place there is
            (3, 4, 12, 2, 2, 4),  # twice the past is a place as well
        )
    ]


def any_growth(draw: random.Random) -> tuple:
    """Any sizes, and new tokens that fit behind the past."""
    V, block_size = draw.randint(1, 9), draw.randint(1, 12)
    N = draw.randint(1, block_size)
    new = torch.randint(V, (draw.randint(1, 3), N))
    past = draw.randint(0, block_size - N)
    return (V, draw.randint(1, 8), block_size), new, past


def one_vector_a_place(
    again: Any, args: tuple, expected: Float[Tensor, "B N C"]
) -> str | None:
    """A rule: which row of the table each new token got, if it got one.

    If it got none: read at once or one by one, a text has the same vectors.
    """
    sizes, new, past = args
    whole = again(sizes, new, past)
    model = build(MENDED, "GrowingText")(*sizes)
    give_weights(model)
    rest = (whole - model.token(new)).detach()
    wrong = (whole - expected).abs().amax(-1).gt(1e-5).nonzero().tolist()
    for b, t in wrong:
        gaps = (model.position.weight - rest[b, t]).abs().amax(-1)
        if gaps.min() < 1e-5:
            return (
                f"the new token at place {past + t} of text {b} got row "
                f"{int(gaps.argmin())} of the position table"
            )
    for t in range(new.shape[1]):
        alone = again(sizes, new[:, t : t + 1], past + t)
        if (alone[:, 0] - whole[:, t]).abs().max() > 1e-4:
            return (
                f"the token at place {past + t} has one vector when it is "
                f"read together with others and another when it is read "
                f"alone, past = {past + t}"
            )
    b, t = wrong[0]
    return (
        f"what is added to the new token at place {past + t} of text {b} is "
        "no row of the position table"
    )


EXERCISE = Exercise(
    number="8.7",
    title="Worse the longer it reads",
    kind="bug",
    difficulty="easy",
    importance=5,
    task="""\
This embedding feeds a reader with a cache: `new` $(B, N)$ are the tokens
that have not been read yet, and `past` tokens were read before them.
Keep the two tables.
Its model was trained as it should be, and a text that is read at once
scores well; the curve shows the loss at each place of texts that are read
one character at a time.
Read the curve and the sample, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn",
    target="GrowingText",
    solution=MENDED,
    suspect="place lost in the cache",
    symptom=(
        "the first character is read as well as by the twin; from the second "
        "to about the twentieth the loss climbs from 2.4 to 3.2 nats and "
        "stays there, where the twin's falls to about 2.2"
    ),
    cases=to_grow,
    domain=any_growth,
    is_module=True,
    labels=("GrowingText", "new", "past ="),
    rules=(one_vector_a_place,),
    wrong=(
        slip(
            "the two vectors are multiplied, not added",
            "The vector of the place is added to that of the token.",
            "self.token(new) + self",
            "self.token(new) * self",
        ),
        slip(
            "the vector of the place is subtracted",
            "The vector of the place is added to that of the token.",
            "self.token(new) + self",
            "self.token(new) - self",
        ),
        slip(
            "each new token still gets the places from 0 on",
            "The first new token stands behind `past` others.",
            "past + torch.arange(new.shape[1])",
            "torch.arange(new.shape[1])",
        ),
        slip(
            "all new tokens get one and the same place",
            "The second new token stands one place further on.",
            "past + torch.arange(new.shape[1])",
            "torch.full((new.shape[1],), past)",
        ),
        slip(
            "the places are one too low",
            "After `past` tokens, 0 to past - 1, the next place is `past`.",
            "past + torch.arange(new.shape[1])",
            "(past - 1 + torch.arange(new.shape[1])).clamp(min=0)",
        ),
        slip(
            "the places are one too high",
            "The next place after 0 to past - 1 is `past` itself.",
            "past + torch.arange(new.shape[1])",
            "past + 1 + torch.arange(new.shape[1])",
        ),
        slip(
            "the places are counted along the batch",
            "new has the shape (B, N): N is shape[1].",
            "new.shape[1]",
            "new.shape[0]",
        ),
        slip(
            "past is a factor of the places",
            "The new tokens stand behind the past: add it.",
            "past + torch.arange(new.shape[1])",
            "past * torch.arange(new.shape[1])",
        ),
        slip(
            "the places end at the number of new tokens, not behind them",
            "N new tokens behind `past` end at past + N.",
            "past + torch.arange(new.shape[1])",
            "torch.arange(past, new.shape[1])",
        ),
        slip(
            "these are the places of the past",
            "The new tokens stand behind it: from `past` on.",
            "past + torch.arange(new.shape[1])",
            "torch.arange(past)",
        ),
        slip(
            "the places run backwards",
            "The first of the new tokens comes first.",
            "past + torch.arange(new.shape[1])",
            "past + torch.arange(new.shape[1]).flip(0)",
        ),
        slip(
            "the places are those of the past, not of the new tokens",
            "The new tokens begin where the past ends.",
            "past + torch.arange(new.shape[1])",
            "(past - new.shape[1] + torch.arange(new.shape[1])).clamp(min=0)",
        ),
        slip(
            "past is counted in pieces as long as what is new",
            "past counts tokens already: add it as it is.",
            "past + torch",
            "past * new.shape[1] + torch",
        ),
        slip(
            "the places are one too low, and at past = 0 there is none",
            "The first new token's place is `past` itself.",
            "past + torch.arange(new.shape[1])",
            "past + torch.arange(new.shape[1]) - 1",
        ),
        slip(
            "only the last new token is read",
            "All new tokens come back, (B, N, C).",
            "self.token(new) + self.position(places)",
            "(self.token(new) + self.position(places))[:, -1:]",
        ),
        slip(
            "the vector of the place stands behind that of the token, "
            "twice as long",
            "They are added: what it is plus where it is.",
            "self.token(new) + self.position(places)",
            "torch.cat([self.token(new), "
            "self.position(places).expand(len(new), -1, -1)], -1)",
        ),
        slip(
            "past, the number, is added to the vectors",
            "It belongs to the places, before they are looked up.",
            "past + torch.arange",
            "torch.arange",
            "+ self.position(places)",
            "+ self.position(places) + past",
        ),
        slip(
            "the places are left out",
            "What it is plus where it is.",
            " + self.position(places)",
            "",
        ),
        slip(
            "only the place counts, and not what stands there",
            "What it is plus where it is.",
            "self.token(new) + ",
            "",
        ),
        slip(
            "past is added to the tokens' numbers, or taken from their "
            "places: there are no such rows in the tables",
            "past + 0, 1, 2, ... are the places of the new tokens; the "
            "tokens stay as they are.",
            "past + torch.arange",
            "torch.arange",
            "self.token(new)",
            "self.token(new + past)",
        ),
        slip(
            "the tokens' own numbers, plus past, are looked up in the "
            "table of places",
            "A place is where a token stands: past + 0, 1, 2, ...",
            "self.position(places)",
            "self.position(new + past)",
        ),
        slip(
            "past is counted once for each text of the batch",
            "All texts of a batch have read `past` tokens: add it as it is.",
            "past + torch",
            "past * new.shape[0] + torch",
        ),
        slip(
            "the tokens' own numbers are added to their places, and past is "
            "not",
            "A place is where a token stands: past + 0, 1, 2, ...",
            "past + torch",
            "new + torch",
        ),
    ),
    hints=(
        "The first character is right in both. Which place does the second "
        "one get, when it is read by itself?",
        "`past` comes in and is never used.",
        "`past + torch.arange(new.shape[1])`.",
    ),
    why="""\
A cache hands the model one token at a time, and `arange(1)` is 0: every
token is given the vector of the first place, and its key and value are kept
with it.
A prompt that is read at once is right, so the bug hides until the second
call.
With `past` added, the new tokens go on where the cache ends.""",
)
