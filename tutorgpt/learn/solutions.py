"""A known-good state to go on from, for a learner who is stuck.

from tutorgpt.learn.solutions import attend, allowed
from tutorgpt.learn.solutions import known_good
good = known_good(3)   # everything that chapter 3 builds on
head = good.Head(32, 8, 32)
"""

from types import SimpleNamespace
from typing import Any

import tutorgpt
from tutorgpt.learn.exercises import EXERCISES

TAUGHT = {
    0: (),
    1: ("BigramModel",),
    2: ("Head", "SingleHeadModel"),
    3: ("MultiHead", "MultiHeadModel"),
    4: ("FeedForward", "FeedForwardModel"),
    5: ("Block", "ResidualNormModel"),
    6: ("GPT",),
    7: (),
    8: ("generate",),
    9: (),
    10: (),
    11: (),
    12: (),
}
"""What each chapter builds that the package offers by name."""

SOLVED = {
    exercise.target: exercise
    for exercise in EXERCISES.values()
    if exercise.expected is None
}


def __getattr__(name: str) -> Any:
    """The solution of the exercise that asks for this name."""
    if name in SOLVED:
        return SOLVED[name].reference()
    raise AttributeError(
        f"no exercise asks for {name!r}: there are {', '.join(SOLVED)}"
    )


def __dir__() -> list[str]:
    return ["known_good", *SOLVED]


def known_good(chapter: int) -> SimpleNamespace:
    """What a chapter builds on: earlier classes and solved exercises."""
    if not 0 <= chapter <= len(TAUGHT):
        raise ValueError(
            f"there is no chapter {chapter}: choose 0 to {len(TAUGHT)}"
        )
    names = {
        name: getattr(tutorgpt, name)
        for earlier in range(chapter)
        for name in TAUGHT[earlier]
    }
    solved = {
        name: exercise.reference()
        for name, exercise in SOLVED.items()
        if exercise.chapter < chapter
    }
    return SimpleNamespace(**names, **solved)
