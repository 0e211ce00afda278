"""Exercise 5.4. A bug hunt: a stack that gets worse with depth."""

import torch

from tutorgpt.feed_forward import FeedForward
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import (
    adds_what_is_added,
    blind_to_the_future,
)
from tutorgpt.multi_head import MultiHead

BROKEN = """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = self.multi_head(self.norm_1(x))
        return self.feed_forward(self.norm_2(x))"""

MENDED = BROKEN.replace("x = self.multi", "x = x + self.multi").replace(
    "return self.feed", "return x + self.feed"
)

EXERCISE = Exercise(
    number="5.4",
    title="Deeper and worse",
    kind="bug",
    difficulty="easy",
    importance=5,
    task="""\
Three of these layers were stacked and trained like the chapter's model.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN,
    target="Layer",
    uses=(FeedForward, MultiHead),
    solution=MENDED,
    suspect="no residual path",
    symptom=(
        "with three layers the loss ends near 3.30, the entropy of single "
        "letters, and the sample is a soup of frequent letters"
    ),
    cases=lambda: [
        ((6, 3, 8), torch.linspace(-2, 2, 30).sin().view(1, 5, 6)),
        ((8, 2, 7), torch.linspace(-9, 8, 112).cos().view(2, 7, 8)),
    ],
    is_module=True,
    rules=(blind_to_the_future, adds_what_is_added),
    wrong=(
        slip(
            "neither part is added to its input yet",
            "x = x + part(norm(x)), twice.",
            "x = x + self.multi",
            "x = self.multi",
            "return x + self.feed",
            "return self.feed",
        ),
        slip(
            "only the second part has its path",
            "The first part replaces x as well: add there too.",
            "x = x + self.multi",
            "x = self.multi",
        ),
        slip(
            "only the first part has its path",
            "The second part replaces x as well: add there too.",
            "return x + self.feed",
            "return self.feed",
        ),
        slip(
            "the path runs through the norms",
            "Add to x itself, not to its normalised copy.",
            "x = x + self.multi",
            "x = self.norm_1(x) + self.multi",
            "return x + self.feed",
            "return self.norm_2(x) + self.feed",
        ),
        slip(
            "the norms were moved behind the sum: post-norm",
            "That trains too, with care; chapter 5 norms what a part reads.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = self.norm_1(x + self.multi_head(x))",
            "return x + self.feed_forward(self.norm_2(x))",
            "return self.norm_2(x + self.feed_forward(x))",
        ),
        slip(
            "the sign is wrong: the part is taken away from the path",
            "Add it.",
            "x = x + self.multi",
            "x = x - self.multi",
        ),
    ),
    hints=(
        "3.30 is the loss of someone who knows how often each letter "
        "occurs. What did the stack forget?",
        "What reaches the output of a layer besides what its parts find?",
        "`x = x + self.multi_head(self.norm_1(x))`, and the same for the "
        "second line.",
    ),
    why="""\
Each fresh layer replaces a token by about the mean of its past, and after
three of them less than a thousandth of the last token is left.
With $x + f(x)$ the token passes untouched, and a layer adds what it found.""",
)
