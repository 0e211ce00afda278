"""Records that say where they come from."""

import errno
import json
import platform
from pathlib import Path

import pytest
import torch

from tutorgpt.training.provenance import machine, versions, write_record


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


def test_a_full_disk_leaves_the_record_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, the old record, and nothing partial."""
    file = tmp_path / "record.json"
    write_record(file, {"run": 1})

    def half(self: Path, text: str, encoding: str) -> int:
        self.write_bytes(text.encode()[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", half)
        with pytest.raises(OSError, match=r"No space left .*free some space"):
            write_record(file, {"run": 2})

    assert json.loads(file.read_text()) == {"run": 1}
    assert list(tmp_path.iterdir()) == [file]
