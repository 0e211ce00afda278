"""An interactive figure in JupyterLab, and in the page that stores it."""

from typing import Any

from tutorgpt.ground.tomorrow import say_what_to_do_tomorrow
from tutorgpt.view.interactive.catalogue import check
from tutorgpt.view.interactive.page import (
    fragment,
    script,
    still,
    style,
    told,
)
from tutorgpt.view.living import widget_view

RENDER = """
export default {
  render({ model, el }) {
    el.classList.add("tg-lab");
    tutorgpt.mountFigure(el, model.get("told"));
    const leave = [keepKeys(el), hideLine(el)];
    return () => leave.forEach((end) => end());
  },
};
"""


def interactive(name: str, **options: float) -> "Interactive":
    """A figure to move by hand, below the cell that ends with this call.

    name: "slope", "softmax", … (`tutorgpt.view.interactive.catalogue`).
    options: what it begins with, as in interactive("slope", w=3).
    Raises ValueError for a figure or an option that there is not.
    """
    return Interactive(name, options)


class Interactive:
    """JupyterLab shows it as a widget, the book as a part of its page."""

    def __init__(self, name: str, options: dict[str, float]) -> None:
        self.figure = check(name, options)
        self.name, self.options = name, options

    def __repr__(self) -> str:
        return f"{self.figure.title}: {self.figure.alt}"

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, Any]:
        bundle = {
            "text/plain": repr(self),
            "text/html": fragment(self.name, self.options),
        }
        if not self.options:  # for what can show neither page nor widget
            bundle["image/svg+xml"] = still(self.name)
        try:
            view = make_widget(self.name, self.options)
        except ImportError:  # without the extra [lab] there is the page
            return bundle
        say_what_to_do_tomorrow()
        return bundle | view


def make_widget(name: str, options: dict[str, float]) -> dict[str, Any]:
    """The form that a notebook's front end turns into a living figure."""
    return widget_view(script(name), RENDER, style(), told=told(name, options))
