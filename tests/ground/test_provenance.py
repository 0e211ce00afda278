"""Records that say where they come from."""

import json
import os
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


def test_a_record_with_a_path_that_is_not_utf_8_is_read_as_it_was(
    tmp_path: Path,
) -> None:
    """Other records keep their letters."""
    path = os.fsdecode(b"/home/caf\xe9")
    write_record(tmp_path / "a.json", {"corpus": path})
    write_record(tmp_path / "b.json", {"corpus": "春"})
    read = (tmp_path / "a.json").read_text("utf-8")

    assert json.loads(read) == {"corpus": path}
    assert "春" in (tmp_path / "b.json").read_text("utf-8")
