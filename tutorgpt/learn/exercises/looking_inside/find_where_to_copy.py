"""Exercise 7.2. Where an induction head should look."""

import random
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def texts_to_copy() -> list[tuple]:
    """Tokens (T,) in which some come again, twice, doubled, or never."""
    return [
        (torch.tensor(tokens),)
        for tokens in (
            [5, 7, 2, 5, 7, 2, 5],
            [1, 2, 1, 3, 1, 2, 4],
            [6, 6, 6, 1],
            [3, 1, 4, 0, 5],
            [12, 1, 2, 12, 21, 1, 12, 12, 68, 2],
            [0, 0, 5, 0, 5, 5, 68],
        )
    ]


def any_text(draw: random.Random) -> tuple:
    """A text of 1 to 14 tokens, from few kinds or from many."""
    kinds = draw.sample(range(69), draw.choice((1, 2, 3, 6, 30)))
    return (
        torch.tensor([draw.choice(kinds) for _ in range(draw.randint(1, 14))]),
    )


def nothing_from_the_future(
    again: Any, args: tuple, expected: Int[Tensor, " T"]
) -> str | None:
    """A rule: a place never lies ahead."""
    (tokens,) = args
    found = torch.as_tensor(again(tokens))
    text = tokens.tolist()
    ahead = (found > torch.arange(len(tokens))).nonzero().flatten().tolist()
    if ahead:
        t = ahead[0]
        return (
            f"in {text} position {t} is sent to place {int(found[t])}, which "
            "lies ahead of it: a head cannot look ahead"
        )
    for t, (place, right) in enumerate(
        zip(found.tolist(), expected.tolist(), strict=True)
    ):
        if place != right:
            if right == -1:
                where = "has not come before, so the answer is -1"
            else:
                where = f"came last at place {right - 1}, so it is {right}"
            return (
                f"in {text} the token {text[t]} of position {t} {where}; "
                f"yours is {place}"
            )
    return None


EXERCISE = Exercise(
    number="7.2",
    title="Where a copying head should look",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `where_to_copy(tokens)`: for each position of `tokens` $(T,)$, the
place right *after* the latest earlier occurrence of the same token, or -1
if the token is new.
It is what an induction head has to find; after a doubled letter, that
place is the position itself.""",
    starter='''\
def where_to_copy(tokens):
    """Where the answer stands if the text repeats itself."""
    return ...''',
    target="where_to_copy",
    solution='''\
def where_to_copy(tokens):
    """Where the answer stands if the text repeats itself."""
    places = []
    for t in range(len(tokens)):
        same = (tokens[:t] == tokens[t]).nonzero()
        places.append(same[-1].item() + 1 if len(same) else -1)
    return torch.tensor(places)''',
    cases=texts_to_copy,
    domain=any_text,
    rules=(nothing_from_the_future,),
    wrong=(
        slip(
            "place 0 is taken for 'never seen'",
            "A token may have come at place 0: compare with None, or ask in.",
            "if len(same) else",
            "if len(same) and same[-1] > 0 else",
        ),
        slip(
            "token 0 is taken for a new one each time",
            "0 is a token like others.",
            "if len(same) else",
            "if len(same) and tokens[t] else",
        ),
        slip(
            "it says how far back the token is, not where the answer stands",
            "Places are counted from the beginning of the text.",
            "same[-1].item() + 1 if",
            "t - same[-1].item() if",
        ),
        slip(
            "the token right before is not looked at",
            "After a doubled letter, the place is the position itself.",
            "tokens[:t] ==",
            "tokens[: max(0, t - 1)] ==",
        ),
        slip(
            "it finds the token itself, not what came after it",
            "What is copied is the token after: one place further.",
            "same[-1].item() + 1",
            "same[-1].item()",
        ),
        slip(
            "it takes the first occurrence, not the latest",
            "Where the text has gone on in two ways, the later one counts.",
            "same[-1]",
            "same[0]",
        ),
        slip(
            "each token finds itself",
            "Earlier means before t: tokens[:t].",
            "tokens[:t]",
            "tokens[: t + 1]",
        ),
        slip(
            "it gives the tokens that stand there, not their places",
            "A head needs to know where to look.",
            "same[-1].item() + 1 if",
            "tokens[same[-1].item() + 1] if",
        ),
        slip(
            "a new token looks at place 0 instead of nowhere",
            "Use -1 for a token that has not come before.",
            "else -1",
            "else 0",
        ),
        slip(
            "it says how far back the answer is, not where",
            "Places are counted from the beginning of the text.",
            "same[-1].item() + 1 if",
            "t - same[-1].item() - 1 if",
        ),
        slip(
            "the first occurrence in the whole text is taken, which "
            "for a new token is the token itself",
            "Only earlier places count, and of those the latest; -1 "
            "where there is none.",
            "tokens[:t] ==",
            "tokens[: t + 1] ==",
            "same[-1]",
            "same[0]",
        ),
        slip(
            "the latest other occurrence is taken, also one that is "
            "still to come",
            "A head sees the past only: tokens[:t].",
            "(tokens[:t] == tokens[t]).nonzero()",
            "((tokens == tokens[t]) & (torch.arange(len(tokens)) != "
            "t)).nonzero()",
        ),
        slip(
            "the place of the first occurrence in the whole text is "
            "given, which for a new token is its own",
            "Only earlier places count; what is wanted is the place "
            "after the latest of them.",
            "tokens[:t] ==",
            "tokens[: t + 1] ==",
            "same[-1].item() + 1",
            "same[0].item()",
        ),
        slip(
            "a new token gets place 1: argmax of nothing but zeros is "
            "0, and one is added",
            "Ask first whether the token has come before, any(); -1 if not.",
            "same[-1]",
            "same[0]",
            "else -1",
            "else 1",
        ),
    ),
    hints=(
        "For each t: where in tokens[:t] does tokens[t] stand?",
        "`(tokens[:t] == tokens[t]).nonzero()` lists the places; which one "
        "is the latest?",
        "`same[-1].item() + 1 if len(same) else -1`.",
    ),
    why="""\
The rule needs two comparisons: which earlier place holds my token, and
what stands one further.
A head can compare a query with keys only once, so the "one further" must
be in the keys already, and a previous-token head of an earlier layer puts
it there.""",
)
