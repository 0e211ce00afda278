"""Exercise 5.4. A bug hunt: a stack that gets worse with depth."""

import random

import torch

from tutorgpt.feed_forward import FeedForward
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import (
    adds_what_is_added,
    alike_for_equal_rows,
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


def any_input(draw: random.Random) -> tuple:
    """Sizes of a layer, and an input (B, T, C) that it can read."""
    H, block_size = draw.randint(1, 3), draw.randint(1, 6)
    C = H * draw.randint(1, 3) + H * (H == 1)  # a norm of one channel is 0
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    x = torch.randn(
        draw.randint(1, 3), draw.randint(1, block_size), C, generator=g
    )
    return (C, H, block_size), draw.choice((0.1, 1.0, 9.0)) * x


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
        ((4, 2, 8), torch.linspace(-2, 2, 40).sin().view(2, 5, 4)),
        ((3, 3, 7), 9 * torch.linspace(-7, 3, 21).cos().view(1, 7, 3)),
        ((2, 1, 6), torch.linspace(-1, 4, 12).sin().view(1, 6, 2)),
    ],
    domain=any_input,
    is_module=True,
    rules=(blind_to_the_future, adds_what_is_added, alike_for_equal_rows),
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
            "the first part is taken away from the path",
            "Add what it finds: +.",
            "x = x + self.multi",
            "x = x - self.multi",
        ),
        slip(
            "the second part is taken away from the path",
            "Add what it finds: +.",
            "return x + self.feed",
            "return x - self.feed",
        ),
        slip(
            "both parts are taken away from the path",
            "Add what they find: +.",
            "x = x + self.multi",
            "x = x - self.multi",
            "return x + self.feed",
            "return x - self.feed",
        ),
        slip(
            "the layer thinks first and looks back afterwards",
            "The order is multi_head, then feed_forward.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = x + self.feed_forward(self.norm_2(x))",
            "return x + self.feed_forward(self.norm_2(x))",
            "return x + self.multi_head(self.norm_1(x))",
        ),
        slip(
            "the parts have changed places, and the norms have not",
            "The order is multi_head, then feed_forward.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = x + self.feed_forward(self.norm_1(x))",
            "return x + self.feed_forward(self.norm_2(x))",
            "return x + self.multi_head(self.norm_2(x))",
        ),
        slip(
            "both parts read the layer's input: the second one does not see "
            "what the first has found",
            "Write the first sum back to x before the second part.",
            "x = x + self.multi",
            "y = x + self.multi",
            "return x + self.feed",
            "return y + self.feed",
        ),
        slip(
            "the second sum starts from the layer's input again, so what the "
            "first part found reaches the output through the second alone",
            "Write the first sum back to x, and add the second part to it.",
            "x = x + self.multi",
            "y = x + self.multi",
            "self.norm_2(x)",
            "self.norm_2(y)",
        ),
        slip(
            "one path leads around both parts together",
            "Each part has a path of its own: two sums.",
            "x = x + self.multi",
            "y = self.multi",
            "self.norm_2(x)",
            "self.norm_2(y)",
        ),
        slip(
            "the norms stand behind the parts, before the sum",
            "A part reads norm(x), and gives what is added.",
            "self.multi_head(self.norm_1(x))",
            "self.norm_1(self.multi_head(x))",
            "self.feed_forward(self.norm_2(x))",
            "self.norm_2(self.feed_forward(x))",
        ),
        slip(
            "what is added is x twice over: the path is doubled at the first "
            "part",
            "x once, and what the part found.",
            "x = x + self.multi",
            "x = x + x + self.multi",
        ),
        slip(
            "the second part reads only what the first one found, and not "
            "the path",
            "feed_forward reads norm_2 of the sum.",
            "x = x + self.multi_head",
            "y = self.multi_head",
            "return x + self.feed_forward(self.norm_2(x))",
            "return x + y + self.feed_forward(self.norm_2(y))",
        ),
        slip(
            "the path is taken away from what the parts find",
            "Add x: +.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = self.multi_head(self.norm_1(x)) - x",
            "return x + self.feed_forward(self.norm_2(x))",
            "return self.feed_forward(self.norm_2(x)) - x",
        ),
        slip(
            "x comes back as it went in",
            "x = x + part(norm(x)), twice.",
            "x = x + self.multi_head(self.norm_1(x))",
            "pass",
            "return x + self.feed_forward(self.norm_2(x))",
            "return x",
        ),
        slip(
            "what a part gives is normalised once more",
            "A part reads norm(x), and what it gives is added as it is.",
            "self.multi_head(self.norm_1(x))",
            "self.norm_1(self.multi_head(self.norm_1(x)))",
            "self.feed_forward(self.norm_2(x))",
            "self.norm_2(self.feed_forward(self.norm_2(x)))",
        ),
        slip(
            "the parts count half",
            "Add what they find as it is.",
            "x + self.multi_head",
            "x + 0.5 * self.multi_head",
            "x + self.feed_forward",
            "x + 0.5 * self.feed_forward",
        ),
        slip(
            "path and part are multiplied",
            "Add them.",
            "x = x + self.multi",
            "x = x * self.multi",
            "return x + self.feed",
            "return x * self.feed",
        ),
        slip(
            "the path is added before a part reads, not to what it gives",
            "x + part(norm(x)): the sum stands outside.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = self.multi_head(x + self.norm_1(x))",
            "return x + self.feed_forward(self.norm_2(x))",
            "return self.feed_forward(x + self.norm_2(x))",
        ),
        slip(
            "what the first part finds is cut off below 0",
            "Add what it finds as it is: no relu.",
            "self.multi_head(self.norm_1(x))",
            "self.multi_head(self.norm_1(x)).relu()",
        ),
        slip(
            "what the second part finds is cut off below 0",
            "Add what it finds as it is: no relu.",
            "self.feed_forward(self.norm_2(x))",
            "self.feed_forward(self.norm_2(x)).relu()",
        ),
        slip(
            "what both parts find is cut off below 0",
            "Add what they find as it is: no relu.",
            "self.multi_head(self.norm_1(x))",
            "self.multi_head(self.norm_1(x)).relu()",
            "self.feed_forward(self.norm_2(x))",
            "self.feed_forward(self.norm_2(x)).relu()",
        ),
        slip(
            "the path is cut off below 0 at the end",
            "The second sum is the last step: no relu.",
            "return x + self.feed_forward(self.norm_2(x))",
            "return (x + self.feed_forward(self.norm_2(x))).relu()",
        ),
        slip(
            "the path is cut off below 0 after both sums",
            "A sum goes on as it is: no relu.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = (x + self.multi_head(self.norm_1(x))).relu()",
            "return x + self.feed_forward(self.norm_2(x))",
            "return (x + self.feed_forward(self.norm_2(x))).relu()",
        ),
        slip(
            "what the first part finds is averaged over the positions",
            "Each position adds its own.",
            "self.multi_head(self.norm_1(x))",
            "self.multi_head(self.norm_1(x)).mean(1, keepdim=True)",
        ),
        slip(
            "what the second part finds is averaged over the positions",
            "Each position adds its own.",
            "self.feed_forward(self.norm_2(x))",
            "self.feed_forward(self.norm_2(x)).mean(1, keepdim=True)",
        ),
        slip(
            "the first sum begins with the mean of x over the positions",
            "Each position keeps its own x on the path.",
            "x = x + self.multi",
            "x = x.mean(1, keepdim=True) + self.multi",
        ),
        slip(
            "the second sum begins with the mean of x over the positions",
            "Each position keeps its own x on the path.",
            "return x + self.feed",
            "return x.mean(1, keepdim=True) + self.feed",
        ),
        slip(
            "the positions are averaged at the end: one vector a text comes "
            "back",
            "Each position keeps its own result: (B, T, C).",
            "return x + self.feed_forward(self.norm_2(x))",
            "x = x + self.feed_forward(self.norm_2(x))\n"
            "        return x.mean(1, keepdim=True)",
        ),
        slip(
            "the positions are averaged away at the end, and their axis with "
            "them",
            "Each position keeps its own result: (B, T, C).",
            "return x + self.feed_forward(self.norm_2(x))",
            "x = x + self.feed_forward(self.norm_2(x))\n"
            "        return x.mean(1)",
        ),
        slip(
            "path and part are averaged: both sums are divided by 2",
            "Add them, and leave the sum as it is.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = (x + self.multi_head(self.norm_1(x))) / 2",
            "return x + self.feed_forward(self.norm_2(x))",
            "return (x + self.feed_forward(self.norm_2(x))) / 2",
        ),
        slip(
            "the second part reads what norm_1 gave, and not x with what the "
            "first part has added",
            "The second part has its own copy: self.norm_2(x).",
            "x = x + self.multi_head(self.norm_1(x))",
            "y = self.norm_1(x)\n        x = x + self.multi_head(y)",
            "self.norm_2(x)",
            "self.norm_2(y)",
        ),
        slip(
            "the normalised copy is added to the path as well",
            "The path gets what the part gives: x + part(norm(x)).",
            "x = x + self.multi_head",
            "x = x + self.norm_1(x) + self.multi_head",
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
With $x + f(x)$ the token passes untouched, and a layer adds what it found.
This describes the fresh stack and does not settle the matter: by the
chapter's record, three such layers do learn in time, slowly.""",
)
