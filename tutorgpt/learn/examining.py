"""What a learner calls to have a chapter's class looked at: examine."""

import difflib
from typing import Any

from torch import nn

from tutorgpt.learn.cells import why_not_newest
from tutorgpt.learn.check import checking
from tutorgpt.learn.check.taught import Taught
from tutorgpt.learn.check.verdict import Verdict, wrap
from tutorgpt.learn.classes import CLASSES


def examine(made: Any) -> None:
    """Say what a chapter's class does as it stands, or what is wrong with it.

    made: the class itself, `examine(Head)`, also after the cell that defines
        it was changed.
    """
    if not isinstance(made, type):
        print(wrap(no_class(made)))
        return
    taught = CLASSES.get(made.__name__)
    if taught is None:
        print(wrap(not_of_a_chapter(made.__name__)))
        return
    old = why_not_newest(made)
    if old is not None:
        print(wrap(f"{made.__name__} not yet: {old}."))
        return
    print(about(taught, verdict_on(taught, made)))


def verdict_on(taught: Taught, made: type) -> Verdict:
    """The verdict on a learner's version of a class, not printed."""
    return checking.examine(taught, made)


def about(taught: Taught, verdict: Verdict) -> str:
    """A verdict as it is printed below the class."""
    if verdict.passed:
        return f"{taught.target} does what its module does: {taught.does}."
    return verdict.about(taught.target)


def no_class(made: object) -> str:
    """What to say of something else than a class."""
    name = made if isinstance(made, str) else type(made).__name__
    if name in CLASSES:
        what = "its name as a text" if name == made else "a built one"
        return (
            f"examine takes the class {name} itself, and this is {what}: "
            f"examine({name})"
        )
    if isinstance(made, nn.Module):
        return (
            f"examine takes a class, and this is a built {name}: "
            f"{classes_there_are()}"
        )
    return (
        f"examine takes a class that a chapter introduces, such as "
        f"examine(Head), and {made!r} is none"
    )


def not_of_a_chapter(name: str) -> str:
    """What to say of a class that no chapter introduces."""
    near = difflib.get_close_matches(name, CLASSES, n=1)
    guess = f" (did you mean {near[0]}?)" if near else ""
    return f"{name} is not a class of a chapter{guess}: {classes_there_are()}"


def classes_there_are() -> str:
    """The names that examine knows."""
    return f"there are {', '.join(CLASSES)}"
