"""Texts side by side say whose they are, and from which moment."""

from bs4 import BeautifulSoup

from tutorgpt.view import show_side_by_side

TEXTS = {
    "SMALL": {"0": "绿。\n风，多", "9": "<春>"},
    "LARGE": {"0": "江", "9": "水\n月"},
}
SHOWN = show_side_by_side(
    TEXTS, ("start", "end"), first=5, title="Title", language="zh-Hans"
)


def test_a_row_is_a_moment_and_a_column_a_model() -> None:
    """With the first lines of each text, and its own signs as such."""
    page = BeautifulSoup(SHOWN._repr_html_(), "html.parser")
    heads = [(head.get("scope"), head.text) for head in page.select("th")]
    rows = [
        [list(cell.stripped_strings) for cell in row.select("td")]
        for row in page.select("tbody tr")
    ]

    assert heads == [
        ("col", "SMALL"),
        ("col", "LARGE"),
        ("row", "start"),
        ("row", "end"),
    ]
    assert rows == [[["绿。", "风，"], ["江"]], [["<春>"], ["水", "月"]]]
    assert page.figcaption is not None
    assert page.figcaption.text == "Title"


def test_every_text_names_its_language() -> None:
    """So that a browser takes its letters, and a voice its words."""
    page = BeautifulSoup(SHOWN._repr_html_(), "html.parser")

    assert [cell.get("lang") for cell in page.select("tbody td")] == (
        ["zh-Hans"] * 4
    )


def test_a_terminal_gets_them_one_after_the_other() -> None:
    """Behind a bar, as all that a model has written."""
    assert repr(SHOWN).splitlines() == [
        "Title",
        "start, SMALL",
        "│ 绿。",
        "│ 风，",
        "start, LARGE",
        "│ 江",
        "end, SMALL",
        "│ <春>",
        "end, LARGE",
        "│ 水",
        "│ 月",
    ]
