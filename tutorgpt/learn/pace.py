"""How long the exercises take: estimated at first, then by your own clock."""

from tutorgpt.learn.chapters import EXERCISES
from tutorgpt.learn.progress import Progress

ENOUGH = 3
"""Exercises that must have passed before a pace is more than chance."""


def timed(known: Progress) -> list[str]:
    """The numbers of the passed exercises whose time is known."""
    return [
        number
        for number, done in known.exercises.items()
        if number in EXERCISES and done.passed and done.minutes
    ]


def pace(known: Progress) -> float:
    """The learner's minutes for an estimated one; 1 before there are enough.

    Minutes run from one check, hint or answer to the next; pauses of more
    than thirty are left out.
    """
    numbers = timed(known)
    if len(numbers) < ENOUGH:
        return 1.0
    own = sum(known.exercises[number].minutes for number in numbers)
    return own / sum(EXERCISES[number].minutes for number in numbers)


def basis(known: Progress) -> str:
    """What the minutes that are left were computed from."""
    numbers = timed(known)
    if len(numbers) < ENOUGH:
        return f"an estimate; by your own clock after {ENOUGH} exercises"
    return (
        f"by your own clock: {pace(known):.1f} of the estimate, "
        f"over {len(numbers)} exercises"
    )


def times(known: Progress) -> str:
    """A table: every exercise, its estimated minutes, yours, your tries."""
    lines = ["exercise" + 47 * " " + "estimate  yours  tries"]
    for number, exercise in EXERCISES.items():
        done = known.exercises.get(number)
        own = f"{done.minutes:.1f}" if done and done.passed else "-"
        tries = done.tries if done else 0
        lines.append(
            f"{number:5}{exercise.title:50.50}{exercise.minutes:8}"
            f"{own:>7}{tries:7}"
        )
    return "\n".join(lines)
