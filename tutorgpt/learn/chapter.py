"""What a chapter is about, read from its notebook: goal, terms, cells."""

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
    sections: its headings before the exercises, each with its cells in
    short (see step). classes: the heads of those that it builds, each with
    the first sentence of its docstring. summary: what it comes to, a
    sentence or two each.
    """

    number: int
    title: str
    goal: str
    terms: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
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
        sections=tuple(sections(cells)),
        classes=tuple(outline(ast.parse(built).body)),
        summary=tuple(
            line.removeprefix("- ")
            for text in texts
            if text.startswith("## Summary")
            for line in text.splitlines()
            if line.startswith("- ")
        ),
    )


def sections(cells: list[dict]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each heading before the exercises, with its cells in short.

    What comes before the first heading stands under "Beginning".
    """
    heading: str = "Beginning"
    done: list[str] = []
    for cell in cells:
        if not is_prose(cell):
            done.append(step(source(cell)))
            continue
        text = plain(cell)
        if text.startswith(_ENDS):
            break
        for line in text.splitlines():
            if line.startswith("## "):
                yield heading, tuple(done)
                heading, done = line.removeprefix("## "), []
    yield heading, tuple(done)


def step(code: str) -> str:
    """What a cell does in a few words: what it defines, sets or calls.

    Of a line stands there what it sets and which function it calls, and
    nothing of what the function is given. Only where a cell has nothing of
    that, its loops and what it computes are told, or that it prints.
    """
    said: list[str] = []
    instead: list[str] = []
    for node in ast.parse(code).body:
        if isinstance(node, ast.ClassDef):
            said.append(f"class {node.name}")
        elif isinstance(node, ast.FunctionDef):
            said.append(f"def {node.name}")
        elif isinstance(node, ast.For):
            instead.append(f"for {ast.unparse(node.target)} in …")
        elif isinstance(node, ast.Assign | ast.Expr):
            call, name = called(node.value), ""
            if isinstance(node, ast.Assign):
                name = f"{ast.unparse(node.targets[0])} = "
                instead.append(f"{name}…")
            said += [name + call] * bool(call)
    told = said or instead or ["print(…)"]
    return ", ".join(dict.fromkeys(told[:MOST_SAID]))


MOST_SAID = 2
"""Of a cell, the things that are told."""
_UNSAID = {
    "print",
    "plt.show",
    "torch.manual_seed",
    "torch.set_num_threads",
}
"""Calls that say nothing of what a cell is about."""


def called(value: ast.expr) -> str:
    """The function that a line calls, as f(…); empty if it calls none."""
    if not isinstance(value, ast.Call):
        return ""
    by = value.func
    name = getattr(by, "id", "") or getattr(by, "attr", "")
    return "" if ast.unparse(by) in _UNSAID else f"{name}(…)"


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
