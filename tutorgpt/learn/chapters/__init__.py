"""All exercises, in the order of the book."""

from tutorgpt.learn.chapters.bigram_counts import BITS, LOSS, PAIRS
from tutorgpt.learn.chapters.bigram_model import PARAMETERS, STUCK, TRIPLES
from tutorgpt.learn.chapters.head_attend import ATTEND, MASK, PAPER
from tutorgpt.learn.chapters.head_models import FUTURE, PAST_THE_HEAD, PLACES
from tutorgpt.learn.chapters.heads import COUNT, JOIN, SPLIT
from tutorgpt.learn.chapters.heads_order import EXCHANGE, FROZEN
from tutorgpt.learn.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.number: exercise
    for exercise in (
        BITS,
        PAIRS,
        LOSS,
        PARAMETERS,
        TRIPLES,
        STUCK,
        PAPER,
        MASK,
        ATTEND,
        PLACES,
        PAST_THE_HEAD,
        FUTURE,
        COUNT,
        SPLIT,
        JOIN,
        EXCHANGE,
        FROZEN,
    )
}


def exercise(number: str) -> Exercise:
    """The exercise of this number; ValueError names the ones there are."""
    known = EXERCISES.get(str(number))
    if known is None:
        raise ValueError(
            f"there is no exercise {number!r}: choose one of "
            f"{', '.join(EXERCISES)}"
        )
    return known
