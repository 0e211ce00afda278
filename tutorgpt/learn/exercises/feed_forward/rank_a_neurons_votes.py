"""Exercise 4.5. The tokens whose scores a neuron raises most."""

import random
from typing import Any

import torch
from torch import Tensor

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip


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
            (15, 2, 3, 0, 15),
            (12, 6, 24, 23, 1),
            (1, 5, 5, 3, 1),
        )
    ]


def any_matrices(draw: random.Random) -> tuple:
    """Matrices of any size; rows and columns of any length; 1 to V tokens."""
    V, C, N = (draw.randint(1, n) for n in (15, 8, 20))
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    lm_head = torch.randn(V, C, generator=g) * torch.rand(V, 1, generator=g)
    contract = torch.randn(C, N, generator=g) * torch.rand(N, generator=g)
    return lm_head, contract, draw.randrange(N), draw.randint(1, V)


def ranked(attempt: Any, *args: Any) -> Any:
    """What an answer gives; values and indices together are refused."""
    found = attempt(*args)
    pair = isinstance(found, tuple) and len(found) == 2
    if pair and all(isinstance(f, Tensor) and f.ndim for f in found):
        raise ComplaintError(
            "votes and tokens come back together, as topk and sort give "
            "them: only the tokens, `.indices`, are wanted"
        )
    if isinstance(found, set):
        raise ComplaintError(
            "a set comes back, which has no order: a list is wanted, the "
            "strongest first"
        )
    return found


def are_tokens(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: k different tokens, and which of them belong there."""
    lm_head, *_, k = args
    found = torch.as_tensor(again(*args)).tolist()
    V = len(lm_head)
    outside = [n for n in found if n not in range(V)]
    if outside:
        return (
            f"{outside[0]:g} is not the number of a token: they go from 0 to "
            f"{V - 1}, one for each row of lm_head"
        )
    if len(set(found)) < k:
        return "a token is named twice"
    right = set(expected.tolist())
    good = sum(n in right for n in found)
    if good == k:
        if k == V:
            return "every token is named, as it should, in another order"
        return "the right tokens are named, in another order"
    return f"{good} of the {k} tokens are among those it votes for most"


EXERCISE = Exercise(
    number="4.5",
    title="What a neuron votes for",
    kind="extend",
    difficulty="hard",
    importance=3,
    task="""\
A neuron's column of `contract.weight` $(C, N)$ is what it adds when it is
on; the output layer's weight, `lm_head.weight` $(V, C)$, turns that into
scores.
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
    domain=any_matrices,
    run=ranked,
    rules=(are_tokens,),
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
            "the next neuron is asked",
            "Counting begins at 0: neuron number n is contract[:, n].",
            "contract[:, neuron]",
            "contract[:, neuron + 1]",
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
            "the channels are ranked, not the tokens: lm_head is not used",
            "Multiply by lm_head first: only then there is a score per token.",
            "lm_head @ contract[:, neuron]",
            "contract[:, neuron]",
        ),
        slip(
            "the tokens come in the order of their numbers, not of their "
            "votes",
            "topk has them in the right order: the strongest first.",
            "votes.topk(k).indices",
            "votes.topk(k).indices.sort().values",
        ),
        slip(
            "there is one token too many",
            "k of them are wanted.",
            "votes.topk(k).indices",
            "votes.argsort(descending=True)[:k + 1]",
        ),
        slip(
            "only the strongest token is given back",
            "k of them are wanted: topk(k), not argmax.",
            "votes.topk(k).indices",
            "votes.topk(1).indices",
        ),
        slip(
            "the votes of all neurons are added up",
            "One neuron is asked: its column alone, contract[:, neuron].",
            "contract[:, neuron]",
            "contract.sum(dim=1)",
        ),
        slip(
            "the neuron's number is taken for a token's",
            "The neuron is a column of contract; lm_head has a row per token.",
            "votes = lm_head @ contract[:, neuron]",
            "votes = lm_head @ lm_head[neuron]",
        ),
        slip(
            "votes are compared by direction: the rows of lm_head are brought "
            "to one length first",
            "A vote is the product itself: lm_head @ column.",
            "votes = lm_head @",
            "votes = F.normalize(lm_head, dim=-1) @",
        ),
        slip(
            "neuron 0 is asked, whichever is wanted",
            "contract[:, neuron].",
            "contract[:, neuron]",
            "contract[:, 0]",
        ),
        slip(
            "the rows of lm_head are added up, and contract is not used",
            "lm_head @ contract[:, neuron].",
            "lm_head @ contract[:, neuron]",
            "lm_head.sum(dim=1)",
        ),
        slip(
            "the signs of lm_head are dropped",
            "A score can be lowered too: no abs.",
            "lm_head @ contract[:, neuron]",
            "lm_head.abs() @ contract[:, neuron]",
        ),
        slip(
            "the neuron's column is squared",
            "Its signs count: the column as it is.",
            "contract[:, neuron]",
            "contract[:, neuron] ** 2",
        ),
        slip(
            "the neuron's column is cut at 0",
            "Its negative numbers count: no relu.",
            "contract[:, neuron]",
            "contract[:, neuron].relu()",
        ),
        slip(
            "the ranks of the first tokens are given back, not the tokens in "
            "order of rank",
            "One argsort is enough, from the largest: topk has it.",
            "votes.topk(k).indices",
            "votes.argsort().argsort()[:k]",
        ),
        slip(
            "a softmax shares each token's score out over the neurons "
            "before one of them is asked",
            "The votes of one neuron do not depend on the others: "
            "lm_head @ contract[:, neuron].",
            "lm_head @ contract[:, neuron]",
            "(lm_head @ contract).softmax(dim=1)[:, neuron]",
        ),
        slip(
            "the favourite token of every neuron is given, one each",
            "One neuron is asked, for its k tokens: contract[:, neuron].",
            "votes.topk(k).indices",
            "(lm_head @ contract).argmax(dim=0)",
        ),
        slip(
            "the favourite token of each of the first k neurons is given",
            "One neuron is asked, for its k tokens: contract[:, neuron].",
            "votes.topk(k).indices",
            "(lm_head @ contract).argmax(dim=0)[:k]",
        ),
        slip(
            "the neuron that votes most for each token is given",
            "One neuron is asked, for its k tokens: contract[:, neuron].",
            "votes.topk(k).indices",
            "(lm_head @ contract).argmax(dim=1)",
        ),
        slip(
            "only the strongest token is given back, as one number",
            "k of them are wanted: topk(k), not argmax.",
            "votes.topk(k).indices",
            "votes.argmax()",
        ),
        slip(
            "the neuron after it is asked, and after the last the first",
            "Neuron number n is column n: contract[:, n].",
            "contract[:, neuron]",
            "contract.roll(-1, 1)[:, neuron]",
        ),
        slip(
            "the favourites of all neurons are given, a column each",
            "One neuron is asked: its column alone, contract[:, neuron].",
            "votes.topk(k).indices",
            "(lm_head @ contract).topk(k, dim=0).indices",
        ),
        slip(
            "the neuron is looked up in lm_head, whose columns are channels",
            "Its column stands in contract; lm_head turns that into scores.",
            "lm_head @ contract[:, neuron]",
            "lm_head[:, neuron]",
        ),
        slip(
            "a row of the product is read, which belongs to a token",
            "(lm_head @ contract) is (V, N): the neuron is a column.",
            "lm_head @ contract[:, neuron]",
            "(lm_head @ contract)[neuron]",
        ),
        slip(
            "each token names the neurons that raise it most",
            "One neuron is asked, contract[:, neuron], and it ranks "
            "the tokens.",
            "lm_head @ contract[:, neuron]",
            "lm_head @ contract",
        ),
        slip(
            "there is one token too few",
            "topk(k).",
            "topk(k)",
            "topk(k - 1)",
        ),
        slip(
            "the strongest is left out, and the list begins with the second",
            "The first place is place 0: topk(k), or [:k].",
            "votes.topk(k).indices",
            "votes.argsort(descending=True)[1 : k + 1]",
        ),
    ),
    hints=(
        "Follow what the neuron adds: a vector of C numbers, then scores.",
        "`lm_head @ vector` gives V votes; `topk` finds the largest.",
        "`(lm_head @ contract[:, neuron]).topk(k)` has `.indices`.",
    ),
    why="""\
When the neuron is on it adds a multiple of its column, and the output
layer turns that column into one vote per character.
The favourites of one neuron need not make sense alone: the votes of all
neurons that are on are added up.""",
)
