"""Chapter 10's figure: what an alphabet is worth."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from tutorgpt.view.style import BLUE, ORANGE, panels, subtitle

RULERS = {
    "price": ("equal arithmetic", BLUE, "o", -0.16),
    "size": ("equal parameters", ORANGE, "s", 0.16),
}
"""What is held equal in the record: its name, colour, mark, and how far
above or below the middle of the row it stands."""


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
