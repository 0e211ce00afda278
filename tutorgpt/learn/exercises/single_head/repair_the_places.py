"""Exercise 2.4. A bug hunt: an embedding under which all places look alike."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def token_cases() -> list[tuple]:
    """Sizes (V, C, block_size) and a batch of tokens (B, T)."""
    g = torch.Generator().manual_seed(4)
    return [
        ((V, C, block_size), torch.randint(V, (B, T), generator=g))
        for V, C, block_size, B, T in ((5, 4, 8, 1, 5), (9, 6, 12, 3, 7))
    ]


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
