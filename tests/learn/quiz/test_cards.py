"""The quizzes as Anki's text: a header, one note a line, nothing lost."""

import csv
import html
import re

import pytest

from tutorgpt.cli import main
from tutorgpt.learn.quiz.bank import find_question, load_quiz, quiz_chapters
from tutorgpt.learn.quiz.cards import note, to_html, write_cards

TEXT = write_cards()
LINES = TEXT.splitlines()
HEADER = dict(line[1:].split(":", 1) for line in LINES if line.startswith("#"))
NOTES = [line.split("\t") for line in LINES if not line.startswith("#")]
QUESTIONS = [q for n in quiz_chapters() for q in load_quiz(n)]


def test_the_header_says_how_to_read_the_file():
    """Anki learns separator, HTML and columns before the first note."""
    assert LINES[0] == "#separator:tab"
    assert HEADER["html"] == "true"
    assert HEADER["columns"].split("\t") == ["guid", "Front", "Back", "Tags"]
    assert (HEADER["guid column"], HEADER["tags column"]) == ("1", "4")


def test_every_question_is_a_note():
    """In order, with a name of its own that stays."""
    assert [note[0] for note in NOTES] == [
        f"tutorgpt-{question.id}" for question in QUESTIONS
    ]


@pytest.mark.parametrize("columns", NOTES, ids=lambda columns: columns[0])
def test_a_note_has_four_columns_of_sound_html(columns):
    """No tab or line break inside; every tag that opens closes."""
    assert len(columns) == 4
    for text in columns[1:3]:
        opened = re.findall(r"<(\w+)", text)
        closed = re.findall(r"</(\w+)>", text)
        assert sorted(set(opened) - {"br"}) == sorted(set(closed))
        for tag in set(closed):
            assert opened.count(tag) == closed.count(tag)
        assert not re.search(r"\$|`|\*\*", text)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_the_back_explains_everything(question):
    """The right answer comes first, and no explanation is left out."""
    _, front, back, _ = note(question).split("\t")
    front = re.sub("^&quot;", '"', front)
    if question.kind == "choice":
        whys = [choice.why for choice in question.choices]
        right = next(c for c in question.choices if c.right)
        answer = f"{right.letter}. {to_html(right.text)}"
        shown = [to_html(choice.text) for choice in question.choices]
    else:
        whys = [question.why, *(wrong.why for wrong in question.wrong)]
        answer = f"{question.answer:,}"
        shown = [html.escape(question.unit)]

    assert back.startswith(f"<b>{answer}")
    assert all(to_html(why) in back for why in whys)
    assert all(text in front for text in shown)
    assert to_html(question.text) in front


def test_the_front_does_not_give_the_answer_away():
    """The front of a choice shows no explanation."""
    question = find_question("2.q1")
    front = note(question).split("\t")[1]

    assert not any(to_html(c.why) in front for c in question.choices)


def test_tags_name_the_chapter():
    """One can study a chapter, or the predictions, alone."""
    tags = {line[0]: line[3].split() for line in NOTES}

    assert tags["tutorgpt-2.q1"] == ["tutorgpt", "chapter-2", "quiz"]
    assert tags["tutorgpt-2.p1"] == ["tutorgpt", "chapter-2", "prediction"]


def test_maths_and_code_are_written_as_anki_reads_them():
    r"""$a < b$ becomes \(a &lt; b\): MathJax, escaped as HTML."""
    text = to_html("Is `x < 1`\nand $a < b$ *so*?\n\nYes.")

    assert text == (
        r"Is <code>x &lt; 1</code> and \(a &lt; b\) <i>so</i>?<br><br>Yes."
    )


def test_a_field_is_no_quoted_one():
    """One that began with a quotation mark would lose it on import."""
    read = list(csv.reader(TEXT.splitlines(), delimiter="\t"))
    fronts = [line[1] for line in read if not line[0].startswith("#")]

    assert fronts == [line[1] for line in NOTES]
    assert any(front.startswith("&quot;Learning") for front in fronts)


def test_cards_writes_the_file(tmp_path, monkeypatch, capsys):
    """In the folder one is in, unless one names another file."""
    monkeypatch.chdir(tmp_path)

    assert main(["cards"]) == 0
    assert (tmp_path / "tutorgpt-cards.txt").read_text("utf-8") == TEXT
    assert f"{len(NOTES)} cards" in capsys.readouterr().out


def test_cards_says_where_it_cannot_write(tmp_path, capsys):
    """A folder that is not there: one sentence, exit code 2."""
    assert main(["cards", str(tmp_path / "no" / "cards.txt")]) == 2
    assert "make it first, or name another file" in capsys.readouterr().err
