"""Chapter 12 for a reader who cannot have the model's file."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "notebooks" / "12_pretrained.ipynb"


def said(cell: nbformat.NotebookNode) -> str:
    """What a cell printed."""
    return "".join(output.get("text", "") for output in cell.outputs)


def test_every_cell_runs_on_the_stand_in(tmp_path, monkeypatch):
    """Nothing is fetched, nothing fails, and the reason is said at once."""
    monkeypatch.setenv("TUTORGPT_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(CHAPTER, as_version=4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and "exercise" not in cell.metadata.get("tutorgpt", {})
    ]
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        coalesce_streams=True,
        resources={"metadata": {"path": str(CHAPTER.parent)}},
    ).execute()

    [first] = [cell for cell in notebook.cells if "model_file(" in cell.source]
    assert "could not be fetched" in said(first)
    assert "random model stands in" in said(first)
    written = [each.name for each in (tmp_path / "models").glob("*.gguf")]
    assert written == ["stand-in.gguf"]
    told = "".join(map(said, notebook.cells))
    assert "16,691,616 parameters" in told
    assert "Paris" not in told.replace("The capital of France", "")
