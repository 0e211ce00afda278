"""Exercise 2.4. A bug hunt: an embedding under which all places look alike."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, build, slip
from tutorgpt.learn.check.modules import give_weights


def token_cases() -> list[tuple]:
    """Sizes (V, C, block_size) and a batch of tokens (B, T)."""
    g = torch.Generator().manual_seed(4)
    return [
        ((V, C, block_size), torch.randint(V, (B, T), generator=g))
        for V, C, block_size, B, T in (
            (9, 6, 12, 3, 7),
            (5, 4, 8, 1, 5),
            (23, 5, 14, 4, 14),
            (3, 2, 4, 2, 1),
        )
    ]


def any_text(draw: random.Random) -> tuple:
    """Sizes, and texts that are at most as long as the block."""
    V, C = draw.randint(2, 30), draw.randint(1, 12)
    block_size = draw.randint(1, 20)
    B, T = draw.randint(1, 4), draw.randint(1, block_size)
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    return (V, C, block_size), torch.randint(V, (B, T), generator=g)


def own_row_for_each_place(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: which row of the position table the first wrong place gets."""
    sizes, tokens = args
    model = build(MENDED, "TokensAndPlaces")(*sizes)
    give_weights(model)
    rest = (again(*args) - model.token(tokens)).detach()
    for b, t in (expected - again(*args)).abs().amax(-1).gt(1e-5).nonzero():
        gaps = (model.position.weight - rest[b, t]).abs().amax(-1)
        if gaps.min() < 1e-5:
            return (
                f"what is added at place {int(t)} of text {int(b)} is row "
                f"{int(gaps.argmin())} of the position table"
            )
    return None


def each_vector_once(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: how many times either vector stands in the sum."""
    sizes, tokens = args
    model = build(MENDED, "TokensAndPlaces")(*sizes)
    give_weights(model)
    what = model.token(tokens).detach()
    where = model.position(torch.arange(tokens.shape[1])).detach()
    both = torch.stack([what.flatten(), where.expand_as(what).flatten()], 1)
    found = again(*args).detach().flatten()
    times = torch.linalg.lstsq(both, found[:, None]).solution
    if (both @ times - found[:, None]).abs().max() > 1e-4:
        return None
    a, b = times.flatten().tolist()
    if abs(a - b) < 1e-4:
        return None  # the right result, but for a factor
    return (
        f"what comes out is {number(a)} times the vector of the token plus "
        f"{number(b)} times that of the place"
    )


BROKEN = """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.zeros_like(tokens)
        return self.token(tokens) + self.position(positions)"""

MENDED = BROKEN.replace(
    "torch.zeros_like(tokens)", "torch.arange(tokens.shape[1])"
)

EXERCISE = Exercise(
    number="2.4",
    title="A head that cannot tell then from long ago",
    kind="bug",
    difficulty="easy",
    importance=4,
    task="""\
This embedding stood below a head that was trained like the chapter's, for
600 steps.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN,
    target="TokensAndPlaces",
    solution=MENDED,
    suspect="positions forgotten",
    symptom=(
        "the map gives the same weight to each copy of a character, near or "
        "far, and after 600 steps the loss is no better than that of the "
        "bigram model"
    ),
    cases=token_cases,
    domain=any_text,
    rules=(own_row_for_each_place, each_vector_once),
    is_module=True,
    wrong=(
        slip(
            "every place still gets the vector of place 0",
            "positions should be 0, 1, 2, ... along the sequence.",
            "torch.arange(tokens.shape[1])",
            "torch.zeros_like(tokens)",
        ),
        slip(
            "the places are counted along the batch, not along the time",
            "tokens has the shape (B, T): T is shape[1].",
            "torch.arange(tokens.shape[1])",
            "torch.arange(tokens.shape[0])",
        ),
        slip(
            "each text of the batch gets a place, and all its characters "
            "the same",
            "tokens has the shape (B, T): the places run along T.",
            "torch.arange(tokens.shape[1])",
            "torch.arange(len(tokens))[:, None]"
            " % self.position.num_embeddings",
        ),
        slip(
            "every place gets one and the same vector, that of place 1",
            "positions should be 0, 1, 2, ... along the sequence.",
            "torch.arange(tokens.shape[1])",
            "torch.ones_like(tokens)",
        ),
        slip(
            "the whole position table is added, however short the text",
            "Only the first T rows: torch.arange(T), not of the block.",
            "torch.arange(tokens.shape[1])",
            "torch.arange(self.position.num_embeddings)",
        ),
        slip(
            "the last rows of the position table are used, not the first",
            "Place 0 gets row 0, however long the text is.",
            "torch.arange(tokens.shape[1])",
            "torch.arange(-tokens.shape[1], 0) + self.position.num_embeddings",
        ),
        slip(
            "the places are numbered by the order of the characters' numbers",
            "Place 0 is the first character, whatever it is.",
            "torch.arange(tokens.shape[1])",
            "tokens.argsort()",
        ),
        slip(
            "the two tables are exchanged: the token's is asked by place, "
            "and the position's by token",
            "self.token(tokens) + self.position(positions).",
            "self.token(tokens) + self.position(positions)",
            "self.token(positions) + self.position(tokens)",
        ),
        slip(
            "the vector of the place is added twice",
            "What it is plus where it is, once.",
            " + self.position(positions)",
            " + 2 * self.position(positions)",
        ),
        slip(
            "the vector of the place is subtracted",
            "What it is plus where it is.",
            "self.token(tokens) + ",
            "self.token(tokens) - ",
        ),
        slip(
            "only the place counts, and not what stands there",
            "What it is plus where it is.",
            "self.token(tokens) + ",
            "",
        ),
        slip(
            "there is a row for each character of the vocabulary in the "
            "position table, not for each place of the block",
            "nn.Embedding(block_size, n_embed).",
            "nn.Embedding(block_size",
            "nn.Embedding(vocab_size",
        ),
        slip(
            "the character's number is taken for its place",
            "The position table is asked by place, whatever stands there.",
            "torch.arange(tokens.shape[1])",
            "tokens % self.position.num_embeddings",
        ),
        slip(
            "the places begin at 1",
            "The first row of a table is row 0.",
            "torch.arange(tokens.shape[1])",
            "torch.arange(1, 1 + tokens.shape[1])",
        ),
        slip(
            "the places are counted backwards",
            "Place 0 is the first character of the window.",
            "torch.arange(tokens.shape[1])",
            "torch.arange(tokens.shape[1]).flip(0)",
        ),
        slip(
            "the two vectors are multiplied, not added",
            "What it is plus where it is.",
            "self.token(tokens) + ",
            "self.token(tokens) * ",
        ),
        slip(
            "the position table is not used at all",
            "Its rows have to be added to those of the tokens.",
            " + self.position(positions)",
            "",
        ),
        slip(
            "the vector of the place counts half",
            "What it is plus where it is, both as they are.",
            " + self.position(positions)",
            " + 0.5 * self.position(positions)",
        ),
        slip(
            "the mean of the two vectors is taken, not their sum",
            "What it is plus where it is, without a division.",
            "self.token(tokens) + self.position(positions)",
            "(self.token(tokens) + self.position(positions)) / 2",
        ),
        slip(
            "the vectors of all places are added up, and each place gets "
            "the sum",
            "Each place gets its own row, and no other.",
            " + self.position(positions)",
            " + self.position(positions).sum(0)",
        ),
        slip(
            "each place gets the mean of the vectors of all places",
            "Each place gets its own row, and no other.",
            " + self.position(positions)",
            " + self.position(positions).mean(0)",
        ),
        slip(
            "each place gets the vectors of all places up to it, added up",
            "Each place gets its own row, and no other.",
            " + self.position(positions)",
            " + self.position(positions).cumsum(0)",
        ),
        slip(
            "the sum is averaged over the places: one vector a text comes "
            "back",
            "Each place keeps its own vector.",
            "return self.token(tokens) + self.position(positions)",
            "x = self.token(tokens) + self.position(positions)\n"
            "        return x.mean(1, keepdim=True)",
        ),
        slip(
            "the two vectors stand one behind the other, twice as long",
            "They are added: what it is plus where it is.",
            "self.token(tokens) + self.position(positions)",
            "torch.cat([self.token(tokens), self.position(positions)"
            ".expand(len(tokens), -1, -1)], dim=-1)",
        ),
        slip(
            "the tokens' own numbers are looked up in the table of places",
            "A place is where a character stands, 0, 1, 2, ..., "
            "whatever character it is.",
            "self.position(positions)",
            "self.position(tokens)",
        ),
    ),
    hints=(
        "In the map, look at two copies of one character: do they differ?",
        "Which row of the position table does each place ask for?",
        "`torch.arange(T)` with `T = tokens.shape[1]`.",
    ),
    why="""\
With every place asking for row 0, one and the same vector is added
everywhere, and the head sees a bag of characters.
`torch.arange(T)` gives each place its own row; the sum broadcasts over
the batch.""",
)
