"""The ladder that trains, in JupyterLab and where its output is stored."""

from typing import Any

from tutorgpt.ground.tomorrow import say_what_to_do_tomorrow
from tutorgpt.text.corpus import CORPORA, Corpus
from tutorgpt.view.ladder.page import fragment, script, style
from tutorgpt.view.ladder.texts import page_texts
from tutorgpt.view.living import widget_view

MOST_CHARACTERS = 1_000_000
"""As corpus.js has it."""
RENDER = """
export default {
  render({ model, el }) {
    el.classList.add("tg-lab");
    const end = tutorgpt.mountLadder(el, model.get("options"));
    const leave = [end, keepKeys(el), hideLine(el)];
    return () => leave.forEach((end) => end());
  },
};
"""


def train_here(text: str | Corpus | None = None) -> "TrainHere":
    """Train the ladder below the cell that ends with this call.

    text: what to learn from, as a str or as a Corpus (default: a part of
    the plays, and of the poems where they are at hand). It is read by its
    characters, whatever the corpus's tokenizer.
    Raises ValueError for a text that is longer than the page takes, for a
    corpus that does not hold its text, and for the name of one.
    """
    if text is None:
        return TrainHere()
    if isinstance(text, Corpus):
        return TrainHere(own(text.text, text.name))
    return TrainHere(own(text, "Your text"))


def own(text: str, title: str) -> dict[str, str | int]:
    """What a page is told of a reader's own text."""
    if text in CORPORA:
        raise ValueError(
            f"{text!r} is the name of a corpus: pass a part of its text, "
            f"load_corpus({text!r}).text[:300_000]"
        )
    if not text:
        raise ValueError(
            f"the text of {title!r} is empty, as it is where a corpus is read "
            "from a token file: pass the text itself as a str"
        )
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"the text of {title!r} has {len(text):,} characters, and the "
            f"page takes at most {MOST_CHARACTERS:,}: pass a part of it"
        )
    return {"name": "own", "title": title, "length": len(text), "text": text}


class TrainHere:
    """What JupyterLab shows as a widget and the book as part of its page."""

    def __init__(self, text: dict | None = None) -> None:
        self.own = text

    def __repr__(self) -> str:
        titles = [text["title"] for text in self.texts()]
        return f"TrainHere({', '.join(titles)})"

    def texts(self, *, whole: bool = False) -> list[dict]:
        """What a page is told of its texts; see PageText.told."""
        if self.own is not None:
            return [self.own]
        return [text.told(whole=whole) for text in page_texts()]

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, Any]:
        bundle = {
            "text/plain": repr(self),
            "text/html": fragment(
                self.texts(),
                waiting="Run this cell to train the ladder here, or open "
                "the book's page.",
            ),
        }
        try:
            widget = make_widget(self.texts(whole=True))
        except ImportError:  # without the extra [lab] there is the page
            return bundle
        say_what_to_do_tomorrow()
        return bundle | widget


def make_widget(texts: list[dict]) -> dict[str, Any]:
    """The form that a notebook's front end turns into a live widget."""
    return widget_view(script(), RENDER, style(), options={"texts": texts})
