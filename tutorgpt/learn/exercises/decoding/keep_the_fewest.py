"""Exercise 8.4. The fewest likeliest tokens that together reach p."""

from typing import Any

from jaxtyping import Bool
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.decoding.random_scores import scored


def to_gather() -> list[tuple]:
    """Scores (B, V) and p, from almost nothing to all."""
    return [
        (scored(3, 8, 87), 0.9),
        (scored(5, 5, 88), 0.5),
        (scored(2, 12, 89), 0.01),
        (scored(4, 6, 90), 0.75),
        (scored(1, 7, 91), 1.0),
    ]


def reaches_p(
    again: Any, args: tuple, expected: Bool[Tensor, "B V"]
) -> str | None:
    """A rule: what is kept shares p, and without its last one it does not."""
    scores, p = args
    shares = scores.softmax(dim=-1)
    for n, row in enumerate(again(*args).bool()):
        total = shares[n][row].sum().item()
        if total < p - 1e-5:
            return f"what is kept in row {n} has only {total:.2f} of {p}"
        least = shares[n][row].min().item()
        if total - least >= p:
            return (
                f"row {n} keeps {int(row.sum())} tokens, and fewer would "
                f"have {p} already"
            )
    return None


EXERCISE = Exercise(
    number="8.4",
    title="The fewest that reach p",
    kind="write",
    difficulty="medium",
    importance=4,
    task="""\
Write `nucleus(scores, p)` for `scores` $(B, V)$: `True` $(B, V)$ for the
tokens that top-p lets be drawn, the fewest likeliest ones that together have
at least the probability $p$.
Then ask it how many characters `top_p=0.9` keeps, at all positions of a few
hundred windows of `corpus.val`: the fewest, the most, the mean.""",
    starter='''\
def nucleus(scores, p):
    """True for the fewest likeliest tokens that together reach p."""
    return ...''',
    target="nucleus",
    solution='''\
def nucleus(scores, p):
    """True for the fewest likeliest tokens that together reach p."""
    shares = scores.softmax(dim=-1)
    shares, order = shares.sort(dim=-1, descending=True)
    before = shares.cumsum(dim=-1) - shares
    allowed = torch.zeros_like(scores, dtype=torch.bool)
    return allowed.scatter(-1, order, before < p)''',
    cases=to_gather,
    labels=("scores", "p ="),
    rules=(reaches_p,),
    wrong=(
        slip(
            "the token that crosses p is left out",
            "Ask what the likelier ones have together: below p, the next "
            "one is still needed.",
            "before < p",
            "before + shares < p",
        ),
        slip(
            "the token that crosses p is left out, but for the first one",
            "Ask what the likelier ones have together, without the token "
            "itself: below p, it is still needed.",
            "before < p",
            "(before + shares <= p) | (before <= 0)",
        ),
        slip(
            "one token more than needed is kept",
            "Once the sum has reached p, nothing more comes in.",
            "before < p",
            "(before < p).roll(1, -1).logical_or(before < p)",
        ),
        slip(
            "the answer is in the order of the sorting, not of the tokens",
            "scatter(-1, order, ...) puts each back into its place.",
            "allowed.scatter(-1, order, before < p)",
            "before < p",
        ),
        slip(
            "the sorting was undone the wrong way round",
            "order says where a sorted token came from: scatter, not gather.",
            "allowed.scatter(-1, order, before < p)",
            "(before < p).gather(-1, order)",
        ),
        slip(
            "the sum begins with the least likely tokens",
            "sort(descending=True).",
            "descending=True",
            "descending=False",
        ),
        slip(
            "each token is compared with p by itself",
            "p is what they have together: cumsum.",
            "before < p",
            "shares >= p",
        ),
        slip(
            "the tokens that should be forbidden are kept",
            "True means that it may be drawn.",
            "before < p",
            "before >= p",
        ),
        slip(
            "scores are added up, not probabilities",
            "Softmax first: p is a probability.",
            ".softmax(dim=-1)",
            "",
        ),
        slip(
            "the sum runs over the batch",
            "Along the tokens: cumsum(dim=-1).",
            "cumsum(dim=-1)",
            "cumsum(dim=0)",
        ),
        slip(
            "the softmax runs over the wrong axis",
            "The tokens of one text share its probability: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=0)",
        ),
        slip(
            "all tokens with at least p of the largest probability are kept",
            "That is another rule, called min-p; here p is a sum.",
            "before < p",
            "shares >= p * shares[:, :1]",
        ),
    ),
    hints=(
        "Sort, add up, and ask for each token what the likelier ones have.",
        "`sort(dim=-1, descending=True)` gives the sorted probabilities and "
        "where they came from; `cumsum(dim=-1) - shares` is what stands "
        "before each.",
        "`torch.zeros_like(scores, dtype=torch.bool)"
        ".scatter(-1, order, before < p)`.",
    ),
    why="""\
A token is needed as long as the likelier ones have less than $p$; so the
one that crosses $p$ belongs to them, and there is always at least one.
On `corpus.val` the fewest is 1 (inside a name or a common word), the most
is 33 or 34 and the mean 9 (two seeds): after a comma it keeps fewer than
2 characters in the mean, after a space, where a word begins, about 19.
A `top_k` is the same number at both places.""",
)
