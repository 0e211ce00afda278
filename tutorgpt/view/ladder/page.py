"""The ladder that trains, as a piece of a page or as a page of its own.

A script has three places where it may run: the page, the worker that trains,
and the file that a reader saves. So that each is stored once, a page gets
all of them as texts in one script, files.js, and start.js evaluates them.
"""

import html
import json
from collections.abc import Iterable, Mapping
from importlib.resources import files

from tutorgpt.view import living
from tutorgpt.view.ladder.quoting import as_script
from tutorgpt.view.ladder.texts import PageText, page_texts
from tutorgpt.view.playground import page as playground

ASSETS = files("tutorgpt.view.ladder") / "assets"
STYLES = ("parts.css", "style.css")
SCRIPTS = ("files.js", "start.js")
"""What a page loads, in this order; start.js evaluates the others."""
WORKER = (
    "product.js",  # one block of memory, and the matrix product over it
    "random.js",  # numbers at random
    "tokenizer.js",  # from text to numbers and back
    "tape.js",  # a dozen operations, and their gradients
    "rungs.js",  # the six models
    "corpus.js",  # a text's two parts, and its floors
    "adamw.js",  # how weights are changed
    "run.js",  # one training run
    "serve.js",  # what it is told, and what it tells
)
"""What trains, in a worker or in the page."""
LADDER = (
    *WORKER,
    "kept.js",  # what the browser keeps
    "parts.js",  # sliders, bars and tables
    "chart.js",  # the curve of the losses
    "store.js",  # what is kept of a run
    "saving.js",  # a trained model as a file
    "trainer.js",  # the worker, seen from the page
    "training.js",  # one rung after the other
    "showing.js",  # how far it is, and what it writes
    "choosing.js",  # text, rung and settings
    "trained.js",  # what can be done with a model
    "ladder.js",  # all of them, put into a page
)
"""In the order in which a page evaluates them."""
DAMAGED = (
    "This page is damaged or incomplete, so nothing can be trained: "
    "export it again, or ask for the file again."
)
START = """\
for (const place of document.querySelectorAll(".tg-ladder"))
  tutorgpt.startLadder(place, async () => {}); // the texts are there"""


def page(
    texts: Iterable[PageText] | None = None,
    *,
    title: str = "Train the ladder here",
) -> str:
    """A whole page's HTML, which needs no other file.

    texts: what it offers to learn from (default: what is at hand).
    """
    offered = page_texts() if texts is None else list(texts)
    return living.filled(
        living.pieces(damaged=DAMAGED, start=START),
        title=html.escape(title),
        style=style(),
        demo=fragment(
            [text.told() for text in offered],
            waiting="The page is being read. If this stays, JavaScript is "
            "off or the file is incomplete.",
        ),
        scripts=script(offered),
    )


def fragment(
    texts: list[dict],
    *,
    waiting: str,
    chapters: Mapping[int, str] | None = None,
) -> str:
    """The piece of HTML that the scripts turn into the ladder.

    texts: what is told of each (PageText.told). chapters: where those of
    the rungs are found, by their numbers.
    """
    options: dict = {"texts": texts}
    if chapters:
        options["chapters"] = dict(chapters)
    told = html.escape(json.dumps(options, ensure_ascii=False))
    return (
        f'<div class="tg-ladder" data-opts="{told}">\n'
        f"{living.wait(waiting)}\n"
        "</div>"
    )


def asks_for_texts(page: str) -> bool:
    """Whether this fragment names texts that a page has to bring."""
    told = page.partition(' data-opts="')[2].partition('"')[0]
    texts = json.loads(html.unescape(told))["texts"]
    return any("script" in text for text in texts)


def script(texts: Iterable[PageText] = ()) -> str:
    """All that a page needs, as one script."""
    return "\n".join(
        [
            files_script(),
            *(text.script() for text in texts),
            asset("start.js"),
        ]
    )


def files_script() -> str:
    """The script files.js: every script's text, and the page to save.

    It sets tutorgpt.files (a text by its name), tutorgpt.lists (names in
    their order, of what the worker, the ladder and the playground need) and
    tutorgpt.blankPage (the pieces of the playground's page).
    """
    lists = {
        "worker": WORKER,
        "ladder": LADDER,
        "playground": playground.SCRIPTS,
    }
    texts = {name: asset(name) for name in LADDER}
    texts |= {name: playground.asset(name) for name in playground.SCRIPTS}
    texts["playground.css"] = playground.style()
    held = ",\n".join(
        f"{json.dumps(name)}: {as_script(text)}"
        for name, text in texts.items()
    )
    pieces = ",\n".join(map(as_script, playground.pieces()))
    return (
        "globalThis.tutorgpt = Object.assign(globalThis.tutorgpt ?? {}, {\n"
        f"files: {{\n{held}}},\n"
        f"lists: {json.dumps(lists)},\n"
        f"blankPage: [\n{pieces}],\n"
        "});\n"
    )


def style() -> str:
    """The ladder's style sheets, after the colours that they name."""
    return living.styles(ASSETS, *STYLES)


def asset(name: str) -> str:
    """The text of one of the ladder's scripts or style sheets."""
    return living.asset(ASSETS, name)
