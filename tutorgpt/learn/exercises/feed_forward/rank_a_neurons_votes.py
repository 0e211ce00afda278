"""Exercise 4.5. The tokens whose scores a neuron raises most."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def two_matrices() -> list[tuple]:
    """lm_head.weight (V, C), contract.weight (C, N), a neuron, a number."""
    g = torch.Generator().manual_seed(10)
    return [
        (
            torch.randn(V, C, generator=g),
            torch.randn(C, N, generator=g),
            neuron,
            k,
        )
        for V, C, N, neuron, k in (
            (5, 3, 12, 7, 2),
            (9, 9, 9, 4, 3),
            (9, 4, 16, 2, 4),
        )
    ]


EXERCISE = Exercise(
    number="4.5",
    title="What a neuron votes for",
    kind="extend",
    difficulty="hard",
    importance=3,
    task="""\
A neuron's column of `contract.weight` $(C, N)$ is what it adds when it is
on; `lm_head.weight` $(V, C)$ turns that into scores.
Write `favourites(lm_head, contract, neuron, k)`, where `lm_head` and
`contract` are these two tensors: a list of the $k$ token numbers that this
neuron votes for most, the strongest first.""",
    starter='''\
def favourites(lm_head, contract, neuron, k):
    """The k tokens whose scores this neuron raises most."""
    return ...''',
    target="favourites",
    solution='''\
def favourites(lm_head, contract, neuron, k):
    """The k tokens whose scores this neuron raises most."""
    votes = lm_head @ contract[:, neuron]
    return votes.topk(k).indices''',
    cases=two_matrices,
    wrong=(
        slip(
            "the votes themselves are given back, not the tokens",
            "topk gives values and indices.",
            ".indices",
            ".values",
        ),
        slip(
            "these are the tokens it votes against",
            "The largest votes, not the smallest.",
            "votes.topk(k)",
            "votes.topk(k, largest=False)",
        ),
        slip(
            "votes against count as much as votes for",
            "Leave the sign in: no abs.",
            "votes.topk(k)",
            "votes.abs().topk(k)",
        ),
        slip(
            "the weakest of the favourites comes first",
            "topk sorts the strongest first; argsort begins with the least.",
            "votes.topk(k).indices",
            "votes.argsort()[-k:]",
        ),
        slip(
            "another neuron is asked",
            "Neuron number n is column n: contract[:, n].",
            "contract[:, neuron]",
            "contract[:, neuron - 1]",
        ),
        slip(
            "a row of contract is taken for a neuron's column",
            "contract.weight is (C, N): the neurons are its columns.",
            "contract[:, neuron]",
            "contract[neuron]",
        ),
        slip(
            "the tokens come from a softmax over the wrong axis or no "
            "lm_head at all: the channels are ranked",
            "Multiply by lm_head first: only then there is a score per token.",
            "lm_head @ contract[:, neuron]",
            "contract[:, neuron]",
        ),
    ),
    hints=(
        "Follow what the neuron adds: a vector of C numbers, then scores.",
        "`lm_head @ vector` gives V votes; `topk` finds the largest.",
        "`(lm_head @ contract[:, neuron]).topk(k)` has `.indices`.",
    ),
    why="""\
When the neuron is on it adds a multiple of its column, and `lm_head` turns
that column into one vote per character.
The favourites of one neuron need not make sense alone: the votes of all
neurons that are on are added up.""",
)
