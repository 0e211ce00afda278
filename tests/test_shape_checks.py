"""The shapes in the signatures are checked, under test and only there."""

import subprocess
import sys

import pytest
import torch
from jaxtyping import TypeCheckError

from tutorgpt import next_token_loss


def test_wrong_shape_is_refused_under_test() -> None:
    """A call whose shapes contradict the annotation fails here."""
    logits = torch.zeros(2, 3, 5)
    targets = torch.zeros(2, 4, dtype=torch.long)

    with pytest.raises(TypeCheckError):
        next_token_loss(logits, targets)


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
