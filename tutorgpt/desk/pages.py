"""What a stored page shows when no kernel stands behind it.

A quiz shows the kept answers; a playground, an interactive figure and the
ladder come to life by themselves: they compute in the page. What is added for
this is not kept in the file.
"""

from tutorgpt.ground.tomorrow import living_script
from tutorgpt.learn.quiz.cells import style as quiz_style
from tutorgpt.learn.quiz.reopened import with_answers
from tutorgpt.learn.record.kept import summary
from tutorgpt.view.interactive import page as figures
from tutorgpt.view.ladder import page as ladder
from tutorgpt.view.ladder.texts import page_texts
from tutorgpt.view.playground import page as playground

START = """
for (const place of document.querySelectorAll(".%s")) {
  if (place.dataset.tgReady) continue;
  place.classList.add("tg-lab");
  %s;
  keepKeys(place);
}
"""
START_PLAY = START % ("tg-demo", "tutorgpt.mountOne(place)")
START_FIGURE = START % (
    "tg-figure",
    "tutorgpt.mountFigure(place, JSON.parse(place.dataset.told))",
)
START_LADDER = START % (
    "tg-ladder",
    "tutorgpt.startLadder(place, async () => {})",  # the texts are there
)
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
        return _alive(
            page, playground.style(), playground.script(), START_PLAY
        )
    if is_ladder(page):
        texts = page_texts() if ladder.asks_for_texts(page) else []
        script = ladder.script(texts)
        return _alive(page, ladder.style(), script, START_LADDER)
    if is_figure(page):
        script = figures.script(figures.name_in(page))
        return _alive(page, figures.style(), script, START_FIGURE)
    return page


def _alive(page: str, style: str, *scripts: str) -> str:
    """The page with what brings it to life."""
    script = "\n".join([living_script(), *scripts])
    return f"{page}{ADDED}<style>{style}</style><script>{script}</script>"


def is_quiz(page: str) -> bool:
    """Whether these are questions of tutorgpt.learn."""
    return page.startswith('<section class="tg-quiz"')


def is_playground(page: str) -> bool:
    """Whether this is a model of tutorgpt.view.playground."""
    return page.startswith('<div class="tg-demo"')


def is_ladder(page: str) -> bool:
    """Whether this is the place where the ladder trains."""
    return page.startswith('<div class="tg-ladder"')


def is_figure(page: str) -> bool:
    """Whether this is a figure of tutorgpt.view.interactive."""
    return page.startswith('<div class="tg-figure"')


def _answers() -> dict:
    try:
        return summary().quiz
    except OSError:  # said where it is kept, when an answer comes
        return {}
