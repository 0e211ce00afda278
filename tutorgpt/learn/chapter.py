"""What a chapter is about, read from its notebook: goal, terms, classes."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tutorgpt.ground.shipped import shipped
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.quiz.bank import quiz_chapters

_TERM = re.compile(r"(?<!\*)\*\*([^*\n]+?)\.?\*\*(?!\*)")
_STRESSED = {"where"}
"""In bold for its weight, and no term."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ENDS = ("## Exercises", "## Quiz", "## Summary", "## Further reading")
"""Where a chapter has been told: what follows introduces no term."""


@dataclass(frozen=True)
class Chapter:
    """One chapter in short.

    goal: its first paragraph. terms: words that it introduces, in bold.
    sections: its headings. classes: the heads of those that it builds, each
    with the first sentence of its docstring. summary: what it comes to, a
    sentence or two each.
    """

    number: int
    title: str
    goal: str
    terms: tuple[str, ...]
    sections: tuple[str, ...]
    classes: tuple[str, ...]
    summary: tuple[str, ...]


def chapters() -> list[int]:
    """The chapters that have exercises or a quiz."""
    with_exercises = {exercise.chapter for exercise in EXERCISES.values()}
    return sorted(with_exercises | set(quiz_chapters()))


@cache
def read_chapter(number: int) -> Chapter:
    """A chapter of chapters(), in short.

    Raises FileNotFoundError where the chapters are not installed.
    """
    found = sorted(shipped("notebooks").glob(f"{number:02}_*.ipynb"))
    if not found:
        raise FileNotFoundError(
            f"chapter {number} is not here: install tutorgpt again, with "
            "its chapters"
        )
    cells = json.loads(found[0].read_text(encoding="utf-8"))["cells"]
    texts = [plain(cell) for cell in cells if is_prose(cell)]
    title, goal = texts[0].removeprefix("# ").split("\n\n")[:2]
    built = "\n".join(source(cell) for cell in cells if shows_code(cell))
    return Chapter(
        number=number,
        title=title,
        goal=" ".join(goal.split()),
        terms=tuple(dict.fromkeys(terms(texts))),
        sections=tuple(
            line.removeprefix("## ")
            for text in told(texts)
            for line in text.splitlines()
            if line.startswith("## ")
        ),
        classes=tuple(outline(ast.parse(built).body)),
        summary=tuple(
            line.removeprefix("- ")
            for text in texts
            if text.startswith("## Summary")
            for line in text.splitlines()
            if line.startswith("- ")
        ),
    )


def is_prose(cell: dict) -> bool:
    """Whether a cell is text."""
    return cell["cell_type"] == "markdown"


def shows_code(cell: dict) -> bool:
    """Whether a cell introduces a class or a function of the package."""
    return "source" in cell["metadata"].get("tutorgpt", {})


def source(cell: dict) -> str:
    """What stands in a cell."""
    return "".join(cell["source"])


def plain(cell: dict) -> str:
    """A cell's text with the words of its links alone."""
    return _LINK.sub(r"\1", source(cell))


def outline(body: list[ast.stmt]) -> Iterator[str]:
    """Each class and function by its head and its first sentence."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            made = next(
                (part for part in functions(node) if part.name == "__init__"),
                None,
            )
            head = f"class {node.name}({arguments(made, 1) if made else ''})"
            forward = [f for f in functions(node) if f.name == "forward"]
            for method in forward:
                head += f", forward({arguments(method, 1)}) -> {back(method)}"
        elif isinstance(node, ast.FunctionDef):
            head = f"def {node.name}({arguments(node)}) -> {back(node)}"
        else:
            continue
        says = (ast.get_docstring(node) or "").partition("\n\n")[0]
        yield f"`{head}`: {' '.join(says.split())}"


def functions(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """The methods of a class."""
    return [part for part in node.body if isinstance(part, ast.FunctionDef)]


def arguments(node: ast.FunctionDef, skipped: int = 0) -> str:
    """What a function takes, as its head says it, but for the first ones."""
    given = [ast.unparse(one) for one in node.args.args[skipped:]]
    named = [ast.unparse(one) for one in node.args.kwonlyargs]
    return ", ".join([*given, *(["*"] if named else []), *named])


def back(node: ast.FunctionDef) -> str:
    """What a function gives back, as its head says it."""
    return ast.unparse(node.returns) if node.returns else "None"


def told(texts: list[str]) -> Iterator[str]:
    """The texts before the exercises."""
    for text in texts:
        if text.startswith(_ENDS):
            return
        yield text


def terms(texts: list[str]) -> Iterator[str]:
    """Words in bold, but those that begin a box, and those for emphasis."""
    for text in told(texts):
        for found in _TERM.finditer(text):
            word = found[1].lower()
            is_term = found[1][:3].lower() == "the" or found[1][0].islower()
            if is_term and word not in _STRESSED and not word[-1].isdigit():
                yield word.removeprefix("the ")
