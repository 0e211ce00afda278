"""The chapters: executed, stamped, readable, and able to fail.

That every stored output is what the code prints is strict nbval's work
(pytest --nbval notebooks); here stands what nbval cannot see.
"""

import json
import re
import statistics
import subprocess
import sys
from itertools import groupby, pairwise
from pathlib import Path

import nbformat
import pytest

from tutorgpt.learn.paths import is_folded, kinds
from tutorgpt.view.svg import MARK

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "chapters"))

import fresh  # noqa: E402
import stamp  # noqa: E402

BIGRAM = ROOT / "notebooks" / "01_bigram.ipynb"
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CELL_LINES, CLASS_LINES, MEDIAN_LINES, PRINTED_LINES = 25, 40, 7, 12
IMPORTS = re.compile(
    r"^(from \S+ import (\([^)]*\)|.*)|import .*)\n", re.MULTILINE
)
FILLERS = re.compile(r"\b(simply|just|obviously|of course)\b", re.IGNORECASE)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(
        cell.source for cell in notebook.cells if cell.cell_type == "markdown"
    )


def stored_text(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_the_chapters_stand_in_order():
    """Chapter 0, the ladder, then the rest; each has its module's stem."""
    stems = [path.stem for path in CHAPTERS]
    numbers = [int(stem[:2]) for stem in stems]

    assert numbers[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len(numbers) == len(set(numbers))
    for stem in stems:
        module = ROOT / "tutorgpt" / stem[3:]
        assert module.with_suffix(".py").is_file() or module.is_dir()


def test_every_cell_was_run_in_order(notebook):
    """Strict nbval compares nothing in a cell that was never run."""
    counts = [cell.execution_count for cell in code(notebook)]

    assert counts == list(range(1, len(counts) + 1))


def test_classes_are_the_modules_own_text(path):
    """A cell that introduces a definition holds the module's text."""
    assert stamp.stale_cells(path) == []


def test_every_chapter_stamps_its_model(notebook):
    """No chapter retypes its model by hand."""
    defined = {
        name
        for cell in code(notebook)
        for name in re.findall(r"^class (\w+)", cell.source, re.MULTILINE)
        if name in RUNG_NAMES
    }
    stamped = {
        address.partition(":")[2]
        for cell in code(notebook)
        if (address := stamp.source_of(cell))
    }

    assert stamped
    assert defined <= stamped


RUNG_NAMES = {
    "BigramModel",
    "Head",
    "SingleHeadModel",
    "MultiHead",
    "MultiHeadModel",
    "FeedForward",
    "FeedForwardModel",
    "Block",
    "ResidualNormModel",
    "FusedMultiHead",
    "GPTBlock",
    "GPT",
}


def test_later_cells_use_the_notebooks_own_class(notebook):
    """What a chapter stamps it does not import, so that an edit counts.

    Side paths may show what the path has imported: nothing uses it there.
    """
    stamped = {
        address.partition(":")[2]
        for cell, kind in zip(
            notebook.cells, kinds(notebook.cells), strict=True
        )
        if kind != "side" and (address := stamp.source_of(cell))
    }
    imported = {
        name.strip()
        for cell in code(notebook)
        for names in re.findall(
            r"from tutorgpt\S* import (?:\(([^)]*)\)|(.*))", cell.source
        )
        for name in "".join(names).split(",")
    }

    assert not stamped & imported


def test_cells_are_short(notebook):
    """One idea a cell: capped, and short at the median."""
    lengths = []
    for cell in code(notebook):
        lines = len(IMPORTS.sub("", cell.source).splitlines())
        lengths.append(lines)
        cap = CLASS_LINES if stamp.source_of(cell) else CELL_LINES
        assert lines <= cap, cell.source
        assert max(map(len, cell.source.splitlines()), default=0) < 80

    assert statistics.median(lengths) <= MEDIAN_LINES


def test_prose_and_code_alternate(notebook):
    """At most two code cells in a row, and prose for each of them.

    What is folded stands between them, with the output that it shows.
    """
    kinds_of_cells = [
        "folded" if is_folded(cell) else cell.cell_type
        for cell in notebook.cells
    ]
    runs = [
        len(list(group))
        for kind, group in groupby(kinds_of_cells)
        if kind == "code"
    ]
    words = len(prose(notebook).split()) / len(code(notebook))

    assert max(runs) <= 2
    assert 40 <= words <= 140


def test_one_title_and_no_skipped_heading(notebook):
    """One title, then sections, then their parts."""
    text = re.sub(r"```.*?```", "", prose(notebook), flags=re.DOTALL)
    levels = [len(h) for h in re.findall(r"^(#+) ", text, re.MULTILINE)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_chapter_has_its_parts(notebook):
    """Where we stand, a prediction, what is broken, exercises, a summary."""
    text = prose(notebook)

    for part in (
        "Where we stand",
        "**Predict.**",
        "is still broken",
        "## Exercises",
        "<summary>Solution</summary>",
        "## Summary",
    ):
        assert part in text, part
    summary = text.rpartition("## Summary")[2].partition("\n## ")[0]
    assert len(re.findall(r"^- ", summary, re.MULTILINE)) == 3


def test_prose_has_no_fillers(notebook):
    """A word that tells the reader it is easy helps nobody."""
    assert FILLERS.findall(prose(notebook)) == []


def test_stored_outputs_are_clean(notebook):
    """No warnings, paths, addresses, timings or walls of text."""
    for cell in code(notebook):
        text = stored_text(cell)
        assert all(
            output.output_type != "error" and output.get("name") != "stderr"
            for output in cell.outputs
        )
        assert len(text.splitlines()) <= PRINTED_LINES, text
        assert not re.search(r"0x[0-9a-f]{6,}|/home/|/Users/|/tmp/", text)
        kept = {*fresh.KEPT_IN_CELLS, "jupyter"}  # what is folded
        assert set(cell.metadata) <= kept


def test_every_figure_has_alt_text(notebook):
    """A reader who cannot see the figure reads what it shows."""
    for cell in code(notebook):
        shown = [o.get("data", {}) for o in cell.outputs]
        assert not any("image/png" in data for data in shown)
        if any(MARK in data.get("image/svg+xml", "") for data in shown):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
            assert alt, cell.source
            assert len(alt.split()) >= 8


def test_local_links_lead_somewhere(path, notebook):
    """Every file a chapter links to exists."""
    for target in re.findall(r"\]\(([^)#\s]+)", prose(notebook)):
        if not target.startswith(("http://", "https://")):
            assert (path.parent / target).exists(), target


def test_trained_numbers_are_asserted(notebook):
    """A number that nbval does not compare stands beside an assert."""
    for cell in code(notebook):
        if "≈" in stored_text(cell):
            assert "assert" in cell.source, cell.source


def opening(path, tmp_path, cells=8):
    """A copy of a chapter's first cells, cheap enough to run again."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = notebook.cells[:cells]
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    return copy


def run_nbval(path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    return subprocess.run(
        [*command, "--nbval", str(path)], capture_output=True, text=True
    )


def test_nbval_passes_what_is_stored(tmp_path):
    """The opening of chapter 1 prints what is stored."""
    result = run_nbval(opening(BIGRAM, tmp_path))

    assert result.returncode == 0, result.stdout


def test_nbval_fails_on_an_altered_output(tmp_path):
    """One changed digit in a stored output turns the suite red."""
    copy = opening(BIGRAM, tmp_path)
    text = copy.read_text(encoding="utf-8")
    assert text.count("V = 69\\n") == 1
    copy.write_text(text.replace("V = 69\\n", "V = 68\\n"), encoding="utf-8")

    result = run_nbval(copy)

    assert result.returncode == 1, result.stdout
    assert "1 failed" in result.stdout


def test_the_check_sees_an_edited_class(tmp_path):
    """A class edited in the notebook alone is reported."""
    copy = tmp_path / BIGRAM.name
    text = BIGRAM.read_text(encoding="utf-8")
    copy.write_text(text.replace("nn.Linear(C, V)", "nn.Linear(V, C)"))

    assert [a for _, a in stamp.stale_cells(copy)] == [
        "tutorgpt.bigram:BigramModel"
    ]


def test_fresh_notebooks_are_identical(tmp_path):
    """Running a notebook twice stores the same bytes."""
    copy = opening(BIGRAM, tmp_path)

    fresh.run(copy)
    first = copy.read_bytes()
    fresh.run(copy)

    assert copy.read_bytes() == first
    assert json.loads(first)["cells"][2]["execution_count"] == 1
