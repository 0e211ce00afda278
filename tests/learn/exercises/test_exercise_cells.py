"""The chapters hold the exercises of the package, and no solution too soon."""

import ast
import re
import sys
from pathlib import Path

import nbformat
import pytest
from cell_names import used

from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.view.records import read_record

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "chapters"))

import exercises  # noqa: E402

BIGRAM = ROOT / "notebooks" / "01_bigram.ipynb"
CHAPTERS = [
    path
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if exercises.chapter_of(path) in {e.chapter for e in EXERCISES.values()}
]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_the_chapter_holds_the_packages_exercises(path):
    """python scripts/chapters/exercises.py --check."""
    assert not exercises.is_stale(path)


def test_the_check_sees_an_edited_cell(tmp_path):
    """A task changed in the notebook alone is reported, then put back."""
    copy = tmp_path / BIGRAM.name
    text = BIGRAM.read_text("utf-8")
    copy.write_text(
        text.replace("How many *bits*", "How much *bits*"), "utf-8"
    )

    assert exercises.is_stale(copy)
    assert exercises.write(copy)
    assert not exercises.is_stale(copy)


def test_the_check_sees_an_edited_description(tmp_path):
    """What a figure is said to show is part of its cell."""
    copy = tmp_path / BIGRAM.name
    text = BIGRAM.read_text("utf-8")
    copy.write_text(
        text.replace("Held-out loss by step", "Some loss"), "utf-8"
    )

    assert exercises.is_stale(copy)
    assert exercises.write(copy)
    assert not exercises.is_stale(copy)


HUNTS = {n: e for n, e in EXERCISES.items() if e.suspect}
RECORD = read_record("bugs")["hunts"]


@pytest.mark.parametrize("number", HUNTS)
def test_a_hunt_is_described_as_it_is_drawn(number):
    """Both curves by their numbers, a map where there is one, no answer."""
    text = exercises.alt(HUNTS[number])
    broken, mended = RECORD[number].values()

    for run in (broken, mended):
        ends = [loss for _, loss in run["curve"] if loss is not None]
        assert f"{ends[0]:.3f}" in text
        assert f"{ends[-1]:.3f}" in text
    assert ("map" in text) == ("map" in broken)
    assert ("not a number" in text) == (broken["curve"][-1][1] is None)
    assert HUNTS[number].suspect not in text
    assert HUNTS[number].symptom not in text


def test_a_flat_curve_is_called_flat():
    """And only a flat one."""
    assert exercises.course({"curve": [[0, 4.5], [50, 4.5]]}) == (
        "stays at 4.500 throughout"
    )
    assert exercises.course({"curve": [[0, 4], [50, 3], [100, 3.5]]}) == (
        "goes from 4.000 at 0 over 3.000 at 50 to 3.500 at 100"
    )


def test_no_exercise_takes_a_name_that_the_chapter_reads(path):
    """A cell above it that is run again would stop, or say something else."""
    taken = {
        exercise.target
        for exercise in EXERCISES.values()
        if exercise.chapter == exercises.chapter_of(path)
    }
    for cell in nbformat.read(path, 4).cells:
        is_exercise = "exercise" in cell.metadata.get("tutorgpt", {})
        if cell.cell_type == "code" and not is_exercise:
            assert taken & used(ast.parse(cell.source)) == set(), cell.source


def test_there_are_enough_exercises():
    """Four a chapter or more, 26 up to chapter 6, and every kind."""
    numbers = [e.chapter for e in EXERCISES.values()]
    kinds = {e.kind for e in EXERCISES.values()}

    assert all(numbers.count(chapter) >= 4 for chapter in range(13))
    assert len([n for n in numbers if n <= 6]) >= 26
    assert kinds == set(exercises.KINDS)


def test_every_starter_was_run_untouched(path):
    """The stored output of each check is that nothing was attempted."""
    notebook = nbformat.read(path, as_version=4)
    said = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code" and "check(" in cell.source
        for output in cell.outputs
        if exercises.number_of(cell) not in (None, "intro")
    ]

    assert len(said) == len(
        [
            e
            for e in EXERCISES.values()
            if e.chapter == exercises.chapter_of(path)
        ]
    )
    assert all(text.endswith(" not attempted yet\n") for text in said)


def test_the_solution_lies_below_three_hints(path):
    """Four nested drop-downs, the solution one click deeper than the last."""
    notebook = nbformat.read(path, as_version=4)
    helps = [
        cell.source
        for cell in notebook.cells
        if exercises.number_of(cell) and "<summary>" in cell.source
    ]

    assert helps
    for text in helps:
        tags = re.findall(r"</?details>|<summary>.*?</summary>", text)
        assert tags == [
            "<details>",
            "<summary>Hint 1</summary>",
            "<details>",
            "<summary>Hint 2</summary>",
            "<details>",
            "<summary>Hint 3</summary>",
            "<details>",
            "<summary>Solution</summary>",
            *["</details>"] * 4,
        ]


def test_a_solution_stands_in_its_drop_down_only(path):
    """No cell that the reader sees unasked has a solution's text."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if not exercises.number_of(cell) or "<details>" in cell.source:
            continue
        for exercise in EXERCISES.values():
            assert exercise.solution not in cell.source
