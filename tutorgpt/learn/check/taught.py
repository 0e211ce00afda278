"""A class that a chapter introduces, and what is known to go wrong with it."""

import inspect
import sys
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_origin

from tutorgpt.learn.check.exercise import Exercise, Standard, Wrong
from tutorgpt.learn.check.properties import blind_to_the_batch


@dataclass(frozen=True, kw_only=True, eq=False)
class Taught(Standard):
    """What a learner's version of a chapter's class is compared with.

    made: the class itself, from its module.
    does: what it does, in a few words: one short line with its name.
    like: an exercise about such a class. What this tells apart is told apart
        here: its cases, its rules and its wrong versions.
    """

    made: type
    does: str
    like: Exercise | None = None

    @property
    def right(self) -> str:
        """The module's text of the class, which is the chapter's cell."""
        return text_of_class(self.made)

    def reference(self) -> Any:
        """The class itself."""
        return self.made

    def mutant(self, wrong: Wrong) -> Any:
        """A wrong version of the class, or of the exercise about it."""
        for known in self.like.wrong if self.like else ():
            if (known.says, known.edits) == (wrong.says, wrong.edits):
                assert self.like is not None
                return self.like.mutant(known)
        return super().mutant(wrong)

    def known_names(self) -> tuple[Any, ...]:
        """The names of its module."""
        return names_beside(self.made)


@cache
def text_of_class(made: type) -> str:
    """The program text of a class, without a line break at its end."""
    return inspect.getsource(made).rstrip()


@cache
def names_beside(made: type) -> tuple[Any, ...]:
    """The classes and functions that a class's module knows by name.

    And its constants that are objects of the package's own classes, such as
    NO_PAST, and its names of types, such as Reader, each with its name.
    """
    known = vars(sys.modules[made.__module__])
    return tuple(
        (name, thing) if needs_its_name(thing) else thing
        for name, thing in known.items()
        if name != made.__name__
        and (getattr(thing, "__name__", None) == name or needs_its_name(thing))
    )


def needs_its_name(thing: object) -> bool:
    """Whether it is an object of the package's own classes, or a type's name.

    Neither knows what it is called.
    """
    ours = type(thing).__module__.partition(".")[0] == "tutorgpt"
    return ours or get_origin(thing) is not None


def taught(made: Any, does: str, *wrong: Wrong, **how: Any) -> Taught:
    """What is known of a class; its wrong versions are edits of its text."""
    if "labels" not in how:  # of a module, as its forward calls them
        given = list(inspect.signature(made.forward).parameters)[1:]
        how |= {"is_module": True, "labels": (made.__name__, *given)}
    return Taught(
        made=made, does=does, target=made.__name__, wrong=wrong, **how
    )


def taught_like(
    like: Exercise,
    made: type,
    does: str,
    *wrong: Wrong,
    looks: dict[str, str] | None = None,
) -> Taught:
    """What is known of a class that an exercise is about as well.

    looks: where to look, for the exercise's wrong versions whose own
        sentence speaks of the exercise.
    """
    looks = looks or {}
    borrowed = [
        replace(known, look=looks.get(known.says, known.look))
        for known in like.wrong
    ]
    return taught(
        made,
        does,
        *borrowed,
        *wrong,
        like=like,
        cases=like.cases,
        rules=(*like.rules, blind_to_the_batch),
    )


def known_as(
    exercise: Exercise, says: str, *edits: str, look: str = ""
) -> Wrong:
    """An exercise's wrong version in its own words, as edits of a class.

    look: where to look, if the exercise's own sentence does not fit.
    """
    known = next(wrong for wrong in exercise.wrong if wrong.says == says)
    pairs = tuple(zip(edits[::2], edits[1::2], strict=True))
    return replace(known, edits=pairs, look=look or known.look)
