"""How long the exercises take: estimated at first, then by your own clock.

estimates: minutes by the number of the exercise, everywhere below. They are
handed in, so that the record knows no exercise.
"""

from collections.abc import Mapping

from tutorgpt.learn.record.kept import Progress

ENOUGH = 3
"""Exercises that must have passed before a pace is more than chance."""
WEIGHT = 60
"""Estimated minutes with which a pace of 1 counts as having been seen.

Who has passed three exercises in a minute has not shown that the other
fifty take twenty.
"""


def timed(known: Progress, estimates: Mapping[str, int]) -> list[str]:
    """The numbers of the passed exercises whose time is known."""
    return [
        number
        for number, done in known.exercises.items()
        if number in estimates and done.passed and done.minutes
    ]


def pace(known: Progress, estimates: Mapping[str, int]) -> float:
    """The learner's minutes for an estimated one; 1 before there are enough.

    Minutes run from one check, hint or answer to the next; pauses of more
    than thirty are left out.
    """
    numbers = timed(known, estimates)
    if len(numbers) < ENOUGH:
        return 1.0
    # A ratio of sums, not a mean of ratios: one short exercise that took
    # long should not outweigh an hour of others.
    own = sum(known.exercises[number].minutes for number in numbers)
    estimated = sum(estimates[number] for number in numbers)
    return (own + WEIGHT) / (estimated + WEIGHT)


def basis(known: Progress, estimates: Mapping[str, int]) -> str:
    """What the minutes that are left were computed from."""
    numbers = timed(known, estimates)
    if len(numbers) < ENOUGH:
        return f"an estimate; by your own clock after {ENOUGH} exercises"
    return (
        f"by your own clock over {len(numbers)} exercises: "
        f"{pace(known, estimates):.1f} of the estimate"
    )
