"""The quiz in a browser: by keyboard, without scripts, and remembered."""

import json
import tomllib
from pathlib import Path

import pytest
from browser_tools import MODES, Visit, axe, browser, open_page, serious
from playwright.sync_api import expect

from tutorgpt.ground.tomorrow import LINE
from tutorgpt.learn.quiz.bank import load_quiz, parse
from tutorgpt.learn.quiz.cells import ASSETS, asset, lab_script, style
from tutorgpt.learn.quiz.elements import to_html, to_tree
from tutorgpt.learn.quiz.form import page
from tutorgpt.learn.quiz.told import tell
from tutorgpt.view.living import SHARED

__all__ = ["axe", "browser"]  # fixtures: used by their names

KEY = "tutorgpt.answers"
FILE = """
chapter = 7
[[question]]
id = "7.q1"
kind = "choice"
text = "Is $1 < 2$?"
[[question.choice]]
text = "Yes, `always`"
right = true
why = "Count: $1$, $2$."
[[question.choice]]
text = "No <script>"
why = "Count again <b>slowly</b>."
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
[[question]]
id = "7.q3"
kind = "number"
text = "How many nats are two yes-or-no questions?"
answer = 1.3863
within = 0.002
why = "Twice ln 2."
[[question.wrong]]
value = 2
why = "That is in bits."
[[question]]
id = "7.p1"
kind = "number"
text = "Where will the loss be?"
answer = 2.4
within = 0.1
unit = "nats"
why = "Because."
[[question.wrong]]
value = 2.0
why = "Too hopeful."
[[question]]
id = "7.p2"
kind = "choice"
text = "Up or down?"
[[question.choice]]
text = "Up"
why = "It went down."
[[question.choice]]
text = "Down"
right = true
why = "It went down indeed."
"""
QUESTIONS = parse(FILE, "07_test.toml", 7)
ASKED, PREDICTIONS = QUESTIONS[:3], QUESTIONS[3:]
PANEL = """
<div class="tg-answers"><table><tbody>
<tr data-questions="7.q1 7.q2"><td data-count="answered">–</td>
<td data-count="right">–</td></tr>
<tr data-sum><td data-count="answered"></td><td data-count="right"></td></tr>
</tbody></table><p class="tg-q-off">off</p><div hidden>
<label for="t">Text</label><textarea id="t"></textarea>
<button type="button" data-do="export">Show</button>
<button type="button" data-do="import">Take</button>
<button type="button" data-do="clear">Clear</button>
<div data-ask></div>
<p role="status" class="said"></p></div></div>
"""
TEXT = f"""<!doctype html><html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>Quiz</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="quiz.css">
<script src="kept.js"></script><script src="numbers.js"></script>
<script src="quiz.js"></script>
<script src="book.js"></script></head>
<body><main><h1>Quiz</h1>
{to_html(page(ASKED, "Quiz"))}
{"".join(to_html(page([q], q.name)) for q in PREDICTIONS)}
{to_html(tell(PREDICTIONS[0], "≈ 2.407"))}
{to_html(tell(PREDICTIONS[1]))}
{PANEL}</main></body></html>
"""


def write_scripts(folder):
    """The scripts that a page of the book has, beside it."""
    for place in (
        SHARED / "kept.js",
        *(ASSETS / name for name in ("numbers.js", "quiz.js", "book.js")),
    ):
        (folder / place.name).write_text(place.read_text("utf-8"))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page like the book's, on disk, with its scripts beside it."""
    folder = tmp_path_factory.mktemp("quiz")
    write_scripts(folder)
    (folder / "quiz.css").write_text(style())
    (folder / "page.html").write_text(TEXT, encoding="utf-8")
    return (folder / "page.html").as_uri()


@pytest.fixture
def shown(browser, address):
    """The page, opened; nothing may go wrong in it."""
    opened, notes = open_page(browser, "light")
    opened.goto(address)
    yield opened
    opened.context.close()
    assert notes == Visit()


def question(shown, id, role="form"):
    places = {"form": "form", "told": "div"}
    return shown.locator(f'{places[role]}.tg-q[data-id="{id}"]')


def verdict(place):
    return place.locator(".tg-q-verdict")


def write(place, text):
    place.get_by_role("textbox").fill(text)
    place.get_by_role("textbox").press("Enter")


def kept(shown):
    return json.loads(shown.evaluate(f"localStorage.getItem('{KEY}')"))


# ----------------------------------------------------------- the questions


def test_the_keyboard_alone_answers(shown):
    """Tab to the first choice, an arrow to the next, Enter, and back."""
    first = question(shown, "7.q1")
    while not shown.evaluate("document.activeElement.name === 'choice'"):
        shown.keyboard.press("Tab")
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("Enter")
    expect(verdict(first)).to_contain_text("Not this one. Count again")
    shown.keyboard.press("ArrowUp")
    shown.keyboard.press("Enter")

    expect(verdict(first)).to_contain_text("Right.")
    expect(verdict(first)).not_to_contain_text("again")


def test_a_click_on_a_text_chooses_it(shown):
    """The label is part of the choice, and the button asks."""
    first = question(shown, "7.q1")
    first.get_by_text("always").click()
    expect(verdict(first)).to_be_empty()
    first.get_by_role("button", name="Check").click()

    expect(verdict(first)).to_contain_text("Right. Count")
    expect(verdict(first)).to_have_attribute("role", "status")


def test_nothing_chosen_is_said(shown):
    """The button without an answer says what is missing, and keeps nothing."""
    question(shown, "7.q1").get_by_role("button").click()
    question(shown, "7.q2").get_by_role("button").click()

    expect(verdict(question(shown, "7.q1"))).to_have_text(
        "Choose an answer first."
    )
    expect(verdict(question(shown, "7.q2"))).to_have_text(
        "Write a number first."
    )
    assert kept(shown)["quiz"] == {}


@pytest.mark.parametrize("text", ["3072", "3,072", " 3 072 ", "3072 numbers"])
def test_a_right_number_is_known_however_written(shown, text):
    """Thousands may be marked, and the unit may be written."""
    second = question(shown, "7.q2")
    write(second, text)

    expect(verdict(second)).to_contain_text("Right. 32 times 96")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.39", "Right."),
        ("1,39", "Right."),
        ("１．３９", "Right."),
        ("ln 4", "Right."),
        ("1.3863 nats", "Right."),
        ("2 ln(2)", "Write a number"),
        ("2 * ln(2)", "Right."),
        ("1.4", "1.4 is too coarse to tell: give two decimals."),
        ("1,386", "Do you mean 1386 or 1.386?"),
        ("2 bits", "Write a number, such as"),
        ("1.38", "Not 1.38: too low."),
        ("139%", "Right."),
        ("2", "Not 2: too high. That is in bits."),
    ],
)
def test_a_number_is_read_as_people_write_it(shown, text, said):
    """What cannot be understood, or means two things, counts no try."""
    third = question(shown, "7.q3")
    write(third, text)

    expect(verdict(third)).to_contain_text(said)
    counted = said.startswith(("Right", "Not"))
    assert ("7.q3" in kept(shown)["quiz"]) == counted


def test_the_pages_read_numbers_by_the_table(shown):
    """The table that tutorgpt/learn/check/written.py is held to."""
    table = Path(__file__).parents[1] / "check" / "written_numbers.toml"
    rows = tomllib.loads(table.read_text("utf-8"))["row"]
    found = shown.evaluate(
        "(rows) => rows.map(({text, unit, about, of, not_of, computed}) => {"
        " const { readings, rounds } = tutorgpt.numbers;"
        " const found = readings(text, unit, about);"
        " return [found.map((one) => one.value),"
        "  (of ?? []).map((exact) => rounds(found[0], exact)),"
        "  (not_of ?? []).map((exact) => rounds(found[0], exact)),"
        "  !computed || found[0].decimals === null]; })",
        rows,
    )

    for row, (values, of, not_of, plain) in zip(rows, found, strict=True):
        assert values == pytest.approx(row["values"], rel=1e-6), row
        assert all(of), row
        assert not any(not_of), row
        assert plain, row


def test_brackets_without_end_are_no_number(shown):
    """And as many are read as in Python: 100 signs."""
    found = shown.evaluate(
        "[[3000, '', 0], [49, '12', 49], [50, '1', 50]].map(([n, mid, m]) =>"
        " tutorgpt.numbers.readings("
        "  '('.repeat(n) + mid + ')'.repeat(m)).map((one) => one.value))"
    )

    assert found == [[], [12], []]


def test_a_known_wrong_number_is_explained(shown):
    """It says what leads there, and offers the answer."""
    second = question(shown, "7.q2")
    write(second, "4096")

    expect(verdict(second)).to_contain_text("Not 4096: too high.")
    expect(verdict(second)).to_contain_text("That is 128 times 32.")
    expect(second.get_by_text("The answer")).to_be_visible()
    expect(second.get_by_text("32 times 96.")).to_be_hidden()


def test_another_wrong_number_has_a_direction(shown):
    """Too low, and nothing else."""
    second = question(shown, "7.q2")
    write(second, "−12")

    expect(verdict(second)).to_have_text("Not −12: too low.")


@pytest.mark.parametrize(
    "text", ["many", "1/0x", "--3", "1e", "1e999", "2 nats"]
)
def test_what_is_no_number_is_not_an_answer(shown, text):
    """The reader is told how to write one, and nothing is kept."""
    second = question(shown, "7.q2")
    write(second, text)

    expect(verdict(second)).to_contain_text("Write a number, such as")
    assert kept(shown)["quiz"] == {}


def test_the_explanations_are_hidden_until_asked_for(shown):
    """With scripts nothing is given away before an answer."""
    assert shown.locator("form details:visible").count() == 0


def test_without_scripts_everything_can_be_read(browser, address):
    """Questions, choices and, folded, every explanation and answer."""
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    for summary in plain.locator("summary").all():
        summary.click()
    text = plain.locator("main").inner_text()
    buttons = plain.get_by_role("button").count()
    context.close()

    for part in (
        "Yes. Count",
        "No. Count again <b>slowly</b>.",
        "3,072 numbers 32 times 96.",
        "If you came to 4096: That is 128 times 32.".replace("4096", "4,096"),
        "write your answer on paper",
        "What came out: ≈ 2.407 nats",
        "It went down indeed.",
    ):
        assert part in " ".join(text.split()), part
    assert buttons == 0


def test_a_verdict_stands_beside_its_own_answer_alone(shown):
    """It goes as soon as the choice changes, and comes back with it."""
    first, second = question(shown, "7.q1"), question(shown, "7.q2")
    first.get_by_label("Yes").check()
    first.get_by_role("button", name="Check").click()
    write(second, "4096")
    first.get_by_label("No").check()
    second.get_by_role("textbox").fill("40")

    expect(verdict(first)).to_be_empty()
    expect(verdict(second)).to_be_empty()
    assert first.locator(".tg-q-yes, .tg-q-no").count() == 0
    expect(second.get_by_text("The answer")).to_be_hidden()
    first.get_by_label("Yes").check()
    second.get_by_role("textbox").fill("4096")
    expect(verdict(first)).to_contain_text("Right.")
    expect(verdict(second)).to_contain_text("Not 4096")
    assert {a["tries"] for a in kept(shown)["quiz"].values()} == {1}


# ------------------------------------------------------------- predictions


def test_a_prediction_comes_back_after_the_run(shown):
    """What was written stands beside what came out, in words."""
    told = question(shown, "7.p1", "told")
    expect(verdict(told)).to_contain_text("You have predicted nothing")
    for text, says in (
        ("2.45", "You wrote 2.45: close."),
        ("3", "You wrote 3: too high, by 0.593."),
        ("1.05", "You wrote 1.05: too low, by 1.36."),
        ("2.05", "You wrote 2.05: too low, by 0.357. Too hopeful."),
    ):
        write(question(shown, "7.p1"), text)
        expect(verdict(question(shown, "7.p1"))).to_contain_text("Kept")
        expect(verdict(told)).to_have_text(says)


def test_a_chosen_prediction_comes_back(shown):
    """The text of the choice, whether that is it, and why not."""
    asked, told = question(shown, "7.p2"), question(shown, "7.p2", "told")
    asked.get_by_label("Up").check()
    asked.get_by_role("button").click()

    expect(verdict(told)).to_have_text(
        "You chose: Up That is not it. It went down."
    )
    expect(verdict(asked)).to_have_text(
        "Kept. It comes back beside what came out."
    )


# ------------------------------------------------------------- the memory


def test_answers_are_there_again(shown):
    """Left and opened again, the page shows what was answered."""
    question(shown, "7.q1").get_by_label("No").check()
    question(shown, "7.q1").get_by_role("button").click()
    write(question(shown, "7.q2"), "3072")
    write(question(shown, "7.p1"), "2.6")
    shown.reload()

    expect(question(shown, "7.q1").get_by_label("No")).to_be_checked()
    expect(verdict(question(shown, "7.q1"))).to_contain_text("Not this one.")
    expect(verdict(question(shown, "7.q2"))).to_contain_text("Right.")
    expect(verdict(question(shown, "7.p1", "told"))).to_contain_text(
        "You wrote 2.6: too high"
    )
    expect(shown.get_by_text("2 of 3 answered, 1 right.")).to_be_visible()
    assert kept(shown)["quiz"]["7.q2"] == {
        "choice": "3072",
        "right": True,
        "tries": 1,
    }


def test_answers_can_be_carried_to_another_browser(browser, address):
    """Text out of one, into the other: the same answers."""
    here, _ = open_page(browser, "light")
    here.goto(address)
    write(question(here, "7.q2"), "3072")
    here.get_by_role("button", name="Show").click()
    text = here.get_by_role("textbox", name="Text").input_value()
    here.context.close()
    there, notes = open_page(browser, "light")
    there.goto(address)
    write(question(there, "7.p1"), "2")
    there.get_by_role("textbox", name="Text").fill(text)
    there.get_by_role("button", name="Take").click()
    expect(there.locator(".said")).to_have_text("Taken: 1 answer.")
    counts = there.locator("[data-questions] td").all_inner_texts()
    answers = kept(there)["quiz"]
    there.context.close()

    assert counts == ["1", "1"]
    assert set(answers) == {"7.q2", "7.p1"}
    assert notes == Visit()


def panel(shown, name):
    return shown.locator(".tg-answers").get_by_role("button", name=name)


def record(answers):
    """A text to take in: right answers, by question."""
    quiz = {
        id: {"choice": choice, "right": True, "tries": 2}
        for id, choice in answers.items()
    }
    return json.dumps({"format": 1, "quiz": quiz})


@pytest.mark.parametrize("keep", ["here", "text", "nothing"])
def test_two_answers_to_a_question_are_asked_about(shown, keep):
    """What is in both and differs; the rest of both stays."""
    write(question(shown, "7.q2"), "4096")
    write(question(shown, "7.q3"), "1.39")
    before = kept(shown)
    text = record({"7.q2": "3072", "7.q1": "a"})
    shown.get_by_role("textbox", name="Text").fill(text)
    panel(shown, "Take").click()
    asked = shown.locator("[data-ask]")
    expect(asked).to_contain_text("another answer to 1 question than")
    expect(asked.get_by_role("group")).to_contain_text("question 2")
    assert kept(shown) == before
    focused = "document.activeElement.textContent"
    assert "Which shall be kept?" in shown.evaluate(focused)
    if keep == "nothing":
        panel(shown, "Take nothing").click()
        assert kept(shown) == before
        return
    wanted = {"here": "4096 (not right), kept", "text": "3072 (right), in"}
    asked.get_by_label(wanted[keep]).check()
    panel(shown, "Keep these").click()

    after = {id: a["choice"] for id, a in kept(shown)["quiz"].items()}
    number = {"here": "4096", "text": "3072"}[keep]
    assert after == {"7.q1": "a", "7.q2": number, "7.q3": "1.39"}
    said = "Right." if keep == "text" else "Not 4096"
    expect(verdict(question(shown, "7.q2"))).to_contain_text(said)
    expect(verdict(question(shown, "7.q1"))).to_contain_text("Right.")
    assert shown.evaluate(focused) == "Take"


def test_the_same_answers_are_taken_without_a_question(shown):
    """Its own text changes nothing, and asks nothing."""
    write(question(shown, "7.q2"), "3072")
    write(question(shown, "7.p1"), "2")
    before = kept(shown)
    panel(shown, "Show").click()
    panel(shown, "Take").click()

    expect(shown.locator(".said")).to_have_text(
        "Taken: 1 answer and 1 prediction. Predictions are not counted here."
    )
    assert kept(shown) == before


def test_answers_are_cleared_after_a_question(shown):
    """Nothing goes without it; what went stands in the box as text."""
    write(question(shown, "7.q2"), "3072")
    shown.evaluate("tutorgpt.kept.keep('a place', { open: true })")
    before = kept(shown)
    panel(shown, "Clear").click()
    expect(shown.locator("[data-ask]")).to_contain_text("keeps 1 answer.")
    panel(shown, "Nothing").click()
    assert kept(shown) == before
    panel(shown, "Clear").click()
    panel(shown, "My answers").first.click()

    assert kept(shown)["quiz"] == {}
    expect(verdict(question(shown, "7.q2"))).to_be_empty()
    expect(question(shown, "7.q2").get_by_role("textbox")).to_be_empty()
    assert shown.evaluate("tutorgpt.kept.recall('a place')") == {"open": True}
    panel(shown, "Take").click()
    assert kept(shown) == before
    panel(shown, "Clear").click()
    panel(shown, "and all else").click()
    assert kept(shown)["quiz"] == {}
    assert shown.evaluate("tutorgpt.kept.recall('a place')") is None


BROKEN = {
    "nothing": "",
    "half": '{"format": 1, "quiz": {"7.q1": {"choice": "a", "ri',
    "another format": '{"format": 2, "quiz": {}}',
    "null": "null",
    "a list": '{"format": 1, "quiz": []}',
    "no tries": '{"format":1,"quiz":{"7.q1":{"choice":"a","right":true}}}',
    "a strange id": (
        '{"format":1,"quiz":{"__proto__":'
        '{"choice":"a","right":true,"tries":1}}}'
    ),
    "a long answer": json.dumps(
        {
            "format": 1,
            "quiz": {"7.q1": {"choice": "a" * 101, "right": True, "tries": 1}},
        }
    ),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_text_changes_nothing(shown, text):
    """It is refused with a reason, and what is kept stays."""
    write(question(shown, "7.q2"), "3072")
    before = kept(shown)
    shown.get_by_role("textbox", name="Text").fill(text)
    shown.get_by_role("button", name="Take").click()

    expect(shown.locator(".said")).to_contain_text("was not taken: ")
    expect(shown.locator(".said")).to_contain_text("Nothing was changed.")
    assert kept(shown) == before


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_record_is_put_aside(shown, text):
    """The page works with what it finds, and the old text is not lost."""
    shown.evaluate("([k, v]) => localStorage.setItem(k, v)", [KEY, text])
    shown.reload()
    write(question(shown, "7.q2"), "3072")

    assert set(kept(shown)["quiz"]) == {"7.q2"}
    aside = shown.evaluate(f"localStorage.getItem('{KEY}.aside')")
    assert aside == text


def test_a_browser_that_keeps_nothing_still_answers(browser, address):
    """Storage forbidden: answers last for the page, and it says so."""
    shut, notes = open_page(browser, "light")
    shut.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    shut.goto(address)
    write(question(shut, "7.p1"), "2.4")
    expect(verdict(question(shut, "7.p1", "told"))).to_contain_text("close")
    expect(shut.locator(".said")).to_contain_text("keeps nothing")
    shut.context.close()

    assert notes == Visit()


# -------------------------------------------------------------- every reader


@pytest.mark.parametrize("mode", MODES)
def test_everyone_can_use_it(browser, address, axe, mode):
    """Nothing serious for axe, answered or not; a phone is wide enough."""
    opened, notes = open_page(browser, mode)
    opened.goto(address)
    if mode == "dark":
        opened.evaluate("document.documentElement.dataset.theme = 'dark'")
        opened.add_style_tag(
            content="body { background: #14181e; color: #fff }"
        )
    found = serious(opened, axe)
    question(opened, "7.q1").get_by_label("No").check()
    question(opened, "7.q1").get_by_role("button").click()
    write(question(opened, "7.q2"), "4096")
    found += serious(opened, axe)
    width = opened.evaluate("document.documentElement.scrollWidth")
    opened.context.close()

    assert found == []
    assert width <= MODES[mode]["width"]
    assert notes == Visit()


# ------------------------------------------------------------ JupyterLab


def test_the_widget_shows_the_form_and_sends_answers(browser):
    """Its module, with a model as JupyterLab passes one, does the same."""
    lab, notes = open_page(browser, "light")
    lab.evaluate(
        "async ([text, pages, answers]) => {"
        " const url = URL.createObjectURL("
        "  new Blob([text], {type: 'text/javascript'}));"
        " const { default: widget } = await import(url);"
        " window.sent = []; window.ends = []; window.told = [];"
        " for (const page of pages) {"
        "  const values = { page, answers };"
        "  const el = document.body.appendChild("
        "   document.createElement('div'));"
        "  window.ends.push(widget.render({ el, model: {"
        "   get: (n) => values[n], send: (m) => window.sent.push(m),"
        "   on: (_, tell) => window.told.push(tell) } }));"
        " } }",
        [
            lab_script(),
            [
                to_tree(page(ASKED, "Quiz")),
                to_tree(page(PREDICTIONS[:1], "Prediction")),
                to_tree(tell(PREDICTIONS[0], "≈ 2.407")),
            ],
            {"7.q1": {"choice": "b", "right": False}},
        ],
    )
    expect(question(lab, "7.q1").get_by_label("No")).to_be_checked()
    expect(verdict(question(lab, "7.q1"))).to_contain_text("<b>slowly</b>")
    write(question(lab, "7.q2"), "3,072")
    doubt = lab.get_by_text("Not kept yet")
    expect(doubt).to_have_count(2)  # the kernel has not said a word
    lab.evaluate(
        "window.told[0]({ failed: '7.q2', choice: '3,072', trouble: 'full' })"
    )
    expect(lab.get_by_text("Not kept yet: full. Your")).to_have_count(1)
    expect(doubt).to_have_count(2)  # the answer still waits
    lab.evaluate("window.told[0]({ kept: '7.q2', choice: '3,072' })")
    expect(doubt).to_have_count(0)
    write(question(lab, "7.p1"), "3")
    told = verdict(question(lab, "7.p1", "told"))
    expect(told).to_have_text("You wrote 3: too high, by 0.593.")
    maths = lab.evaluate(
        "document.querySelector('math').namespaceURI.endsWith('MathML')"
    )
    lab.evaluate(
        "window.kept = []; document.addEventListener('keydown', (event) =>"
        " window.kept.push([event.key,"
        "  event.target.dataset.lmSuppressShortcuts === 'true']), true)"
    )
    for key in ("ArrowDown", "b", "Enter", "Control+c", "Control+s"):
        question(lab, "7.q1").get_by_label("No").press(key)
    kept = dict(lab.evaluate("window.kept"))
    sent = lab.evaluate("window.sent")
    lab.evaluate("window.ends.forEach((end) => end())")
    lab.context.close()

    assert maths
    mine = all(kept[key] for key in ("ArrowDown", "b", "Enter", "c"))
    assert mine, "JupyterLab would take them as commands"
    assert not kept["s"], "JupyterLab could not save"
    assert sent[:2] == [
        {"id": "7.q2", "choice": "3,072", "right": True},
        {"id": "7.p1", "choice": "3", "right": False},
    ]
    assert notes == Visit()


def test_a_living_widget_hides_the_line_above_it(browser):
    """In any program: beside it, in boxes, or put into the page later."""
    lab, notes = open_page(browser, "light")
    lab.set_content(
        f"<div>{LINE}</div><p>of another cell, whose widget is gone</p>"
        f"<div class='cell'><div><div>{LINE}</div></div>"
        "<div><div><div id='here'></div></div></div></div>"
        f"<div>{LINE}</div>"
    )
    lab.evaluate(
        "async ([text, page]) => {"
        " const url = URL.createObjectURL("
        "  new Blob([text], {type: 'text/javascript'}));"
        " const { default: widget } = await import(url);"
        " const el = document.createElement('div');"
        " const values = { page, answers: {} };"
        " widget.render({ el, model: {"
        "  get: (n) => values[n], send: () => {}, on: () => {} } });"
        " setTimeout(() => document.querySelector('#here').append(el), 50);"
        "}",
        [lab_script(), to_tree(page(ASKED, "Quiz"))],
    )
    lines = lab.get_by_text("nothing is lost")
    expect(lines.nth(1)).to_be_hidden()
    expect(lines.nth(0)).to_be_visible()
    expect(lines.nth(2)).to_be_visible()
    lab.context.close()

    assert notes == Visit()


def test_the_scripts_read_nothing_as_html():
    """No text can become an element, in the book or in JupyterLab."""
    for name in ("numbers.js", "quiz.js", "book.js", "lab.js"):
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "eval(",
            "://",
        ):
            text = asset(name).replace("http://www.w3.org/1998/Math", "")
            assert way not in text, (name, way)


def test_every_chapter_s_quiz_comes_to_life(browser, tmp_path):
    """The real questions: each form answers to its first choice or to 0."""
    write_scripts(tmp_path)
    (tmp_path / "quiz.css").write_text(style())
    from tutorgpt.learn.quiz.bank import quiz_chapters

    sections = "".join(
        to_html(page([q for q in load_quiz(n)], f"Quiz {n}"))
        for n in quiz_chapters()
    )
    file = tmp_path / "all.html"
    head, rest = TEXT.split("<h1>Quiz</h1>")
    file.write_text(f"{head}{sections}</main>", encoding="utf-8")
    opened, notes = open_page(browser, "phone")
    opened.goto(file.as_uri())
    silent = opened.evaluate(
        "[...document.querySelectorAll('form.tg-q')].filter((form) => {"
        " const input = form.querySelector('input');"
        " if (input.type === 'radio') input.checked = true;"
        " else input.value = '0';"
        " form.requestSubmit();"
        " return !form.querySelector('.tg-q-verdict').textContent;"
        "}).map((form) => form.dataset.id)"
    )
    width = opened.evaluate("document.documentElement.scrollWidth")
    opened.context.close()

    assert rest
    assert silent == []
    assert width <= 390
    assert notes == Visit()
