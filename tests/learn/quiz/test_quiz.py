"""Quizzes: one file a chapter, every answer explained, nothing let through."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tutorgpt.learn import predict, predicted, quiz
from tutorgpt.learn.quiz.bank import (
    find_question,
    load_quiz,
    parse,
    quiz_chapters,
)
from tutorgpt.learn.quiz.cells import keep, known_answers
from tutorgpt.learn.quiz.elements import to_html
from tutorgpt.learn.quiz.form import page
from tutorgpt.learn.quiz.markdown import blocks
from tutorgpt.learn.quiz.told import tell
from tutorgpt.learn.record.kept import progress_file, summary

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "chapters"))

import quizzes  # noqa: E402

BIGRAM = ROOT / "notebooks" / "01_bigram.ipynb"
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHOICE = """
[[question]]
id = "7.q1"
kind = "choice"
text = "Is $1 < 2$?"
[[question.choice]]
text = "Yes"
right = true
why = "Count."
[[question.choice]]
text = "No"
why = "Count again."
"""
NUMBER = """
[[question]]
id = "7.q2"
kind = "number"
text = "How many?"
answer = 3072
within = 0
unit = "numbers"
why = "32 times 96."
[[question.wrong]]
value = 4096
why = "That is 128 times 32."
"""
PREDICTION = NUMBER.replace("7.q2", "7.p1")
GOOD = f"chapter = 7\n{CHOICE}{NUMBER}{PREDICTION}"

every_question = pytest.mark.parametrize(
    "question",
    [q for chapter in quiz_chapters() for q in load_quiz(chapter)],
    ids=lambda question: question.id,
)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A record for each test."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(file))
    return file


def read(text):
    return parse(text, "07_test.toml", 7)


# -------------------------------------------------------------- the files


@pytest.mark.parametrize("chapter", quiz_chapters())
def test_a_chapter_has_enough_questions(chapter):
    """Five questions or more, and a prediction, with ids in order."""
    ids = [q.id for q in load_quiz(chapter) if not q.is_prediction]
    predictions = [q.id for q in load_quiz(chapter) if q.is_prediction]

    assert len(ids) >= 5
    assert predictions
    assert sorted(ids) == [f"{chapter}.q{n}" for n in range(1, len(ids) + 1)]


@every_question
def test_every_answer_is_explained(question):
    """Each choice and each known wrong number says why, in its own words."""
    reasons = [choice.why for choice in question.choices]
    reasons += [known.why for known in question.wrong]
    if question.kind == "number":
        reasons.append(question.why)

    assert all(len(reason.split()) >= 3 for reason in reasons)
    assert len(set(reasons)) == len(reasons)


@every_question
def test_every_question_can_be_shown(question):
    """Its Markdown and its formulas become a form, and the telling after."""
    shown = to_html(page([question], "quiz"))
    text = re.sub(r"<code>.*?</code>|<pre>.*?</pre>", "", shown, flags=re.S)

    assert "$" not in text
    assert "\\" not in text
    assert "**" not in text
    if question.is_prediction:
        assert question.name in to_html(tell(question))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_chapters_hold_the_files_questions(path):
    """quizzes.py --check: no question is out of date."""
    assert not quizzes.refresh(path, write=False)


def test_the_check_sees_an_edited_question(tmp_path):
    """A question changed in the notebook alone is reported, then put back."""
    copy = tmp_path / BIGRAM.name
    text = BIGRAM.read_text("utf-8")
    copy.write_text(text.replace("Question 1", "Question One"), "utf-8")

    assert quizzes.refresh(copy)
    assert not quizzes.refresh(copy)
    assert copy.read_text("utf-8") == text


# ----------------------------------------------------------- the loader


def test_a_file_is_read():
    """Kinds, texts, numbers and what belongs to them."""
    choice, number, prediction = read(GOOD)

    assert [c.letter for c in choice.choices if c.right] == ["a"]
    assert (number.answer, number.within, number.unit) == (3072, 0, "numbers")
    assert number.wrong[0].value == 4096
    assert prediction.is_prediction
    assert prediction.name == "Prediction 1"


WRONG_FILES = {
    "chapter = [": "07_test.toml is not TOML",
    GOOD.replace("chapter = 7", "chapter = 6"): "chapter must be 7",
    "chapter = 7": "0 x [[...question]], at least 1 needed",
    GOOD.replace("7.q1", "8.q1"): "question 8.q1: an id of chapter 7",
    GOOD.replace("7.q1", "7.x1"): "question 7.x1: an id of chapter 7",
    GOOD.replace("7.q2", "7.q1"): "used twice: 7.q1",
    GOOD.replace('"number"', '"numer"'): "not 'numer'",
    GOOD.replace("right = true\n", ""): "0 choices are right",
    GOOD.replace('text = "No"', 'text = "No"\nright = true'): "2 choices are",
    GOOD.replace('why = "Count."', ""): "choice 1: why is missing",
    GOOD.replace('why = "Count."', 'why = " "'): "choice 1: why is empty",
    GOOD.replace('why = "Count."', "why = 3"): "why must be a text, not 3",
    GOOD.replace('text = "No"', 'text = "Yes"'): "have the same text",
    GOOD.replace("right =", "rigth ="): "unknown here: rigth",
    GOOD.replace("true", '"yes"'): "right must be true or false",
    GOOD.replace("answer = 3072", ""): "question 7.q2: answer is missing",
    GOOD.replace("= 3072", "= nan"): "answer must be a number, not nan",
    GOOD.replace("= 3072", "= true"): "answer must be a number, not True",
    GOOD.replace("within = 0", "within = -1"): "must not be negative",
    GOOD.replace("4096", "3072"): "wrong 1: 3072 is called wrong and would",
    GOOD.replace("[[question.wrong]]", "[question.wrong]"): "[[...wrong]]",
    GOOD.replace('unit = "numbers"', "units = 2"): "unknown here: units",
}


@pytest.mark.parametrize(
    ("text", "says"), WRONG_FILES.items(), ids=WRONG_FILES.values()
)
def test_a_wrong_file_is_refused(text, says):
    """The message names the file, the place in it, and what is wrong."""
    with pytest.raises(ValueError, match=r"07_test\.toml") as raised:
        read(text)

    assert says in str(raised.value)


def test_a_chapter_without_questions_is_refused():
    """The message lists the chapters that have some."""
    with pytest.raises(ValueError, match=r"chapter 77 has no questions.*1, 2"):
        quiz(77)


# ------------------------------------------------------- what one calls


def test_a_chapters_quiz_holds_its_questions_and_no_prediction():
    """quiz(2), quiz("2"): everything that begins with 2.q."""
    shown = quiz("2")._repr_mimebundle_()["text/html"]
    ids = re.findall(r'data-id="(.*?)"', shown)

    assert ids == [q.id for q in load_quiz(2) if not q.is_prediction]
    assert quiz(2)._repr_mimebundle_()["text/html"] == shown


def test_one_question_is_shown_alone():
    """quiz("2.q3") is that question."""
    shown = quiz("2.q3")._repr_mimebundle_()["text/html"]

    assert re.findall(r'data-id="(.*?)"', shown) == ["2.q3"]


def test_an_unknown_question_gets_the_nearest():
    """A slip of the finger is answered with the id that was meant."""
    with pytest.raises(ValueError, match=r"did you mean '2\.q3'"):
        quiz("2.q3.")
    with pytest.raises(ValueError, match=r"ids are like"):
        predict("attention")


def test_a_prediction_and_a_question_are_not_mixed_up():
    """Each call names the other."""
    with pytest.raises(ValueError, match=r'predict\("2\.p1"\)'):
        quiz("2.p1")
    with pytest.raises(ValueError, match=r'quiz\("2\.q1"\)'):
        predict("2.q1")
    with pytest.raises(ValueError, match=r'quiz\("2\.q1"\)'):
        predicted("2.q1", 3.0)


def test_what_came_out_is_marked_as_measured():
    """A float differs between machines, a count does not."""

    def shown(*measured):
        told = predicted("2.p2", *measured)
        return told._repr_mimebundle_()["text/html"]

    assert ">≈ 2.407<" in shown(2.40712)
    assert ">1,024<" in shown(1024)
    assert ">2.404<" in shown()


def test_a_number_is_not_measured_in_words():
    """predicted refuses a text where a number was predicted."""
    with pytest.raises(ValueError, match=r"2\.p2 predicts a number"):
        predicted("2.p2", "about 2.4")


def test_a_prediction_gives_nothing_away():
    """Before the run the page says neither what is right nor why."""
    for question in (q for n in quiz_chapters() for q in load_quiz(n)):
        if question.is_prediction:
            shown = predict(question.id)._repr_mimebundle_()["text/html"]

            assert "<details" not in shown
            assert "tg-q-why" not in shown


def test_the_stored_output_is_the_same_each_time():
    """What is stored depends neither on the run nor on the reader's record."""
    before = [show() for show in SHOWN]
    keep(Widget(), {"id": "2.q3", "choice": "0.2", "right": True}, None)
    keep(Widget(), {"id": "2.p2", "choice": "2.2", "right": False}, None)

    assert [show() for show in SHOWN] == before


def stored(thing):
    bundle = thing._repr_mimebundle_()
    return bundle["text/plain"], bundle["text/html"]


SHOWN = (
    lambda: stored(quiz("2")),
    lambda: stored(predict("2.p2")),
    lambda: stored(predicted("2.p2", 2.4)),
)


def test_without_the_lab_there_is_the_page(monkeypatch):
    """No anywidget: the form alone, and no error."""
    monkeypatch.setitem(sys.modules, "anywidget", None)

    assert set(quiz("2")._repr_mimebundle_()) == {"text/plain", "text/html"}


# ------------------------------------------------------------- the record


class Widget:
    """Remembers what the kernel tells the page."""

    def __init__(self):
        self.told = []

    def send(self, message):
        self.told.append(message)

    def send_state(self, name):
        self.told.append(name)


def test_an_answer_is_kept():
    """What the widget sends lands in the learner's file."""
    widget = Widget()
    keep(widget, {"id": "2.q3", "choice": "0.25", "right": False}, None)
    keep(widget, {"id": "2.q3", "choice": "0.2", "right": True}, None)

    assert widget.told == [
        {"kept": "2.q3", "choice": "0.25"},
        "answers",
        {"kept": "2.q3", "choice": "0.2"},
        "answers",
    ]
    kept = summary().quiz["2.q3"]
    assert (kept.choice, kept.right, kept.tries) == ("0.2", True, 2)
    assert known_answers() == {"2.q3": {"choice": "0.2", "right": True}}


def test_an_answer_that_is_not_kept_is_said_to_the_page(monkeypatch):
    """The page has the only copy then, and lets go of it only when kept."""
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", "/dev/null/x/progress.json")
    widget = Widget()
    keep(widget, {"id": "2.q3", "choice": "0.25", "right": False}, None)

    (told,) = widget.told
    assert (told["failed"], told["choice"]) == ("2.q3", "0.25")
    assert "progress.json" in told["trouble"]
    assert "TUTORGPT_PROGRESS_FILE" in told["trouble"]


def test_an_answer_to_nothing_is_not_kept():
    """An id that no file knows leaves the record alone."""
    with pytest.raises(ValueError, match="there is no question"):
        keep(None, {"id": "2.q99", "choice": "a", "right": True}, None)

    assert not progress_file().exists()


def test_showing_a_quiz_writes_nothing(place):
    """Only an answer begins a record."""
    quiz("2")._repr_mimebundle_()

    assert not place.exists()


# --------------------------------------------------------------- the page


class Tags(HTMLParser):
    """What a browser would make of a text: its tags and attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


NASTY = """<script>alert(1)</script> <img src=x onerror=alert(2)>
`</code><script>` $x < \\text{<script>}$ [x](javascript:alert(3)) \
![y](http://z) "quoted" & <b>bold</b>"""


def test_nothing_in_a_file_becomes_a_tag():
    """Whatever a text holds, the page shows it as text."""
    file = (
        f"chapter = 7\n{CHOICE}{NUMBER}{PREDICTION}".replace(
            '"Is $1 < 2$?"', f"'''{NASTY}'''"
        )
        .replace('"Yes"', f"'''{NASTY}'''")
        .replace('"Count."', f"'''{NASTY}'''")
        .replace('"numbers"', "'''\"><script>'''")
    )
    questions = read(file)
    shown = to_html(page(questions, NASTY))
    told = "".join(to_html(tell(q, NASTY)) for q in questions)
    found = Tags(shown + told)

    assert not found.tags & {"script", "img", "a", "b"}
    assert not {name for name in found.attributes if name.startswith("on")}
    assert "&lt;script&gt;" in shown


def test_a_script_builds_the_same_elements():
    """The tree that a script is given is the page's, element by element."""
    from tutorgpt.learn.quiz.elements import to_tree

    made = page(load_quiz(2), "quiz")

    def rebuilt(tree):
        if isinstance(tree, str):
            return tree
        tag, _, children = tree
        return f"<{tag}>{''.join(map(rebuilt, children))}"

    expected = re.sub(r"<(\w+)[^>]*>", r"<\1>", to_html(made))
    expected = re.sub(r"</\w+>", "", expected)
    expected = expected.replace("&lt;", "<").replace("&gt;", ">")
    assert rebuilt(to_tree(made)) == expected.replace("&amp;", "&")


def test_formulas_need_no_script():
    """Maths becomes MathML, inline and on a line of its own."""
    (paragraph,) = blocks(r"If $\sqrt{D}$ is")
    (display,) = blocks("$$\na + b\n$$")

    assert paragraph.find("math/mrow/msqrt") is not None
    assert display.find("math").get("display") == "block"


def test_a_question_is_found_by_its_id():
    """find_question knows all chapters."""
    assert find_question("1.q1").chapter == 1
