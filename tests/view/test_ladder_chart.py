"""The loss curve: where its axes put what they are given."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from browser_tools import browser, page_with
from playwright.sync_api import Browser, Page

from tutorgpt.view.ladder.page import asset, style

__all__ = ["browser"]  # a fixture: used by its name

FLOORS = {"uniform": 4.0, "unigram": 3.25, "bigram": 2.5}
FIRST = {
    "tag": "1",
    "rung": 0,
    "train": [[1, 4.1], [50, 3.0], [100, 2.75]],
    "held": [[0, 4.25], [50, 3.0], [100, 2.75]],
    "steps": 100,
    "current": False,
}
SECOND = FIRST | {
    "tag": "2",
    "rung": 1,
    "held": [[0, 4.2], [50, 2.0]],
    "train": [[1, 4.0], [60, 1.9]],
    "current": True,
}
SHOW = """({curves, floors, steps}) => {
  chart.show({curves, floors, steps});
  return chart.element.innerHTML;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """A page with an empty chart in it, 600 pixels wide."""
    made = page_with(browser, asset("parts.js"), asset("chart.js"))
    made.add_style_tag(content=style())
    made.evaluate(
        "globalThis.chart = tutorgpt.makeChart();"
        "const box = document.createElement('div');"
        "box.style.width = '600px'; box.append(chart.element);"
        "document.body.append(box)"
    )
    made.wait_for_selector("svg[viewBox]")
    return made


def show(page: Page, *curves: dict, steps: int = 100) -> ET.Element:
    """The drawing of these curves."""
    told = {"curves": list(curves), "floors": FLOORS, "steps": steps}
    drawn = page.evaluate(SHOW, told)
    return ET.fromstring(re.sub(r' xmlns="[^"]*"', "", drawn))


def parts(drawn: ET.Element, name: str) -> list[ET.Element]:
    """Those of a class."""
    return [
        part for part in drawn.iter() if name in part.get("class", "").split()
    ]


def points(path: ET.Element) -> list[tuple[float, float]]:
    """The corners of a line."""
    found = re.findall(r"[ML](\S+?) (-?[\d.]+)", path.get("d", ""))
    return [(float(x), float(y)) for x, y in found]


def scale(drawn: ET.Element) -> tuple:
    """From a step and a loss to a place, read off the names of the axes."""
    sides: list[tuple[float, float]] = []
    for looks, place in (("tg-l-mid", "x"), ("tg-l-end", "y")):
        marks = [
            (float(mark.text or ""), float(mark.get(place, "")))
            for mark in parts(drawn, looks)
            if re.fullmatch(r"[\d.]+", mark.text or "")
        ]
        (low, start), (high, end) = marks[0], marks[-1]
        slope = (end - start) / (high - low)
        sides.append((start - slope * low, slope))
    (x, per_step), (y, per_nat) = sides
    return (
        lambda step: x + per_step * step,
        lambda loss: y - 4 + per_nat * loss,  # letters stand 4 pixels lower
    )


def test_losses_lie_where_the_axes_say(page: Page) -> None:
    """Each point of a curve, read off the marks of both axes."""
    drawn = show(page, FIRST, SECOND)
    x, y = scale(drawn)
    (past,), (held,) = parts(drawn, "tg-l-past"), parts(drawn, "tg-l-held")
    (train,) = parts(drawn, "tg-l-train")

    for path, losses in (
        (past, FIRST["held"]),
        (held, SECOND["held"]),
        (train, SECOND["train"]),
    ):
        for (px, py), (step, loss) in zip(points(path), losses, strict=True):
            assert px == pytest.approx(x(step), abs=0.2)
            assert py == pytest.approx(y(loss), abs=0.2)


def test_floors_are_drawn_and_named(page: Page) -> None:
    """Each across the whole width, with its name and its loss on it."""
    drawn = show(page, FIRST)
    _, y = scale(drawn)
    said = [name.text for name in parts(drawn, "tg-l-name")]
    for kind, loss in FLOORS.items():
        (line,) = parts(drawn, f"tg-l-{kind}")
        assert line.get("y1") == line.get("y2")
        assert float(line.get("y1", "")) == pytest.approx(y(loss), abs=0.2)

    assert said == [
        "uniform floor 4.00",
        "single-character floor 3.25",
        "pair floor 2.50",
    ]


def test_the_axes_reach_every_curve_and_floor(page: Page) -> None:
    """The last step, the lowest loss; a loss far above is at the edge."""
    high = SECOND | {"train": [[1, 40.0], [60, 1.9]], "held": [[0, 1.25]]}
    drawn = show(page, FIRST, high, steps=100)
    (train,) = parts(drawn, "tg-l-train")
    x, y = scale(drawn)
    (axis,) = [
        line
        for line in parts(drawn, "tg-l-axis")
        if line.get("x1") == line.get("x2")
    ]

    assert points(train)[0][1] == float(axis.get("y1", ""))
    assert y(1.25) < float(axis.get("y2", ""))
    assert x(100) <= 600


def test_the_axis_of_steps_grows_with_the_longest_run(page: Page) -> None:
    """A longer run that came before keeps its place."""
    drawn = show(page, FIRST | {"steps": 5000}, SECOND, steps=100)
    marks = [mark.text for mark in parts(drawn, "tg-l-mid")]

    assert marks[0] == "0"
    assert marks[-1] == "5,000"


def test_names_stand_clear_of_each_other(page: Page) -> None:
    """Six curves that end alike have six names that can be read."""
    curves = [
        FIRST | {"tag": str(n + 1), "rung": n, "current": n == 5}
        for n in range(6)
    ]
    tags = parts(show(page, *curves), "tg-l-tag")
    heights = sorted(float(tag.get("y", "")) for tag in tags)

    assert [tag.text for tag in tags] == ["1", "2", "3", "4", "5", "6"]
    gaps = [b - a for a, b in pairwise(heights)]
    assert min(gaps) >= 12


def test_rungs_are_told_apart_by_more_than_a_colour(page: Page) -> None:
    """Each has another sign at its held-out losses."""
    signs = set()
    for rung in range(6):
        drawn = show(page, SECOND | {"rung": rung, "held": [[50, 3.0]]})
        (path,) = parts(drawn, "tg-l-signs")
        signs.add(re.sub(r"^M\S+ [\d.]+", "", path.get("d", "")))

    assert len(signs) == 6


def test_a_long_curve_keeps_its_form(page: Page) -> None:
    """Neighbours become their mean, so that it costs no more to draw."""
    kept = page.evaluate(
        "() => { const points = []; for (let step = 0; step < 5000; step++)"
        " tutorgpt.addPoint(points, step, 4 - step / 2500); return points; }"
    )
    steps = [step for step, _, _ in kept]
    gaps = [b - a for a, b in pairwise(steps[:-1])]

    assert 200 <= len(kept) <= 400
    assert len(set(gaps)) == 1
    assert gaps[0] > 1
    for step, loss, _ in kept:
        assert loss == pytest.approx(4 - step / 2500, abs=1e-9)


def test_nothing_is_drawn_anew_that_stays(page: Page) -> None:
    """Another point of the growing curve leaves the rest in its place."""
    show(page, FIRST, SECOND)
    page.evaluate(
        "globalThis.old = ['.tg-l-past', '.tg-l-uniform', '.tg-l-train']"
        ".map((name) => document.querySelector(name))"
    )
    more = SECOND | {"train": [*SECOND["train"], [61, 2.0]]}
    show(page, FIRST, more)

    assert page.evaluate("old.every((part) => part.isConnected)")


def test_it_is_drawn_anew_where_its_place_changes(page: Page) -> None:
    """The drawing is as wide as its place, and its letters as large."""
    show(page, FIRST)
    page.evaluate("document.querySelector('div').style.width = '340px'")
    page.wait_for_function(
        "document.querySelector('svg').viewBox.baseVal.width === 340"
    )
    assert page.locator("svg").bounding_box()["width"] == 340  # type: ignore
    page.evaluate("document.querySelector('div').style.width = '600px'")
    page.wait_for_function(
        "document.querySelector('svg').viewBox.baseVal.width === 600"
    )
