"""Which interactive figures there are, and what each says of itself."""

from dataclasses import dataclass, field
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
    options: what a caller may choose to begin with, from and up to what; a
        whole number where both ends are.
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
            "The loss of one weight is a valley; a line touches it at the "
            "weight 0.5, where the slope is −14.33."
        ),
        invites=(
            "Drag the point along the valley, or focus it and press the "
            "arrow keys: the line that touches the curve shows the slope. "
            "Then choose a learning rate and step downhill."
        ),
        still=(
            "At the weight 0.5 the slope is −14.33, so a step with the "
            "learning rate 0.08 leads to 0.5 + 0.08 × 14.33 = 1.65, most of "
            "the way to the bottom; with 0.01 it would barely move, and with "
            "0.22 it would land on the other side, farther away than before."
        ),
        scripts=("slope.js",),
        options={"w": (0.0, 4.2), "learning_rate": (0.005, 0.25)},
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
        options={"temperature": (0.1, 5.0)},
    ),
    "mask": Figure(
        chapter=2,
        title="Which characters a head reads",
        alt=(
            "A square of attention weights over the sixteen characters of "
            "‘To be, or not to’; with the causal mask all weights right of "
            "the diagonal are empty."
        ),
        invites=(
            "Point at a row of the map, or focus it and press the arrow "
            "keys: the bars show which characters that position reads. Then "
            "choose the head that was trained without the mask."
        ),
        still=(
            "With the causal mask each row ends at its own position; the "
            "head that was trained without it puts most of its weight on the "
            "very character that it has to predict. Both heads were trained "
            "as in this chapter."
        ),
        scripts=("mask_scores.js", "mask.js"),
        options={"row": (1, 16)},
    ),
    "scaling": Figure(
        chapter=2,
        title="Softmax of dot products as the vectors grow",
        alt=(
            "Eight weights from dot products of random vectors of 64 "
            "numbers: without the division by √D one of them takes nearly "
            "everything, with it the weights stay alike."
        ),
        invites=(
            "Move D, the length of the vectors: without the division by √D "
            "one weight soon takes everything, with it the weights keep "
            "their spread."
        ),
        still=(
            "From D = 4 to 1024 the scores grow as √D, from about 2 to about "
            "32, and softmax gives ever more to the largest one; divided by "
            "√D they stay as large as they were."
        ),
        scripts=("scaling.js",),
        options={"head_size": (1, 1024)},
    ),
    "two-heads": Figure(
        chapter=3,
        title="What one mixture tells, and what two tell",
        alt=(
            "A point for two numbers, a and b, and a line through it: all "
            "points of the line have the same mixture, and the best report "
            "from the mixture lies elsewhere on it."
        ),
        invites=(
            "Drag the point, the numbers a and b of two characters: one head "
            "hands on a single mixture, the same for all points of the line, "
            "and the best report is one of them. Then take two heads, and "
            "turn their weights."
        ),
        still=(
            "A second head with other weights hands on a second mixture, and "
            "with it a second line: only one point lies on both, so both "
            "numbers are known."
        ),
        scripts=("two-heads.js",),
        options={"weight": (0.0, 1.0)},
    ),
    "relu": Figure(
        chapter=4,
        title="The bends of four neurons",
        alt=(
            "A wanted curve with a hill and two valleys, and a flat line "
            "with five points that can be moved to fit it."
        ),
        invites=(
            "Drag the five points, or focus one and press the arrow keys, "
            "until the solid line fits the dashed curve: each neuron adds "
            "one bend. Then take ReLU away."
        ),
        still=(
            "Four neurons with ReLU add up to a line with a bend where each "
            "of them begins, so three inner bends can follow the curve "
            "roughly; without ReLU the sum is one straight line, whatever "
            "the weights."
        ),
        scripts=("relu.js",),
    ),
    "path": Figure(
        chapter=5,
        title="A signal through twelve layers",
        alt=(
            "Twelve layers with neither path nor norm: the signal shrinks "
            "on its way up, and so does the gradient on its way down, each "
            "to about two millionths."
        ),
        invites=(
            "Change the scale of the weights: without help, signal and "
            "gradient vanish or explode with depth. Then switch on the "
            "residual path, the norm, or both, and change it again."
        ),
        still=(
            "With the path x + f(x) nothing vanishes, but large weights make "
            "it explode; a norm before each layer keeps the sizes, but alone "
            "it loses the input; with both, signal and gradient stay within "
            "thirty times their size at every scale."
        ),
        scripts=("path.js",),
        options={"scale": (0.2, 3.0)},
    ),
    "parameters": Figure(
        chapter=6,
        title="The parameters of a GPT",
        alt=(
            "The 437,764 parameters of the SMALL model as bars by part: "
            "token embedding and lm_head hold nine tenths."
        ),
        invites=(
            "Turn the five numbers of a model: the bars show where its "
            "parameters sit, and the sum is what count_parameters returns."
        ),
        still=(
            "With SMALL's five numbers 91 % of the parameters sit in the "
            "token embedding and lm_head; with LARGE's, 15,466,756 in all, "
            "it is 31 %, and the feed-forward layers hold most of the rest."
        ),
        scripts=("parameters.js",),
        options={
            "vocab_size": (1, 10**6),
            "n_embed": (1, 10**5),
            "n_head": (1, 10**5),
            "n_layer": (1, 10**4),
            "block_size": (1, 10**6),
        },
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
        whole = isinstance(low, int)
        kind = int if whole else (int, float)
        is_number = isinstance(value, kind) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise ValueError(
                f"{option} is {value!r}: choose a {'whole ' * whole}number "
                f"from {low} to {high}"
            )
    return figure
