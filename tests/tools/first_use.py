"""Finds words and constructs that a chapter uses before it explains them.

    python tests/tools/first_use.py             # of all chapters
    python tests/tools/first_use.py 3 4         # of these

A term of the glossary is explained where it stands in bold; what PyTorch or
Python brings is explained where the prose (or a comment) names it in code
font. Chapters are read in order, each from the top, side paths left out.
"""

import ast
import builtins
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from book_tools import extension

from tutorgpt.learn.paths import Cell, is_folded, kinds, source

ROOT = Path(__file__).resolve().parents[2]
TIPS = extension("glossary_tips")
BOLD = re.compile(r"(?<!\*)\*\*(?!\*)(.+?)(?<!\*)\*\*(?!\*)", re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
COMMENT = re.compile(r"#\s*(.+)$", re.MULTILINE)
NO_PROSE = re.compile(
    r"```.*?```|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`|<[^>\n]*>|^#+ [^\n]*|"
    r"^\|[^\n]*|\[[^\]]*\]\([^)]*\)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Place:
    """A cell of a chapter."""

    chapter: int
    cell: int
    kind: str
    text: str
    is_prose: bool
    is_folded: bool

    def __str__(self) -> str:
        return f"{self.chapter:02}-{self.cell:03}"


@cache
def places() -> tuple[Place, ...]:
    """All cells of all chapters, in the order in which they are read."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells: list[Cell] = json.loads(path.read_text("utf-8"))["cells"]
        for number, (cell, kind) in enumerate(
            zip(cells, kinds(cells), strict=True)
        ):
            found.append(
                Place(
                    int(path.stem[:2]),
                    number,
                    kind,
                    source(cell),
                    cell["cell_type"] == "markdown",
                    is_folded(cell),
                )
            )
    return tuple(found)


def finder(name: str) -> re.Pattern[str]:
    """A term in any of its forms: singular, plural, at a sentence's start."""
    word = re.escape(name).replace(r"\ ", r"[\s-]+")
    if name.endswith("y"):
        word = f"{word[:-1]}(?:y|ies)"
    first = f"[{name[0].upper()}{name[0]}]" if name[0].islower() else name[0]
    return re.compile(rf"(?<![\w-]){first}{word[1:]}(?:s|es)?(?![\w-])")


def early_terms(everyday: set[str]) -> Iterator[tuple[str, Place, str]]:
    """Terms that occur before they stand in bold: (term, place, what).

    everyday: terms that are also words of everyday life; of these only the
        bold place is asked for, anywhere.
    """
    prose = [p for p in places() if p.is_prose and p.kind != "side"]
    for term in sorted(TIPS.terms(), key=lambda term: term.name):
        seek = finder(term.name)
        bold = next(
            (
                (p, at)
                for p in prose
                for at in [bold_at(p.text, seek)]
                if at is not None
            ),
            None,
        )
        first = next(
            (
                (p, found.start())
                for p in prose
                for found in [seek.search(blanked(p.text))]
                if found
            ),
            None,
        )
        if bold is None:
            if first is not None:
                yield term.name, first[0], "is never in bold"
            else:
                yield term.name, prose[0], "never occurs"
        elif term.name not in everyday and first is not None:
            before = (first[0].chapter, first[0].cell, first[1])
            if before < (bold[0].chapter, bold[0].cell, bold[1]):
                yield term.name, first[0], f"is in bold only in {bold[0]}"


def bold_at(text: str, seek: re.Pattern[str]) -> int | None:
    """Where a text has a term in bold."""
    for found in BOLD.finditer(text):
        if seek.search(found[1]):
            return found.start()
    return None


def blanked(text: str) -> str:
    """A text with blanks where something else than running prose stands."""
    return NO_PROSE.sub(lambda found: " " * len(found[0]), text)


PLAIN_PYTHON = frozenset(dir(builtins)).union(
    dir(str), dir(list), dir(dict), dir(set), ["show", "log", "exp", "sqrt"]
)
"""What Python itself brings, and plt.show."""


def constructs(text: str) -> Iterator[str]:
    """What of torch a cell's code uses: functions, methods, keywords.

    A name of torch, nn or F counts by its last part, a method by its name;
    names that the chapter or the package defines are told by their prose.
    """
    tree = ast.parse(
        "\n".join(
            line for line in text.splitlines() if not line.startswith("%")
        )
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            root = node
            while isinstance(root, ast.Attribute):
                root = root.value
            whole = ast.unparse(node)
            if isinstance(root, ast.Name) and root.id in ("torch", "nn", "F"):
                yield whole.rsplit(".", 1)[-1]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if ast.unparse(node.func.value) != "math":
                yield node.func.attr
            yield from (k.arg for k in node.keywords if k.arg in KEYWORDS)
        if isinstance(node, ast.Lambda) and node.args.defaults:
            yield "lambda"
        if isinstance(node, ast.Name) and node.id in UNUSUAL:
            yield node.id
        if isinstance(node, ast.Yield):
            yield "yield"


UNUSUAL = frozenset({"getattr", "setattr", "vars", "partial"})
"""Functions of Python that a reader may never have met."""
KEYWORDS = frozenset({"dim", "keepdim", "unbiased", "correction", "minlength"})


EXTRA = KEYWORDS | UNUSUAL | {"lambda", "yield"}


@cache
def torchs_names() -> frozenset[str]:
    """Every name that a tensor, torch, nn, F or a module has."""
    import torch
    from torch import nn
    from torch.nn import functional

    names: set[str] = set()
    for thing in (
        torch,
        torch.Tensor,
        torch.Generator,
        torch.optim.Optimizer,
        nn,
        nn.Module,
        functional,
        torch.func,
        torch.linalg,
    ):
        names |= set(dir(thing))
    return frozenset(names)


def early_constructs() -> Iterator[tuple[str, Place]]:
    """What a visible cell of a path uses before any text has named it."""
    known: set[str] = set(PLAIN_PYTHON - UNUSUAL)
    reported: set[str] = set()
    for place in places():
        if place.kind in ("side", "exercises"):
            continue
        if place.is_prose:
            known |= named("\n".join(CODE.findall(place.text)))
            continue
        known |= named("\n".join(COMMENT.findall(place.text)))
        if place.is_folded or place.kind != "path":
            continue
        for name in dict.fromkeys(constructs(place.text)):
            is_ours = name not in torchs_names() | EXTRA
            if name in known or name in reported or is_ours:
                continue
            reported.add(name)
            yield name, place


def named(text: str) -> set[str]:
    """The names in a piece of code or of a comment."""
    return set(re.findall(r"[A-Za-z_]\w*", text))


def main() -> None:
    """List both kinds, for all chapters or for the named ones."""
    wanted = {int(word) for word in sys.argv[1:]}
    for term, place, says in early_terms(set(TIPS.EVERYDAY)):
        if not wanted or place.chapter in wanted:
            print(f"{place}  term       {term}: {says}")
    for name, place in early_constructs():
        if not wanted or place.chapter in wanted:
            print(f"{place}  construct  {name}")


if __name__ == "__main__":
    main()
