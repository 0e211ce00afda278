"""A text for a chat assistant, which makes it a tutor for one chapter.

It says what the chapter is about, where the learner stands and how a good
tutor helps; it never holds a line of a solution.
"""

import re
from collections.abc import Iterable, Iterator

from tutorgpt.ground.refusal import RefusalError, did_you_mean
from tutorgpt.learn.chapter import Chapter, chapters, read_chapter
from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.record.kept import Progress
from tutorgpt.learn.report import chapter_state, next_chapter

RULES = """\
# How to be a tutor here

Whoever asks you is learning how a language model is built: from a table of
character pairs to a GPT, in Python and PyTorch, by writing every part.
The course is called tutorgpt. Help them to find the answer themselves.

- Ask before you explain: what did you try, what did you expect, what came
  out instead?
- One thing at a time: one question or one idea in an answer, in a few
  sentences. Wait for the reply.
- Never give the solution: write no line of code that an exercise asks for,
  and complete none, not even when you are asked to, not "as an example",
  and not in another language.
- Give the smallest help that could be enough: first where to look, then
  what to compare, then which operation. The course has three hints for each
  exercise, hint("3.2"), and looking at the next one is up to the learner.
- Make it concrete: choose shapes such as B, T, C = 1, 3, 2, small numbers
  to compute on paper, and let them predict before they run.
- Say what a mistake does, not that it is one: "row 2 now sees token 3".
- Let the code decide: check("3.2", ...) judges an answer, shapes(f, x)
  prints the shape of every line. Where you are not sure, say so, and
  propose a small experiment.
- Use the chapter's words and names, and nothing from later chapters.
- When it works, ask why it works, and what would break it.

If you can read files or run code: read no solution (the package's
learn/exercises, solution(), the details under an exercise), change no
notebook and no record, and leave the typing to the learner.
"""
"""How an assistant helps and does not spoil; the desk has it as AGENTS.md."""

LEFT_OUT = "[left out: it is a line of a solution]"
_TRIVIAL = re.compile(
    r"(async )?(def|class) .*|(import|from) .*|@.*|#.*|return( \w+)?|"
    r"(else|try|finally):|(pass|continue|break|\.\.\.)|[\W_]*"
)
"""What can stand in any program: heads, imports, a bare return, brackets."""


def tutor_text(asked: str | None, known: Progress) -> str:
    """The text for a chapter ("3"), an exercise ("3.2"), or what is next.

    Raises RefusalError for what is neither.
    """
    chapter, exercise = subject(asked, known)
    state = chapter_state(known, chapter)
    told = read_chapter(chapter)
    hidden = [e for e in EXERCISES.values() if e.chapter == chapter]
    parts = [
        RULES,
        f"# Where I am: chapter {chapter}, {told.title}",
        *about(told),
        "## My record",
        *record(state.passed, state.total, chapter, known),
        f"Of the quiz I have answered {state.answered} of {state.questions} "
        f"questions, {state.right} of them right.",
        *(task(exercise, known) if exercise else ()),
        "## Begin",
        beginning(exercise),
    ]
    text = "\n\n".join(part.strip() for part in parts) + "\n"
    allowed = exercise.task + exercise.starter if exercise else ""
    return without(text, telling_lines(hidden), allowed)


def subject(asked: str | None, known: Progress) -> tuple[int, Exercise | None]:
    """The chapter and the exercise that are asked for."""
    if asked is None:
        states = [chapter_state(known, chapter) for chapter in chapters()]
        state = next_chapter(states)
        return state.chapter, EXERCISES.get(state.following)
    # The files of the chapters begin with 02, and exercises with 2.
    word = re.sub(r"^0+(?=[0-9])", "", asked.strip().replace(",", "."))
    if word in EXERCISES:
        return EXERCISES[word].chapter, EXERCISES[word]
    if word in map(str, chapters()):
        return int(word), None
    first, last = chapters()[0], chapters()[-1]
    chapter, dot, _ = word.partition(".")
    mine = [n for n in EXERCISES if n.partition(".")[0] == chapter]
    there = f"choose a chapter, {first} to {last}, or an exercise such as 3.2"
    if dot and mine:
        there = f"chapter {chapter} has {', '.join(mine)}"
    guess = did_you_mean(word, mine or [*map(str, chapters()), *EXERCISES])
    raise RefusalError(
        f"there is no chapter or exercise {asked!r}: {there}{guess}"
    )


def about(told: Chapter) -> Iterator[str]:
    """The chapter's goal, parts and cells, words, classes, and its end."""
    yield told.goal
    yield "Its parts, and what their cells do, in order:"
    yield listed(
        f"{heading}: `{'; '.join(cells)}`" if cells else heading
        for heading, cells in told.sections
    )
    if told.terms:
        yield f"Terms that it introduces: {', '.join(told.terms)}."
    yield "What it builds:"
    yield listed(told.classes)
    yield "What it comes to:"
    yield listed(told.summary)


def listed(items: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {item}" for item in items)


def record(
    passed: int, total: int, chapter: int, known: Progress
) -> Iterator[str]:
    """What I have passed and tried in a chapter."""
    yield f"I have passed {passed} of the chapter's {total} exercises:"
    yield listed(
        f"{number} {exercise.title}: {standing(number, known)}"
        for number, exercise in EXERCISES.items()
        if exercise.chapter == chapter
    )


def standing(number: str, known: Progress) -> str:
    """In words: passed or not, after how many tries and hints."""
    done = known.exercises.get(number)
    shown = hints_seen(number, known)
    if done is None or not (done.tries or done.passed or shown):
        return "not tried yet"
    says = "passed" if done.passed else "not passed yet"
    says += f", {done.tries} {'try' if done.tries == 1 else 'tries'}"
    if shown:
        says += f", {shown} of 3 hints seen"
    return says


def hints_seen(number: str, known: Progress) -> int:
    """How many of an exercise's hints were shown, whatever the record says."""
    most = len(EXERCISES[number].hints)
    return min(max(known.hints.get(number, 0), 0), most)


def task(exercise: Exercise, known: Progress) -> Iterator[str]:
    """The exercise as the learner sees it, and the hints seen so far."""
    yield f"## The exercise: {exercise.number} {exercise.title}"
    yield exercise.task
    yield f"The cell begins so:\n\n```python\n{exercise.starter.strip()}\n```"
    shown = hints_seen(exercise.number, known)
    if shown:
        yield f"Hints that I have seen, {shown} of 3:"
        yield listed(" ".join(h.split()) for h in exercise.hints[:shown])
    else:
        yield "I have seen no hint yet."


def beginning(exercise: Exercise | None) -> str:
    """What the assistant is to do first."""
    if exercise is None:
        return (
            "Ask me which part of the chapter I want to talk about, and what "
            "I think of it so far."
        )
    return (
        "Ask me what I have tried, and what I expected of it. I shall paste "
        "my cell and what check said."
    )


def telling_lines(exercises: Iterable[Exercise]) -> list[str]:
    """The lines of solutions that give something away.

    All but those that the task or the starter shows, docstrings, and what
    can stand in any program (_TRIVIAL). The longest first.
    """
    found = set()
    for exercise in exercises:
        shown = squeezed(f"{exercise.task}\n{exercise.starter}")
        code = re.sub(r'""".*?"""', "", exercise.solution, flags=re.DOTALL)
        for line in map(squeezed, code.splitlines()):
            if line not in shown and not _TRIVIAL.fullmatch(line):
                found.add(line)
    return sorted(found, key=lambda line: (-len(line), line))


def squeezed(text: str) -> str:
    """A text with one space wherever there were some."""
    return " ".join(text.split())


def without(text: str, telling: Iterable[str], allowed: str = "") -> str:
    """A text whose lines that hold one of these say LEFT_OUT instead.

    allowed: what is shown all the same, a task and its starter.
    """
    telling, shown = list(telling), squeezed(allowed)
    lines = []
    for line in text.splitlines():
        plain = squeezed(line)
        told = any(t in plain for t in telling) and plain not in shown
        if told:
            begins = re.match(r"(\s*(- )?)", line)
            line = f"{begins[0] if begins else ''}{LEFT_OUT}"
        lines.append(line)
    return "\n".join(lines) + "\n"
