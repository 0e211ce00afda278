"""Writes the exercises of tutorgpt.learn into their chapters.

Cells whose metadata says {"tutorgpt": {"exercise": ...}} belong to this
script: the task, the starter with its check, and the hints and the solution
one inside the other. Edit tutorgpt/learn/exercises, then run

    python scripts/chapters/exercises.py  # write the cells
    python scripts/chapters/exercises.py --check  # say which chapters differ

and run the chapters again with scripts/chapters/fresh.py.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from fresh import normalise, store
from nbformat.v4 import new_code_cell, new_markdown_cell

from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.check.suspects import suspects
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.view.records import read_record

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    "write": "write it",
    "predict": "predict, then run",
    "bug": "find the bug",
    "explain": "explain in numbers",
    "extend": "extend it",
}
MAPS = {
    "2.4": (
        "Below them, the broken model's attention map over 'the thing he': "
        "each row gives nearly all its weight, in equal parts, to the places "
        "where its own character stands, such as 0.48 to the last e and 0.48 "
        "to the e nine places before."
    ),
    "2.6": (
        "Below them, the broken model's attention map over 'the thing he': "
        "every row but the last gives 0.94 or more to the place after its "
        "own, above the diagonal; beyond that the map is empty."
    ),
    "3.5": (
        "Below them, one attention map of the broken model over 'the thing "
        "he': most rows spread their weight, and from the fourth on none "
        "gives more than 0.57 to one place; the future is empty."
    ),
    "5.4": (
        "Below them, one attention map of the broken model's last layer "
        "over 'the thing he': each row shares its weight evenly among some "
        "of the places up to its own and gives nothing to the others, such "
        "as six times 0.17 in the sixth row; the future is empty."
    ),
}
"""What the map of a bug hunt shows, where it has one."""
INTRO = """\
## Exercises

Write in a cell and run it: `check` says which checks your answer passes, or
which mistake it looks like.
Hints and the solution stand below each cell.
Exercises that say "core" belong to the path of the chapter.
[The first page](../book/intro.md#the-exercises) says more, and where to see
what you have passed."""
BUGS = """

In a bug hunt you give two answers, the repaired code and the bug's name.
The suspects are {suspects}."""


def cells(chapter: int) -> list[nbformat.NotebookNode]:
    """All cells of a chapter's exercises."""
    mine = [e for e in EXERCISES.values() if e.chapter == chapter]
    hunts = any(exercise.suspect for exercise in mine)
    made = [
        markdown("intro", intro(chapter, hunts)),
        code("intro", setup(hunts)),
    ]
    for exercise in mine:
        made.append(markdown(exercise.number, task(exercise)))
        if exercise.suspect:
            made.append(code(exercise.number, look(exercise)))
            made[-1].metadata["mystnb"] = {"image": {"alt": alt(exercise)}}
        made.append(code(exercise.number, starter(exercise)))
        made.append(markdown(exercise.number, help_in_steps(exercise)))
    return made


def markdown(number: str, text: str) -> nbformat.NotebookNode:
    return new_markdown_cell(text, metadata={"tutorgpt": {"exercise": number}})


def code(number: str, text: str) -> nbformat.NotebookNode:
    return new_code_cell(text, metadata={"tutorgpt": {"exercise": number}})


def intro(chapter: int, hunts: bool) -> str:
    """What is said before the exercises of a chapter."""
    names = ", ".join(f'`"{name}"`' for name in suspects(chapter))
    return INTRO + (BUGS.format(suspects=names) if hunts else "")


def setup(hunts: bool) -> str:
    """What the cells below it call."""
    lines = ["from tutorgpt.learn import check"]
    if hunts:
        lines.append("from tutorgpt.learn.symptoms import symptoms")
    return "\n".join(lines)


def task(exercise: Exercise) -> str:
    """Number, title, what it takes, and what is asked for."""
    facts = ", ".join(
        [
            KINDS[exercise.kind],
            exercise.difficulty,
            "core"
            if exercise.is_core
            else f"importance {exercise.importance} of 5",
            f"about {exercise.minutes} minutes",
        ]
    )
    title = f"**{exercise.number} {exercise.title}** ({facts})"
    return f"{title}\n\n{exercise.task}"


def look(exercise: Exercise) -> str:
    """The cell that shows a broken model."""
    return f'symptoms("{exercise.number}")\nplt.show()'


def alt(exercise: Exercise) -> str:
    """The figure of a bug hunt in words, for readers who do not see it.

    What is drawn and no more: the numbers printed above the figure, and what
    follows from them, are for the reader to find.
    """
    broken, mended = read_record("bugs")["hunts"][exercise.number].values()
    drawn = (
        f"{broken.get('measure', 'held-out loss').capitalize()} by "
        f"{broken.get('axis', 'step')} in "
        f"{broken.get('unit', 'nats')}, one "
        "run with each model: the broken "
        f"model's, a red line, {course(broken)}; its healthy twin's, blue "
        f"and dashed, {course(mended)}."
    )
    return f"{drawn} {MAPS.get(exercise.number, '')}".rstrip()


def course(run: dict) -> str:
    """A curve in words: its first point, one halfway, its last number."""
    known = [(n, loss) for n, loss in run["curve"] if loss is not None]
    losses = {loss for _, loss in known}
    if len(losses) == 1:
        return f"stays at {losses.pop():.3f} throughout"
    start, halfway, end = known[0], known[len(known) // 2], known[-1]
    text = "goes from {1:.3f} at {0}".format(*start)
    text += " over {1:.3f} at {0}".format(*halfway)
    text += " to {1:.3f} at {0}".format(*end)
    if len(known) < len(run["curve"]):
        text += ", where a cross says that what follows is not a number"
    return text


def starter(exercise: Exercise) -> str:
    """The cell to write in, with its check."""
    asked, text = exercise.target, exercise.starter
    if exercise.suspect:
        asked = f"suspect, {asked}"
        text = f"suspect = ...  # the bug's name\n\n\n{text}"
    if exercise.needs:
        # As ruff wants it: two empty lines before a definition.
        lines = 3 if text.startswith(("def ", "class ")) else 2
        text = exercise.needs + "\n" * lines + text
    gap = "\n" if exercise.cases is None else "\n\n\n"
    return f'{text}{gap}check("{exercise.number}", {asked})'


def help_in_steps(exercise: Exercise) -> str:
    """Three hints and the solution, each one click deeper."""
    solved = (
        f"```python\n{exercise.solution}\n```\n\n"
        f"{exercise.explanation}\n\n</details>"
    )
    text = f"<details>\n<summary>Solution</summary>\n\n{solved}"
    for n in range(len(exercise.hints), 0, -1):
        text = (
            f"<details>\n<summary>Hint {n}</summary>\n\n"
            f"{exercise.hints[n - 1]}\n\n{text}\n\n</details>"
        )
    return text


def number_of(cell: nbformat.NotebookNode) -> str | None:
    """The exercise that a cell belongs to, if it is one of ours."""
    return cell.metadata.get("tutorgpt", {}).get("exercise")


def is_stale(path: Path) -> bool:
    """Whether a notebook's exercises differ from the catalogue."""
    notebook = nbformat.read(path, as_version=4)
    found = [cell for cell in notebook.cells if number_of(cell)]
    wanted = cells(chapter_of(path))
    return list(map(shown, found)) != list(map(shown, wanted))


def shown(cell: nbformat.NotebookNode) -> tuple:
    """What a reader gets of a cell before it is run."""
    return cell.cell_type, cell.source.rstrip(), cell.metadata.get("mystnb")


def chapter_of(path: Path) -> int:
    """The chapter's number, from the name of its file."""
    return int(path.stem.split("_")[0])


def write(path: Path) -> bool:
    """Put a chapter's exercises where its old ones stand; if any changed.

    Cells that stay as they are keep what they have printed.
    """
    if not is_stale(path):
        return False
    notebook = nbformat.read(path, as_version=4)
    places = [n for n, cell in enumerate(notebook.cells) if number_of(cell)]
    if not places:
        raise ValueError(
            f"{path.name} has no place for its exercises: give one Markdown "
            'cell the metadata {"tutorgpt": {"exercise": "intro"}}'
        )
    rest = [cell for cell in notebook.cells if not number_of(cell)]
    run = {c.source: c for c in notebook.cells if number_of(c)}
    made = [
        nbformat.from_dict({**run.get(c.source, c), "metadata": c.metadata})
        for c in cells(chapter_of(path))
    ]
    notebook.cells = [*rest[: places[0]], *made, *rest[places[0] :]]
    normalise(notebook, path.stem)
    store(notebook, path)
    return True


def main() -> int:
    """Write or check the chapters; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    with_exercises = {e.chapter for e in EXERCISES.values()}
    paths = options.notebooks or [
        path
        for path in sorted(ROOT.glob("notebooks/*.ipynb"))
        if chapter_of(path) in with_exercises
    ]
    stale = 0
    for path in paths:
        if options.check and is_stale(path):
            stale += 1
            print(f"{path.name}: its exercises are not those of the package")
        elif not options.check and write(path):
            print(f"{path.name}: exercises written; run it again")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
