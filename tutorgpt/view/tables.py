"""Matrices as tables: numbers that are to be read stand in cells."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from tutorgpt.view.matrices import visible
from tutorgpt.view.style import BLUE, ORANGE, PURPLE

MARK = "tg-tables"
"""The class of all tables of one output, by which tests know it."""
STRONGEST = 0.45
"""How much colour the largest number gets: ink is legible on it in light and
in dark."""


def show_numbers(
    matrices: Sequence[Float[Tensor, "R C"]],
    *,
    names: Sequence[str],
    title: str,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    row_axis: str = "query position",
    column_axis: str = "key position",
) -> "Numbers":
    """Matrices as tables, whose cells are the more coloured, the larger.

    rows, columns: labels, such as the characters that stand there; space
    and line break are made visible. row_axis, column_axis: what they are.
    Shares are shown with two decimals and in blue, other numbers with one;
    of these orange is below zero and purple above it.
    """
    grids = [
        _Grid(
            name,
            matrix.tolist(),
            [*map(visible, rows or map(str, range(matrix.shape[0])))],
            [*map(visible, columns or map(str, range(matrix.shape[1])))],
        )
        for name, matrix in zip(names, matrices, strict=True)
    ]
    return Numbers(title, grids, f"rows: {row_axis}, columns: {column_axis}")


@dataclass(frozen=True)
class _Grid:
    """One table. name: what stands over it. rows, columns: labels."""

    name: str
    numbers: list[list[float]]
    rows: list[str]
    columns: list[str]

    @property
    def finite(self) -> list[float]:
        """All numbers that are not infinite."""
        return [n for row in self.numbers for n in row if math.isfinite(n)]

    @property
    def holds_shares(self) -> bool:
        """Whether all numbers lie between 0 and 1."""
        return all(0 <= number <= 1 for number in self.finite)

    def said(self, number: float) -> str:
        """A number as it is shown."""
        if math.isinf(number):
            return "-∞" if number < 0 else "∞"
        if math.isnan(number):
            return "nan"
        digits = 2 if self.holds_shares else 1
        # Adding 0.0 turns a -0.0 that rounding left into 0.0.
        return f"{round(number, digits) + 0.0:.{digits}f}"


class Numbers:
    """What a notebook shows: a table each in a page, lines in a terminal."""

    def __init__(self, title: str, grids: list[_Grid], axes: str) -> None:
        self.title, self.grids, self.axes = title, grids, axes

    def largest(self, like: _Grid) -> float:
        """The size with the fullest colour, in all tables of one kind."""
        return max(
            abs(number)
            for grid in self.grids
            if grid.holds_shares == like.holds_shares
            for number in grid.finite
        )

    def __repr__(self) -> str:
        """The tables as lines; what was measured stands behind a bar."""
        lines = [f"{self.title} ({self.axes})"]
        for grid in self.grids:
            lines.append(f"│ {grid.name}")
            lines.append("│      " + "".join(f"{c:>6}" for c in grid.columns))
            for label, row in zip(grid.rows, grid.numbers, strict=True):
                cells = "".join(f"{grid.said(n):>6}" for n in row)
                lines.append(f"│ {label:>4} {cells}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        tables = "\n".join(map(self.table, self.grids))
        return (
            f'<figure class="{MARK}">\n'
            f"<figcaption><strong>{html.escape(self.title)}</strong><br>"
            f"{html.escape(self.axes)}</figcaption>\n{tables}\n</figure>"
        )

    def table(self, grid: _Grid) -> str:
        """One matrix; where it is too wide it scrolls."""
        name = html.escape(grid.name)
        head = "".join(
            f'<th scope="col">{html.escape(column)}</th>'
            for column in grid.columns
        )
        body = "\n".join(
            f'<tr><th scope="row">{html.escape(label)}</th>'
            + "".join(self.cell(number, grid) for number in row)
            + "</tr>"
            for label, row in zip(grid.rows, grid.numbers, strict=True)
        )
        return (
            f'<div class="tg-scroll" role="group" aria-label="{name}" '
            'style="overflow-x: auto">'
            f"<table><caption>{name}</caption>\n"
            f"<thead><tr><td></td>{head}</tr></thead>\n"
            f"<tbody>{body}</tbody></table></div>"
        )

    def cell(self, number: float, grid: _Grid) -> str:
        """A number on its colour."""
        said = grid.said(number)
        if not math.isfinite(number) or not float(said):
            return f"<td>{said}</td>"
        colour = ORANGE if number < 0 else PURPLE
        if grid.holds_shares:
            colour = BLUE
        share = STRONGEST * abs(number) / self.largest(grid)
        # Two more digits of a colour are how much of it covers the ground.
        cover = f"{colour}{round(255 * share):02x}"
        return f'<td style="background: {cover}">{said}</td>'
