"""Each chapter has one path: short enough, and whole without side paths."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cell_names import bound, used

from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.paths import (
    Length,
    fold,
    headings,
    is_folded,
    kinds,
    length,
    length_of,
    minutes,
    side_paths,
    source,
)

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
SECONDS = json.loads((ROOT / "results/chapter_minutes.json").read_text())
MOST_WORDS, MOST_MINUTES = 3000, 60
SETTINGS = ("torch.set_num_threads", "torch.manual_seed", "plt.show")


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text(written):
    return {"cell_type": "markdown", "metadata": {}, "source": written}


def code(written, **metadata):
    return {"cell_type": "code", "metadata": metadata, "source": written}


def test_a_side_path_ends_where_a_heading_of_its_rank_begins():
    """Deeper and deeper belongs to it; the next section does not."""
    made = [
        text("# Title"),
        text("### Deeper: why"),
        code("x = 1"),
        text("#### More of it"),
        text("### Back"),
        text("## Deeper: all of it"),
        text("### A part of it"),
        text("## Exercises"),
        code("x", tutorgpt={"exercise": "1.1"}),
        text("## Quiz"),
        text("## Summary"),
        text("## Further reading"),
    ]

    assert kinds(made) == (
        ["path"] + ["side"] * 3 + ["path"] + ["side"] * 2 + ["path"]
    ) + ["exercises", "quiz", "path", "reading"]
    assert len(side_paths(made)) == 2


def test_a_heading_in_code_is_none():
    """A comment of an example begins no section."""
    assert headings("```python\n# no\n```\n\n## Yes") == headings("## Yes")


def test_words_are_counted_and_code_that_is_folded_is_not():
    """Prose without its code blocks, its tags and addresses."""
    prose = text(
        "<a id='x'></a>Two words, [a link](http://x.y).\n\n```\nno\n```"
    )

    assert length(prose) == Length(words=4)
    assert length(code("a = 1\n\nb = 2")) == Length(lines=2)
    assert length(code("import a", tags=["hide-input"])) == Length()
    assert Length(400, 30).minutes == pytest.approx(4)


def test_a_path_has_at_most_three_thousand_words(cells):
    """The rest is on side paths."""
    assert length_of(cells, "path").words <= MOST_WORDS


def test_a_path_takes_an_hour_with_its_core_exercises(path, cells):
    """Counted from its words, its code, its run and its core exercises."""
    number = int(path.stem[:2])
    takes = minutes(number, cells, SECONDS[path.stem])

    assert takes.path <= MOST_MINUTES
    assert any(e.is_core for e in EXERCISES.values() if e.chapter == number)


def test_a_heading_begins_its_cell(cells):
    """So that JupyterLab can collapse what is below it, and no more."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            lines = [
                line
                for line in source(cell).splitlines()
                if line and not line.startswith("<a id")
            ]
            found = headings(source(cell))
            assert len(found) <= 1, source(cell)
            if found:
                assert lines[0].lstrip("# ") == found[0].text, lines[0]


def test_a_head_says_what_one_gets_and_needs(cells):
    """One cell, before the first section."""
    heads = [
        n
        for n, cell in enumerate(cells)
        if cell["metadata"].get("tutorgpt", {}).get("head")
    ]
    first = next(
        n
        for n, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
        and any(found.level > 1 for found in headings(source(cell)))
    )

    assert len(heads) == 1
    assert heads[0] < first
    for begin in (
        "**After this chapter you can**",
        "**You need**",
        "**How long it takes:** about ",
    ):
        assert begin in source(cells[heads[0]])


def test_imports_and_plots_are_folded(cells):
    """The reader sees the code of the idea."""
    for cell, kind in zip(cells, kinds(cells), strict=True):
        if cell["cell_type"] == "code" and kind in ("path", "side"):
            statements = ast.parse(source(cell)).body
            if all(is_import(s) or is_plot(s) for s in statements):
                assert is_folded(cell), source(cell)


def is_import(statement):
    """An import, or a setting of the machine."""
    return isinstance(statement, ast.Import | ast.ImportFrom) or ast.unparse(
        statement
    ).startswith(SETTINGS)


def is_plot(statement):
    """A call that draws, or shows what was drawn."""
    if not isinstance(statement, ast.Expr | ast.Assign):
        return False
    value = statement.value
    return isinstance(value, ast.Call) and ast.unparse(value.func).startswith(
        ("plot_", "plt.", "interactive")
    )


def test_what_is_folded_on_the_page_is_collapsed_in_jupyterlab(cells):
    """make chapters writes the one for the other."""
    for cell in cells:
        folded = json.loads(json.dumps(cell))
        fold(folded)
        assert folded["metadata"] == cell["metadata"]


def test_the_path_uses_nothing_of_a_side_path(path, cells):
    """No name that is defined, or was last set, on a side path."""
    last: dict[str, str] = {}
    for cell, kind in zip(cells, kinds(cells), strict=True):
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse(source(cell))
        if kind != "side":
            taken = {n for n in used(tree) if last.get(n) == "side"}
            assert not taken, source(cell)
        last |= dict.fromkeys(bound(tree), kind)
    number = int(path.stem[:2])
    for exercise in EXERCISES.values():
        if exercise.chapter == number:
            taken = {n for n in exercise.given if last.get(n) == "side"}
            assert not taken, exercise.number


def test_a_name_from_a_side_path_is_noticed():
    """Also one that a side path only set anew."""
    tree = ast.parse("a = b + c\nd = [e for e in f]\ndef g(h): return h + i")

    assert used(tree) == {"b", "c", "f", "i"}
    assert bound(tree) == {"a", "d", "g"}


@pytest.mark.slow
@pytest.mark.parametrize("stem", ["01_bigram", "02_single_head"])
def test_a_path_runs_without_its_side_paths(stem):
    """All chapters: scripts/chapters/paths.py --run."""
    run = subprocess.run(
        [
            sys.executable,
            ROOT / "scripts/chapters/paths.py",
            "--run",
            ROOT / f"notebooks/{stem}.ipynb",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_every_chapter_says_its_minutes():
    """The lines are those that the script would write now."""
    run = subprocess.run(
        [sys.executable, ROOT / "scripts/chapters/paths.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
