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
            "Drag the point along the valley, or focus it and press the arrow "
            "keys: the line touching the curve shows the slope. Then choose a "
            "learning rate and step downhill."
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
            "every probability changes, because together they make 100 %. The "
            "temperature divides all scores: a low one lets the highest score "
            "win, a high one makes the probabilities more alike."
        ),
        still=(
            "Raising one score by 1 multiplies its power of e by 2.72 and "
            "takes probability from all the others. A temperature divides all "
            "scores: below 1 it sharpens the probabilities, above 1 it makes "
            "them more alike."
        ),
        scripts=("softmax.js",),
        options={"temperature": (0.1, 5.0)},
    ),
    "mask": Figure(
        chapter=2,
        title="Which characters a head reads",
        alt=(
            "A square of attention weights over the sixteen characters of ‘To "
            "be, or not to’; with the causal mask, everything to the right of "
            "the diagonal is empty."
        ),
        invites=(
            "Point at a row of the map, or focus it and press the arrow keys: "
            "the bars show which characters that position reads. Then choose "
            "the head that was trained without the mask."
        ),
        still=(
            "With the causal mask each row ends at its own position. The head "
            "trained without it puts nearly all its weight on the very "
            "character that it has to predict. Both heads were trained as in "
            "this chapter."
        ),
        scripts=("mask_scores.js", "mask.js"),
        options={"row": (1, 16)},
    ),
    "scaling": Figure(
        chapter=2,
        title="Softmax of dot products as the vectors grow",
        alt=(
            "Eight weights from dot products of random vectors of 64 numbers: "
            "without the division by √D one of them takes nearly everything, "
            "with it all eight keep a share."
        ),
        invites=(
            "Move D, the length of the vectors: without the division by √D "
            "one weight soon takes everything; with it, the weights stay "
            "spread out."
        ),
        still=(
            "As D grows from 4 to 1024, the size of the scores grows like √D, "
            "from about 2 to about 32, and softmax gives more and more to the "
            "largest one. Divided by √D, the scores keep their size."
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
            "passes on a single mixture, which is the same for all points of "
            "the line, and the best report is one of them. Then take two "
            "heads, and change their weights."
        ),
        still=(
            "A second head with other weights passes on a second mixture, and "
            "with it comes a second line: only one point lies on both, so "
            "both numbers are known."
        ),
        scripts=("two-heads.js",),
        options={"weight": (0.0, 1.0)},
    ),
    "relu": Figure(
        chapter=4,
        title="The bends of four neurons",
        alt=(
            "A wanted curve with a valley and a hill, and a flat line with "
            "five points that can be moved to fit it."
        ),
        invites=(
            "Drag the five points, or focus one and press the arrow keys, "
            "until the solid line fits the dashed curve: each neuron adds one "
            "bend. Then take ReLU away."
        ),
        still=(
            "Four neurons with ReLU add up to a line that bends where each of "
            "them begins, so its three inner bends can follow the curve "
            "roughly. Without ReLU the sum is one straight line, whatever the "
            "weights."
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
            "it explode. A norm before each layer keeps the sizes, but on its "
            "own it loses the input. With both, signal and gradient stay "
            "below thirty times their size at every scale."
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
            "Change the five numbers of a model: the bars show where its "
            "parameters sit, and the sum is what count_parameters returns."
        ),
        still=(
            "With the five numbers of SMALL, 91 % of the parameters sit in "
            "the token embedding and lm_head. With those of LARGE, which has "
            "15,466,756 in all, it is 31 %, and the feed-forward layers hold "
            "most of the rest."
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
    "alphabets": Figure(
        chapter=10,
        title="One text in three alphabets",
        alt=(
            "The text ‘the king's café 雷’ in three rows of boxes, one box "
            "for each token. 17 characters, of which é and 雷 are crossed "
            "out as refused; 20 bytes, 195 and 169 below é and three below "
            "雷; 14 tokens of pairs:512, among them he, ing and the space "
            "together with k, while é and 雷 are bytes again."
        ),
        invites=(
            "Type a text of your own, in any script: each box is a token, "
            "as wide as its bytes, with its number below. A box in colour "
            "holds several characters, a dotted one a byte that is no whole "
            "character, and ✕ marks what the plays do not have."
        ),
        still=(
            "Each box is a token, as wide as its bytes, with its number "
            "below. A box in colour holds several characters, a dotted one a "
            "byte that is no whole character, and ✕ marks characters that "
            "the plays do not have: an alphabet of their characters refuses "
            "the text, bytes and byte pairs take it."
        ),
        scripts=("tokenizer.js", "play_alphabets.js", "alphabets.js"),
    ),
    "blind_test": Figure(
        chapter=10,
        title="Which line is the model’s?",
        alt=(
            "The first of twenty pairs of lines, A and B, and an axis from "
            "0 % to 100 % for the share of right answers, on which guessing "
            "is marked at 50 %."
        ),
        invites=(
            "Of each pair one line is from plays that the model has not "
            "read, and one is the model’s. Choose the one that you take for "
            "the model’s, with the mouse or with Tab and Enter: you see the "
            "answer, your score, and what the score is worth."
        ),
        still=(
            "Whoever guesses is right in half of the pairs. With 14 of 20 "
            "right, the 95 % interval of the share goes from 48 % to 85 %, "
            "and so holds 50 %; with 15 of 20 it goes from 53 % to 89 %."
        ),
        scripts=("blind_lines.js", "blind_test.js"),
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
