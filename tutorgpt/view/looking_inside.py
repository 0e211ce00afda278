"""Chapter 7's figures: a GPT's heads, costs, vectors and guesses."""

from itertools import product

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.matrices import (
    ATTENTION_LABEL,
    colour_bar,
    draw_map,
    shares,
    visible,
    without_future,
)
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    SMALL,
    panel,
    panels,
    plain_numbers,
    subtitle,
)
from tutorgpt.view.svg import KEPT

COLOURS = {
    "vowel": RED,
    "consonant": BLUE,
    "capital": ORANGE,
    "digit": GREY,
    "punctuation": GREEN,
}
"""How characters are told apart where their vectors are drawn."""
LAYERS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (RED, "D"))


def kind_of(character: str) -> str:
    """vowel, consonant, capital, digit or punctuation (spaces too)."""
    if character.isupper():
        return "capital"
    if character.isalpha():
        return "vowel" if character in "aeiou" else "consonant"
    return "digit" if character.isdigit() else "punctuation"


def plot_heads(
    weights: Float[Tensor, "L H T T"], text: str, *, title: str
) -> Figure:
    """The attention maps of all heads: a row a layer, a column a head.

    text: the T characters that were read, whose first and last place are
    numbered. Rows of a map look, its columns are looked at, and the future
    is left empty.
    """
    maps = without_future(weights.detach())
    L, H = maps.shape[:2]
    colours = shares()
    with panels(title, 1.3 + 1.45 * L, columns=H, rows=L) as (
        figure,
        all_axes,
    ):
        for n, axes in enumerate(all_axes):
            layer, head = divmod(n, H)  # in reading order: row, column
            draw_map(axes, maps[layer, head], colours)
            ends = (0, len(text) - 1)
            numbers = [str(end) for end in ends]
            axes.set_xticks(ends, numbers if layer == L - 1 else [])
            axes.set_yticks(ends, numbers if head == 0 else [])
            axes.tick_params(length=0, pad=1)
            subtitle(axes, f"layer {layer},\nhead {head}")
        for axes in all_axes[-H:]:
            axes.set_xlabel("looked at", fontsize=SMALL)
        for axes in all_axes[::H]:
            axes.set_ylabel("looking", fontsize=SMALL)
        colour_bar(figure, all_axes, colours, ATTENTION_LABEL)
    return figure


def costs(record: dict) -> dict[str, list[float]]:
    """What each part's absence costs, in nats: part -> one per run.

    record: what scripts/records/ablation.py wrote. The heads of a layer have
    no order, so "layer 0, one head" holds all of them, of all runs.
    """
    found: dict[str, list[float]] = {}
    for run in record["runs"]:
        for part, loss in run["loss_without"].items():
            name = part.split(", head ")[0]
            name += ", one head" if name != part else ""
            found.setdefault(name, []).append(loss - run["val_loss"])
    return found


def plot_costs(record: dict, *, title: str) -> Figure:
    """Each part's cost when it is off, a dot a run, on a logarithmic axis."""
    by_part = costs(record)
    with panel(title, 1.1 + 0.26 * len(by_part)) as (figure, axes):
        for row, values in enumerate(by_part.values()):
            mean = sum(values) / len(values)
            # The first row speaks for all of them in the legend.
            dot, stroke = ("_", "_") if row else ("one run", "mean")
            axes.plot(
                values,
                [row] * len(values),
                "o",
                color=BLUE,
                alpha=0.4,
                label=dot,
            )
            axes.plot(
                [mean] * 2,
                [row - 0.35, row + 0.35],
                color=ORANGE,
                label=stroke,
            )
            axes.annotate(
                f"{mean:.2f}",
                (max(values), row),
                xytext=(9, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL,
            )
        axes.set_xscale("log")
        plain_numbers(axes.xaxis)
        axes.set_yticks(range(len(by_part)), list(by_part))
        axes.invert_yaxis()
        axes.margins(x=0.12)
        low, high = axes.get_xlim()
        # Each row's pale line ends where its number begins.
        last = [max(values) for values in by_part.values()]
        axes.hlines(range(len(last)), low, last, color=PALE, zorder=0)
        axes.set_xlim(low, high)
        axes.set_xlabel("cost of switching it off (nats per character)")
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def plot_score_and_cost(record: dict, *, title: str) -> Figure:
    """Every head of every run: where it looks, and what its absence costs."""
    with panel(title, 3.4) as (figure, axes):
        for layer, (colour, mark) in zip(
            range(record["preset"]["n_layer"]), LAYERS, strict=False
        ):
            scores, prices = scores_and_costs(record, layer)
            axes.plot(
                scores,
                prices,
                mark,
                color=colour,
                alpha=0.7,
                label=f"layer {layer}",
            )
        axes.set(
            xlabel="previous-token score (share of the weight one place back)",
            ylabel="cost of switching it off\n(nats per character)",
            ylim=(0, None),
        )
        axes.legend(loc="upper left")
    return figure


def scores_and_costs(
    record: dict, layer: int
) -> tuple[list[float], list[float]]:
    """Previous-token scores of a layer's heads in all runs, and costs."""
    scores, prices = [], []
    for run in record["runs"]:
        for head, score in enumerate(run["growth"][-1]["previous"][layer]):
            loss = run["loss_without"][f"layer {layer}, head {head}"]
            scores.append(score)
            prices.append(loss - run["val_loss"])
    return scores, prices


def plot_embeddings(
    places: Float[Tensor, "V 2"], characters: str, *, title: str
) -> Figure:
    """Each character where its vector falls on a plane, coloured by kind."""
    with panel(title, 4.6) as (figure, axes):
        for kind, colour in COLOURS.items():  # empty: for the legend alone
            axes.plot([], [], "s", color=colour, label=kind)
        for (x, y), character in zip(places.tolist(), characters, strict=True):
            axes.text(
                x,
                y,
                visible(character),
                color=COLOURS[kind_of(character)],
                ha="center",
                va="center",
                fontsize=11,
            )
        low, high = places.amin(dim=0) - 0.2, places.amax(dim=0) + 0.2
        axes.set_xlim(low[0].item(), high[0].item())
        axes.set_ylim(low[1].item(), high[1].item())
        axes.set_xlabel("first direction (length of the vector's shadow)")
        axes.set_ylabel("second direction")
        figure.legend(loc="outside lower center", ncols=3)
    return figure


def plot_lens(
    guessed: Float[Tensor, "N T V"],
    characters: str,
    text: str,
    *,
    title: str,
) -> Figure:
    """What the model would say after each layer, for each place of a text.

    guessed: probabilities of the next character. text: the T characters
    that were read and the one after. A cell holds the likeliest; its colour
    is the probability of the character that really came.
    """
    N, T, _ = guessed.shape
    came = [characters.index(character) for character in text[1:]]
    # Place t asks for character t + 1, which is another one at each place.
    right = guessed[:, range(T), came].detach()
    likeliest = guessed.argmax(dim=-1).tolist()
    names = ["embedding", *(f"layer {n}" for n in range(N - 1))]
    colours = shares()
    with panels(title, 2.3 + 0.28 * N) as (figure, (axes,)):
        draw_map(
            axes,
            right,
            colours,
            rows=names,
            columns=text[:-1],
            aspect="auto",
        )
        for row, place in product(range(N), range(T)):
            guess = likeliest[row][place]
            axes.text(
                place,
                row,
                visible(characters[guess]),
                ha="center",
                va="center",
                color="black" if right[row, place] > 0.5 else "white",
                gid=KEPT,
                fontweight="bold" if guess == came[place] else "normal",
            )
        axes.set_xlabel("read so far, up to this character")
        above = axes.secondary_xaxis("top")
        above.set_xticks(range(T), [visible(c) for c in text[1:]])
        above.set_xlabel("the character that came next")
        for part in (axes, above):
            part.tick_params(length=0)
        above.spines["top"].set_visible(False)
        colour_bar(figure, [axes], colours, "probability of what came")
    return figure
