"""Between file and page: views that are gone make room for stored pages."""

import copy

import nbformat
import pytest

from tutorgpt.desk.pages import revive, settle
from tutorgpt.desk.serving import trust
from tutorgpt.desk.widgets import (
    PAGE,
    STATE,
    VIEW,
    WAITING,
    bring_back,
    put_away,
)
from tutorgpt.ground.tomorrow import LINE
from tutorgpt.learn import predict, quiz
from tutorgpt.learn.record.kept import record_quiz
from tutorgpt.view.ladder import train_here
from tutorgpt.view.ladder.texts import plays


@pytest.fixture(autouse=True)
def _own_record(tmp_path, monkeypatch):
    file = tmp_path / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(file))


def output(**data):
    """An output of a cell, with a widget's model in it."""
    data = {name.replace("_", "/"): text for name, text in data.items()}
    view = {"version_major": 2, "version_minor": 0, "model_id": "abc"}
    made = {"output_type": "display_data", "metadata": {}, "data": data}
    made["data"][VIEW] = view
    return made


def notebook(*outputs):
    """A notebook with a cell of text, and one with these outputs."""
    return {
        "cells": [
            {"cell_type": "markdown", "source": "text"},
            {"cell_type": "code", "source": "1", "outputs": list(outputs)},
        ]
    }


def data(made, number=0):
    return made["cells"][1]["outputs"][number]["data"]


def plain(page):
    return page


def test_the_file_holds_pages_and_views_that_wait():
    """What is saved shows in any program, and is not forgotten."""
    made = notebook(output(text_plain="Quiz", text_html="<p>Quiz</p>"))
    put_away(made, plain)

    assert set(data(made)) == {"text/plain", PAGE}
    (kept,) = made["cells"][1]["outputs"]
    assert kept["metadata"][WAITING]["model_id"] == "abc"


@pytest.mark.parametrize("alive", [{"abc", "x"}, {"x"}, set()])
def test_a_view_comes_back_with_its_model(alive):
    """Where the kernel has it, the widget; else the page, and no trace."""
    made = notebook(output(text_plain="Quiz", text_html="<p>Quiz</p>"))
    before = copy.deepcopy(made)
    put_away(made, plain)
    bring_back(made, alive, lambda page: f"{page}!")

    if "abc" in alive:
        assert made == before
    else:
        assert data(made) == {"text/plain": "Quiz", PAGE: "<p>Quiz</p>!"}
        assert not made["cells"][1]["outputs"][0]["metadata"]


def test_saved_twice_is_saved_as_once():
    """Nothing is lost by saving what was saved."""
    made = notebook(output(text_plain="Quiz", text_html="<p>Quiz</p>"))
    put_away(made, plain)
    once = copy.deepcopy(made)
    put_away(made, plain)

    assert made == once


def test_somebody_else_s_widget_leaves_its_words():
    """A slider without a page: its text when it is gone, itself while not."""
    for alive, left in ((set(), {"text/plain"}), ({"abc"}, None)):
        made = notebook(output(text_plain="IntSlider(value=3)"))
        put_away(made, plain)
        assert VIEW in data(made)
        bring_back(made, alive, plain)

        assert set(data(made)) == (left or {"text/plain", VIEW})


def test_a_widget_whose_state_is_saved_stays():
    """Jupyter has put its model into the notebook: it needs no kernel."""
    for words in ({}, {"text_html": "<p>a page beside it</p>"}):
        made = notebook(output(text_plain="IntSlider(value=3)", **words))
        made["metadata"] = {"widgets": {STATE: {"state": {"abc": {}}}}}
        before = copy.deepcopy(made)
        for _ in range(2):
            put_away(made, plain)
            bring_back(made, set(), plain)

        assert made == before


def test_a_silent_kernel_loses_no_view():
    """The page is shown, and the view comes back when the kernel answers."""
    quiz_ = output(text_plain="Quiz", text_html="<p>Quiz</p>")
    bar = output(text_plain="train:   0%|      | 0/30 [00:00<?]")
    made = notebook(quiz_, bar)
    before = copy.deepcopy(made)
    put_away(made, plain)
    bring_back(made, None, plain)
    assert VIEW not in data(made)
    put_away(made, plain)
    bring_back(made, {"abc"}, plain)

    assert made == before


def test_a_progress_bar_goes_with_its_kernel():
    """Its words would say 0 % for ever; while it lives it stays."""
    for alive, left in ((set(), 0), ({"abc"}, 1)):
        bar = output(text_plain="train:   0%|      | 0/30 [00:00<?]")
        made = notebook(bar)
        bring_back(made, alive, plain)

        assert len(made["cells"][1]["outputs"]) == left


def test_a_widget_without_words_stays():
    """Nothing is taken where nothing would be left."""
    made = notebook(output())
    bring_back(made, set(), plain)

    assert set(data(made)) == {VIEW}


def test_the_line_for_other_servers_is_dropped():
    """Also when a file holds it as a list of lines."""
    for page in (LINE, [LINE[:20], LINE[20:]]):
        line = {"output_type": "display_data", "data": {PAGE: page}}
        stream = {"output_type": "stream", "name": "stdout", "text": "1"}
        made = notebook(line, stream)
        bring_back(made, set(), plain)

        assert made["cells"][1]["outputs"] == [stream]


def test_what_is_added_at_opening_is_not_kept():
    """Style and scripts are there for the reader, and not in the file."""
    record_quiz("1.p2", "9", False)
    page = quiz(1).page_data()[PAGE]
    demo = '<div class="tg-demo" data-opts="{}">\n</div>'
    ladder = train_here()._repr_mimebundle_()[PAGE]

    for bare in (page, demo, ladder, "<p>other</p>"):
        assert settle(revive(bare)) == settle(bare)
        assert revive(revive(bare)) == revive(bare)
    assert "<style>" in revive(page)
    assert "tutorgpt.mountOne(place)" in revive(demo)
    assert plays().text in revive(ladder)
    assert plays().text not in revive(ladder.replace("script", "text"))
    assert revive("<p>other</p>") == "<p>other</p>"


def test_the_kept_answers_are_read_anew():
    """What another page has kept since is written in."""
    page = settle(predict("1.p2").page_data()[PAGE])
    record_quiz("1.p2", "9", False)

    assert "Your answer" not in page
    assert "Your answer" in settle(page)


def test_a_copy_is_signed(tmp_path, monkeypatch):
    """JupyterLab shows all of a notebook that carries the reader's sign."""
    from nbformat.sign import NotebookNotary

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "a.ipynb"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    nbformat.write(made, path)
    before = NotebookNotary().check_signature(nbformat.read(path, 4))
    trust(path)

    assert not before
    assert NotebookNotary().check_signature(nbformat.read(path, 4))
