"""Copies each taught class and function from its module into its chapter.

A code cell whose metadata says {"tutorgpt": {"source": "module:name"}}
holds the exact text of that definition. Edit the module, then run

    python scripts/chapters/stamp.py  # write the cells
    python scripts/chapters/stamp.py --check    # only say which cells differ
"""

import argparse
import ast
import importlib.util
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]


def definition(address: str) -> str:
    """The text of one definition, from "tutorgpt.single_head:Head"."""
    module, _, name = address.partition(":")
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ValueError(f"{address!r}: there is no module {module!r}")
    text = Path(spec.origin).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        kinds = (ast.ClassDef, ast.FunctionDef)
        if isinstance(node, kinds) and node.name == name:
            first = min(
                [node.lineno, *(d.lineno for d in node.decorator_list)]
            )
            lines = text.splitlines()[first - 1 : node.end_lineno]
            return "\n".join(lines)
    raise ValueError(f"{address!r}: {module!r} defines no {name!r}")


def stale_cells(path: Path) -> list[tuple[int, str]]:
    """Number and address of each cell that differs from its module."""
    notebook = nbformat.read(path, as_version=4)
    return [
        (number, address)
        for number, cell in enumerate(notebook.cells)
        if (address := source_of(cell)) and cell.source != definition(address)
    ]


def stamp(path: Path) -> int:
    """Write the modules' text into a notebook; how many cells changed."""
    stale = stale_cells(path)
    if stale:
        notebook = nbformat.read(path, as_version=4)
        for number, address in stale:
            notebook.cells[number].source = definition(address)
        nbformat.write(notebook, path)
    return len(stale)


def source_of(cell: nbformat.NotebookNode) -> str | None:
    """The address a cell's metadata names, if it names one."""
    return cell.metadata.get("tutorgpt", {}).get("source")


def main() -> int:
    """Stamp or check the notebooks; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    paths = options.notebooks or sorted(ROOT.glob("notebooks/*.ipynb"))
    stale = 0
    for path in paths:
        if options.check:
            for number, address in stale_cells(path):
                stale += 1
                print(f"{path.name}: cell {number} is not {address}")
        elif changed := stamp(path):
            print(f"{path.name}: {changed} cells stamped; run it again")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
