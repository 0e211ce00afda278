"""One palette: each colour is written once, and every name has its colour."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PALETTE = ROOT / "tutorgpt/view/palette.css"
PLAYGROUND = ROOT / "tutorgpt/view/playground"
QUIZ = ROOT / "tutorgpt/learn/quiz/assets"
BOOK = ROOT / "book/_static/tutorgpt.css"
REPORT = ROOT / "tutorgpt/learn/facts.css"
SHARED = ROOT / "tutorgpt/view/assets"
FIGURES = ROOT / "tutorgpt/view/interactive"
LADDER = ROOT / "tutorgpt/view/ladder"
SHEETS = [
    SHARED / "parts.css",
    PLAYGROUND / "assets/style.css",
    FIGURES / "assets/style.css",
    LADDER / "assets/style.css",
    QUIZ / "quiz.css",
    BOOK,
    REPORT,
]
MODELS = ("demo.js", "songci.js")
"""They hold weights."""
OTHERS = [
    *SHEETS,
    *(f for f in PLAYGROUND.glob("assets/*.js") if f.name not in MODELS),
    *SHARED.glob("*.js"),
    *FIGURES.glob("assets/*.js"),
    *FIGURES.glob("*.py"),
    *LADDER.glob("assets/*.js"),
    *LADDER.glob("*.py"),
    *QUIZ.glob("*.js"),
    *PLAYGROUND.glob("*.py"),
    *(ROOT / "book/_ext").glob("*.py"),
]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch)a?\(")


def modes() -> list[dict[str, str]]:
    """The names and values of the colours, in light and in dark."""
    return [names_in(rule) for rule in rules()[:2]]


def rules() -> list[str]:
    """What stands between braces: the colours, light and dark, the fonts."""
    return re.findall(r"\{(.*?)\}", PALETTE.read_text("utf-8"), re.DOTALL)


def names_in(rule: str) -> dict[str, str]:
    """The names that a rule sets, and their values."""
    return dict(re.findall(r"(--tg-[a-z-]+): (.*?);", rule, re.DOTALL))


def test_light_and_dark_have_the_same_colours() -> None:
    """A name without its dark colour would keep the light one at night."""
    light, dark = modes()

    assert len(light) > 8
    assert light.keys() == dark.keys()


def test_no_colour_has_two_names() -> None:
    """Within a mode each value is written once."""
    for colours in modes():
        assert len(set(colours.values())) == len(colours)


@pytest.mark.parametrize(
    "file", OTHERS, ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_no_other_file_writes_a_colour(file: Path) -> None:
    """Style sheets, scripts and pages name the palette's colours."""
    assert COLOUR.findall(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "file", OTHERS, ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_no_other_file_names_a_font(file: Path) -> None:
    """Families stand in the palette; elsewhere stand their variables."""
    families = re.findall(
        r"font(?:-family\S*)?: ([^;{}]+);", file.read_text("utf-8")
    )

    assert not [f for f in families if not re.search(r"inherit|var\(--", f)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda file: file.name)
def test_every_name_has_a_value(sheet: Path) -> None:
    """A style sheet uses names of the palette, or of its own."""
    text = sheet.read_text("utf-8")
    known = {name for rule in rules() for name in names_in(rule)}
    known |= set(re.findall(r"(--tg-[a-z-]+):", text))
    known |= {"--tg-share", "--tg-name"}  # which the playground sets itself
    used = re.findall(r"var\((--tg-[a-z-]+)", text)

    assert used
    assert set(used) <= known
