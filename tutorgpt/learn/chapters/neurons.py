"""Exercises of chapter 4: a layer's price, a bump, and a missing bend."""

import torch

from tutorgpt.learn.exercise import Exercise, slip
from tutorgpt.learn.modules import as_module, blind_to_the_future

COUNT = Exercise(
    number="4.1",
    title="The price of thinking",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `feed_forward_parameters(C)`: how many numbers a `FeedForward` layer
learns with $C$ channels.
Before you check, guess how this compares with attention's $4C^2 + C$.""",
    starter='''\
def feed_forward_parameters(C):
    """How many numbers FeedForward learns."""
    return ...''',
    target="feed_forward_parameters",
    solution='''\
def feed_forward_parameters(C):
    """How many numbers FeedForward learns."""
    expand = 4 * C * C + 4 * C
    contract = 4 * C * C + C
    return expand + contract''',
    cases=lambda: [(1,), (32,), (33,), (384,)],
    wrong=(
        slip(
            "the biases are forgotten",
            "Both Linear layers have one bias per output.",
            " + 4 * C\n",
            "\n",
            "4 * C * C + C",
            "4 * C * C",
        ),
        slip(
            "the way back is forgotten",
            "Linear(4 C, C) has a matrix and a bias as well.",
            "expand + contract",
            "expand",
        ),
        slip(
            "expand has one bias per input",
            "A bias belongs to an output, and expand has 4 C of them.",
            " + 4 * C\n",
            " + C\n",
        ),
        slip(
            "contract has one bias per input",
            "A bias belongs to an output, and contract has C of them.",
            "4 * C * C + C",
            "4 * C * C + 4 * C",
        ),
        slip(
            "the layer is not widened",
            "Between the two layers there are 4 C neurons.",
            "4 * C * C + 4 * C",
            "C * C + C",
            "4 * C * C + C",
            "C * C + C",
        ),
    ),
    hints=(
        "Two Linear layers; ReLU learns nothing.",
        "`nn.Linear(a, b)` learns a * b weights and b biases.",
        "`4 * C * C + 4 * C` for the way out; the way back is alike.",
    ),
    why="""\
$8C^2 + 5C$: twice as many weights as attention, in every layer.
At $C = 384$ these are 1,181,568 against 590,208.""",
)

BUMP = Exercise(
    number="4.2",
    title="A bump from three neurons",
    kind="write",
    difficulty="medium",
    importance=3,
    task="""\
Write `bump(z)` as a weighted sum of three ReLUs: zero for inputs below 0,
rising to 1 at 1, back to zero at 2, and zero ever after.
What do many bumps side by side tell you about neurons and curves?""",
    starter='''\
def bump(z):
    """A tent between 0 and 2, from three neurons."""
    return ...''',
    target="bump",
    solution='''\
def bump(z):
    """A tent between 0 and 2, from three neurons."""
    return z.relu() - 2 * (z - 1).relu() + (z - 2).relu()''',
    cases=lambda: [
        (torch.linspace(-1, 4, 11),),
        (torch.linspace(-3, 7, 40).view(4, 10),),
        (torch.tensor([1.0]),),
    ],
    wrong=(
        slip(
            "the second neuron only stops the rise: the bump never comes down",
            "At 1 the slope has to change from +1 to -1, by -2.",
            "2 * (z - 1)",
            "1 * (z - 1)",
        ),
        slip(
            "the third neuron is missing: the curve falls for ever",
            "At 2 the slope has to become 0 again.",
            " + (z - 2).relu()",
            "",
        ),
        slip(
            "the third neuron bends too far: the curve rises again",
            "The slope before 2 is -1, and one unit brings it to 0.",
            " + (z - 2).relu()",
            " + 2 * (z - 2).relu()",
        ),
        slip(
            "the bends lie on the other side of zero",
            "(z - 1).relu() begins at 1, (z + 1).relu() at -1.",
            "z - 1",
            "z + 1",
            "z - 2",
            "z + 2",
        ),
        slip(
            "the first neuron has no bend, so the left side is not flat",
            "Below 0 nothing may come through: z.relu().",
            "z.relu()",
            "z",
        ),
        slip(
            "the bump hangs upside down",
            "It rises to +1.",
            "return z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "return -z.relu() + 2 * (z - 1).relu() - (z - 2).relu()",
        ),
    ),
    hints=(
        "Each neuron changes the slope once, at its bend.",
        "The slope must be 0, then +1, then -1, then 0: changes of +1, -2 "
        "and +1.",
        "`z.relu() - 2 * (z - 1).relu() + ...`",
    ),
    why="""\
The slope changes by $+1$ at 0, by $-2$ at 1 and by $+1$ at 2.
A row of bumps of any height is any polyline you like, so neurons can
follow any curve, one bend each.""",
)

BROKEN_LAYER = """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.ReLU()
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(self.expand(x))"""
MENDED_LAYER = BROKEN_LAYER.replace(
    "self.expand(x)", "self.relu(self.expand(x))"
)

NO_BEND = Exercise(
    number="4.3",
    title="Eight thousand parameters for nothing",
    kind="bug",
    difficulty="easy",
    importance=4,
    task="""\
This layer stood in the chapter's model, which learned no more than without it.
Read the curve and the sample, name the bug, and repair the class.""",
    starter=BROKEN_LAYER,
    target="Thinking",
    solution=MENDED_LAYER,
    suspect="ReLU missing",
    symptom=(
        "the loss ends where the model of chapter 3 ends, which has no such "
        "layer, and everything else looks healthy"
    ),
    cases=lambda: [
        ((4,), torch.linspace(-2, 2, 20).view(1, 5, 4)),
        ((6,), torch.linspace(-9, 9, 84).sin().view(2, 7, 6)),
    ],
    run=as_module(MENDED_LAYER, "Thinking"),
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
