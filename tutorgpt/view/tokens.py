"""Chapter 10's figures: what is one token, and what that is worth."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from tutorgpt.view.matrices import visible
from tutorgpt.view.style import (
    BLUE,
    ORANGE,
    SKY,
    SMALL,
    panel,
    panels,
    subtitle,
)
from tutorgpt.view.svg import KEPT

RULERS = {
    "price": ("equal arithmetic", BLUE, "o", -0.16),
    "size": ("equal parameters", ORANGE, "s", 0.16),
}
"""What is held equal in the record: its name, colour, mark, and how far
above or below the middle of the row it stands."""


def plot_pieces(
    pieces: Mapping[str, Sequence[bytes]], *, title: str
) -> Figure:
    """One text cut by several alphabets: a row each, a box for each token.

    pieces: the bytes of each token, by the alphabet's name. A box is as wide
    as the characters that it holds; a part of a character is shown as its
    bytes, in hexadecimal.
    """
    with panel(title, 0.5 + 0.62 * len(pieces)) as (figure, axes):
        for row, (name, tokens) in enumerate(pieces.items()):
            lengths = _widths(tokens)
            edge = 0.0
            for number, (token, width) in enumerate(
                zip(tokens, lengths, strict=True)
            ):
                axes.barh(
                    row,
                    width,
                    left=edge,
                    height=0.5,
                    color=(SKY, ORANGE)[number % 2],
                    gid=KEPT,
                )
                shown, is_part = _shown(token)
                axes.text(
                    edge + width / 2,
                    row,
                    shown,
                    ha="center",
                    va="center",
                    rotation=90 if is_part else 0,
                    fontsize=SMALL,
                    color="black",
                    gid=KEPT,
                )
                edge += width
            axes.text(
                0, row - 0.3, f"{name}: {len(tokens)} tokens", va="bottom"
            )
        axes.set_ylim(len(pieces) - 0.6, -0.75)
        axes.set_axis_off()
    return figure


def plot_alphabets(
    cells: Sequence[dict], *, texts: Mapping[str, str], title: str
) -> Figure:
    """Bits per byte of each alphabet, a panel for each text.

    cells: of the record "tokens". A small mark is one seed, a large one
    their mean. texts: what stands over a panel, by the text's name.
    """
    alphabets = list(dict.fromkeys(cell["alphabet"] for cell in cells))
    with panels(title, 0.6 + 1.9 * len(texts), rows=len(texts)) as (
        figure,
        all_axes,
    ):
        for axes, (text, shown) in zip(all_axes, texts.items(), strict=True):
            subtitle(axes, shown)
            for ruler, (name, colour, mark, off) in RULERS.items():
                same = [
                    cell
                    for cell in cells
                    if (cell["text"], cell["ruler"]) == (text, ruler)
                ]
                rows = [alphabets.index(c["alphabet"]) + off for c in same]
                for row, cell in zip(rows, same, strict=True):
                    seeds = [run["bits_per_byte"] for run in cell["runs"]]
                    axes.plot(
                        seeds, [row] * len(seeds), mark, color=colour, ms=3
                    )
                axes.plot(
                    [cell["bits_per_byte"] for cell in same],
                    rows,
                    mark,
                    color=colour,
                    ms=8,
                    alpha=0.6,
                    label=name,
                )
            axes.set_yticks(range(len(alphabets)), alphabets)
            axes.invert_yaxis()
            axes.grid(axis="x", alpha=0.3)
            axes.margins(0.08)
        all_axes[-1].set_xlabel(
            "bits per byte of held-out text; less is better"
        )
        figure.legend(
            *all_axes[0].get_legend_handles_labels(),
            loc="outside lower center",
            ncols=len(RULERS),
        )
    return figure


def _widths(tokens: Sequence[bytes]) -> list[float]:
    """How wide each token is, in characters, so that the rows are aligned.

    The bytes of a character share its width.
    """
    widths: list[float] = []
    spelled = b"".join(tokens)
    sizes = [len(c.encode()) for c in spelled.decode()]
    share = [1 / size for size in sizes for _ in range(size)]
    place = 0
    for token in tokens:
        widths.append(sum(share[place : place + len(token)]))
        place += len(token)
    return widths


def _shown(token: bytes) -> tuple[str, bool]:
    """A token's text with its spaces visible; its bytes, if it is a part."""
    try:
        return "".join(map(visible, token.decode())), False
    except UnicodeDecodeError:
        return token.hex(" ").upper(), True
