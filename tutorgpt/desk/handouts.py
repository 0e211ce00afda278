"""What a desk gets: chapters, the pages they link to, and a few files more."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tutorgpt.ground.shipped import shipped
from tutorgpt.learn.paths import Cell, first_heading, source

CHAPTER = re.compile(r"(\d\d)_\w+\.ipynb")
ASKS = re.compile(r"^(predict(?:ed)?)\(\s*\"([\w.]+)\"", re.MULTILINE)
"""A cell that asks for a prediction, or says what came out of it."""
BOX = "> **Predict.**"
PAGES = ("*.md", "diffs/*.md", "figures/*.svg")
"""Of the book's folder, what a chapter or another page may link to."""
OWN = ("README.md", "scratch.ipynb")
"""What lies in files/ and is handed out as it is."""


def chapters() -> list[str]:
    """The names of the chapters' files, in their order."""
    return [path.name for path in _chapter_files()]


def _chapter_files() -> list[Path]:
    found = sorted(shipped("notebooks").glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise FileNotFoundError(
            f"there are no chapters in {str(shipped('notebooks'))!r}: "
            "install tutorgpt again"
        )
    return found


def handouts() -> dict[str, bytes]:
    """Every file of a desk by its path there, and what is in it.

    Raises FileNotFoundError for a package whose chapters are gone.
    """
    # Torch comes with it, and opening a desk that is there does not wait.
    from tutorgpt.learn.tutor import RULES

    files = Path(__file__).with_name("files")
    chapters = {path.name: _untold(path) for path in _chapter_files()}
    own = {name: (files / name).read_bytes() for name in OWN}
    return chapters | own | {"AGENTS.md": RULES.encode()} | dict(_pages())


def _pages() -> Iterator[tuple[str, bytes]]:
    book = shipped("book")
    for pattern in PAGES:
        for path in sorted(book.glob(pattern)):
            name = path.relative_to(book).as_posix()
            yield (
                f"book/{name}",
                _relinked(path, "../" * (name.count("/") + 1)),
            )


def _untold(path: Path) -> bytes:
    """A chapter in which no prediction's outcome is told yet.

    What came out stands in outputs that would be read before the learner
    has predicted anything.
    """
    notebook = json.loads(_relinked(path, ""))
    for cell in telling(notebook["cells"]):
        cell["outputs"], cell["execution_count"] = [], None
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


def telling(cells: list[Cell]) -> list[Cell]:
    """The code cells whose outputs answer a prediction.

    They are those that the pages cover: what stands below it up to the next
    heading, or, where it is told under another heading, all that stands there.
    """
    parts: list[list[Cell]] = []
    for cell in cells:
        if first_heading(cell) or not parts:
            parts.append([])
        parts[-1].append(cell)
    found: list[Cell] = []
    for part in parts:
        texts = list(map(source, part))
        roles: dict[str, set[str]] = {"predict": set(), "predicted": set()}
        for role, id in ASKS.findall("\n".join(texts)):
            roles[role].add(id)
        start = 0
        if roles["predicted"] <= roles["predict"]:
            begins = (n for n, text in enumerate(texts) if BOX in text)
            start = next(begins, len(part))
        found += part[start:]
    return [
        cell
        for cell in found
        if cell["cell_type"] == "code"
        and not source(cell).startswith("predict(")
    ]


def _relinked(path: Path, to_chapters: str) -> bytes:
    """A file whose links lead where a desk has its chapters and pages."""
    content = path.read_bytes().replace(b"](../book/", b"](book/")
    if to_chapters:
        new = f"]({to_chapters}".encode()
        content = re.sub(rb"\]\((?:\.\./)?notebooks/", new, content)
    return content


def fingerprint(name: str, content: bytes) -> str | None:
    """A sum that changes when what is written in a file does.

    Of a notebook it is the kinds and sources of its cells; outputs,
    metadata and empty cells do not count. None: it cannot be read as one.
    """
    if not name.endswith(".ipynb"):
        return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
    try:
        cells = [
            (cell["cell_type"], "".join(cell["source"]))
            for cell in json.loads(content)["cells"]
        ]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    written = [cell for cell in cells if cell[1].strip()]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()
