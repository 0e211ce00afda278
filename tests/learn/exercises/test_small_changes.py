"""Small changes to a solution are refused, where they change anything."""

import json
from pathlib import Path

import pytest
import torch
from recorded import script

from tutorgpt.learn.check.trying import try_once
from tutorgpt.learn.exercises import EXERCISES

MACHINE = script("records/small_changes")
RESULTS = Path(__file__).resolve().parents[3] / "results"
WITH_CASES = [e for e in EXERCISES.values() if e.cases is not None]
A_FEW = 4
"""How many changes an exercise gets here; the record has them all."""


@pytest.mark.parametrize("exercise", WITH_CASES, ids=lambda e: e.number)
def test_every_exercise_declares_its_domain(exercise):
    """What its cases are checked against; the solution is right on it."""
    inputs = MACHINE.inputs_of(exercise)[:20]
    trials = [try_once(exercise, exercise.reference(), a) for a in inputs]

    assert len(inputs) == 20
    assert not [trial.error for trial in trials if trial.error]
    assert not any(trial.changed for trial in trials)
    assert all(trial.tensor is not None for trial in trials)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_few_small_changes_are_refused(exercise):
    """A seeded sample of what the record tries."""
    row = MACHINE.examine_changes(exercise, A_FEW, seed=5)

    assert row["survivors"] == []
    assert row["different"] == row["refused"]


def test_the_record_has_no_survivor_without_a_reason():
    """All changes of all exercises, run by the recorded command."""
    record = json.loads((RESULTS / "small_changes.json").read_text())
    rows = record["exercises"]

    assert set(rows) == set(EXERCISES)
    for number, row in rows.items():
        known = MACHINE.REASONS.get(number, {})
        for survivor in row["survivors"]:
            assert survivor["change"] in known, (number, survivor)


def test_the_machine_makes_what_it_says():
    """Operators, comparisons, constants, axes, slices, lines, names."""
    source = "def f(x, y):\n    z = x[1:] + 2\n    return (z < y).sum(dim=0)\n"
    texts = {c.text for c in MACHINE.small_changes(source, 1000)}
    for part in (
        "x[1:] - 2",
        "x[:] + 2",
        "x[1:] + 3",
        "y[1:] + 2",
        "z <= y",
        "z < x",
        "sum(dim=1)",
        "(z < y).sum()",
        "return z < y",
        "mean(dim=0)",
    ):
        assert any(part in text for text in texts), part
    assert any("z =" not in text for text in texts)


def test_a_tame_check_is_found_out():
    """Cases that are all alike let changes through, and it shows."""
    asked = EXERCISES["1.2"]
    tame = asked.__class__(
        **{
            **vars(asked),
            "cases": lambda: [(torch.tensor([0, 0, 0]), 1)],
            "wrong": (),
        }
    )
    row = MACHINE.examine_changes(tame)

    assert row["survivors"]
