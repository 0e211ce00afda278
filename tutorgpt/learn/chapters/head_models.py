"""Exercises of chapter 2: two broken heads, and a way past the head."""

import torch

from tutorgpt.learn.exercise import Exercise, Wrong, slip
from tutorgpt.learn.modules import as_module, blind_to_the_future


def token_cases() -> list[tuple]:
    """Sizes (V, C, block_size) and a batch of tokens (B, T)."""
    g = torch.Generator().manual_seed(4)
    return [
        ((V, C, block_size), torch.randint(V, (B, T), generator=g))
        for V, C, block_size, B, T in ((5, 4, 8, 1, 5), (9, 6, 12, 3, 7))
    ]


def head_cases() -> list[tuple]:
    """Sizes (C, D, block_size) and a batch of inputs (B, T, C)."""
    g = torch.Generator().manual_seed(5)
    return [
        ((C, D, block_size), torch.randn(B, T, C, generator=g))
        for C, D, block_size, B, T in ((6, 3, 8, 1, 5), (8, 4, 7, 3, 7))
    ]


BROKEN_PLACES = """\
class TokensAndPlaces(nn.Module):
    def __init__(self, vocab_size, n_embed, block_size):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.position = nn.Embedding(block_size, n_embed)

    def forward(self, tokens):
        positions = torch.zeros_like(tokens)
        return self.token(tokens) + self.position(positions)"""
MENDED_PLACES = BROKEN_PLACES.replace(
    "torch.zeros_like(tokens)", "torch.arange(tokens.shape[1])"
)

PLACES = Exercise(
    number="2.4",
    title="A head that cannot tell then from long ago",
    kind="bug",
    difficulty="easy",
    importance=4,
    task="""\
This embedding stood below a head that was trained like the chapter's.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN_PLACES,
    target="TokensAndPlaces",
    solution=MENDED_PLACES,
    suspect="positions forgotten",
    symptom=(
        "the map gives the same weight to each copy of a character, near or "
        "far, and the loss is no better than that of the bigram model"
    ),
    cases=token_cases,
    run=as_module(MENDED_PLACES, "TokensAndPlaces"),
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

PAST_THE_HEAD = Exercise(
    number="2.5",
    title="Give the current character a way past the head",
    kind="predict",
    difficulty="hard",
    importance=4,
    task="""\
The last section says that the head wastes its attention on not forgetting
the current character.
Write down what you expect; then let the current character pass the head
as well (any way will do), train as the chapter does, and check the held-out
loss.""",
    starter="loss_past_the_head = ...",
    target="loss_past_the_head",
    expected=2.28,
    tolerance=0.015,
    solution="""\
class PastTheHead(SingleHeadModel):
    def forward(self, tokens):
        x = self.embedding(tokens)
        x = x + self.head(x)
        return self.lm_head(x)

torch.manual_seed(1337)
past_the_head = PastTheHead(CHAPTER.model(vocab_size=V))
history = train(past_the_head, corpus, CHAPTER.training())
loss_past_the_head = history.val_loss""",
    wrong=(
        Wrong(
            "the model was trained without the way past",
            "What the head gives has to be *added* to its input.",
            value=2.404,
        ),
        Wrong(
            "only the way past was left and the head does nothing",
            "Keep both: the input plus what the head gives.",
            value=2.497,
        ),
        Wrong(
            "the model was not trained",
            "train(model, corpus, CHAPTER.training()) before the loss.",
            value=4.234,
        ),
        Wrong(
            "the loss is in bits",
            "exact_loss gives nats; leave it as it is.",
            value=3.29,
        ),
    ),
    hints=(
        "One line of `forward` changes.",
        "Inherit from `SingleHeadModel`, and measure with `exact_loss` from "
        "`tutorgpt.training.loss`.",
        "`x = x + self.head(x)`.",
    ),
    why="""\
The loss falls from 2.40 to about 2.28, nearly as much as four heads will
bring in chapter 3, and without a single new parameter.
The weight on the position itself drops from three quarters to about 0.28:
with the current character safe, the head is free to look back.
You have invented the residual path of chapter 5.""",
    waiting=0.5,
)

BROKEN_HEAD = """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v"""
MENDED_HEAD = BROKEN_HEAD.replace(".tril(1)", ".tril()")

FUTURE = Exercise(
    number="2.6",
    title="Too good to be true",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
This head was trained in 600 steps to a loss that no model of this book
reaches.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN_HEAD,
    target="OwnHead",
    solution=MENDED_HEAD,
    suspect="sees the future",
    symptom=(
        "the loss is far below that of any model that reads 32 characters, "
        "the sample is nonsense, and the map has its weight one place above "
        "the diagonal"
    ),
    cases=head_cases,
    run=as_module(MENDED_HEAD, "OwnHead"),
    rules=(blind_to_the_future,),
    wrong=(
        slip(
            "each position still sees the next one",
            "The diagonal is the last place that is allowed.",
            ".tril()",
            ".tril(1)",
        ),
        slip(
            "a position does not see itself any more, and the first row is "
            "empty: its softmax is nan",
            "tril(-1) cuts the diagonal off; tril() keeps it.",
            ".tril()",
            ".tril(-1)",
        ),
        slip(
            "the mask lets through the future instead of the past",
            "tril keeps what lies below the diagonal, triu what lies above.",
            ".tril()",
            ".triu()",
        ),
        slip(
            "the mask hides nothing",
            "A table of ones without tril allows everything.",
            ".tril()",
            "",
        ),
        slip(
            "the mask is turned round: the past is hidden",
            "Fill where the past is *not*: ~self.past.",
            "~self.past",
            "self.past",
        ),
        slip(
            "the mask comes after the softmax, so rows sum to less than 1",
            "Fill the scores first, then take the softmax.",
            "        scores = scores.masked_fill(~self.past[:T, :T], "
            'float("-inf"))\n        return scores.softmax(dim=-1) @ v',
            "        weights = scores.softmax(dim=-1)\n"
            "        return (weights * self.past[:T, :T]) @ v",
        ),
    ),
    hints=(
        "Where in the map does the weight lie, and what stands there?",
        "Compare the line that makes `past` with exercise 2.2.",
        "`.tril()` where the class says `.tril(1)`.",
    ),
    why="""\
`.tril(1)` keeps one diagonal too many: each position may look at the
character that it is asked to predict.
In training that is a copy of the answer; when the model writes, the place
is empty, and it has learned nothing else.""",
)
