"""Which interactive figures there are, and what each says of itself."""

from dataclasses import dataclass, field
from numbers import Real
from typing import Any

from tutorgpt.ground.checks import one_of


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: its scripts draw it, these words explain it.

    chapter: where it belongs.
    title: its name, for whoever does not see it.
    alt: what its still picture shows.
    invites: what to move, and what then is seen.
    still: the same for a reader who cannot move anything.
    scripts: its own, in their order, after those that all share.
    options: what a caller may choose to begin with, from and up to what.
    """

    chapter: int
    title: str
    alt: str
    invites: str
    still: str
    scripts: tuple[str, ...]
    options: dict[str, tuple[float, float]] = field(default_factory=dict)


FIGURES = {
    "slope": Figure(
        chapter=0,
        title="A loss and its slope",
        alt=(
            "The loss of one weight is a valley; a line touches it at a "
            "weight of −1, where the slope is −6."
        ),
        invites=(
            "Drag the point along the valley, or focus it and press the "
            "arrow keys: the line that touches the curve shows the slope. "
            "Then choose a learning rate and step downhill."
        ),
        still=(
            "At w = −1 the slope is −6, so a step with the learning rate 0.3 "
            "leads to w = −1 + 0.3 × 6 = 0.8, most of the way to the bottom; "
            "with 0.02 it would barely move, and with 1.05 it would land on "
            "the other side, farther away than before."
        ),
        scripts=("slope.js",),
        options={"w": (-2, 6), "learning_rate": (0.01, 1.2)},
    ),
    "softmax": Figure(
        chapter=1,
        title="Scores and their softmax",
        alt=(
            "Five scores as bars, and below them their probabilities; the "
            "highest score, 2.5, gets 70 % of the probability."
        ),
        invites=(
            "Drag a score up or down, or focus it and press the arrow keys: "
            "all probabilities change, since they share one sum. A low "
            "temperature makes the highest one win, a high one makes all "
            "alike."
        ),
        still=(
            "Raising one score by 1 multiplies its e^score by 2.72 and takes "
            "probability from all others; dividing the scores by a "
            "temperature below 1 sharpens the probabilities, one above 1 "
            "makes them alike."
        ),
        scripts=("softmax.js",),
        options={"temperature": (0.1, 5)},
    ),
}


def check(name: str, options: dict[str, Any]) -> Figure:
    """The figure of this name.

    Raises ValueError where there is none, and for options that it does not
    have or that lie outside of what it can show.
    """
    one_of(tuple(FIGURES), name=name)
    figure = FIGURES[name]
    for option, value in options.items():
        if option not in figure.options:
            known = ", ".join(figure.options) or "none"
            raise ValueError(
                f"the figure {name!r} has no option {option!r}: it has {known}"
            )
        low, high = figure.options[option]
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise ValueError(
                f"{option} is {value!r}: choose a number from {low} to {high}"
            )
    return figure
