"""Records that say where they come from."""

import json
import platform
from pathlib import Path

import torch

from tutorgpt.ground.provenance import machine, versions, write_record


def test_a_record_names_processor_and_versions() -> None:
    """Enough to measure again, and not the machine's own name."""
    assert set(machine()) == {"processor", "cores"}
    assert machine()["processor"]
    assert platform.node() not in machine().values()
    assert versions()["python"] == platform.python_version()
    assert versions()["torch"] == torch.__version__


def test_a_record_is_written_as_readable_json(tmp_path: Path) -> None:
    """Characters beyond ASCII stay themselves."""
    write_record(tmp_path / "new" / "record.json", {"name": "词"})
    text = (tmp_path / "new" / "record.json").read_text("utf-8")

    assert json.loads(text) == {"name": "词"}
    assert "词" in text
