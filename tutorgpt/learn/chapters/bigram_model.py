"""Exercises of chapter 1: the price of the model, triples, a stuck one."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.bigram import BigramModel
from tutorgpt.config import ModelConfig
from tutorgpt.learn.exercise import Exercise, Wrong, slip
from tutorgpt.training.loss import next_token_loss

PARAMETERS = Exercise(
    number="1.5",
    title="What the bigram model learns",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `bigram_parameters(V, C)`: how many numbers a `BigramModel` learns
with $V$ characters and $C$ channels.
Work it out on paper from the class above, not with `count_parameters`.""",
    starter='''\
def bigram_parameters(V, C):
    """How many numbers BigramModel learns."""
    return ...''',
    target="bigram_parameters",
    solution='''\
def bigram_parameters(V, C):
    """How many numbers BigramModel learns."""
    embedding = V * C
    head = C * V + V
    return embedding + head''',
    cases=lambda: [(69, 32), (65, 32), (6148, 32), (7, 3)],
    wrong=(
        slip(
            "the bias of lm_head is forgotten",
            "nn.Linear adds one number per output unless bias=False.",
            "C * V + V",
            "C * V",
        ),
        slip(
            "the bias has one number per channel",
            "lm_head gives V scores, and each of them has its own bias.",
            "C * V + V",
            "C * V + C",
        ),
        slip(
            "one table serves as embedding and as head",
            "This model has two tables; sharing them comes in chapter 6.",
            "embedding = V * C",
            "embedding = 0",
        ),
        slip(
            "the whole table of pairs is learned, V times V",
            "The model learns two thin tables, never the V x V one.",
            "return embedding + head",
            "return V * V",
        ),
        slip(
            "the embedding has a bias as well",
            "nn.Embedding is a table and nothing else.",
            "embedding = V * C",
            "embedding = V * C + C",
        ),
    ),
    hints=(
        "Two lines of `__init__` make everything that is learned.",
        "An `nn.Embedding(V, C)` holds a V x C table; an `nn.Linear(C, V)` "
        "a V x C matrix and a bias.",
        "`V * C` for the embedding, `C * V + V` for the head.",
    ),
    why="""\
The embedding is a table of $V$ rows and $C$ columns.
The head scores each of the $V$ characters with $C$ weights and one bias:
together $2VC + V$, which is 4,485 here.""",
)

TRIPLES = Exercise(
    number="1.4",
    title="One more character of memory",
    kind="extend",
    difficulty="hard",
    importance=3,
    task="""\
Count *triples* instead of pairs on `corpus.train`, smooth them, and
measure the loss on `corpus.val` in nats per character.
How far below 2.493 does one more character of memory take you?""",
    starter="loss_of_triples = ...",
    target="loss_of_triples",
    expected=2.05,
    tolerance=0.025,
    solution="""\
V, k = corpus.tokenizer.vocab_size, 3.0

def numbers_of(tokens):
    a, b, c = tokens[:-2], tokens[1:-1], tokens[2:]
    return (a * V + b) * V + c

pairs = torch.bincount(corpus.train[:-1] * V + corpus.train[1:],
                       minlength=V * V).view(V, V) + 0.1
p_pair = pairs / pairs.sum(1, keepdim=True)
triples = torch.bincount(numbers_of(corpus.train), minlength=V**3)
smoothed = triples.view(V, V, V) + k * p_pair
p = smoothed / smoothed.sum(2, keepdim=True)
loss_of_triples = -p.flatten()[numbers_of(corpus.val)].log().mean()""",
    wrong=(
        Wrong(
            "you measured pairs, not triples",
            "The number of a triple needs three tokens: "
            "`(a * V + b) * V + c`.",
            value=2.493,
        ),
        Wrong(
            "you measured single characters",
            "Each probability should depend on the two characters before.",
            value=3.301,
        ),
        Wrong(
            "the loss is in bits",
            "Use the natural logarithm.",
            value=2.95,
        ),
        Wrong(
            "a triple that was never seen has the probability 0",
            "Add something to every count before you divide.",
            value=float("inf"),
        ),
        Wrong(
            "you smoothed with a constant, which drowns the rare triples",
            "Add k times the probability of the pair, not a constant.",
            value=2.35,
        ),
    ),
    hints=(
        "Number the triples, as the chapter numbers the pairs.",
        "`(a * V + b) * V + c` and `torch.bincount`; then divide by the "
        "sums over the last axis.",
        "Add `k` times the pair's probability to each count before you "
        "divide, and try k = 1, 3, 10; measure on `corpus.val`.",
    ),
    why="""\
You should reach about 2.05 nats, with about 5 % of the $69^3$ cells ever
used: most of the table is guessed from the pairs, and that is what the
smoothing does.
A model that reads 32 characters has to beat this number to have earned
its attention.""",
    waiting=0.5,
)

BROKEN_STEP = '''\
def training_step(model, optimizer, inputs, targets):
    """One update of the weights; gives back the loss before it."""
    loss = next_token_loss(model(inputs), targets)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss'''
MENDED_STEP = BROKEN_STEP.replace(
    "    loss.backward()\n    optimizer.zero_grad()\n",
    "    optimizer.zero_grad()\n    loss.backward()\n",
)


class Descent:
    """Plain gradient descent; torch's own takes seconds to import."""

    def __init__(self, model: nn.Module, learning_rate: float) -> None:
        self.model, self.learning_rate = model, learning_rate

    def zero_grad(self) -> None:
        """Erase the gradients."""
        self.model.zero_grad()

    @torch.no_grad()
    def step(self) -> None:
        """Move every weight against its gradient, where it has one."""
        for weight in self.model.parameters():
            if weight.grad is not None:
                weight -= self.learning_rate * weight.grad


def train_three_steps(attempt: Any, seed: int, learning_rate: float) -> Tensor:
    """The losses that three steps on one batch give back, and one after."""
    torch.manual_seed(seed)
    config = ModelConfig(
        vocab_size=7, block_size=8, n_embed=4, n_head=1, n_layer=1
    )
    model = BigramModel(config)
    optimizer = Descent(model, learning_rate)
    tokens = torch.randint(7, (4, 9))
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    losses = [attempt(model, optimizer, inputs, targets) for _ in range(3)]
    losses.append(next_token_loss(model(inputs), targets))
    return torch.stack([torch.as_tensor(loss).detach() for loss in losses])


def must_learn(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: on one batch the loss falls from step to step."""
    losses = again(*args)
    if abs(losses[0] - expected[0]) > 1e-5:
        return "what is given back is not the loss before the update"
    if losses.max() - losses.min() < 1e-6:
        return "the loss stays where it was: no weight has moved"
    if losses[-1] > losses[0]:
        return "the loss rises from step to step"
    return None


STUCK = Exercise(
    number="1.6",
    title="A model that learns nothing",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
The broken step below trained a bigram model for 500 updates.
Read the curve and the sample, name the bug, and repair the step.""",
    starter=BROKEN_STEP,
    target="training_step",
    solution=MENDED_STEP,
    suspect="weights never updated",
    symptom="the curve is flat at its first value to the last digit",
    cases=lambda: [(0, 0.1), (1, 0.5), (2, 1.0)],
    run=train_three_steps,
    needs="from tutorgpt import next_token_loss",
    labels=("seed", "learning rate"),
    parts=(
        "the loss given back by step 1",
        "the loss given back by step 2",
        "the loss given back by step 3",
        "the loss after three steps",
    ),
    rules=(must_learn,),
    wrong=(
        slip(
            "the gradients are still erased before they are used",
            "Three calls in this order: erase, compute, use.",
            "    optimizer.zero_grad()\n    loss.backward()\n",
            "    loss.backward()\n    optimizer.zero_grad()\n",
        ),
        slip(
            "the gradients are never erased, so each step repeats all the "
            "earlier ones",
            "backward() *adds* to the gradients: erase them once a step.",
            "    optimizer.zero_grad()\n",
            "",
        ),
        slip(
            "the gradients are computed twice",
            "backward() adds, and after it the graph is gone: one call.",
            "    loss.backward()\n",
            "    loss.backward()\n    loss.backward()\n",
        ),
        slip(
            "the step is taken twice",
            "One update a call.",
            "    optimizer.step()\n",
            "    optimizer.step()\n    optimizer.step()\n",
        ),
        slip(
            "the loss given back is the one after the update",
            "The docstring promises the loss before it.",
            "return loss",
            "return next_token_loss(model(inputs), targets)",
        ),
    ),
    hints=(
        "The loss never leaves its first value: which of the "
        "four calls makes it move?",
        "`backward()` writes gradients, `step()` reads them. What happens "
        "in between?",
        "Move `optimizer.zero_grad()` to before `loss.backward()`.",
    ),
    why="""\
`backward()` adds to the gradients and `step()` uses them.
With `zero_grad()` between the two there is nothing to use, and every
step leaves the weights alone: the loss stays at its first value.
Erasing belongs before the gradients are computed.""",
)
