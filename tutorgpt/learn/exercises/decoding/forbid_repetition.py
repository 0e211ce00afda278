"""Exercise 8.8. The tokens that would repeat a run."""

import random
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def repeating() -> list[tuple]:
    """Texts (T,) from few kinds of tokens, a length n, and V."""
    g = torch.Generator().manual_seed(94)
    return [
        (torch.tensor([1, 2, 3, 1, 2, 4, 0, 1, 2]), 3, 5),
        (torch.randint(3, (20,), generator=g), 3, 3),
        (torch.randint(4, (30,), generator=g), 4, 6),
        (torch.randint(2, (12,), generator=g), 2, 4),
        (torch.tensor([1, 2, 3, 4, 1, 2, 3, 0, 1, 2, 3]), 3, 5),
        (torch.tensor([0, 1]), 4, 3),
        # Joined as digits, 11 2 would be 1 12.
        (torch.tensor([11, 2, 5, 1, 12, 3, 7, 1, 12]), 3, 13),
        (torch.tensor([4, 4]), 2, 6),
        (torch.tensor([3, 12, 3, 12]), 4, 69),
        (torch.tensor([68, 10, 68]), 3, 69),
        # Shorter than n, of equal tokens.
        (torch.tensor([1]), 4, 5),
        (torch.tensor([3, 3]), 4, 5),
        (torch.tensor([0, 0]), 3, 2),
        # What is looked for overlaps itself.
        (torch.tensor([0, 0, 0, 1, 0, 0]), 3, 2),
        # As text, "1 1" stands in "11 11".
        (torch.tensor([11, 11]), 2, 14),
        (torch.tensor([11, 2, 3, 1]), 2, 14),
    ]


def any_text(draw: random.Random) -> tuple:
    """A text of 1 to 16 tokens, of few kinds or many, n from 2, and V."""
    V = draw.choice((2, 3, 5, 69))
    kinds = draw.sample(range(V), min(V, draw.choice((1, 2, 3, 8))))
    text = [draw.choice(kinds) for _ in range(draw.randint(1, 16))]
    return torch.tensor(text), draw.randint(2, 5), V


def closes_what_repeats(
    again: Any, args: tuple, expected: Bool[Tensor, " V"]
) -> str | None:
    """A rule: a token is closed exactly if its run stands there already."""
    tokens, n, _ = args
    text = tokens.tolist()
    given = torch.as_tensor(again(*args))
    if len(text) < n:
        if not given.any():
            return None
        return (
            f"the text {text} has fewer tokens than n = {n}: nothing can be "
            f"closed, and {int(given.sum())} of {len(given)} tokens are"
        )
    runs = [text[t : t + n] for t in range(len(text) - n + 1)]
    for token, closed in enumerate(given.tolist()):
        run = [*text[1 - n :], token]
        if bool(closed) != (run in runs):
            stands = "stands in the text" if run in runs else "is new"
            says = "closed" if closed else "left open"
            return f"with token {token} the run {run} {stands}; it is {says}"
    return None


EXERCISE = Exercise(
    number="8.8",
    title="Not twice",
    kind="extend",
    difficulty="hard",
    importance=2,
    task="""\
Write `closed(tokens, n, V)` for one text $(T,)$: `True` $(V,)$ for each
token that would complete a run of $n$ which stands in the text already.
Here $n$ is at least 2, and a text shorter than $n$ closes nothing.
Then forbid repetition: before each greedy choice give the closed tokens the
score $-\\infty$, with $n = 8$, and measure distinct-8 and the loss of 1000
characters.""",
    starter='''\
def closed(tokens, n, V):
    """True for a next token that would repeat a run of n."""
    return ...''',
    target="closed",
    solution='''\
def closed(tokens, n, V):
    """True for a next token that would repeat a run of n."""
    forbidden = torch.zeros(V, dtype=torch.bool)
    if len(tokens) < n:
        return forbidden
    runs = tokens.unfold(0, n, 1)
    begun = tokens[len(tokens) - n + 1 :]
    same = (runs[:, :-1] == begun).all(dim=1)
    forbidden[runs[same, -1]] = True
    return forbidden''',
    cases=repeating,
    domain=any_text,
    labels=("tokens", "n =", "V ="),
    rules=(closes_what_repeats,),
    wrong=(
        slip(
            "only runs that begin at every n-th place are looked at",
            "A run begins at every token: unfold(0, n, 1).",
            "unfold(0, n, 1)",
            "unfold(0, n, n)",
        ),
        slip(
            "the last n tokens are compared, one too many",
            "The new token is the n-th: n - 1 stand there already.",
            "runs = tokens.unfold(0, n, 1)",
            "runs = tokens.unfold(0, n + 1, 1) if len(tokens) > n "
            "else tokens.new_zeros(0, n + 1)",
            "len(tokens) - n + 1 :",
            "len(tokens) - n :",
        ),
        slip(
            "one token too few is compared",
            "n - 1 tokens have to agree before the next one is closed.",
            "runs = tokens.unfold(0, n, 1)",
            "runs = tokens.unfold(0, n - 1, 1)",
            "len(tokens) - n + 1 :",
            "len(tokens) - n + 2 :",
        ),
        slip(
            "every token that has occurred is closed",
            "Only those that follow the same n - 1 tokens.",
            "(runs[:, :-1] == begun).all(dim=1)",
            "torch.ones(len(runs), dtype=torch.bool)",
        ),
        slip(
            "one agreeing token is enough",
            "All n - 1 have to agree: all, not any.",
            ".all(dim=1)",
            ".any(dim=1)",
        ),
        slip(
            "only the first occurrence is looked at",
            "The run may have gone on in several ways: close all of them.",
            "forbidden[runs[same, -1]] = True",
            "forbidden[runs[same, -1][:1]] = True",
        ),
        slip(
            "only the newest occurrence is looked at",
            "The run may have gone on in several ways: close all of them.",
            "forbidden[runs[same, -1]] = True",
            "forbidden[runs[same, -1][-1:]] = True",
        ),
        slip(
            "the open tokens are marked, not the closed ones",
            "True means that the token may not be chosen.",
            "    return forbidden\n    runs",
            "    return ~forbidden\n    runs",
            "= True\n    return forbidden",
            "= True\n    return ~forbidden",
        ),
        slip(
            "the first token of the run is closed, not the one that ends it",
            "The last of the n is the one that would come next.",
            "runs[same, -1]",
            "runs[same, 0]",
        ),
        slip(
            "the text's beginning is compared, not its end",
            "What comes next follows the last n - 1 tokens.",
            "tokens[len(tokens) - n + 1 :]",
            "tokens[: n - 1]",
        ),
        slip(
            "the run before the last n - 1 tokens' own is missed: the "
            "last window of the text is not looked at",
            "There are T - n + 1 runs; unfold(0, n, 1) has them all.",
            "same = (runs[:, :-1] == begun).all(dim=1)",
            "same = (runs[:, :-1] == begun).all(dim=1)\n    same[-1] = False",
        ),
        slip(
            "the token before the last of the run is closed",
            "The run's last token is the one that would complete it.",
            "runs[same, -1]",
            "runs[same, -2]",
        ),
        slip(
            "runs are compared as sets: the same tokens in any order",
            "Token by token, in their order.",
            "(runs[:, :-1] == begun).all(dim=1)",
            "torch.tensor([set(run) == set(begun.tolist()) for run in "
            "runs[:, :-1].tolist()])",
        ),
        slip(
            "the last tokens are compared in the opposite order",
            "As they stand in the text.",
            "len(tokens) - n + 1 :]",
            "len(tokens) - n + 1 :].flip(0)",
        ),
        slip(
            "tokens are closed that stand n times in the text, in a "
            "row or not",
            "A run of n: what came after the last n - 1 tokens before.",
            "    forbidden[runs[same, -1]] = True\n    return forbidden",
            "    return torch.bincount(tokens, minlength=V) >= n",
        ),
        slip(
            "a text shorter than n closes everything",
            "It closes nothing: all False.",
            "    if len(tokens) < n:\n        return forbidden\n",
            "    if len(tokens) < n:\n        return ~forbidden\n",
        ),
        slip(
            "the place of a run is marked, not the token that ends it",
            "forbidden has an entry for each token of the vocabulary.",
            "forbidden[runs[same, -1]] = True",
            "forbidden[(same.nonzero().flatten() + n - 1) % V] = True",
        ),
        slip(
            "only the last token is compared, whatever n is",
            "The last n - 1 tokens.",
            "    runs = tokens.unfold(0, n, 1)\n"
            "    begun = tokens[len(tokens) - n + 1 :]",
            "    runs = tokens.unfold(0, 2, 1)\n    begun = tokens[-1:]",
        ),
        slip(
            "the tokens that are closed are listed, not marked",
            "True or False for each of the V tokens.",
            "        return forbidden\n    runs",
            "        return tokens[:0]\n    runs",
            "    forbidden[runs[same, -1]] = True\n    return forbidden",
            "    return runs[same, -1]",
        ),
        slip(
            "the last tokens of a run are compared, not its first n - 1",
            "What stands in front of the run's last token: runs[:, :-1].",
            "runs[:, :-1] == begun",
            "runs[:, 1:] == begun",
        ),
    ),
    hints=(
        "Which n - 1 tokens would the new one follow, and where else in the "
        "text do they stand?",
        "`tokens.unfold(0, n, 1)` gives all runs of n: compare their first "
        "n - 1 with the end of the text.",
        "`same = (runs[:, :-1] == begun).all(dim=1)`; then the tokens "
        "`runs[same, -1]` are closed.",
    ),
    why="""\
A run of $n$ repeats if its first $n - 1$ tokens are the newest ones and its
last one comes again; the same beginning may have gone on in several ways.
With it distinct-8 is 1 by construction.
The loss rises from about 1.1 to about 1.3: at some 180 of the 1000 places
the likeliest token was closed (two seeds).
The text reads as before, a chain of small common words that are spelled
anew, and its loss stays far below the 1.97 of the real text.""",
)
