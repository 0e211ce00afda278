"""Reads off a figure what a reader would: lines, bars, maps, words."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

Numbers = list[float]


def heading(figure: Figure) -> str:
    """The title of the whole figure, as one line."""
    return unfolded(figure.get_suptitle())


def unfolded(words: str) -> str:
    """Words without the line breaks that a narrow figure needs."""
    return words.replace("\n", " ")


def panel_titles(figure: Figure) -> list[str]:
    """What stands over each panel, in reading order; hidden ones left out."""
    return [
        unfolded(axes.get_title(loc="left"))
        for axes in figure.axes
        if axes.get_visible() and not is_bar(axes)
    ]


def is_bar(axes: Axes) -> bool:
    """Whether these axes are the colour bar of others."""
    return axes.get_label() == "<colorbar>"


def colour_bars(figure: Figure) -> list[tuple[str, Numbers]]:
    """Label and range of each colour bar."""
    return [
        (axes.get_xlabel(), [float(end) for end in axes.get_xlim()])
        for axes in figure.axes
        if is_bar(axes)
    ]


def words(axes: Axes) -> tuple[str, str]:
    """What stands along x and along y."""
    return unfolded(axes.get_xlabel()), unfolded(axes.get_ylabel())


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
    """The numbers of a map, row by row; None where it is left empty."""
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
    if isinstance(artist, PathCollection):
        (paint, *_) = artist.get_facecolors()
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


def struck_words(figure: Figure) -> list[str]:
    """The words in the axes that a line or a marker goes through."""
    figure.canvas.draw()
    return [
        note.get_text()
        for axes in figure.axes
        for note in _notes(axes)
        if any(_goes_through(one, _letters(note)) for one in axes.get_lines())
    ]


def colliding_words(figure: Figure) -> list[str]:
    """The words that stand on other words, or over the picture's edge."""
    figure.canvas.draw()
    notes = [note for axes in figure.axes for note in _notes(axes)]
    notes += [axes._left_title for axes in figure.axes]
    notes += [figure._suptitle] if figure._suptitle else []
    for axes in figure.axes:
        notes += [axes.xaxis.label, axes.yaxis.label] if axes.axison else []
    notes = [note for note in notes if note.get_text()]
    boxes = [_letters(note) for note in notes]
    return [
        note.get_text()
        for n, (note, box) in enumerate(zip(notes, boxes, strict=True))
        if any(box.overlaps(other) for other in boxes[:n])
        or not all(figure.bbox.contains(*end) for end in box.get_points())
    ]


def _notes(axes: Axes) -> list[Text]:
    """The words inside the axes; arrows without words left out."""
    return [note for note in axes.texts if note.get_text().strip()]


def _letters(note: Text) -> Bbox:
    """Where the letters stand, in pixels; an arrow is no part of them."""
    return Text.get_window_extent(note).padded(-1)


def _goes_through(drawn: Line2D, box: Bbox) -> bool:
    """Whether a line's strokes or markers, where visible, touch a box."""
    visible = drawn.axes.bbox if drawn.get_clip_on() else drawn.figure.bbox
    shared = Bbox.intersection(box, visible)
    if shared is None:
        return False
    to_pixels = drawn.get_transform()
    stroke = to_pixels.transform_path(drawn.get_path())
    dots = to_pixels.transform(drawn.get_xydata())
    near = shared.padded(drawn.get_markersize() / 2)
    return (
        drawn.get_linestyle() not in NOTHING
        and stroke.intersects_bbox(shared, filled=False)
    ) or (drawn.get_marker() not in NOTHING and near.count_contains(dots) > 0)


NOTHING = ("None", "none", " ", "", None)
"""How matplotlib writes that a line has no stroke or no marker."""


def unnamed_handles(figure: Figure) -> list[str]:
    """What is drawn, and named neither by a legend nor by words beside it.

    Where a figure has a legend, all that is drawn is in it, by its colour at
    least, or has words of its colour beside it. Where it has none, one
    manner of drawing may go without in each panel: the axis names it.
    """
    found = []
    legends = [*figure.legends]
    legends += [own for axes in figure.axes if (own := axes.get_legend())]
    for axes in figure.axes:
        drawn = _drawn(axes) if axes.axison else []
        named = {colour(note) for note in axes.texts} | {
            colour(handle) for one in legends for handle in one.legend_handles
        }
        open_ones = sorted(
            {_manner(one) for one in drawn if colour(one) not in named}
        )
        if legends or len(open_ones) > 1:
            found += open_ones
    return found


def _drawn(axes: Axes) -> list[Artist]:
    """Lines, dots and bars that carry numbers."""
    scattered = [c for c in axes.collections if isinstance(c, PathCollection)]
    return [*axes.get_lines(), *scattered, *axes.patches]


def _manner(artist: Artist) -> str:
    """Colour, marker and kind of line, as a reader tells them apart."""
    if isinstance(artist, Line2D):
        return f"{colour(artist)} {artist.get_marker()} {artist.get_ls()}"
    return f"{colour(artist)} area"
