"""Reads off a figure what a reader would: lines, bars, maps, words."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

Numbers = list[float]


def heading(figure: Figure) -> str:
    """The title of the whole figure, or of its only axes."""
    return figure.get_suptitle() or figure.axes[0].get_title(loc="left")


def panel_titles(figure: Figure) -> list[str]:
    """What stands over each panel, in reading order; hidden ones left out."""
    return [
        axes.get_title(loc="left")
        for axes in figure.axes
        if axes.get_visible() and not is_bar(axes)
    ]


def is_bar(axes: Axes) -> bool:
    """Whether these axes are the colour bar of others."""
    return axes.get_label() == "<colorbar>"


def colour_bars(figure: Figure) -> list[tuple[str, Numbers]]:
    """Label and range of each colour bar."""
    return [
        (axes.get_ylabel(), [float(end) for end in axes.get_ylim()])
        for axes in figure.axes
        if is_bar(axes)
    ]


def words(axes: Axes) -> tuple[str, str]:
    """What stands along x and along y."""
    return axes.get_xlabel(), axes.get_ylabel()


def ticks(axis: Axis) -> list[str]:
    """The words or numbers along an axis that was given some."""
    return [label.get_text() for label in axis.get_ticklabels()]


def line(drawn: Line2D) -> tuple[Numbers, Numbers]:
    """The points of one line: all x, all y."""
    x, y = drawn.get_data()
    return [float(a) for a in x], [float(b) for b in y]


def lines(axes: Axes) -> list[tuple[Numbers, Numbers]]:
    """The points of each line, in the order of drawing."""
    return [line(drawn) for drawn in axes.get_lines()]


def bars(axes: Axes) -> list[tuple[float, float]]:
    """Place (its middle) and height of each bar, in the order of drawing."""
    return [
        (round(bar.get_x() + bar.get_width() / 2, 6), float(bar.get_height()))
        for bar in axes.patches
        if isinstance(bar, Rectangle)
    ]


def grid(axes: Axes) -> list[Numbers]:
    """The numbers of a map, row by row; None where it is left white."""
    return axes.images[0].get_array().tolist()


def notes(axes: Axes) -> list[tuple[str, tuple[float, float]]]:
    """The words inside the axes, each with the point that it belongs to."""
    return [
        (note.get_text(), getattr(note, "xy", note.get_position()))
        for note in axes.texts
    ]


def colour(artist: Artist) -> str:
    """The colour of a line, a bar or a word, as the palette writes it."""
    paint = (
        artist.get_facecolor()
        if hasattr(artist, "get_facecolor")
        else artist.get_color()
    )
    return to_hex(paint).upper()


def colours(axes: Axes) -> list[str]:
    """The colour of each line, in the order of drawing."""
    return [colour(drawn) for drawn in axes.get_lines()]


def legend(owner: Axes | Figure) -> dict[str, str]:
    """Name -> colour, as the legend of a figure or of axes shows them."""
    found = (
        owner.legends[0] if isinstance(owner, Figure) else owner.get_legend()
    )
    assert isinstance(found, Legend)
    names = [text.get_text() for text in found.get_texts()]
    shown = [colour(handle) for handle in found.legend_handles]
    return dict(zip(names, shown, strict=True))


def named_lines(axes: Axes) -> dict[str, str]:
    """Label -> colour of the lines that a legend ought to name."""
    return {
        str(drawn.get_label()): colour(drawn)
        for drawn in axes.get_lines()
        if not str(drawn.get_label()).startswith("_")
    }
