"""What an exercise's program text may use of the package is listed with it.

Who reads an exercise sees which chapters it stands on, and a renamed class
is missed here and not in front of a learner.
"""

import builtins
import symtable

import pytest

from tutorgpt.learn.check.exercise import ALWAYS_THERE, build
from tutorgpt.learn.exercises import EXERCISES

every_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES.values(), ids=EXERCISES
)


def free_names(text):
    """The names that a program reads and does not make itself."""
    top = symtable.symtable(text, "<exercise>", "exec")
    read, scopes = set(), [top]
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        read |= {
            symbol.get_name()
            for symbol in scope.get_symbols()
            if symbol.is_referenced() and (scope is top or symbol.is_global())
        }
    made = {
        symbol.get_name()
        for symbol in top.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    return read - made - set(dir(builtins))


def texts(exercise):
    """Starter, solution, and the solution with each mistake made in it."""
    wrong = [exercise.edited(w) for w in exercise.wrong if w.edits]
    return [exercise.starter, exercise.solution, *wrong]


def test_free_names_are_those_from_outside():
    """Arguments, locals, imports and definitions are not; globals are."""
    text = (
        "import math\n"
        "def f(x, past):\n"
        "    y = [Head(n) for n in x]\n"
        "    return math.pi, past, len(y)\n"
        "class Own(Base):\n"
        "    size = f(corpus, 1)\n"
    )

    assert free_names(text) == {"Head", "Base", "corpus"}


@every_exercise
def test_the_list_is_what_the_texts_use(exercise):
    """Nothing is missing from uses and given, and nothing is idle there."""
    used = set().union(*map(free_names, texts(exercise)))
    listed = [thing.__name__ for thing in exercise.uses]

    assert used - set(ALWAYS_THERE) == {*listed, *exercise.given}
    assert listed == sorted(set(listed), key=str.lower)


@every_exercise
def test_only_a_training_run_takes_names_from_its_chapter(exercise):
    """What is built for a check must not need a notebook's variables."""
    assert exercise.expected is not None or not exercise.given


@every_exercise
def test_what_is_listed_comes_from_the_package(exercise):
    """Classes and functions of tutorgpt, not of learn."""
    homes = [thing.__module__ for thing in exercise.uses]

    assert all(home.startswith("tutorgpt.") for home in homes)
    assert not any(home.startswith("tutorgpt.learn") for home in homes)


def test_what_is_not_listed_is_not_there():
    """A text that uses more than its list fails to run."""
    with pytest.raises(NameError, match="MultiHead"):
        build("layer = MultiHead(8, 2, 4)", "layer")
