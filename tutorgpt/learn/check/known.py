"""Finds the known mistakes that explain all the results of an answer.

An answer is never read, it is run: whatever it looks like, it is called a
known mistake only if it agrees with that mistake on all cases, errors and
written-over inputs included.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, islice

import torch
from torch import Tensor

from tutorgpt.learn.check.exercise import Standard, Wrong
from tutorgpt.learn.check.trying import (
    Trial,
    try_mutant,
    try_once,
    try_reference,
)

MOST_PAIRS = 600
"""So many pairs of mistakes are tried, in the catalogue's order."""
WRITTEN_OVER = (
    "The input was changed on the way, too: an operation such as += or one "
    "that ends in _ writes into it."
)


@dataclass(frozen=True)
class Known:
    """One mistake of the catalogue or two, and a line that goes with them."""

    mistakes: tuple[Wrong, ...]
    also: str = ""

    @property
    def says(self) -> str:
        """The mistakes, as one sentence without its full stop."""
        if len(self.mistakes) == 1:
            return f"it looks as if {self.mistakes[0].says}"
        one, other = (wrong.says for wrong in self.mistakes)
        return f"it looks as if two things are wrong: {one}; and {other}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Where to look, a line each."""
        return (*(wrong.look for wrong in self.mistakes), self.also)


def known_mistakes(exercise: Standard, trials: list[Trial]) -> Known | None:
    """The mistake that agrees with an answer in all cases, or two together."""
    if len(trials) < len(try_reference(exercise)):
        return None
    if wrong := _alone(exercise, trials):
        return Known((wrong,))
    if any(trial.changed for trial in trials):
        # What the numbers say, and what became of the input, apart.
        trials = [replace(trial, changed=False) for trial in trials]
        if wrong := _alone(exercise, trials):
            return Known((wrong,), WRITTEN_OVER)
        if all(map(Trial.agrees, trials, try_reference(exercise))):
            return None
    pair = _together(exercise, trials)
    return Known(pair) if pair else None


def _alone(exercise: Standard, trials: list[Trial]) -> Wrong | None:
    for wrong in exercise.wrong:
        if all(
            trial.agrees(try_mutant(exercise, wrong, case))
            for case, trial in enumerate(trials)
        ):
            return wrong
    return None


def _together(
    exercise: Standard, trials: list[Trial]
) -> tuple[Wrong, Wrong] | None:
    """Two mistakes, made in one text.

    Not in modules, which take too long to build by the hundred, not in a
    loop that two mistakes could keep from ending, and not where an error
    came, nan, or one number everywhere: many pairs end in those.
    """
    if exercise.is_module or "while " in exercise.right:
        return None
    found = [trial.tensor for trial in trials if trial.tensor is not None]
    if len(found) < len(trials) or _all_alike(found):
        return None
    made = [wrong for wrong in exercise.wrong if wrong.edits]
    for one, other in islice(combinations(made, 2), MOST_PAIRS):
        first = try_pair(exercise, one, other)
        if first is None or not trials[0].agrees(first):
            continue
        both = exercise.with_both(one, other)
        if all(
            trial.agrees(try_once(exercise, both, trial.args, ours=True))
            for trial in trials[1:]
        ):
            return one, other
    return None


def _all_alike(found: list[Tensor]) -> bool:
    """Whether all results hold one and the same number, or some no number."""
    numbers = torch.cat([t.flatten().to(torch.float64) for t in found])
    return bool(numbers.isnan().any()) or len(numbers.unique()) < 2


@cache
def try_pair(exercise: Standard, one: Wrong, other: Wrong) -> Trial | None:
    """What two mistakes in one text give on the first case, if anything."""
    try:
        both = exercise.with_both(one, other)
    except Exception:  # two edits that make no program together
        return None
    if both is None:
        return None
    args = try_reference(exercise)[0].args
    found = try_once(exercise, both, args, ours=True)
    return None if found.error else found
