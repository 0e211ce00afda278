"""Gives each chapter a first cell that installs the package on Colab.

Without an address of the repository there is no button that opens a chapter
there, and no such cell. The extra [lab] stays out, since its Jupyter would
replace Colab's; so does any other torch than the one that is there.

    python scripts/chapters/colab.py  # write or remove the cells
    python scripts/chapters/colab.py --check  # say which chapters differ
"""

import argparse
import sys
from pathlib import Path

import nbformat
from fresh import store
from nbformat import NotebookNode

from tutorgpt.ground.published import REPOSITORY, requirement

ROOT = Path(__file__).resolve().parents[2]
ID = "colab"
CELL = """\
# On Colab this installs the package; elsewhere it does nothing.
import sys

if "google.colab" in sys.modules:
    from pathlib import Path

    import torch

    Path("torch.txt").write_text(f"torch=={{torch.__version__}}\\n")
    %pip install --quiet --constraint torch.txt "{package}"\
"""


def first_cell(package: str) -> NotebookNode:
    """The cell that installs a package, as pip reads its name."""
    cell = nbformat.v4.new_code_cell(
        CELL.format(package=package),
        id=ID,
        execution_count=1,
        metadata={"tags": ["remove-cell"]},
    )
    return cell


def with_first_cell(
    notebook: NotebookNode, package: str | None
) -> list[NotebookNode]:
    """The chapter's cells after the one for this package, or after none."""
    others = [cell for cell in notebook.cells if cell.id != ID]
    return ([first_cell(package)] if package else []) + others


def refresh(path: Path, package: str | None, *, write: bool = True) -> bool:
    """Whether a chapter did not begin as it should."""
    notebook = nbformat.read(path, as_version=4)
    cells = with_first_cell(notebook, package)
    stale = cells != notebook.cells
    if stale and write:
        notebook.cells = cells
        store(notebook, path)
    return stale


def main() -> int:
    """Write or check the chapters; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    package = requirement("quiz") if REPOSITORY else None
    stale = [
        path.name
        for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
        if refresh(path, package, write=not options.check)
    ]
    for name in stale:
        print(f"{name}: the cell for Colab", "differs" * options.check)
    return int(bool(stale) and options.check)


if __name__ == "__main__":
    sys.exit(main())
