"""Exercise 4.3. A bug hunt: a feed-forward layer that gains nothing."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import blind_to_the_future

BROKEN = """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.ReLU()
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(self.expand(x))"""

MENDED = BROKEN.replace("self.expand(x)", "self.relu(self.expand(x))")

EXERCISE = Exercise(
    number="4.3",
    title="Eight thousand parameters for nothing",
    kind="bug",
    difficulty="easy",
    importance=4,
    task="""\
This layer stood in the chapter's model, which learned no more than without it.
Read the curve and the sample, name the bug, and repair the class.""",
    starter=BROKEN,
    target="Thinking",
    solution=MENDED,
    suspect="ReLU missing",
    symptom=(
        "the two curves fall almost together, and the broken one ends a "
        "little above the healthy one"
    ),
    cases=lambda: [
        ((4,), torch.linspace(-2, 2, 20).view(1, 5, 4)),
        ((6,), torch.linspace(-9, 9, 84).sin().view(2, 7, 6)),
    ],
    is_module=True,
    rules=(blind_to_the_future,),
    wrong=(
        slip(
            "there is still no bend between the two layers",
            "self.relu is made, and never called.",
            "self.relu(self.expand(x))",
            "self.expand(x)",
        ),
        slip(
            "the bend comes after the second layer",
            "Between expand and contract: what leaves may be negative.",
            "self.contract(self.relu(self.expand(x)))",
            "self.relu(self.contract(self.expand(x)))",
        ),
        slip(
            "the bend comes before the first layer",
            "Cutting the input loses half of it: between the layers.",
            "self.contract(self.relu(self.expand(x)))",
            "self.contract(self.expand(self.relu(x)))",
        ),
        slip(
            "there is a bend after both layers",
            "Only between them: a layer must be able to say less than 0.",
            "self.contract(self.relu(self.expand(x)))",
            "self.relu(self.contract(self.relu(self.expand(x))))",
        ),
        slip(
            "the input is added to the result",
            "That is chapter 5's idea; here the layer alone is wanted.",
            "return self.contract",
            "return x + self.contract",
        ),
        slip(
            "the bend is another one than ReLU",
            "GELU would train as well, but the class has a self.relu.",
            "self.relu(self.expand(x))",
            "F.gelu(self.expand(x))",
        ),
    ),
    hints=(
        "Which layer of `__init__` does `forward` not use?",
        "Two Linear layers in a row are one Linear layer.",
        "`self.contract(self.relu(self.expand(x)))`.",
    ),
    why="""\
Without a bend the product of the two matrices is one matrix, which the
next Linear could have learned as well: no new function, no gain.
One bend between them is all the difference.""",
)
