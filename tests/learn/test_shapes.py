"""shapes: every line of a function beside what it made."""

import pytest
import torch

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn import shapes
from tutorgpt.multi_head import MultiHead


def look(q, k):
    """A docstring that is not shown."""
    # a comment neither
    scores = q @ k.mT  # nor this one
    rows, columns = scores.shape[:2]
    assert rows
    assert columns
    return scores.softmax(dim=-1)


def add_up(x):
    total = 0
    for row in x:
        total = total + row
    if total is None:
        total = "never"
    mask = total > 0
    return (
        mask,
        total,
    )


def break_down(x):
    wide = x.repeat(1, 2)
    return wide @ x


def printed(capsys, *args):
    shapes(*args)
    return capsys.readouterr().out.splitlines()


def test_each_line_has_its_shape(capsys):
    """Arguments, assignments and the result; no docstring, no comment."""
    lines = printed(capsys, look, torch.ones(2, 3), torch.ones(4, 3))

    assert lines == [
        "def look(q, k):  # q (2, 3); k (4, 3)",
        "    scores = q @ k.mT  # (2, 4)",
        "    rows, columns = scores.shape[:2]  # rows 2; columns 4",
        "    assert rows",
        "    assert columns",
        "    return scores.softmax(dim=-1)  # (2, 4)",
    ]


def test_loops_branches_and_long_statements(capsys):
    """A loop tells how often; what is not reached is left out."""
    lines = printed(capsys, add_up, torch.ones(5, 3))

    assert "        total = total + row  # (3,), 5 times" in lines
    assert "    mask = total > 0  # (3,) of bool" in lines
    assert not any("never" in line for line in lines)
    assert lines[-1] == "    )  # 2 x (3,) of bool"


def test_a_module_shows_its_forward(capsys):
    """No line is wider than the page, and parts inside are not entered."""
    layer = MultiHead(16, 4, 8)
    lines = printed(capsys, layer, torch.ones(2, 8, 16))

    assert lines[-1] == "    return self.proj(joined)  # (2, 8, 16)"
    assert sum("return" in line for line in lines) == 1
    assert max(map(len, lines)) < 80


def test_an_error_comes_after_the_lines_before_it(capsys):
    """The shapes that led to the error are printed, then it is raised."""
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        shapes(break_down, torch.ones(3, 2))

    assert "wide = x.repeat(1, 2)  # (3, 4)" in capsys.readouterr().out


@pytest.mark.parametrize("thing", [len, lambda x: x])
def test_what_has_no_lines_is_refused(thing):
    """A built-in or a lambda is answered in a sentence."""
    with pytest.raises(ValueError, match=r"def|define"):
        shapes(thing, torch.ones(2))


def test_a_class_is_not_one_of_its_kind():
    """It says what to give instead."""
    with pytest.raises(ValueError, match=r"shapes\(MultiHead\(\.\.\.\), x\)"):
        shapes(MultiHead, torch.randn(1, 2, 3))


@pytest.mark.parametrize(
    "thing", ["abc", 3, None, [1], torch.zeros(2), object()]
)
def test_what_cannot_be_called_gets_a_sentence(thing):
    """It names what was given, and what to give."""
    with pytest.raises(RefusalError, match=r"shapes takes a function"):
        shapes(thing)


def test_a_missing_input_is_asked_for():
    """The module alone makes no shapes."""
    with pytest.raises(RefusalError, match=r"missing .* 'x'.*shapes\(head"):
        shapes(MultiHead(4, 2, 8))
