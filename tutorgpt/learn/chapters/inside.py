"""Exercises of chapter 7: where a head looks, and where it should look."""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.learn.exercise import Exercise, slip


def maps() -> list[tuple]:
    """One head's weights (T, T) on a text, and a distance."""
    g = torch.Generator().manual_seed(71)
    made = []
    for T, distance in ((5, 1), (7, 2), (6, 0), (4, 3)):
        scores = torch.randn(T, T, generator=g)
        future = torch.ones(T, T, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, float("-inf"))
        made.append((scores.softmax(dim=-1), distance))
    return made


def one_place_only(
    again: Any, args: tuple, expected: Float[Tensor, ""]
) -> str | None:
    """A rule: a head that looks nowhere else scores 1."""
    weights, distance = args
    T = len(weights)
    back = torch.eye(T).roll(distance, dims=0)
    if not torch.isclose(
        torch.as_tensor(again(back, distance)), torch.ones(())
    ):
        return "a head that looks there and nowhere else should score 1"
    return None


LOOK_BACK = Exercise(
    number="7.1",
    title="How far back a head looks",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `look_back(weights, distance)`, the previous-token score for any
distance: the mean weight that a head's positions give to the place
`distance` before them.
`weights` is one head's matrix $(T, T)$; positions that have no such place
do not count.""",
    starter='''\
def look_back(weights, distance):
    """The mean weight on the place this far back."""
    return ...''',
    target="look_back",
    solution='''\
def look_back(weights, distance):
    """The mean weight on the place this far back."""
    looks = weights.diagonal(offset=-distance)
    return looks.mean()''',
    cases=maps,
    rules=(one_place_only,),
    wrong=(
        slip(
            "it looks ahead, where a causal head has nothing but zeros",
            "Row t looks at column t - distance: below the main diagonal.",
            "offset=-distance",
            "offset=distance",
        ),
        slip(
            "positions without such a place are counted too",
            "Divide by how many places the diagonal has, not by T.",
            "looks.mean()",
            "looks.sum() / len(weights)",
        ),
        slip(
            "the weights are added up and not divided",
            "A mean: at most 1, however long the text.",
            "looks.mean()",
            "looks.sum()",
        ),
        slip(
            "it looks one place too near",
            "Distance 0 is the position itself.",
            "offset=-distance",
            "offset=1 - distance",
        ),
        slip(
            "it looks one place too far",
            "Distance 1 is the place right before.",
            "offset=-distance",
            "offset=-distance - 1",
        ),
        slip(
            "it gives back the weights and not their mean",
            "One number says how much the head looks there.",
            "looks.mean()",
            "looks",
        ),
    ),
    hints=(
        "The weights t -> t - distance lie on a line in the matrix.",
        "`weights.diagonal(offset=...)` gives such a line; which offsets "
        "lie below the main one?",
        "`weights.diagonal(offset=-distance)`, and its mean.",
    ),
    why="""\
A diagonal below the main one holds exactly the weights from each position
to the one `distance` back, and it is as long as there are such positions.
With 1 it is `previous_token_score` of one head, with `period - 1` nearly
`induction_score`.""",
)


def texts_to_copy() -> list[tuple]:
    """Tokens (T,) in which some come again, twice, doubled, or never."""
    return [
        (torch.tensor(tokens),)
        for tokens in (
            [5, 7, 2, 5, 7, 2, 5],
            [1, 2, 1, 3, 1, 2, 4],
            [6, 6, 6, 1],
            [3, 1, 4, 0, 5],
        )
    ]


def nothing_from_the_future(
    again: Any, args: tuple, expected: Int[Tensor, " T"]
) -> str | None:
    """A rule: a place never lies ahead."""
    (tokens,) = args
    found = torch.as_tensor(again(tokens))
    if (found > torch.arange(len(tokens))).any():
        return "a head cannot look ahead"
    return None


WHERE = Exercise(
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
    rules=(nothing_from_the_future,),
    wrong=(
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

COPYING = Exercise(
    number="7.3",
    title="What perfect copying costs",
    kind="explain",
    difficulty="medium",
    importance=3,
    task="""\
A text has 32 characters: 16 different ones, drawn evenly from 69, and then
the same 16 again.
A model sees it character by character, predicts the 2nd to the 32nd, and
copies perfectly: as soon as the character in front of it has come before,
it is certain, and right.
What is its mean loss over the 31 predictions, in nats, if it is otherwise
even-handed among all 69?""",
    starter="mean_loss = ...",
    target="mean_loss",
    solution="""\
import math

mean_loss = 16 * math.log(69) / 31""",
    wrong=(
        slip(
            "the first character of the second half was free",
            "Before it stands the 16th character, which is new: nothing to "
            "copy yet.",
            "16 *",
            "15 *",
        ),
        slip(
            "the loss is shared out among 32 predictions",
            "Nobody predicts the first character.",
            "/ 31",
            "/ 32",
        ),
        slip(
            "the result is in bits",
            "Nats want the natural logarithm.",
            "math.log(69)",
            "math.log2(69)",
        ),
        slip(
            "only what is lost in the first half was averaged",
            "The certain predictions count as well, each with a loss of 0.",
            "/ 31",
            "/ 16",
        ),
        slip(
            "the losses were added up and not averaged",
            "Divide by the number of predictions.",
            " / 31",
            "",
        ),
    ),
    hints=(
        "Which predictions are certain? Those after a character that has "
        "come before.",
        "The characters 17 to 31 have come before; the 1st to 16th have not.",
        "16 predictions cost ln 69 each, and 15 cost nothing.",
    ),
    why="""\
The 17th character is the first that has come before, so the 18th is the
first that can be known: 16 predictions cost $\\ln 69 \\approx 4.23$ and 15
are free, 2.19 nats in the mean.
In the second half alone the chapter's two layers pay about 0.3 nats where
this copier pays nothing, and the Shakespeare model pays 8.8.""",
)
