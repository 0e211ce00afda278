"""What is done, what is left, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass

from tutorgpt.learn.chapters import EXERCISES
from tutorgpt.learn.progress import Progress, summary

BAR = 10
CLOSING = (
    "You have passed every exercise of the book. Six models, from pairs of "
    "letters to GPT: you can write each of them, price it, and find what is "
    "wrong with it."
)


@dataclass(frozen=True)
class ChapterState:
    """One chapter: exercises passed and left, quiz answers, minutes left."""

    chapter: int
    passed: int
    total: int
    right: int
    answered: int
    minutes: int
    following: str

    @property
    def finished(self) -> bool:
        """Whether every exercise was passed."""
        return self.passed == self.total

    def __str__(self) -> str:
        done = BAR * self.passed // self.total
        line = (
            f"chapter {self.chapter}  {'#' * done}{'.' * (BAR - done)}  "
            f"{self.passed} of {self.total} exercises"
        )
        quiz = f"quiz {self.right}/{self.answered} right"
        left = f"about {self.minutes} min left"
        return f"{line:41}  {quiz:17}  {left if self.minutes else 'done'}"


def progress() -> None:
    """Print chapters, exercises, quiz answers, minutes left, what is next."""
    print(report(summary()))


def report(known: Progress) -> str:
    """The text of progress() and of the command `tutorgpt status`."""
    states = [chapter_state(known, chapter) for chapter in chapters()]
    lines = [str(state) for state in states]
    passed = sum(state.passed for state in states)
    total = sum(state.total for state in states)
    minutes = sum(state.minutes for state in states)
    lines.append(f"together   {passed} of {total} exercises")
    if passed < total:
        lines[-1] += f", about {hours(minutes)} left (estimated by length)"
    return "\n".join([*lines, "", *closing(states, known)])


def finished(chapter: int) -> bool:
    """Whether every exercise of a chapter has passed; no file, no."""
    try:
        return chapter_state(summary(), chapter).finished
    except OSError:
        return False


def closing_words(chapter: int) -> str:
    """What is said when the last exercise of a chapter has passed."""
    known = summary()
    state = chapter_state(known, chapter)
    states = [chapter_state(known, other) for other in chapters()]
    following = list(closing(states, known))[-1]
    return (
        f"\nThat was the last one: all {state.total} exercises of chapter "
        f"{chapter} have passed.\n{following}"
    )


def closing(states: list[ChapterState], known: Progress) -> Iterable[str]:
    """Words for what was finished, and the next thing to do."""
    if all(state.finished for state in states):
        yield CLOSING
        return
    for state in states:
        if state.finished:
            yield f"Chapter {state.chapter} is done: all its checks pass."
    following = next(
        (s.following for s in states if s.passed and not s.finished),
        next(s.following for s in states if not s.finished),
    )
    exercise = EXERCISES[following]
    yield (
        f"Next: exercise {following}, {exercise.title} "
        f"({exercise.difficulty}, about {exercise.minutes} minutes)."
    )
    tries = (
        known.exercises[following].tries
        if following in (known.exercises)
        else 0
    )
    if tries >= 2:
        yield f'Tried {tries} times: hint("{following}") helps in steps.'


def chapters() -> list[int]:
    """The chapters that have exercises."""
    return sorted({exercise.chapter for exercise in EXERCISES.values()})


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
    answers = [
        answer
        for question, answer in known.quiz.items()
        if question.startswith(f"{chapter}.")
    ]
    return ChapterState(
        chapter=chapter,
        passed=len(mine) - len(left),
        total=len(mine),
        right=sum(answer.right for answer in answers),
        answered=len(answers),
        minutes=sum(exercise.minutes for exercise in left),
        following=left[0].number if left else "",
    )


def hours(minutes: int) -> str:
    """Minutes as a person would say them."""
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{minutes / 60:.1f} hours"
