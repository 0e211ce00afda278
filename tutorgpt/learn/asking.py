"""What a learner calls: check, hint and solution."""

from typing import Any

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.watching import in_notebook
from tutorgpt.learn.check.checking import examine
from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.check.suspects import examine_bug
from tutorgpt.learn.check.verdict import Verdict
from tutorgpt.learn.exercises import exercise
from tutorgpt.learn.plain_text import plain_text
from tutorgpt.learn.record.kept import (
    record_exercise,
    record_help,
    start_clock,
)
from tutorgpt.learn.report import closing_words, finished

_rungs: dict[str, int] = {}
"""How many hints of an exercise were asked for in this session."""


def show(plain: str, markdown: str) -> None:
    """Show Markdown in a notebook, and plain text in a terminal."""
    if not in_notebook():
        print(plain)
        return
    from IPython.display import display

    display({"text/plain": plain, "text/markdown": markdown}, raw=True)


def asked_for(number: object) -> Exercise | None:
    """The exercise of a number; where there is none, a sentence says so."""
    try:
        return exercise(number)
    except RefusalError as error:
        print(error)
        return None


def check(number: object, *answer: Any) -> None:
    """Say what an answer passes, or name what is wrong with it.

    answer: what the starter defines; for a bug hunt its name and the repair.
    """
    asked = asked_for(number)
    if asked is None:
        return
    try:
        verdict = judge(asked, *answer)
    except RefusalError as error:
        print(error)
        return
    print(verdict.about(asked.number))
    if verdict.outcome == "not attempted":
        start_clock()
        return
    if verdict.outcome == "not understood":
        return  # no try: nothing was judged
    if verdict.outcome == "not a suspect":
        record_help(asked.number)
        return
    was_finished = finished(asked.chapter)
    record_exercise(asked.number, verdict.passed)
    if finished(asked.chapter) and not was_finished:
        print(closing_words(asked.chapter))


def judge(asked: Exercise, *answer: Any) -> Verdict:
    """The verdict on an answer, not printed and not kept.

    Raises RefusalError for too many answers, or too few.
    """
    wanted = 2 if asked.suspect else 1
    if len(answer) != wanted:
        what = f"name, {asked.target}" if asked.suspect else asked.target
        raise RefusalError(
            f"check takes {wanted + 1} arguments here, not "
            f'{len(answer) + 1}: check("{asked.number}", {what})'
        )
    if asked.suspect:
        return examine_bug(asked, *answer)
    return examine(asked, *answer)


def hint(number: object) -> None:
    """Print the next of three hints; after the third they begin again."""
    asked = asked_for(number)
    if asked is None:
        return
    rung = _rungs.get(asked.number, 0)
    record_help(asked.number, rung + 1)
    _rungs[asked.number] = (rung + 1) % len(asked.hints)
    title = f"{asked.number} hint {rung + 1} of {len(asked.hints)}"
    text = asked.hints[rung]
    show(f"{title}\n{plain_text(text)}", f"**{title}**\n\n{text}")


def solution(number: object) -> None:
    """Print a solution and why it works."""
    asked = asked_for(number)
    if asked is None:
        return
    record_help(asked.number)
    show(
        f"{asked.solution}\n\n{plain_text(asked.explanation)}",
        f"```python\n{asked.solution}\n```\n\n{asked.explanation}",
    )
