"""Runs the chapters from a fresh kernel and stores what they print.

    python scripts/chapters/fresh.py  # all chapters
    python scripts/chapters/fresh.py notebooks/01_bigram.ipynb
    python scripts/chapters/fresh.py --times  # record how long each took

Two runs on one machine give identical files: no timing, fixed cell ids,
only the metadata that matters. Anything on stderr is an error.
"""

import argparse
import json
import os
import resource
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from stamp import stamp

from tutorgpt.learn.paths import fold

ROOT = Path(__file__).resolve().parents[2]
TIMES = ROOT / "results" / "chapter_minutes.json"
WIDGET = "application/vnd.jupyter.widget-view+json"
KEPT_IN_CELLS = ("tags", "tutorgpt", "mystnb")


def run(path: Path) -> float:
    """Stamp, execute and normalise one notebook.

    Returns the processor seconds its kernel took: on one thread, what a
    reader waits for on a machine with nothing else to do.
    """
    stamp(path)
    notebook = nbformat.read(path, as_version=4)
    start = kernels_seconds()
    execute(notebook, path.parent)
    seconds = kernels_seconds() - start
    normalise(notebook, path.stem)
    refuse_noise(notebook, path)
    store(notebook, path)
    return seconds


def execute(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run all cells in a kernel that starts in a folder."""
    NotebookClient(
        notebook,
        timeout=600,  # seconds a cell: it hangs, or the computer is slow
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()


def store(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a normalised notebook, the same bytes each time."""
    nbformat.validate(notebook)
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def kernels_seconds() -> float:
    """Processor time of all kernels that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def normalise(notebook: nbformat.NotebookNode, stem: str) -> None:
    """Leave nothing in a notebook that differs from run to run."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{stem[:2]}-{number:03}"
        cell.metadata = nbformat.from_dict(
            {k: v for k, v in cell.metadata.items() if k in KEPT_IN_CELLS}
        )
        fold(cell)
        if cell.cell_type == "code":
            for output in cell.outputs:
                output.get("metadata", {}).clear()
                # A widget lives as long as its kernel; the page is kept.
                output.get("data", {}).pop(WIDGET, None)


def refuse_noise(notebook: nbformat.NotebookNode, path: Path) -> None:
    """A warning or progress bar in stored output is an error."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                sys.exit(f"{path.name}: cell {number} wrote: {output.text}")


def main() -> None:
    """Run the named notebooks, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", action="store_true")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    os.environ["TUTORGPT_PROGRESS"] = "0"
    seconds = {}
    for path in options.notebooks or sorted(ROOT.glob("notebooks/*.ipynb")):
        seconds[path.stem] = round(run(path.resolve()), 1)
        print(f"{path.name}: {seconds[path.stem]} s", flush=True)
    if options.times:
        known = json.loads(TIMES.read_text()) if TIMES.exists() else {}
        text = json.dumps(known | seconds, indent=1, sort_keys=True)
        TIMES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
