"""What a chapter's own cells say when something does not hold.

An assert of a chapter is read by a learner who has changed a line: it says
in words what should be so. A prediction is told after the run, in whatever
order and however often the cells are run.
"""

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HARMLESS = {"format", "len", "max", "min", "range", "round", "sum"}
"""What a told prediction may call: it gives the same each time."""


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def cells(request):
    """The syntax trees of a chapter's code cells."""
    notebook = nbformat.read(request.param, as_version=4)
    return [
        ast.parse(cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def message(node):
    """The words of an assert, with gaps for what an f-string fills in."""
    if isinstance(node.msg, ast.Constant):
        return node.msg.value
    if isinstance(node.msg, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "…"
            for part in node.msg.values
        )
    return ""


def asserts(cells):
    return [
        node
        for tree in cells
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    ]


def test_every_assert_says_in_words_what_should_be(cells):
    """At least four words, and not its own condition once more."""
    found = asserts(cells)

    assert found
    for node in found:
        words = message(node)
        assert len(re.findall(r"[\w'’-]+", words)) >= 4, ast.unparse(node)
        assert not words.endswith("."), words


def test_a_message_has_no_number_that_could_be_wrong(cells):
    """What was measured is printed; the message says what should be so."""
    for node in asserts(cells):
        assert not re.search(r"\d\.\d|≈", message(node)), message(node)


def told(cells):
    """What each predicted(...) is given, as an expression."""
    return {
        ast.literal_eval(node.args[0]): node.args[1]
        for tree in cells
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "predicted"
        and len(node.args) == 2
    }


def bound(cells):
    """Name -> in how many cells it is given a value, outside functions."""
    counts = Counter()
    for tree in cells:
        names, waiting = set(), list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
                continue  # names inside are its own
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            if isinstance(node, ast.comprehension):
                continue  # its names end with it
            waiting += ast.iter_child_nodes(node)
        counts.update(names)
    return counts


def test_a_prediction_is_told_alike_whenever_it_is_asked(cells):
    """It measures nothing anew, and its names have one value in the chapter.

    After Run All a model has been trained on, and a name that is used twice
    holds what came later.
    """
    counts = bound(cells)
    for id, given in told(cells).items():
        for node in ast.walk(given):
            if isinstance(node, ast.Call):
                called = node.func
                name = getattr(called, "id", getattr(called, "attr", ""))
                assert name in HARMLESS, f"{id} measures anew: {name}"
            elif isinstance(node, ast.Name) and node.id not in HARMLESS:
                times = counts[node.id]
                assert times == 1, f"{id}: {node.id} is set {times} times"
