"""The shapes in the signatures are checked, under test and only there."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from jaxtyping import Float, TypeCheckError
from shape_checker import checked
from torch import Tensor
from unchecked import unchecked_shapes

from tutorgpt import next_token_loss


def test_wrong_shape_is_refused_under_test() -> None:
    """A call whose shapes contradict the annotation fails here."""
    logits = torch.zeros(2, 3, 5)
    targets = torch.zeros(2, 4, dtype=torch.long)

    with pytest.raises(TypeCheckError):
        next_token_loss(logits, targets)


@checked
def cut(
    row: Float[Tensor, " N"], first: int = 0, /, *rest: int, last: int = 2
) -> Float[Tensor, " N"]:
    """A function of ours with every kind of parameter but one."""
    return row[first:last]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (([1.0, 2.0],), {}),
        ((torch.zeros(2), 0.5), {}),
        ((torch.zeros(2), 0, "a"), {}),
        ((torch.zeros(2),), {"last": "end"}),
        ((torch.zeros(3),), {}),  # two of three come back
    ],
)
def test_every_parameter_and_the_result_is_checked(given, named) -> None:
    """By position, by name, the rest of them, and one length for an axis."""
    assert len(cut(torch.zeros(2), 0, 7, last=2)) == 2
    with pytest.raises(TypeCheckError):
        cut(*given, **named)


def test_functions_of_one_def_keep_their_own_types() -> None:
    """What an inner function takes may differ each time it is defined."""

    def maker(kind: Any, default: Any) -> Callable:
        @checked
        def inner(thing: kind = default) -> kind:
            return thing

        return inner

    whole, word, other = maker(int, 1), maker(str, "a"), maker(str, "b")

    assert (whole(), word(), other(), word("c")) == (1, "a", "b", "c")
    for wrong in (lambda: whole("c"), lambda: word(1), lambda: other(1)):
        with pytest.raises(TypeCheckError):
            wrong()


def test_an_inner_function_sees_its_own_surroundings() -> None:
    """One checker for all of them, and each calls its own."""

    def adder(more: int) -> Callable[[int], int]:
        @checked
        def add(number: int) -> int:
            return number + more

        return add

    assert [adder(more)(1) for more in (1, 2, 3)] == [2, 3, 4]


def test_what_a_dataclass_is_made_with_is_checked() -> None:
    """Its fields are the parameters."""

    @checked
    @dataclass
    class Pair:
        one: Float[Tensor, " N"]
        other: Float[Tensor, " N"]

    Pair(torch.zeros(2), torch.zeros(2))
    with pytest.raises(TypeCheckError):
        Pair(torch.zeros(2), torch.zeros(3))


def test_a_generator_is_one_and_is_not_read_ahead() -> None:
    """Its result is the iterator; nothing has run when it is given."""
    ran = []

    @checked
    def count(to: int) -> Iterator[int]:
        ran.append(to)
        yield from range(to)

    counting = count(3)
    assert ran == []
    assert list(counting) == [0, 1, 2]
    with pytest.raises(TypeCheckError):
        count("3")


def test_an_axis_has_its_length_for_one_call_only() -> None:
    """Also while a call is under way, and after one that failed."""

    @checked
    def halves(row: Float[Tensor, " N"]) -> int:
        if len(row) % 2:
            raise ValueError(row)
        return halves(row[::2]) if len(row) > 2 else len(row)

    assert halves(torch.zeros(8)) == 2
    with pytest.raises(ValueError, match="tensor"):
        halves(torch.zeros(6))
    assert halves(torch.zeros(4)) == 2


def test_for_a_while_nothing_is_checked() -> None:
    """Where lengths are symbols."""
    with unchecked_shapes():
        assert len(cut(torch.zeros(3))) == 2


def test_shapes_are_not_checked_for_a_reader() -> None:
    """A reader's own import pays nothing: beartype is not even loaded."""
    code = (
        "import sys, tutorgpt; "
        "print(sorted({'beartype', 'matplotlib', 'pooch', 'requests', "
        "'jupyterlab', 'sphinx', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )

    assert done.stdout.strip() == "[]", done.stderr
