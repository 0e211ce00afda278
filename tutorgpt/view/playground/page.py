"""The playground as a web page: one file, or a piece of another page."""

import html
import json
from importlib.resources import files
from pathlib import Path

from tutorgpt.ground.places import expanded
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.language_model import LanguageModel
from tutorgpt.tokens.tokenizer import Tokenizer, check_prompt
from tutorgpt.view import living
from tutorgpt.view.playground.pack import pack

ASSETS = files("tutorgpt.view.playground") / "assets"
STYLES = ("parts.css", "style.css")
SCRIPTS = (
    "product.js",  # one block of memory, and the matrix product over it
    "random.js",  # numbers at random
    "tokenizer.js",  # from text to numbers and back
    "tape.js",  # a dozen operations
    "rungs.js",  # the GPT, in their words
    "modern.js",  # and the ModernGPT
    "engine.js",  # a model with its weights, and what it computes
    "kept.js",  # what the browser keeps
    "parts.js",  # sliders, bars and tables
    "head.js",  # one head, step by step
    "reading.js",  # what the next four share
    "text.js",
    "writing.js",
    "panels.js",
    "ages.js",
    "play.js",  # all of them, put into a page
)
"""In the order in which a page loads them: each may use those before it.

The book reads this list too, and hands it to boot.js.
"""
MODEL = SCRIPTS[: SCRIPTS.index("engine.js") + 1]
"""What a model needs that nobody sees."""

DAMAGED = (
    "This page is damaged or incomplete, so the model cannot be shown: "
    "export it again, or ask for the file again."
)


def export_html(
    model: LanguageModel,
    tokenizer: Tokenizer,
    path: str | Path,
    *,
    title: str = "A model to play with",
    prompt: str | None = None,
) -> Path:
    """Write one web page that holds the model and needs no network.

    Open it in any browser, or send it to a friend.
    title: its heading. prompt: the text it opens with (default: the first
    characters that the model knows of a few common ones).
    Raises ValueError for a model that a page cannot hold and for a prompt
    with characters that it never saw, OSError if the file cannot be written,
    as when its folder is not there.
    """
    path = expanded(path)
    if prompt is not None:
        check_prompt(tokenizer, prompt)
    text = page(pack(model, tokenizer), title=title, prompt=prompt)
    write_whole(path, text, parents=False)
    return path


def page(packed: dict, *, title: str, prompt: str | None = None) -> str:
    """The whole page's HTML, for a model that was packed."""
    return living.filled(
        pieces(),
        title=html.escape(title),
        style=style(),
        demo=fragment(
            packed,
            prompt=prompt,
            waiting="The model is being read. If this stays, JavaScript is "
            "off or the file is incomplete.",
        ),
        scripts=script(),
    )


def pieces() -> list[str]:
    """The page cut where title, style, demo and scripts stand.

    A browser makes the same page of them; see living.pieces.
    """
    return living.pieces(damaged=DAMAGED, start="tutorgpt.mountAll();")


def fragment(packed: dict, *, waiting: str, prompt: str | None = None) -> str:
    """The piece of HTML that the scripts turn into a playground."""
    options = {} if prompt is None else {"prompt": prompt}
    shown = html.escape(json.dumps(options, ensure_ascii=False))
    # No tag can begin inside the JSON, whatever characters a corpus has.
    data = json.dumps(packed, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<div class="tg-demo" data-opts="{shown}">\n'
        f"{living.wait(waiting)}\n"
        f'<script type="application/json" class="tg-pack">{data}</script>\n'
        "</div>"
    )


def script() -> str:
    """All of the playground's scripts as one."""
    return "\n".join(map(asset, SCRIPTS))


def style() -> str:
    """The playground's style sheets, after the colours that they name."""
    return living.styles(ASSETS, *STYLES)


def asset(name: str) -> str:
    """The text of one of the playground's scripts or style sheets."""
    return living.asset(ASSETS, name)
