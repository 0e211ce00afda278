"""The playground in JupyterLab, and in the page that stores its output."""

from typing import Any

from tutorgpt.ground.tomorrow import say_what_to_do_tomorrow
from tutorgpt.language_model import LanguageModel
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.view.living import widget_view
from tutorgpt.view.playground.pack import pack
from tutorgpt.view.playground.page import (
    fragment,
    script,
    style,
)

RENDER = """
export default {
  render({ model, el }) {
    el.classList.add("tg-lab");
    tutorgpt.mount(el, model.get("options"), model.get("packed"));
    const leave = [keepKeys(el), hideLine(el)];
    return () => leave.forEach((end) => end());
  },
};
"""


def play(
    model: LanguageModel,
    tokenizer: Tokenizer,
    *,
    prompt: str | None = None,
) -> "Playground":
    """The model to play with, below the cell that ends with this call.

    prompt: the text to begin with.
    Raises ValueError for a model that a page cannot hold.
    """
    return Playground(pack(model, tokenizer), prompt)


class Playground:
    """What JupyterLab shows as a widget and the book as a part of its page."""

    def __init__(self, packed: dict, prompt: str | None = None) -> None:
        self.packed, self.prompt = packed, prompt

    def __repr__(self) -> str:
        return f"Playground({self.packed['parameters']:,} parameters)"

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, Any]:
        bundle = {
            "text/plain": repr(self),
            "text/html": fragment(
                self.packed,
                prompt=self.prompt,
                waiting="Run this cell to play with the model here, or "
                "read the chapter in the book.",
            ),
        }
        try:
            widget = make_widget(self.packed, self.prompt)
        except ImportError:  # without the extra [lab] there is the page
            return bundle
        say_what_to_do_tomorrow()
        return bundle | widget


def make_widget(packed: dict, prompt: str | None) -> dict[str, Any]:
    """The form that a notebook's front end turns into a live widget."""
    return widget_view(
        script(),
        RENDER,
        style(),
        packed=packed,
        options={} if prompt is None else {"prompt": prompt},
    )
