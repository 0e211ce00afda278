"""When two results are equal, and how a result is described."""

import numpy as np
import pytest
import torch
from torch import nn

from tutorgpt.learn.check.comparing import (
    apart,
    as_tensor,
    number,
    only_rounded,
    same,
    shape_of,
    wrong_shape,
)

TABLE = torch.arange(12.0).view(3, 4)


class Loud(torch.Tensor):
    """Answers every function of torch with an error."""

    @classmethod
    def __torch_function__(cls, *args, **kwargs):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (torch.zeros(2, 3), "(2, 3)"),
        ((32, 4), "(32, 4)"),
        ([torch.zeros(2)] * 3, "a list of 3 x (2,)"),
        (1234, "1,234"),
        (nn.ReLU(), "ReLU"),
        (torch.ones(2, device="meta"), "on the meta device"),
        (torch.tensor(3.0, device="meta"), "on the meta device"),
        (torch.ones(2) * 1j, "(2,) of complex numbers"),
        (2 + 1j, "the complex number 2+1j"),
    ],
)
def test_values_are_described_briefly(value, words):
    """Shapes for tensors, the number for a number, else the type."""
    assert words in shape_of(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5, "0.500"),
        (1.5e-7, "1.50e-07"),
        (float("inf"), "inf"),
        (3, "3"),
        (10**60, "a number of about 61 digits"),
        (437764.0, "437,764"),
        (1.25e20, "1.250e+20"),
    ],
)
def test_numbers_are_short(value, words):
    """Three decimals, or an exponent where they would not do."""
    assert number(value) == words


def test_two_numbers_that_differ_look_different():
    """Never "0.810 instead of 0.810"."""
    assert apart(0.81, 0.8101) == ("0.81", "0.8101")


@pytest.mark.parametrize(
    "value",
    [
        TABLE.to_sparse(),
        TABLE.numpy(),
        TABLE.tolist(),
        TABLE.double(),
        nn.Parameter(TABLE),
        TABLE.as_subclass(Loud),
    ],
    ids=[
        "sparse",
        "numpy",
        "list",
        "double",
        "parameter",
        "subclass",
    ],
)
def test_the_same_numbers_count_in_any_form(value):
    """Layouts, subclasses, arrays, lists, more digits."""
    assert same(value, TABLE)


@pytest.mark.parametrize(
    "value",
    [
        TABLE.to("meta"),
        TABLE * 1j,
        TABLE > 1,
        "text",
        None,
        {"a": 1},
        [TABLE, 3],
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_things_are_not_the_same(value):
    """No numbers, complex ones, True and False: an answer and no error."""
    assert not same(value, TABLE)


def test_an_array_that_raises_is_no_tensor():
    """Whatever a stranger's object does when it is asked."""

    class Raises:
        def __array__(self, *args, **kwargs):
            raise KeyError("no")

    assert as_tensor(Raises()) is None
    assert as_tensor([np.zeros(2), object()]) is None


def test_few_digits_are_recognised():
    """Right as far as the dtype goes, and not beyond."""
    values = torch.linspace(0.1, 3, 50)

    assert only_rounded(values.bfloat16(), values)
    assert not only_rounded(values.bfloat16() * 1.1, values)
    assert not only_rounded(values * 1.001, values)


def test_an_axis_of_one_is_told():
    """(3, 1) for (3,) is a matter of keepdim."""
    assert "axis of length 1" in wrong_shape(TABLE[:, :1], TABLE[:, 0])


@pytest.mark.parametrize(
    ("axes", "words"),
    [((0, 2, 1, 3), "two are exch"), ((0, 2, 3, 1), "3 have")],
)
def test_axes_that_moved_are_counted(axes: tuple, words: str) -> None:
    """Two are exchanged; three have gone round."""
    right = torch.zeros(2, 4, 5, 3)

    assert words in wrong_shape(right.permute(axes), right)
