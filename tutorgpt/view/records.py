"""Reads the recorded runs that the chapters compare themselves with."""

import json
from pathlib import Path

import tutorgpt

_PACKAGE = Path(tutorgpt.__file__).parent
_ROOMS = (_PACKAGE.parent / "results", _PACKAGE / "results")


def read_record(name: str) -> dict:
    """A recorded run by its name, such as "ladder_shakespeare".

    Records lie in results/, with the command that made each inside.
    """
    for room in _ROOMS:
        path = room / f"{name}.json"
        if path.exists():
            return json.loads(path.read_text(encoding="utf-8"))
    raise FileNotFoundError(
        f"there is no record {name!r} in {_ROOMS[0]}: "
        "check the name, or make it with the command in book/records.md"
    )


def mean_loss(rung: dict) -> float:
    """A recorded rung's validation loss, the mean over its seeds."""
    losses = [run["val_loss"] for run in rung["runs"]]
    return sum(losses) / len(losses)
