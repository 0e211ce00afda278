"""What is done, what is left, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass

from tutorgpt.learn.chapter import chapters
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.learn.record.kept import Progress, read_summary, summary
from tutorgpt.learn.record.pace import basis, pace

ESTIMATES = {number: asked.minutes for number, asked in EXERCISES.items()}
"""Minutes for each exercise, before a learner's own clock is known."""
BAR = 10
MINUTES_PER_QUESTION = 1
OPTIONAL = 0
"""The chapter for those to whom PyTorch is new; others may leave it out."""
CLOSING = (
    "You have passed every exercise of the book and answered every question. "
    "Six models, from pairs of letters to GPT: you can write each of them, "
    "price it, and find what is wrong with it. Now give them a text of your "
    "own: tutorgpt ladder --corpus my-diary.txt"
)


@dataclass(frozen=True)
class ChapterState:
    """One chapter: exercises passed, questions answered, what is left.

    following: the number of the next exercise, empty if all have passed.
    """

    chapter: int
    passed: int
    total: int
    right: int
    answered: int
    questions: int
    exercise_minutes: int
    following: str
    predicted: int = 0

    @property
    def finished(self) -> bool:
        """Whether every exercise was passed."""
        return self.passed == self.total

    @property
    def open(self) -> int:
        """How many questions have no answer yet."""
        return self.questions - self.answered

    @property
    def minutes(self) -> int:
        """What the open exercises and questions take."""
        return self.exercise_minutes + MINUTES_PER_QUESTION * self.open

    @property
    def done(self) -> bool:
        """Whether nothing is left: all passed, all answered."""
        return self.finished and not self.open

    @property
    def begun(self) -> bool:
        """Whether something was passed, answered or predicted."""
        return bool(self.passed or self.answered or self.predicted)

    def __str__(self) -> str:
        done = BAR * self.passed // max(1, self.total)
        bar = "#" * done + "." * (BAR - done)
        exercises = f"{bar}  {self.passed} of {self.total} exercises"
        line = f"chapter {self.chapter}  {exercises if self.total else ''}"
        quiz = f"quiz {self.answered}/{self.questions}, {self.right} right"
        left = f"about {self.minutes} min left"
        return (
            f"{line:39}  {quiz if self.questions else '':18}  "
            f"{'done' if self.done else left}"
        )


def progress() -> None:
    """Print chapters, exercises, quiz answers, minutes left, what is next.

    Raises RefusalError, one sentence, if the record cannot be read.
    """
    print(report(read_summary()))


def report(known: Progress) -> str:
    """The text of progress() and of the command `tutorgpt status`."""
    states = [chapter_state(known, chapter) for chapter in chapters()]
    passed = sum(state.passed for state in states)
    total = sum(state.total for state in states)
    answered = sum(state.answered for state in states)
    questions = sum(state.questions for state in states)
    minutes = sum(state.minutes for state in states)
    together = (
        f"together   {passed} of {total} exercises, "
        f"{answered} of {questions} questions"
    )
    if minutes:
        together += f"; about {hours(minutes)} left"
    lines = [*map(str, states), together]
    if minutes:
        lines.append(f"           ({basis(known, ESTIMATES)})")
    return "\n".join([*lines, "", *closing(states, known)])


def times(known: Progress) -> str:
    """A table: every exercise, its estimated minutes, yours, your tries."""
    lines = ["exercise" + 47 * " " + "estimate  yours  tries"]
    for number, exercise in EXERCISES.items():
        done = known.exercises.get(number)
        own = f"{done.minutes:.1f}" if done and done.passed else "-"
        tries = done.tries if done else 0
        lines.append(
            f"{number:5}{exercise.title:50.50}{exercise.minutes:8}"
            f"{own:>7}{tries:7}"
        )
    return "\n".join(lines)


def finished(chapter: int) -> bool:
    """Whether every exercise of a chapter has passed.

    False where the record cannot be read.
    """
    try:
        return chapter_state(summary(), chapter).finished
    except OSError:
        return False


def closing_words(chapter: int) -> str:
    """What is said when the last exercise of a chapter has passed."""
    known = summary()
    state = chapter_state(known, chapter)
    states = [chapter_state(known, other) for other in chapters()]
    following = CLOSING
    if state.open:
        following = following_quiz(state)
    elif not all(state.done for state in states):
        following = next_step(states, known)
    return (
        f"\nThat was the last one: all {state.total} exercises of chapter "
        f"{chapter} have passed.\n{following}"
    )


def closing(states: list[ChapterState], known: Progress) -> Iterable[str]:
    """Words for what was finished, and the next thing to do."""
    for state in states:
        wrong = state.answered - state.right
        if state.done and wrong:
            yield (
                f"Chapter {state.chapter} is done; {wrong} of its answers "
                f"could be better: quiz({state.chapter}) shows which."
            )
        elif state.done:
            yield f"Chapter {state.chapter} is done: nothing is left in it."
    if all(state.done for state in states):
        yield CLOSING
    else:
        yield next_step(states, known)


def next_step(states: list[ChapterState], known: Progress) -> str:
    """What to do next: in a chapter that was begun, or else in the first."""
    state = next_chapter(states)
    if not state.following:
        return following_quiz(state)
    exercise = EXERCISES[state.following]
    says = (
        f"Next: exercise {exercise.number}, {exercise.title} "
        f"({exercise.difficulty}, about {exercise.minutes} minutes)."
    )
    tried = known.exercises.get(exercise.number)
    if tried and tried.tries >= 2:
        says += (
            f'\nTried {tried.tries} times: hint("{exercise.number}") helps '
            "in steps."
        )
    if not any(state.begun for state in states):
        says += (
            f"\nIs PyTorch new to you? Then begin with chapter {OPTIONAL}, "
            "which is optional."
        )
    return says


def next_chapter(states: list[ChapterState]) -> ChapterState:
    """Where to go on: a chapter that was begun, or else the first.

    The optional one only for who has begun it and nothing after it, or when
    it is all that is left. Of a book that is done, its last chapter.
    """
    waiting = [state for state in states if not state.done] or states[-1:]
    others = [state for state in waiting if state.chapter != OPTIONAL]
    begun = {state.chapter for state in states if state.begun}
    if others and begun != {OPTIONAL}:
        waiting = others
    return next((s for s in waiting if s.begun), waiting[0])


def following_quiz(state: ChapterState) -> str:
    """The quiz of a chapter as the next thing to do."""
    return (
        f"Next: the quiz of chapter {state.chapter}, {state.open} of "
        f"{state.questions} questions open: quiz({state.chapter}), at the "
        "chapter's end."
    )


def chapter_state(known: Progress, chapter: int) -> ChapterState:
    """What the record says about one chapter."""
    mine = [e for e in EXERCISES.values() if e.chapter == chapter]
    left = [
        exercise
        for exercise in mine
        if not (
            exercise.number in known.exercises
            and known.exercises[exercise.number].passed
        )
    ]
    asked, predictions = [], []
    if chapter in quiz_chapters():
        for question in load_quiz(chapter):
            some = predictions if question.is_prediction else asked
            some.append(question.id)
    answers = [known.quiz[id] for id in asked if id in known.quiz]
    return ChapterState(
        chapter=chapter,
        passed=len(mine) - len(left),
        total=len(mine),
        right=sum(answer.right for answer in answers),
        answered=len(answers),
        questions=len(asked),
        exercise_minutes=round(
            pace(known, ESTIMATES) * sum(exercise.minutes for exercise in left)
        ),
        following=left[0].number if left else "",
        predicted=sum(id in known.quiz for id in predictions),
    )


def hours(minutes: int) -> str:
    """Minutes as a person would say them."""
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{minutes / 60:.1f} hours"
