"""The runs of a record that can be stopped, and goes on where it stopped."""

from collections.abc import Callable
from math import inf
from pathlib import Path

from tutorgpt.ground.provenance import write_record


class Runs:
    """A record's "runs", which grow by those that are not there yet."""

    def __init__(self, record: dict, out: Path) -> None:
        self.record, self.out = record, out

    def loss_of(self, wanted: dict, make: Callable[[], dict]) -> float:
        """The loss of the run that has these settings; inf if it exploded.

        make: makes that run if it is not there, with its "loss" or None.
        The record is written after each.
        """
        for run in self.record["runs"]:
            if {key: run[key] for key in wanted} == wanted:
                break
        else:
            run = make()
            self.record["runs"].append(run)
            write_record(self.out, self.record)
            print(*run.values(), sep=", ", flush=True)
        return inf if run["loss"] is None else run["loss"]
