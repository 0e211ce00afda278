"""Tables say each number, and colour it by its size."""

import pytest
import torch
from bs4 import BeautifulSoup, Tag

from tutorgpt.view import show_numbers
from tutorgpt.view.style import BLUE, ORANGE, PURPLE

INF = float("inf")
SHARES = torch.tensor([[1.0, 0.0], [0.125, 0.875]])
SCORES = torch.tensor([[-0.04, -INF], [2.26, -4.0]])


def tables(*matrices: torch.Tensor, **labels: str) -> list[Tag]:
    """The tables that a page shows for matrices."""
    names = [f"table {n}" for n in range(len(matrices))]
    shown = show_numbers(matrices, names=names, title="Title", **labels)
    return BeautifulSoup(shown._repr_html_(), "html.parser").select("table")


def numbers(table: Tag) -> list[list[str]]:
    """What stands in the cells, row by row."""
    return [
        [cell.text for cell in row.select("td")]
        for row in table.select("tbody tr")
    ]


def grounds(table: Tag) -> list[str | None]:
    """The colour of each cell, and how much of it, in reading order."""
    return [
        str(cell.get("style")).removeprefix("background: ")
        if cell.get("style")
        else None
        for cell in table.select("tbody td")
    ]


def test_shares_have_two_decimals_and_other_numbers_one() -> None:
    """No minus before a zero; what is masked says so."""
    shares, scores = tables(SHARES, SCORES)

    assert numbers(shares) == [["1.00", "0.00"], ["0.12", "0.88"]]
    assert numbers(scores) == [["0.0", "-∞"], ["2.3", "-4.0"]]


def test_the_larger_a_number_the_fuller_its_colour() -> None:
    """45 per cent of 255 for the largest; nothing for zero and the mask."""
    shares, scores = tables(SHARES, SCORES)

    assert grounds(shares) == [
        f"{BLUE}73",
        None,
        f"{BLUE}0e",
        f"{BLUE}64",
    ]
    assert grounds(scores) == [
        None,
        None,
        f"{PURPLE}41",
        f"{ORANGE}73",
    ]


def test_tables_of_one_kind_share_a_scale() -> None:
    """A quarter of the numbers has a quarter of the colour."""
    _, small = tables(SCORES, SCORES / 4)

    assert grounds(small)[-1] == f"{ORANGE}1d"


def test_rows_and_columns_have_headings() -> None:
    """Space and line break are seen; the corner is no empty heading."""
    (table,) = tables(SHARES, rows="q ", columns="u\n")
    heads = [(head.get("scope"), head.text) for head in table.select("th")]

    assert heads == [("col", "u"), ("col", "↵"), ("row", "q"), ("row", "␣")]
    assert table.select_one("caption").text == "table 0"  # type: ignore[union-attr]


def test_a_terminal_gets_the_same_numbers() -> None:
    """Behind a bar, as all that may be measured."""
    shown = repr(
        show_numbers(
            [SHARES],
            names=["weights"],
            title="Title",
            rows="ab",
            columns="cd",
            row_axis="this",
            column_axis="next",
        )
    )

    assert shown.splitlines() == [
        "Title (rows: this, columns: next)",
        "│ weights",
        "│           c     d",
        "│    a   1.00  0.00",
        "│    b   0.12  0.88",
    ]


def test_infinities_keep_their_sign_and_nan_is_shown() -> None:
    """As in a softmax over nothing but -inf; none of them has a colour."""
    (table,) = tables(torch.tensor([[1.0, INF], [-INF, float("nan")]]))

    assert numbers(table) == [["1.00", "∞"], ["-∞", "nan"]]
    assert grounds(table)[1:] == [None] * 3


@pytest.mark.parametrize("sign", ["<", "&"])
def test_signs_of_html_are_written_as_such(sign: str) -> None:
    """A label may be any character of a text."""
    (table,) = tables(SHARES, rows=[sign, "b"], columns="cd")

    assert table.select("th")[2].text == sign
