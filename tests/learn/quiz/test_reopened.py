"""The stored page of a quiz tells what was answered, without a script."""

import pytest

from tutorgpt.learn import predict, predicted, quiz
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.learn.quiz.elements import el, from_html, to_html
from tutorgpt.learn.quiz.form import page
from tutorgpt.learn.quiz.reopened import with_answers
from tutorgpt.learn.quiz.told import tell
from tutorgpt.learn.record.kept import Answer


def stored(thing) -> str:
    """What a notebook keeps of it."""
    return thing.page_data()["text/html"]


def right_choice(id: str) -> tuple[str, str, str]:
    """A right letter, a wrong one, and the text of the wrong one."""
    (question,) = (q for q in load_quiz(1) if q.id == id)
    right = next(c.letter for c in question.choices if c.right)
    wrong = next(c for c in question.choices if not c.right)
    return right, wrong.letter, wrong.why


def words(page: str) -> str:
    return " ".join("".join(from_html(page).itertext()).split())


CHOICE = next(q.id for q in load_quiz(1) if q.kind == "choice" and "q" in q.id)


def test_every_page_is_read_as_it_was_written():
    """All questions, asked and told: text to elements and back."""
    for question in (q for n in quiz_chapters() for q in load_quiz(n)):
        for made in (page([question], "quiz"), tell(question, "≈ 1 < 2")):
            text = to_html(made)

            assert to_html(from_html(text)) == text


@pytest.mark.parametrize(
    "text", ["", "words", "<p>", "</p>", "<p></b></p>", "<p></p><p></p>"]
)
def test_what_is_no_whole_element_is_refused(text):
    """A page of another kind stays as it is."""
    with pytest.raises(ValueError, match=r"begun|whole"):
        from_html(text)

    assert with_answers(text, {}) == text


def test_an_answer_stands_in_its_question():
    """Marked, named, judged, explained, and counted above."""
    right, wrong, _ = right_choice(CHOICE)
    bare = stored(quiz(1))
    shown = with_answers(bare, {CHOICE: Answer(right, True)})
    other = with_answers(bare, {CHOICE: Answer(wrong, False)})

    assert "1 of 7 answered, 1 right. To answer here, run" in words(shown)
    assert f'value="{right}" disabled="" checked=""' in shown
    assert shown.count("checked") == 1
    assert shown.count('<details open="">') == 1
    assert " Right." in words(shown)
    assert "1 of 7 answered, 0 right." in words(other)
    assert " Not right." in words(other)


def test_a_number_stands_with_its_unit():
    """Of a prediction nothing is judged before its run."""
    shown = words(
        with_answers(stored(predict("1.p2")), {"1.p2": Answer("9", False)})
    )
    told = words(
        with_answers(
            stored(predicted("1.p2", 4.437)), {"1.p2": Answer("9", False)}
        )
    )

    assert "Your answer: 9 nats per character" in shown
    assert "right" not in shown.lower()
    assert "You wrote 9 nats per character." in told
    assert "To answer here" not in told


def test_a_predicted_choice_is_told_in_its_words():
    """What was chosen stands beside what came out, judged."""
    (question,) = (q for q in load_quiz(1) if q.id == "1.p1")
    wrong = next(c for c in question.choices if not c.right)
    page = stored(predicted("1.p1", "x"))
    told = words(with_answers(page, {"1.p1": Answer(wrong.letter, False)}))

    assert f"You chose: {wrong.text.split()[0]}" in told
    assert "That is not it." in told


def test_newer_answers_take_the_place_of_older_ones():
    """Written in twice, or another time, a page holds the newest alone."""
    right, wrong, _ = right_choice(CHOICE)
    bare = stored(quiz(1))
    first = with_answers(bare, {CHOICE: Answer(wrong, False)})
    second = with_answers(first, {CHOICE: Answer(right, True)})

    assert second == with_answers(bare, {CHOICE: Answer(right, True)})
    assert with_answers(second, {}) == with_answers(bare, {})


def test_what_was_written_stays_text():
    """An answer is the learner's, and becomes no element."""
    nasty = "<script>alert(1)</script>"
    shown = with_answers(
        stored(predict("1.p2")), {"1.p2": Answer(nasty, False)}
    )

    assert "<script" not in shown
    assert nasty in words(shown)


def test_a_choice_without_a_field_is_shown_all_the_same():
    """A page of another version may mark its choices otherwise."""
    text = el("span", "Yes", class_="tg-q-text")
    choice = el("div", text, class_="tg-q-choice", data_letter="a")
    verdict = el("div", class_="tg-q-verdict")
    form = el("form", choice, verdict, data_id="1.q1", data_role="quiz")
    shown = with_answers(
        to_html(el("section", form)), {"1.q1": Answer("a", True)}
    )

    assert "Your answer: Yes Right." in words(shown)


def test_another_part_of_a_chapter_is_left_alone():
    """A page without questions stays as it is."""
    other = to_html(el("section", el("p", "nothing asked")))

    assert with_answers(other, {"1.q1": Answer("a", True)}) == other


def test_a_choice_without_a_field_is_marked_in_words():
    """As on a page of another version: what was chosen is said in words."""
    choice = el("span", "four", class_="tg-q-text")
    form = el(
        "form",
        el("div", choice, class_="tg-q-choice", data_letter="a"),
        el("p", class_="tg-q-verdict"),
        data_id="1.q1",
    )
    text = to_html(el("section", form))

    assert "Your answer: four" in words(
        with_answers(text, {"1.q1": Answer("a", True)})
    )
