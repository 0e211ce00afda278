"""What a notebook calls: quiz, predict, and predicted after the run."""

from importlib.resources import files
from typing import Any

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.tomorrow import living_script, say_what_to_do_tomorrow
from tutorgpt.learn.quiz import form, told
from tutorgpt.learn.quiz.bank import Question, find_question, load_quiz
from tutorgpt.learn.quiz.elements import Element, to_html, to_tree
from tutorgpt.learn.record.kept import record_quiz, summary

ASSETS = files("tutorgpt.learn.quiz") / "assets"
PALETTE = files("tutorgpt") / "view" / "palette.css"


def quiz(which: int | str) -> "Shown":
    """Questions to answer: quiz(2), a chapter's, or quiz("2.q3"), one.

    Raises ValueError for a question or a chapter that does not exist.
    """
    which = str(which)
    if which.isdecimal():
        asked = [q for q in load_quiz(int(which)) if not q.is_prediction]
        label = f"Quiz of chapter {which}"
        return Shown(asked, form.page(asked, label), label)
    question = find_question(which)
    if question.is_prediction:
        raise RefusalError(
            f"{which} is a prediction, not a quiz question: ask for it with "
            f'predict("{which}")'
        )
    return Shown([question], form.page([question], question.name))


def predict(which: str) -> "Shown":
    """A prediction to write down before the experiment is run.

    Raises ValueError for a prediction that does not exist.
    """
    question = _prediction(which)
    return Shown([question], form.page([question], question.name))


def predicted(which: str, measured: float | str | None = None) -> "Shown":
    """What was written down, beside what the experiment found.

    measured: what came out, a number or words; None for what the chapter
    derives. Raises ValueError for a prediction that does not exist.
    """
    question = _prediction(which)
    if question.kind == "number" and isinstance(measured, str):
        raise RefusalError(
            f"{which} predicts a number: measured is {measured!r}, so pass "
            "the number itself"
        )
    return Shown([question], told.tell(question, _words(measured)))


def _words(measured: float | str | None) -> str:
    """A whole number is exact; any other differs from machine to machine."""
    if measured is None or isinstance(measured, str):
        return measured or ""
    if isinstance(measured, int):
        return form.number(measured)
    try:
        return f"≈ {float(measured):.3f}"
    except (TypeError, ValueError, RuntimeError):
        raise RefusalError(
            "measured is one number or words, and this is of type "
            f"{type(measured).__name__}: pass what the run has found"
        ) from None


def _prediction(which: str) -> Question:
    question = find_question(which)
    if not question.is_prediction:
        raise RefusalError(
            f"{which} is a quiz question, not a prediction: ask for it with "
            f'quiz("{which}")'
        )
    return question


class Shown:
    """Questions in a cell: a widget in JupyterLab, a form in the book."""

    def __init__(
        self, questions: list[Question], page: Element, title: str = ""
    ) -> None:
        self._questions, self._page, self._title = questions, page, title

    def __repr__(self) -> str:
        if self._title:
            return f"{self._title}: {len(self._questions)} questions"
        return "\n".join(
            f"{q.name} of chapter {q.chapter}: {q.text}"
            for q in self._questions
        )

    def page_data(self) -> dict[str, str]:
        """What a notebook stores: the same each time, and nobody's answers."""
        return {"text/plain": repr(self), "text/html": to_html(self._page)}

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, Any]:
        bundle: dict[str, Any] = dict(self.page_data())
        try:
            widget = make_widget(self._page)
        except ImportError:  # without the extra [lab] there is the page
            return bundle
        say_what_to_do_tomorrow()
        return bundle | widget


def style() -> str:
    """The quiz's style sheet, after the colours that it names."""
    return PALETTE.read_text(encoding="utf-8") + asset("quiz.css")


def asset(name: str) -> str:
    """The text of a script or of the quiz's style sheet."""
    return (ASSETS / name).read_text(encoding="utf-8")


def lab_script() -> str:
    """The module that brings questions to life in JupyterLab."""
    before = [asset(name) for name in ("numbers.js", "quiz.js")]
    return "\n".join([*before, living_script(), asset("lab.js")])


def make_widget(page: Element) -> dict[str, Any]:
    """The form that a notebook's front end brings to life."""
    import anywidget
    import traitlets

    class Widget(anywidget.AnyWidget):
        _esm = lab_script()
        _css = style()
        page = traitlets.List().tag(sync=True)
        me = traitlets.Unicode().tag(sync=True)
        # A page that is opened again asks for them again.
        answers = traitlets.Dict().tag(
            sync=True, to_json=lambda *_: known_answers()
        )

    widget = Widget(page=to_tree(page))
    widget.me = widget.model_id  # by which a page asks whether it is alive
    widget.on_msg(keep)
    shown = widget._repr_mimebundle_()
    data = (shown[0] if isinstance(shown, tuple) else shown) or {}
    return {k: v for k, v in data.items() if "widget" in k}


def known_answers() -> dict[str, dict[str, Any]]:
    """What was answered so far, as the widget reads it."""
    try:
        answers = summary().quiz
    except OSError:  # said where it is kept, when an answer comes
        return {}
    return {
        id: {"choice": answer.choice, "right": answer.right}
        for id, answer in answers.items()
    }


def keep(widget: Any, content: dict[str, Any], buffers: object) -> None:
    """Record an answer that the widget sends, and tell it how that went."""
    question = find_question(str(content["id"]))
    choice = str(content["choice"])
    trouble = record_quiz(question.id, choice, bool(content["right"]))
    if trouble:
        told = {"failed": question.id, "choice": choice, "trouble": trouble}
        widget.send(told)
        return
    widget.send({"kept": question.id, "choice": choice})
    widget.send_state("answers")
