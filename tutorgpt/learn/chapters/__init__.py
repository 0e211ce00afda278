"""All exercises, in the order of the book."""

from tutorgpt.learn.chapters import bigram_counts as _1
from tutorgpt.learn.chapters import bigram_model as _1b
from tutorgpt.learn.chapters import head_attend as _2
from tutorgpt.learn.exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.number: exercise
    for exercise in (
        _1.BITS,
        _1.PAIRS,
        _1.LOSS,
        _1b.PARAMETERS,
        _1b.TRIPLES,
        _1b.STUCK,
        _2.PAPER,
        _2.MASK,
        _2.ATTEND,
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
