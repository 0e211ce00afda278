"""What an exercise is: a task, a solution, and the mistakes known for it.

A solution is kept as the text that a stuck learner is shown, and run to
compare with. Most wrong versions are the solution with one line changed, so
that they cannot drift away from it. What these texts may use of the package
is listed with each exercise; a learner's own answer may use anything.
"""

import copy
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import torch
from torch import nn
from torch.nn import functional as F

Kind = Literal["write", "predict", "bug", "explain", "extend"]
Difficulty = Literal["easy", "medium", "hard"]
Property = Callable[[Callable[..., Any], tuple, Any], str | None]
"""A rule: (call, arguments, expected result) -> what is violated, if any."""

MOST_IMPORTANT = 5
THINKING = {"easy": 2, "medium": 5, "hard": 10}
WORDS_PER_MINUTE = 130
MINUTES_PER_LINE = 1.5
ALWAYS_THERE = {"copy": copy, "math": math, "torch": torch, "nn": nn, "F": F}
"""What the text of any exercise may use without listing it."""


class ComplaintError(Exception):
    """Raised by a way of trying, in the words that the learner will read.

    detail: what depends on the learner's own names; two answers make the
        same mistake whatever they call its parts.
    result: what came out all the same; two answers make the same mistake
        only if it is the same.
    """

    def __init__(
        self, says: str, detail: str = "", result: Any = None
    ) -> None:
        super().__init__(says)
        self.detail, self.result = detail, result


def text_of(error: BaseException | None) -> str:
    """What an exception says, whatever its class does when it is asked."""
    try:
        return str(error)
    except Exception:
        return "its own text cannot be read"


def call(attempt: Callable[..., Any], *args: Any) -> Any:
    """How a function is tried: called with the arguments of a case."""
    return attempt(*args)


@dataclass(frozen=True)
class Wrong:
    """One mistake that people make, and what to say about it.

    says: the mistake, as a clause that goes on after "it looks as if".
    look: where to look, as one sentence.
    edits: what to replace in the solution's text to make the mistake.
    value: the wrong number itself, where there is no text to change.
    within: how near to it, relative to it, a number must be to be named,
        where it comes from a training run that differs from run to run.
    """

    says: str
    look: str
    edits: tuple[tuple[str, str], ...] = ()
    value: float | None = None
    within: float = 0.0


def slip(says: str, look: str, *edits: str) -> Wrong:
    """A wrong version: old text, new text, old text, new text, ..."""
    pairs = tuple(zip(edits[::2], edits[1::2], strict=True))
    return Wrong(says, look, edits=pairs)


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What an answer is compared with: a right version, and wrong ones.

    target: the name of what is looked at.
    wrong: the mistakes that are known for it.
    cases: makes the arguments to compare with; none for a number.
    run: how the target is tried on one case.
    is_module: the target is an nn.Module's class, to be tried on cases
        ((n, m, ...), x, ...): built with the first entry, given the same
        weights as the right version, and called with the others, if run
        does not say how it is tried.
    labels: names of a case's arguments, if not those of the target.
    parts: names of the entries of a result that is a row of numbers.
    axes: names of the axes of a result, if not rows and columns, or batch
        row, position and channel.
    rules: properties to name when no known mistake fits.
    uses: the classes and functions of the package that the texts call by
        their own names.
    """

    target: str
    wrong: tuple[Wrong, ...]
    cases: Callable[[], list[tuple]] | None = None
    run: Callable[..., Any] = call
    is_module: bool = False
    labels: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    rules: tuple[Property, ...] = ()
    uses: tuple[Any, ...] = ()

    @property
    def right(self) -> str:
        """The text of the right version."""
        raise NotImplementedError

    def reference(self) -> Any:
        """What the right version defines."""
        return self.build(self.right)

    def mutant(self, wrong: Wrong) -> Any:
        """What a wrong version defines."""
        if wrong.value is not None:
            return wrong.value
        return self.build(self.edited(wrong))

    def edited(self, wrong: Wrong) -> str:
        """The right text with this mistake made in it.

        Raises ValueError if the text no longer holds what is replaced.
        """
        text = edited(self.right, wrong)
        if text is None:
            raise ValueError(
                f"{self.target}: the right version does not hold what is "
                f"replaced for {wrong.says!r}"
            )
        return text

    def with_both(self, one: Wrong, other: Wrong) -> Any:
        """What the right version defines with two mistakes made in it.

        None where one leaves nothing that the other could be made in.
        """
        text = edited(self.right, one)
        text = None if text is None else edited(text, other)
        if text is None:
            return None
        # Not kept: of a catalogue's pairs there are hundreds.
        return defined_by(text, self.target, self.known_names())

    def build(self, text: str) -> Any:
        """What a version of the program text defines as the target."""
        return build(text, self.target, self.known_names())

    def known_names(self) -> tuple[Any, ...]:
        """What a version may use of the package, by its own names."""
        return self.uses


def edited(text: str, wrong: Wrong) -> str | None:
    """A text with a mistake made in it, if it holds what is replaced."""
    for old, new in wrong.edits:
        if old not in text:
            return None
        text = text.replace(old, new)
    return text


@dataclass(frozen=True, kw_only=True)
class Exercise(Standard):
    """A task whose answers can be told from the known wrong ones.

    starter: the text that the learner goes on from; it defines the target.
    solution: program text that defines the target.
    domain: draws the arguments of any input that the task allows.
    hints: three rungs: where to look, which call, almost the code.
    why: why the solution works.
    needs: the import that the starter needs in its chapter.
    given: names that the chapter's cells have made or imported before, for
        a solution that is run there and not here.
    expected: the number itself, where it comes from a training run.
    tolerance: how far a number may be off, relative to itself.
    landmarks: numbers that a wrong one can be compared with, from the
        smallest up, and what each of them is.
    suspect: what is wrong with the starter of a bug hunt, by name.
    symptom: what its curves, samples and maps show.
    waiting: minutes that the machine trains.
    """

    number: str
    title: str
    kind: Kind
    difficulty: Difficulty
    importance: int
    task: str
    starter: str
    solution: str
    hints: tuple[str, str, str]
    why: str
    domain: Callable[[random.Random], tuple] | None = None
    needs: str = ""
    given: tuple[str, ...] = ()
    expected: float | None = None
    tolerance: float = 1e-3
    landmarks: tuple[tuple[float, str], ...] = ()
    suspect: str = ""
    symptom: str = ""
    waiting: float = 0.0

    @property
    def chapter(self) -> int:
        """The chapter it belongs to."""
        return int(self.number.split(".")[0])

    @property
    def is_core(self) -> bool:
        """Whether it belongs to the path of its chapter."""
        return self.importance == MOST_IMPORTANT

    @property
    def explanation(self) -> str:
        """Why the solution works, and the name of what was hunted."""
        if not self.suspect:
            return self.why
        return f'The bug is "{self.suspect}".\n{self.why}'

    @property
    def minutes(self) -> int:
        """An estimate, in steps of five, until a learner's clock is known.

        Reading the task, writing the lines that the starter lacks, thinking
        by difficulty, and waiting for the machine.
        """
        words = len(self.task.split()) + len(self.starter.split())
        known = set(self.starter.splitlines())
        lines = [
            line
            for line in self.solution.splitlines()
            if line.strip() and line not in known
        ]
        minutes = (
            words / WORDS_PER_MINUTE
            + MINUTES_PER_LINE * len(lines)
            + THINKING[self.difficulty]
            + self.waiting
        )
        return max(5, 5 * math.ceil(minutes / 5))

    @property
    def right(self) -> str:
        """The solution's text."""
        return self.solution

    def reference(self) -> Any:
        """What the solution defines, or the number of its training run."""
        if self.expected is not None:
            return self.expected
        return super().reference()


def defined_by(text: str, target: str, uses: tuple[Any, ...] = ()) -> Any:
    """Run program text and give back what it calls by this name.

    uses: classes and functions of the package, there by their own names,
        and (name, thing) for what has no name of its own.
    """
    names = {
        **ALWAYS_THERE,
        **dict(map(named, uses)),
        "__name__": "tutorgpt.learn.built",
    }
    exec(compile(text, f"<{target}>", "exec"), names)
    return names[target]


def named(thing: Any) -> tuple[str, Any]:
    """A thing by the name that a program text calls it."""
    return thing if isinstance(thing, tuple) else (thing.__name__, thing)


build = cache(defined_by)
"""The same, kept: a class is one and the same however often it is asked for,
and isinstance can be trusted."""
