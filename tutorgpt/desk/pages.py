"""What a stored page shows when no kernel stands behind it.

A quiz shows the kept answers, a playground comes to life by itself: it
computes in the page. What is added for this is not kept in the file.
"""

from tutorgpt.ground.tomorrow import living_script
from tutorgpt.learn.quiz.cells import style as quiz_style
from tutorgpt.learn.quiz.reopened import with_answers
from tutorgpt.learn.record.kept import summary
from tutorgpt.view.playground.page import SCRIPTS, asset
from tutorgpt.view.playground.page import style as playground_style

START = """
for (const place of document.querySelectorAll(".tg-demo")) {
  if (place.dataset.tgReady) continue;
  place.classList.add("tg-lab");
  tutorgpt.mountOne(place);
  keepKeys(place);
}
"""
ADDED = "\n<!-- added when the notebook was opened -->\n"


def settle(page: str) -> str:
    """A page as the file keeps it: a quiz with the answers so far."""
    page = page.partition(ADDED)[0]
    return with_answers(page, _answers()) if is_quiz(page) else page


def revive(page: str) -> str:
    """A page as a reader sees it before anything is run."""
    page = settle(page)
    if is_quiz(page):
        return f"{page}{ADDED}<style>{quiz_style()}</style>"
    if is_playground(page):
        parts = [*(asset(name) for name in SCRIPTS), living_script(), START]
        scripts = "\n".join(parts)
        return (
            f"{page}{ADDED}<style>{playground_style()}</style>"
            f"<script>{scripts}</script>"
        )
    return page


def is_quiz(page: str) -> bool:
    """Whether these are questions of tutorgpt.learn."""
    return page.startswith('<section class="tg-quiz"')


def is_playground(page: str) -> bool:
    """Whether this is a model of tutorgpt.view.playground."""
    return page.startswith('<div class="tg-demo"')


def _answers() -> dict:
    try:
        return summary().quiz
    except OSError:  # said where it is kept, when an answer comes
        return {}
