"""Writes what each chapter says of its path: its minutes, and what is folded.

The line of a chapter's head that begins with "How long it takes" is computed
from the words, the code, the exercises and the measured run; side paths and
code of little interest are collapsed in JupyterLab.

    python scripts/chapters/paths.py  # write them
    python scripts/chapters/paths.py --check  # say which chapters differ
    python scripts/chapters/paths.py --table  # the lengths of all chapters
    python scripts/chapters/paths.py --run  # run them without side paths
"""

import argparse
import copy
import json
import re
import sys
from pathlib import Path

import nbformat
from fresh import TIMES, execute, store
from nbformat import NotebookNode

from tutorgpt.learn.paths import Minutes, fold, kinds, length_of, minutes

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^\*\*How long it takes:\*\*.*$", re.MULTILINE)
STEP = 5
"""Minutes are told in multiples of this."""


def refresh(path: Path, *, write: bool = True) -> bool:
    """Whether a chapter told other minutes, or was folded otherwise."""
    notebook = nbformat.read(path, as_version=4)
    before = copy.deepcopy(notebook)
    told = f"**How long it takes:** {how_long(path, notebook)}"
    for cell in notebook.cells:
        if cell.metadata.get("tutorgpt", {}).get("head"):
            cell.source = LINE.sub(told, cell.source)
        fold(cell)
    stale = notebook != before
    if stale and write:
        store(notebook, path)
    return stale


def how_long(path: Path, notebook: NotebookNode) -> str:
    """The minutes of a chapter's path and of the rest, in a sentence."""
    takes = measured(path, notebook)
    told = f"about {rounded(takes.path)} minutes with the core exercises"
    if takes.side:
        told += f"; the side paths take {rounded(takes.side)} more"
    if takes.more:
        told += f"; the other exercises {rounded(takes.more)}"
    return f"{told}."


def measured(path: Path, notebook: NotebookNode) -> Minutes:
    """A chapter's minutes, with the seconds that its last run took."""
    seconds = json.loads(TIMES.read_text(encoding="utf-8"))
    return minutes(
        int(path.stem[:2]), notebook.cells, seconds.get(path.stem, 0.0)
    )


def rounded(number: int) -> int:
    """The nearest multiple of a step, and never none."""
    return max(STEP, STEP * round(number / STEP))


def table(path: Path) -> str:
    """Words and minutes of one chapter in a line."""
    notebook = nbformat.read(path, as_version=4)
    path_length = length_of(notebook.cells, "path")
    side_length = length_of(notebook.cells, "side")
    takes = measured(path, notebook)
    return (
        f"{path.stem:20}{path_length.words:6} words {path_length.lines:4} "
        f"lines {takes.path:4} min | side {side_length.words:5} words "
        f"{side_length.lines:4} lines {takes.side:3} min | others "
        f"{takes.more:3} min"
    )


def run_path(path: Path) -> None:
    """Run a chapter without its side paths, and store nothing.

    Raises CellExecutionError if a cell fails, as when it misses a name.
    """
    notebook = nbformat.read(path, as_version=4)
    both = zip(notebook.cells, kinds(notebook.cells), strict=True)
    notebook.cells = [cell for cell, kind in both if kind != "side"]
    execute(notebook, path.parent)


def main() -> int:
    """Write, check or list the chapters; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--run", action="store_true")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    paths = options.notebooks or sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
    if options.table:
        print(*map(table, paths), sep="\n")
        return 0
    if options.run:
        for path in paths:
            run_path(path)
            print(f"{path.name}: runs without its side paths", flush=True)
        return 0
    stale = [
        path.name for path in paths if refresh(path, write=not options.check)
    ]
    for name in stale:
        print(f"{name}: minutes and folding", "differ" * options.check)
    return int(bool(stale) and options.check)


if __name__ == "__main__":
    sys.exit(main())
