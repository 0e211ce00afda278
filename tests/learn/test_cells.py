"""A class whose newest cell did not come through is not taken for it."""

import builtins

import pytest
from IPython.core.interactiveshell import InteractiveShell

from tutorgpt.learn import examine
from tutorgpt.learn.classes import CLASSES

IMPORTS = """\
import math
import torch
from torch import nn
from torch.nn import functional as F
from jaxtyping import Float
from torch import Tensor
from tutorgpt.learn import examine
from tutorgpt.single_head import check_length
"""
HEAD = CLASSES["Head"].right
DOES = "Head does what its module does"


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs cells one after the other; gives what the last one printed."""
    shell = InteractiveShell()
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell, raising=False)

    def cells(*texts):
        for text in texts:
            capsys.readouterr()
            shell.run_cell(text, store_history=True)
        return " ".join(capsys.readouterr().out.split())

    yield cells
    shell.history_manager.end_session()


def test_a_cell_with_an_error_of_syntax_is_noticed(run):
    """The class that it should have made anew is still the old one."""
    broken = HEAD.replace("T = x.shape[1]", "T = x.shape[1")
    said = run(IMPORTS, HEAD, broken, "examine(Head)")

    assert "not yet: the newest cell with `class Head` cannot be read" in said
    assert "in its line" in said
    assert run(HEAD, "examine(Head)").startswith(DOES)


def test_a_cell_that_stopped_is_noticed(run):
    """An error in the class's own lines leaves the old one, too."""
    broken = HEAD.replace("    past: Tensor", "    past: Tenser")
    said = run(IMPORTS, HEAD, broken, "examine(Head)")

    assert "stopped before it had defined the class" in said


def test_the_packages_class_is_not_taken_for_a_broken_cell(run):
    """Where it was imported, and the first cell of one's own failed."""
    imported = IMPORTS + "from tutorgpt.single_head import Head\n"
    broken = HEAD.replace("):", ")", 1)

    assert "cannot be read" in run(imported, broken, "examine(Head)")


def test_a_class_of_the_package_is_examined(run):
    """No cell defines it."""
    imported = IMPORTS + "from tutorgpt.single_head import Head\n"

    assert run(imported, "examine(Head)").startswith(DOES)


def test_outside_of_a_notebook_nothing_is_looked_for(capsys):
    """A script has no cells."""
    examine(CLASSES["Head"].made)

    assert capsys.readouterr().out.startswith(DOES)
