"""A chapter's class is looked at: what is wrong is named, what is right not.

The edits are what learners do; the catalogue's own wrong versions are tried
as well.
"""

import re
import sys
from pathlib import Path

import nbformat
import pytest
import torch
from torch import nn

from tutorgpt.learn import examine
from tutorgpt.learn.check import checking, limits
from tutorgpt.learn.classes import CLASSES
from tutorgpt.learn.examining import about, verdict_on

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "scripts" / "chapters")]

import stamp  # noqa: E402
from edits import EDITS, FORMS  # noqa: E402

every_class = pytest.mark.parametrize("name", CLASSES)


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A machine that has much else to do is no mistake."""
    monkeypatch.setattr(limits, "SECONDS", 60.0)
    monkeypatch.setattr(limits, "TOGETHER", 120.0)


def edited(name, *pairs):
    """The class with replacements in its module's text."""
    text = CLASSES[name].right
    for old, new in pairs:
        assert old in text, (name, old)
        text = text.replace(old, new)
    return CLASSES[name].build(text)


def said(name, made):
    """A verdict in one line."""
    return " ".join(verdict_on(CLASSES[name], made).text.split())


def introduced():
    """Names of the classes that the chapters stamp."""
    names = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            address = stamp.source_of(cell)
            if address and cell.source.startswith("class "):
                names.append(address.partition(":")[2])
    return names


def test_every_class_that_a_chapter_introduces_can_be_examined():
    """And no other, in the order of the book."""
    assert list(CLASSES) == introduced()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_every_chapter_examines_its_classes(path):
    """The first code cell after the class is the call."""
    cells = nbformat.read(path, as_version=4).cells
    for n, cell in enumerate(cells):
        address = stamp.source_of(cell)
        if address and cell.source.startswith("class "):
            name = address.partition(":")[2]
            after = next(c for c in cells[n + 1 :] if c.cell_type == "code")
            assert after.source == f"examine({name})"


@every_class
def test_the_untouched_class_gets_one_short_line(name, capsys):
    """From its module, and from its text as a notebook runs it."""
    examine(CLASSES[name].made)
    first = capsys.readouterr().out
    examine(edited(name))

    assert capsys.readouterr().out == first
    assert first.startswith(f"{name} does what its module does: ")
    assert len(first.rstrip("\n")) < 80
    assert first.count("\n") == 1


@every_class
def test_three_other_forms_pass(name):
    """Other names, another order, another call."""
    assert len(FORMS[name]) >= 3
    for pairs in FORMS[name]:
        verdict = verdict_on(CLASSES[name], edited(name, *pairs))
        assert verdict.passed, (pairs, verdict.text)


EACH_EDIT = [(name, *edit) for name in EDITS for edit in EDITS[name]]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    EACH_EDIT,
    ids=[f"{name}-{n}" for n, (name, *_) in enumerate(EACH_EDIT)],
)
def test_an_edit_is_named(name, old, new, words, monkeypatch):
    """What a learner's mistake is called."""
    if "while" in new:
        monkeypatch.setattr(limits, "SECONDS", 0.5)
    verdict = verdict_on(CLASSES[name], edited(name, (old, new)))
    text = " ".join(verdict.text.split())
    printed = about(CLASSES[name], verdict)

    assert printed.startswith(f"{name} not yet: ")
    assert all(len(line) < 80 for line in printed.splitlines())
    assert re.search(words.replace("(", r"\(").replace(")", r"\)"), text), text


def test_every_class_has_five_edits():
    """And three other forms."""
    assert EDITS.keys() == CLASSES.keys() == FORMS.keys()
    assert min(map(len, EDITS.values())) >= 5


@pytest.mark.slow
@every_class
def test_every_known_mistake_is_told_from_the_others(name):
    """Each in its own words: two that agree would be one mistake."""
    known = CLASSES[name]
    for wrong in known.wrong:
        verdict = verdict_on(known, known.mutant(wrong))
        assert verdict.outcome == "named", (wrong.says, verdict.text)
        assert f"it looks as if {wrong.says}." in " ".join(
            verdict.text.split()
        )


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (3, "and 3 is none"),
        (None, "and None is none"),
        ("Head", "this is its name as a text: examine(Head)"),
        ("Hed", "and 'Hed' is none"),
        (nn.Linear, "Linear is not a class of a chapter"),
        (nn.Linear(2, 2), "this is a built Linear"),
        (CLASSES["Head"].made(4, 2, 8), "this is a built one: examine(Head)"),
        (torch.zeros(2), "examine takes a class"),
        (type("Haed", (nn.Module,), {}), "did you mean Head?"),
    ],
)
def test_what_is_no_class_of_a_chapter_gets_a_sentence(made, words, capsys):
    """It says what examine takes, and what this is."""
    examine(made)

    out = " ".join(capsys.readouterr().out.split())
    assert words in out
    assert "Traceback" not in out


def test_nothing_of_the_learners_settings_gets_in_or_out():
    """The room is closed, as it is around a check."""
    torch.manual_seed(5)
    before = torch.get_rng_state()
    torch.set_default_dtype(torch.float64)
    try:
        assert verdict_on(CLASSES["GPT"], CLASSES["GPT"].made).passed
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(torch.get_rng_state(), before)


def test_what_attention_prints_is_shown_for_one_reading(capsys):
    """It is called once for the whole text, and once for each token."""
    first = "        by_head = "
    examine(
        edited(
            "GroupedQueryAttention", (first, f"{' ' * 8}print('q')\n{first}")
        )
    )

    assert capsys.readouterr().out.splitlines().count("q") == 1


def test_an_attention_that_is_no_module_ends_in_a_verdict():
    """Its module is built inside another one, which says so."""
    made = type(
        "GroupedQueryAttention", (), {"__init__": lambda *_, **__: None}
    )

    assert "should be an nn.Module" in said("GroupedQueryAttention", made)


def test_a_class_that_is_no_module_ends_in_a_verdict():
    """Nothing of it is raised."""
    text = said("Head", type("Head", (), {"__init__": lambda *_: None}))

    assert "should be an nn.Module" in text


def test_it_is_judged_as_an_exercise_is():
    """One way to look at an answer."""
    known = CLASSES["Head"]

    assert checking.examine(known, known.made) == verdict_on(known, known.made)
