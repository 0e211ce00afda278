"""Reads the recorded runs that the chapters compare themselves with."""

import json

from tutorgpt.ground.shipped import shipped


def read_record(name: str) -> dict:
    """A recorded run by its name, such as "ladder_shakespeare".

    Records lie in results/, with the command that made each inside.
    """
    path = shipped("results") / f"{name}.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    raise FileNotFoundError(
        f"there is no record {name!r} in {path.parent}: "
        "check the name, or make it with the command in book/records.md"
    )


def mean_loss(rung: dict) -> float:
    """A recorded rung's validation loss, the mean over its seeds."""
    losses = [run["val_loss"] for run in rung["runs"]]
    return sum(losses) / len(losses)
