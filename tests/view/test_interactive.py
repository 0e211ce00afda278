"""Interactive figures: their arithmetic, the hand, the keys, and the paper."""

import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from browser_tools import Visit, axe, browser, open_page, serious
from playwright.sync_api import Browser, Locator, Page, expect
from recorded import SCRIPTS as FOLDER
from recorded import script
from torch import nn
from torch.nn import functional as F

from tutorgpt import GPT, LARGE, SMALL, ModelConfig, count_parameters
from tutorgpt.desk.pages import revive, settle
from tutorgpt.originality import wilson
from tutorgpt.scaling import parameters_by_part
from tutorgpt.tokens import ByteTokenizer, Tokenizer
from tutorgpt.view.interactive import interactive
from tutorgpt.view.interactive.catalogue import FIGURES
from tutorgpt.view.interactive.page import (
    ASSETS,
    SCRIPTS,
    STYLES,
    fragment,
    name_in,
    still,
)
from tutorgpt.view.living import SHARED

__all__ = ["axe", "browser"]  # fixtures: used by their names

ROOT = FOLDER.parent
stills = script("stills")


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[tuple[Page, Visit]]:
    """One page with all figures, which the tests share."""
    page, notes = open_page(browser, "light")
    page.set_content(stills.document(*FIGURES))
    yield page, notes
    page.context.close()


@pytest.fixture
def page(opened: tuple[Page, Visit]) -> Iterator[Page]:
    """The page; whatever a test does there, nothing may go wrong."""
    page, notes = opened
    yield page
    assert notes == Visit()


def call(page: Page, figure: str, what: str, *given: object) -> object:
    """What a function of the figure's script makes of these arguments."""
    return page.evaluate(
        "([figure, what, given]) => JSON.parse(JSON.stringify("
        " tutorgpt.figures.makers[figure][what](...given),"
        " (_, x) => ArrayBuffer.isView(x) ? [...x] : x))",
        [figure, what, given],
    )


def numbers(place: Locator) -> list[float]:
    """The bold numbers below a figure."""
    texts = place.locator(".tg-f-numbers b").all_inner_texts()
    found = [re.search(r"[−-]?[\d,.]+", text) for text in texts]
    return [
        float(n[0].replace("−", "-").replace(",", "")) if n else math.nan
        for n in found
    ]


def close(found: object, expected: torch.Tensor, atol: float = 1e-9) -> None:
    """Assert that the page's numbers are torch's."""
    torch.testing.assert_close(
        torch.tensor(found, dtype=torch.float64),
        expected.double(),
        atol=atol,
        rtol=1e-9,
    )


# ----------------------------------------------------------- arithmetic


@pytest.mark.parametrize("w", [0.0, 0.5, 2.0, 4.2])
def test_the_slope_is_what_autograd_says(page: Page, w: float) -> None:
    """The loss, its slope and one step of SGD."""
    weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    x, y = torch.tensor(
        [(1.0, 2.1), (2.0, 3.9), (3.0, 6.2)], dtype=torch.float64
    ).T
    loss = F.mse_loss(weight * x, y)
    loss.backward()
    stepped = torch.optim.SGD([weight], lr=0.22)
    before = (loss.detach(), weight.grad.clone())
    stepped.step()

    close(call(page, "slope", "loss", w), before[0])
    close(call(page, "slope", "slope", w), before[1])
    close(call(page, "slope", "step", w, 0.22), weight.detach())


@pytest.mark.parametrize("temperature", [0.1, 1.0, 3.7])
def test_the_shares_are_softmax(page: Page, temperature: float) -> None:
    """Scores over a temperature, at their extremes as well."""
    scores = torch.tensor([4.0, -4.0, 0.3, 2.5, 4.0], dtype=torch.float64)
    found = call(page, "softmax", "shares", scores.tolist(), temperature)

    close(found, (scores / temperature).softmax(-1))


def test_the_weights_of_the_two_heads(page: Page) -> None:
    """The recorded scores, masked and softened as chapter 2 does it."""
    record = json.loads((ROOT / "results/mask.json").read_text("utf-8"))
    for mask, key in ((True, "with"), (False, "without")):
        scores = torch.tensor(record["scores"][key], dtype=torch.float64)
        future = torch.ones_like(scores, dtype=torch.bool).triu(1)
        if mask:
            scores = scores.masked_fill(future, -math.inf)

        close(call(page, "mask", "weights", mask), scores.softmax(-1))


def test_the_scores_of_the_page_are_the_record_s() -> None:
    """scripts/records/mask.py writes one thing in two places."""
    record = json.loads((ROOT / "results/mask.json").read_text("utf-8"))
    written = (ASSETS / "mask_scores.js").read_text("utf-8")

    assert script("records/mask").asset(record) == written


def test_random_numbers_are_normal(page: Page) -> None:
    """Mean, variance and the share beyond two, of 9,216 numbers."""
    drawn = torch.tensor(call(page, "scaling", "vectors", 3)).flatten()

    assert abs(drawn.mean()) < 0.04
    assert abs(drawn.var() - 1) < 0.06
    assert 0.035 < (drawn.abs() > 2).float().mean() < 0.056


@pytest.mark.parametrize("D", [4, 64, 1024])
def test_scaled_scores_are_torch_s(page: Page, D: int) -> None:
    """Dot products of the first D numbers, and both softmaxes."""
    vectors = call(page, "scaling", "vectors", 97)
    query, *keys = torch.tensor(vectors, dtype=torch.float64)[:, :D]
    scores = torch.stack(keys) @ query
    found = call(page, "scaling", "compute", vectors, D)

    close(found["plain"], scores.softmax(-1))
    close(found["scaled"], (scores / math.sqrt(D)).softmax(-1))
    entropy = torch.distributions.Categorical(logits=scores).entropy()
    close(call(page, "scaling", "spreadOver", found["plain"]), entropy.exp())


def test_without_the_division_softmax_saturates(page: Page) -> None:
    """What the still picture says: ever more, or as much as before."""
    alone, divided = zip(
        *(call(page, "scaling", "meanLargest", D) for D in (4, 64, 1024)),
        strict=True,
    )

    assert alone[0] < 0.6 < 0.85 < alone[1] < alone[2]
    assert max(divided) - min(divided) < 0.1


def test_the_guess_is_the_best_there_is(page: Page) -> None:
    """From one mixture: least squares; from two: the values themselves."""
    generator = torch.Generator().manual_seed(3)
    pairs = torch.randn(200_000, 2, generator=generator, dtype=torch.float64)
    w = 0.3
    mixed = pairs @ torch.tensor([[w], [1 - w]], dtype=torch.float64)
    readout = torch.linalg.lstsq(mixed, pairs).solution
    found = call(page, "two-heads", "guess", [2, -1], [w])

    close(found, readout[0] * (w * 2 - (1 - w)), atol=0.01)
    assert call(page, "two-heads", "guess", [2, -1], [w, 0.8]) == [2, -1]
    same = call(page, "two-heads", "guess", [2, -1], [w, w])
    assert same == found


def test_four_neurons_make_the_line(page: Page) -> None:
    """A Linear, ReLU and a Linear with these weights, and without ReLU."""
    points = [[-3, 0.5], [-2, -1], [0.1, 2], [1.4, -0.3], [3, 1]]
    layer = call(page, "relu", "neurons", points)
    xs = torch.linspace(-3, 3, 61, dtype=torch.float64)
    hidden, out = nn.Linear(1, 4).double(), nn.Linear(4, 1).double()
    with torch.no_grad():
        hidden.weight.fill_(1)
        hidden.bias.copy_(-torch.tensor(layer["bends"]))
        out.weight.copy_(torch.tensor([layer["turns"]]))
        out.bias.fill_(layer["bias"])
        for relu in (True, False):
            inside = hidden(xs[:, None])
            expected = out(F.relu(inside) if relu else inside).squeeze()
            found = [
                call(page, "relu", "sum", layer, x, relu) for x in xs.tolist()
            ]

            close(found, expected, atol=1e-6)
    for x, y in points:
        assert call(page, "relu", "sum", layer, x, True) == pytest.approx(y)


def test_the_error_that_is_promised_can_be_reached(page: Page) -> None:
    """Three inner bends come as near to the wanted curve as is said."""
    xs, ys = (-3, -1.8, -1.15, 0.8, 3), (0.3, -1.75, -1.7, 2, -1.1)
    layer = call(page, "relu", "neurons", list(zip(xs, ys, strict=True)))

    assert 0.009 < call(page, "relu", "error", layer, True) < 0.011


@pytest.mark.parametrize("path", [False, True])
@pytest.mark.parametrize("norm", [False, True])
def test_the_signal_and_its_gradient(
    page: Page, path: bool, norm: bool
) -> None:
    """Sizes after each layer and before each, as torch computes them."""
    drawn = call(page, "path", "drawAll", 5)
    told = {"scale": 1.3, "path": path, "norm": norm}
    found = call(page, "path", "compute", drawn, told)
    x = torch.tensor(drawn["signal"], dtype=torch.float64, requires_grad=True)
    stations = [x]
    for pair in drawn["weights"]:
        A, B = 1.3 * torch.tensor(pair, dtype=torch.float64)
        x = stations[-1]
        out = F.relu((F.layer_norm(x, x.shape[-1:]) if norm else x) @ A) @ B
        stations.append(x + out if path else out)
        stations[-1].retain_grad()
    gradient = torch.tensor(drawn["gradient"], dtype=torch.float64)
    stations[-1].backward(gradient)
    forward = [s.detach().square().mean().sqrt() for s in stations]
    backward = [s.grad.square().mean().sqrt() for s in stations]
    first, last = stations[0].detach(), stations[-1].detach()

    close(found["forward"], torch.stack(forward))
    close(found["backward"], torch.stack(backward))
    likeness = F.cosine_similarity(first.flatten(), last.flatten(), dim=0)
    close(found["like"], likeness)


def test_what_is_said_of_the_path_holds_at_every_scale(page: Page) -> None:
    """For many scales and three draws, what the still picture promises."""
    for seed in (1, 2, 3):
        drawn = call(page, "path", "drawAll", seed)

        def grown(scale: float, path: bool, norm: bool) -> list[float]:
            told = {"scale": scale, "path": path, "norm": norm}
            found = call(page, "path", "compute", drawn, told)  # noqa: B023
            up, down = found["forward"], found["backward"]
            return [up[-1] / up[0], down[0] / down[-1], found["like"]]

        for scale in (0.2, 0.7, 1.0, 2.0, 3.0):
            assert all(1 / 30 < n < 30 for n in grown(scale, True, True)[:2])
            assert min(grown(scale, True, False)[:2]) > 0.5
            *_, like = grown(scale, False, True)
            assert abs(like) < 0.2
        assert min(grown(3.0, True, False)[:2]) > 1e6
        assert grown(0.7, True, True)[2] > 0.5


@pytest.mark.parametrize("preset", [SMALL, LARGE], ids=lambda p: p.name)
def test_the_bars_count_a_gpt_s_parameters(page: Page, preset) -> None:
    """Two settings that the book names, counted from the model itself."""
    config = preset.model(vocab_size=6148)
    with torch.device("meta"):
        counted = count_parameters(GPT(config))
    place = page.locator("#parameters")
    place.get_by_role("button", name=preset.name.upper()).click()

    assert counted in (437_764, 15_466_756)
    assert numbers(place)[0] == counted


def test_every_shape_has_its_parameters(page: Page) -> None:
    """Part by part, for the first, the middle and the last choices."""
    choices = page.evaluate("tutorgpt.figures.makers.parameters.CHOICES")
    for share in (0, 0.5, 0.99):
        shape = {k: v[int(share * len(v))] for k, v in choices.items()}
        shape["n_head"] = 1
        expected = parameters_by_part(ModelConfig(**shape))

        assert call(page, "parameters", "count", shape) == expected


@pytest.mark.parametrize(("right", "asked"), [(0, 1), (7, 12), (20, 20)])
def test_the_score_s_interval_is_the_package_s(
    page: Page, right: int, asked: int
) -> None:
    """Wilson's, to the last share that is shown."""
    found = call(page, "blind_test", "wilson", right, asked)

    assert found == pytest.approx(wilson(right, asked), abs=1e-6)


def test_the_lines_of_the_page_are_the_record_s() -> None:
    """scripts/records/blind_test.py writes one thing in two places."""
    record = json.loads((ROOT / "results/blind_test.json").read_text("utf-8"))
    written = (ASSETS / "blind_lines.js").read_text("utf-8")

    assert script("records/blind_test").asset(record) == written


def test_what_is_said_of_a_score_on_paper_is_so() -> None:
    """Two scores of twenty, and their intervals."""
    said = re.findall(r"\d+ %", FIGURES["blind_test"].still)
    ends = [f"{100 * end:.0f} %" for n in (14, 15) for end in wilson(n, 20)]

    assert [end for end in said if end not in ("95 %", "50 %")] == ends


TEXTS = [
    "",
    " ",
    "the king's café 雷",
    "  THE KING'S  there\tthethere!  ",
    "a\r\nb\r\n\nc\rd",
    "e\u0301o\u0308\u0323 \u0301alone",
    "🙂👨\u200d👩\u200d👧🏽 \U0010ffff\U00020000",
    "\ufeffa\u00a0b\u3000c\u2028d\u0085e\x1cf\x00\x7f",
    "زبان עברית हिन्दी ไทย 한국어",
    "½²Ⅷ٣ can’t 'tis '’s x's'll",
    "明月几时有把酒问青天不知天上",
    "🙂" * 60,
    "x" * 60,
    "a" + "ing" * 19,
    "\n" * 60,
]
"""Hostile ones, as long as the figure of the alphabets takes them."""


@pytest.fixture(scope="module")
def alphabets() -> dict[str, Tokenizer]:
    """What the plays teach, by the tokenizer's name, and the bytes."""
    return {
        **script("records/alphabets").learn(),
        "bytes": ByteTokenizer(),
    }


def test_the_alphabets_of_the_page_are_what_is_learned(alphabets) -> None:
    """scripts/records/alphabets.py was run, and wrote nothing else."""
    written = (ASSETS / "play_alphabets.js").read_text("utf-8")
    learned = {n: t for n, t in alphabets.items() if n != "bytes"}

    assert script("records/alphabets").asset(learned) == written
    assert len(written) < 2500  # no copy of the plays


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_as_the_package_does(
    page: Page, alphabets: dict[str, Tokenizer], text: str
) -> None:
    """Numbers, bytes and kinds; characters that are refused have no number."""
    known = alphabets["characters"].characters
    rows = call(page, "alphabets", "cut", text)
    cut = {row["name"]: row["boxes"] for row in rows}

    assert list(cut) == ["characters", "bytes", "pairs:512"]
    assert [(box["id"], box["size"]) for box in cut["characters"]] == [
        (known.find(c), len(c.encode())) for c in text
    ]
    for box, c in zip(cut["characters"], text, strict=True):
        assert (box["kind"] == "refused") is (c not in known)
    for name in ("bytes", "pairs:512"):
        reader = alphabets[name]
        tokens = reader.encode(text)
        assert [box["id"] for box in cut[name]] == tokens
        for box, token in zip(cut[name], tokens, strict=True):
            spelled = reader.bytes_of[token]
            piece = spelled.decode(errors="ignore")
            kind = "joined" if len(piece) > 1 else ""
            assert box["size"] == len(spelled)
            assert box["kind"] == (kind if piece else "lone")
            if name != "bytes" and not piece:
                assert box["above"] == str(spelled[0])


def test_what_is_said_of_the_first_text_is_so(
    page: Page, alphabets: dict[str, Tokenizer]
) -> None:
    """The counts in the words for whoever sees no picture."""
    text = page.evaluate("tutorgpt.figures.makers.alphabets.START")
    alt = FIGURES["alphabets"].alt
    tokens = len(alphabets["pairs:512"].encode(text))

    assert f"‘{text}’" in alt
    assert re.findall(r"(\d+) (?:char|bytes|tok)", alt) == [
        str(n) for n in (len(text), len(text.encode()), tokens)
    ]


# ------------------------------------------------------ the hand, the keys


def test_every_point_obeys_the_keys(page: Page) -> None:
    """Home and End reach the ends, arrows and pages go back, none beyond."""
    for point in page.locator(".tg-f-handle").all():

        def press(*keys: str) -> float:
            for key in keys:
                page.keyboard.press(key)
            return float(point.get_attribute("aria-valuenow"))  # noqa: B023

        point.focus()
        low, high = press("Home", "PageDown"), press("End", "PageUp")
        assert point.get_attribute("aria-label")
        assert low < press("PageDown") < high
        assert press("End", "ArrowLeft", "ArrowLeft") < high
        assert press("Home", "ArrowRight") > low or "bend" in (
            point.get_attribute("aria-label") or ""
        )
        assert "NaN" not in point.get_attribute("aria-valuetext")


def test_letters_and_shortcuts_are_left_alone(page: Page) -> None:
    """What a figure does not use goes on to the page."""
    point = page.locator("#slope").get_by_role("slider").first
    point.focus()
    before = point.get_attribute("aria-valuenow")
    page.evaluate(
        "() => { window.left = [];"
        " addEventListener('keydown', (e) =>"
        "  left.push(e.defaultPrevented)) }"
    )
    for key in ("a", "Control+ArrowLeft", "Tab"):
        page.keyboard.press(key)

    assert page.evaluate("left.some((x) => x)") is False
    assert point.get_attribute("aria-valuenow") == before


@pytest.mark.parametrize(
    ("far", "expected"), [(-5000, 0.0), (5000, 4.2)], ids=["left", "right"]
)
def test_a_point_stays_in_its_picture(
    page: Page, far: float, expected: float
) -> None:
    """Dragged far outside, it stops at the edge, and the numbers with it."""
    place = page.locator("#slope")
    place.get_by_role("button", name="Back to the start").click()
    dot = place.locator(".tg-f-dot")
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + far, -3000, steps=3)
    page.mouse.up()

    assert numbers(place)[0] == expected
    assert "NaN" not in place.inner_text()


def test_steps_too_large_leave_the_picture_and_no_error(page: Page) -> None:
    """A hundred steps that grow, and every number is still a number."""
    place = page.locator("#slope")
    place.get_by_role("button", name="Back to the start").click()
    rate = place.get_by_label("learning rate")
    rate.fill("0.25")
    step = place.get_by_role("button", name="One step downhill")
    step.evaluate("e => { for (let n = 0; n < 100; n++) e.click() }")

    assert "Too large" in place.locator(".tg-f-says").inner_text()
    assert "NaN" not in place.inner_text()
    rate.fill("0.08")
    place.get_by_role("button", name="Back to the start").click()


def test_a_rate_that_is_right_arrives(page: Page) -> None:
    """Enter on the point is a step; eight of them reach the bottom."""
    place = page.locator("#slope")
    place.get_by_role("button", name="Back to the start").click()
    place.get_by_role("slider").first.focus()
    for _ in range(8):
        page.keyboard.press("Enter")
    w, loss, *_ = numbers(place)

    assert w == pytest.approx(28.5 / 14, abs=0.01)
    assert loss == pytest.approx(0.01, abs=0.01)


def test_scores_move_the_loss(page: Page) -> None:
    """Raising the right one lowers the loss; five equal ones cost ln 5."""
    place = page.locator("#softmax")
    points = [p for p in place.locator(".tg-f-handle").all()]
    before = numbers(place)[-1]
    points[1].focus()
    page.keyboard.press("ArrowUp")
    assert numbers(place)[-1] < before
    for point in points:
        point.focus()
        page.keyboard.press("End")

    assert numbers(place)[-1] == pytest.approx(math.log(5), abs=0.005)


def test_the_mask_hides_what_comes_later(page: Page) -> None:
    """A row reads its past; without the mask it reads the answer."""
    place = page.locator("#mask")
    rows = place.get_by_role("slider")
    rows.focus()
    page.keyboard.press("Home")
    assert rows.get_attribute("aria-valuetext") == "1, T, reads T (1) 100 %"
    place.get_by_label("without it").check()

    assert "on that very character" in place.inner_text()
    place.get_by_label("with the causal mask").check()


def test_a_row_follows_the_pointer(page: Page) -> None:
    """Pointing is enough; no press is needed."""
    place = page.locator("#mask")
    box = place.locator(".tg-f-map").bounding_box()
    place.locator(".tg-f-map").hover(position={"x": 200, "y": 3})
    assert box is not None
    row = place.get_by_role("slider")
    assert row.get_attribute("aria-valuenow") == "1"
    place.locator(".tg-f-map").hover(
        position={"x": 200, "y": box["height"] - 5}
    )

    assert row.get_attribute("aria-valuenow") == "16"


def test_a_finger_drags_a_point_and_not_the_page(browser: Browser) -> None:
    """Up and down, where a page would scroll; a tap chooses a row."""
    context = browser.new_context(
        viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.set_content(stills.document("softmax", "mask"))
    session = context.new_cdp_session(page)
    dot = page.locator("#softmax .tg-f-dot").first
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    assert box is not None
    x, y = box["x"] + 8, box["y"] + 8
    before = page.evaluate("scrollY")
    for kind, *point in [
        ("touchStart", y),
        *(("touchMove", y + 10 * n) for n in range(1, 9)),
        ("touchEnd",),
    ]:
        points = [{"x": x, "y": at} for at in point]
        told = {"type": kind, "touchPoints": points}
        session.send("Input.dispatchTouchEvent", told)
    after = page.evaluate("scrollY")
    point = page.locator("#softmax").get_by_role("slider").first
    page.locator("#mask .tg-f-map").tap(position={"x": 100, "y": 5})
    row = page.locator("#mask").get_by_role("slider")

    assert float(point.get_attribute("aria-valuenow")) < -2
    assert after == before
    assert row.get_attribute("aria-valuenow") == "1"
    context.close()


def test_heads_that_cannot_share_are_refused_in_words(page: Page) -> None:
    """As GPT does it, with both numbers."""
    place = page.locator("#parameters")
    place.get_by_role("button", name="SMALL").click()
    place.get_by_label("n_head").fill("2")  # the third choice: three heads

    assert "32 channels cannot be shared by 3 heads" in place.inner_text()
    place.get_by_role("button", name="SMALL").click()


def test_a_blind_test_is_played_with_the_keys(page: Page) -> None:
    """All right: the score, what it is worth, and no pair any more."""
    record = json.loads((ROOT / "results/blind_test.json").read_text("utf-8"))
    place = page.locator("#blind_test")
    buttons = {n: place.get_by_role("button", name=f"{n} is") for n in "AB"}
    first = record["key"][0]
    buttons["AB".replace(first, "")].press("Enter")
    assert f"Pair 1: wrong. The model wrote {first}, ‘" in place.inner_text()
    place.get_by_role("button", name="As it was").press("Enter")
    for n, letter in enumerate(record["key"]):
        own = record["pairs"][n]["AB".index(letter)]
        expect(buttons[letter]).to_have_accessible_name(
            f"{letter} is the model’s: {own}"
        )
        assert place.locator(f'text="{own}"').count() == 1
        buttons[letter].press("Enter")
        assert f"from {record['plays'][n]}." in place.inner_text()
    buttons["A"].press("Enter")  # there is nothing more to answer

    assert numbers(place) == [20, 100, 84, 50]
    assert "20 of 20" in place.inner_text()
    assert "lies above 50 %: you can tell" in place.inner_text()
    expect(buttons["B"]).to_have_attribute("aria-disabled", "true")
    place.get_by_role("button", name="As it was").click()
    assert "0 of 0" in place.inner_text()


def test_a_held_key_or_a_double_click_answers_once(page: Page) -> None:
    """The next pair has not been read."""
    place = page.locator("#blind_test")
    button = place.get_by_role("button", name="A is")
    button.dblclick()
    score = place.locator(".tg-f-numbers b").first
    expect(score).to_have_text(re.compile("of 1$"))
    button.focus()
    for _ in range(5):
        page.keyboard.down("Enter")  # the second and later ones repeat
    page.keyboard.up("Enter")
    expect(score).to_have_text(re.compile("of 2$"))
    place.get_by_role("button", name="As it was").click()


@pytest.mark.parametrize(
    ("right", "said"),
    [(15, "lies above"), (14, "holds 50"), (6, "holds"), (5, "lies below")],
)
def test_a_score_is_called_no_more_than_it_is(
    page: Page, right: int, said: str
) -> None:
    """Of twenty answers."""
    assert said in str(call(page, "blind_test", "verdict", right, 20))


BOXES = """() => [...document.querySelectorAll("#alphabets [role=img]")]
  .map((row) => [...row.querySelectorAll(".tg-f-token")].map((frame) => {
    const { x, width } = frame.getBBox(), texts = [];
    for (let next = frame.nextElementSibling;
         next?.matches(".tg-f-piece, .tg-f-number");
         next = next.nextElementSibling) texts.push(next);
    const ink = Math.max(...texts.map((text) => text.getBBox().width));
    return [Math.round(x), Math.round(x + width), ink <= width];
  }))"""


@pytest.mark.parametrize("width", [1280, 390])
def test_tokens_stand_below_their_characters(page: Page, width: int) -> None:
    """Each edge is a byte's; a line ends for all rows alike, in the sheet."""
    place = page.locator("#alphabets")
    sheet = place.locator(".tg-f-sheet")
    page.set_viewport_size({"width": width, "height": 900})
    shape = 360 if width == 390 else 640
    expect(sheet).to_have_attribute("viewBox", re.compile(f"0 0 {shape}"))
    for text in TEXTS:
        place.get_by_label("Your text").fill(text)
        rows = page.evaluate(BOXES)
        # the field has one kind of line break
        spelled = re.sub("\r\n?", "\n", text).encode()
        assert sum(map(len, rows[1::3])) == len(spelled)
        for own, bytes_, pairs in zip(*[iter(rows)] * 3, strict=True):
            lefts = {left for left, *_ in bytes_}
            rights = {right for _, right, _ in bytes_}
            assert len(lefts) == len(bytes_)
            for row in (own, pairs):
                assert {left for left, *_ in row} <= lefts
                assert {right for _, right, _ in row} <= rights
                assert [n[0] for n in row[1:]] == [n[1] + 2 for n in row[:-1]]
                assert max(rights, default=0) == max(
                    (right for _, right, _ in row), default=0
                )
            assert max(rights, default=0) <= shape
            assert all(
                fits for row in (own, bytes_, pairs) for *_, fits in row
            )
    place.get_by_role("button", name="As it was").click()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_text_is_read_row_by_row(page: Page) -> None:
    """Blanks and line breaks in words; at a phone's width words stay whole."""
    place = page.locator("#alphabets")
    field = place.get_by_label("Your text")
    field.fill("the é\n")
    for name in (
        "characters: t 62, h 50, e 47, space 1, é refused, line break 0",
        "bytes: 116, 104, 101, 32, 195, 169, 10",
        "pairs:512: t 83, he 257, space 220, byte 195 127, byte 169 102, "
        "line break 198",
    ):
        expect(place.get_by_role("img", name=name, exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    field.fill("to and fight")  # a line holds ten bytes
    second = "characters: space 1, f 48, i 51, g 49, h 50, t 62"
    expect(place.get_by_role("img", name=second, exact=True)).to_be_visible()
    place.get_by_role("button", name="As it was").click()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_text_that_cannot_be_shown_is_refused_in_words(page: Page) -> None:
    """Too long, or half a character: the picture stays as it was."""
    place = page.locator("#alphabets")
    field, says = place.get_by_label("Your text"), place.locator(".tg-f-says")
    field.fill("🙂" * 60)
    assert numbers(place) == [60, 240, 240]
    field.fill("🙂" * 61)
    assert "has 61 characters, and the picture takes at most 60" in (
        says.inner_text()
    )
    assert numbers(place) == [60, 240, 240]
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(place.get_by_role("status")).to_contain_text("shorten it")
    field.evaluate(
        "(field) => { field.value = 'a' + String.fromCharCode(0xd83d);"
        " field.dispatchEvent(new Event('input')) }"
    )
    assert "half of a character" in says.inner_text()
    field.fill("")
    assert numbers(place) == [0, 0, 0]
    assert says.inner_text() == "An empty text is no token in any alphabet."
    expect(field).to_have_attribute("aria-invalid", "false")
    field.fill("the king")
    assert says.inner_text() == (
        "The plays have all of these characters. Bytes and byte pairs take it."
    )
    field.fill("àéîõü")
    assert "lack ‘à’, ‘é’, ‘î’, ‘õ’, and ‘ü’, so" in says.inner_text()
    place.get_by_role("button", name="As it was").click()
    expect(field).to_have_value("the king's café 雷")


TOUCH = """() => {
  for (const place of document.querySelectorAll(".tg-figure")) {
    for (const part of place.querySelectorAll("[role=slider]"))
      for (const key of ["ArrowRight", "ArrowUp", "ArrowDown"])
        part.dispatchEvent(new KeyboardEvent("keydown", { key }));
    for (const input of place.querySelectorAll("[type=range]")) {
      input.stepUp(1);
      input.dispatchEvent(new Event("input"));
    }
    for (const field of place.querySelectorAll("textarea")) {
      field.value += "?";
      field.dispatchEvent(new Event("input"));
    }
    for (const input of place.querySelectorAll("[type=checkbox]"))
      input.click();
    const radios = place.querySelectorAll("[type=radio]");
    radios[radios.length - 1]?.click();
    for (const name of ["One step", "Other random", "A is"])
      [...place.querySelectorAll("button")].find(
        (made) => made.textContent.startsWith(name))?.click();
  }
}"""
SEEN = """() => [...document.querySelectorAll(".tg-figure")].map((place) => [
  place.querySelector(".tg-f-numbers").textContent,
  ...[...place.querySelectorAll("input, textarea")].map(
    (e) => [e.value, e.checked]),
])"""


def test_what_was_set_is_there_again_until_it_is_reset(
    browser: Browser, tmp_path: Path
) -> None:
    """Of every figure, after a reload; its button brings the start back."""
    shown, notes = open_page(browser, "light")
    file = tmp_path / "figures.html"
    file.write_text(stills.document(*FIGURES), encoding="utf-8")
    shown.goto(file.as_uri())
    start = shown.evaluate(SEEN)
    shown.evaluate(TOUCH)
    changed = shown.evaluate(SEEN)
    shown.reload()
    again = shown.evaluate(SEEN)
    for name in FIGURES:
        reset = shown.locator(f"#{name} .tg-f-again button")
        reset.focus()
        shown.keyboard.press("Enter")
        expect(reset).to_be_focused()
    reset_all = shown.evaluate(SEEN)
    shown.reload()

    assert again == changed
    for before, after in zip(start, changed, strict=True):
        assert before != after
    assert reset_all == start == shown.evaluate(SEEN)
    shown.context.close()
    assert notes == Visit()


def test_a_state_of_another_form_is_not_taken(
    browser: Browser, tmp_path: Path
) -> None:
    """Kept by another version, or damaged: the figure opens as it does."""
    shown, notes = open_page(browser, "light")
    file = tmp_path / "figures.html"
    file.write_text(stills.document("relu", "slope"), encoding="utf-8")
    shown.goto(file.as_uri())
    start = shown.evaluate(SEEN)
    shown.evaluate(TOUCH)
    shown.evaluate(
        "() => { tutorgpt.kept.keepNow();"
        " const kept = new Map(JSON.parse(localStorage['tutorgpt.places']));"
        " for (const state of kept.values()) {"
        "  if ('points' in state) state.points.pop(); else state.w = null; }"
        " localStorage['tutorgpt.places'] = JSON.stringify([...kept]); }"
    )
    shown.reload()

    assert shown.evaluate(SEEN) == start
    shown.context.close()
    assert notes == Visit()


def test_numbers_are_read_aloud_after_a_rest(page: Page) -> None:
    """A live region says what the picture shows, once the hand rests."""
    place = page.locator("#relu")
    place.get_by_label("ReLU").uncheck()
    expect(place.get_by_role("status")).to_contain_text("straight line")
    place.get_by_label("ReLU").check()


def test_a_narrow_place_keeps_what_was_set(page: Page) -> None:
    """Turned to a phone's width, point, focus and numbers stay."""
    place = page.locator("#slope")
    point = place.get_by_role("slider").first
    point.focus()
    page.keyboard.press("End")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        shape = f"0 0 {360 if width == 390 else 640}"
        expect(place.locator(".tg-f-sheet")).to_have_attribute(
            "viewBox", re.compile(shape)
        )

        assert numbers(place)[0] == 4.2
        expect(point).to_be_focused()


# -------------------------------------------------------- every reader


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_axe_finds_nothing_serious(
    browser: Browser, axe: str, mode: str
) -> None:
    """In any colours or width: names, contrast, and nothing that overflows."""
    page, notes = open_page(browser, mode)
    text = stills.document(*FIGURES)
    if mode == "dark":
        text = text.replace("<html ", '<html data-theme="dark" ')
    page.set_content(text)
    ready = page.locator("[data-tg-ready=yes]").count()
    width = page.evaluate("document.documentElement.scrollWidth")
    found = serious(page, axe)
    inner = page.evaluate("innerWidth")
    page.context.close()

    assert ready == len(FIGURES)
    assert found == []
    assert width == inner
    assert notes == Visit()


def test_on_paper_the_picture_stays_and_the_buttons_go(page: Page) -> None:
    """Printing leaves out what only a hand can use."""
    page.emulate_media(media="print")
    shown = page.locator("#slope .tg-f-sheet")
    button = page.locator("#slope").get_by_role("button").first

    expect(shown).to_be_visible()
    expect(button).to_be_hidden()
    page.emulate_media(media="screen")


def test_stored_pictures_are_what_the_scripts_draw(browser: Browser) -> None:
    """scripts/stills.py was run after the last change of a figure."""
    page, _ = open_page(browser, "light")
    drawn = {name: stills.still(page, name).strip() for name in FIGURES}
    page.context.close()

    assert drawn == {name: still(name) for name in FIGURES}


def test_words_of_the_pictures_have_the_numbers_of_the_pictures() -> None:
    """A share or a count that the words name is written in the drawing."""
    named = {
        name: re.findall(r"\d+ %|\d+(?:,\d{3})+|−\d+\.\d+", figure.alt)
        for name, figure in FIGURES.items()
    }

    assert named["slope"] == ["−14.33"]
    assert named["parameters"] == ["437,764"]
    for name, found in named.items():
        assert [n for n in found if n not in still(name)] == []


# ---------------------------------------------------------- three hosts


def test_every_script_belongs_to_a_figure() -> None:
    """Nothing lies in the folder that no page loads."""
    own = {file.name for file in ASSETS.iterdir() if file.is_file()}
    shared = {file.name for file in SHARED.iterdir()}
    used = {name for figure in FIGURES.values() for name in figure.scripts}
    pictures = {file.name for file in (ASSETS / "static").iterdir()}

    others = {"product.js", "product.wat", "tape.js", "rungs.js"}  # a model's
    assert own | shared == {*SCRIPTS, *STYLES, *used, "boot.js", *others}
    assert pictures == {f"{name}.svg" for name in FIGURES}
    assert {figure.chapter for figure in FIGURES.values()} == {*range(7), 10}


def test_nothing_is_loaded_from_elsewhere() -> None:
    """No script, sheet or picture names an address."""
    for file in [*ASSETS.rglob("*"), *SHARED.iterdir()]:
        if file.is_file():
            text = file.read_text("utf-8")
            assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_notebook_gets_a_widget_a_page_and_a_picture() -> None:
    """JupyterLab takes the widget, the book the HTML, LaTeX the picture."""
    pytest.importorskip("anywidget")
    bundle = interactive("slope")._repr_mimebundle_()

    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/svg+xml"] == still("slope")
    assert still("slope") in bundle["text/html"]
    assert FIGURES["slope"].still in bundle["text/html"]
    assert bundle["text/plain"].startswith("A loss and its slope: The loss")


def test_without_the_lab_there_is_still_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """interactive needs no anywidget; the widget then is left out."""
    monkeypatch.setitem(sys.modules, "anywidget", None)
    bundle = interactive("relu")._repr_mimebundle_()

    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}


def test_the_widget_s_script_runs(browser: Browser) -> None:
    """What JupyterLab loads as a module mounts the figure, as it was asked."""
    from tutorgpt.ground.tomorrow import living_script
    from tutorgpt.view.interactive.page import script, told
    from tutorgpt.view.interactive.widget import RENDER

    module = "\n".join([script("slope"), living_script(), RENDER])
    page, notes = open_page(browser, "light")
    page.goto("about:blank")
    page.evaluate(
        "async ([text, told]) => {"
        " const url = URL.createObjectURL("
        "  new Blob([text], {type: 'text/javascript'}));"
        " const { default: widget } = await import(url);"
        " const el = document.body.appendChild("
        "  document.createElement('div'));"
        " widget.render({ model: { get: () => told }, el }); }",
        [module, told("slope", {"w": 3.5})],
    )
    place = page.locator("[data-tg-ready=yes]")
    expect(place).to_have_count(1)
    assert numbers(place)[0] == 3.5
    page.context.close()

    assert notes == Visit()


def test_a_stored_page_comes_to_life_at_the_desk(browser: Browser) -> None:
    """Without a kernel the figure moves, and the file keeps the picture."""
    stored = fragment("softmax", {})
    page, notes = open_page(browser, "light")
    page.set_content(f"<main>{revive(stored)}</main>")
    expect(page.locator("[data-tg-ready=yes]")).to_have_count(1)
    page.context.close()

    assert notes == Visit()
    assert settle(revive(stored)) == stored
    assert name_in(stored) == "softmax"


def test_a_figure_that_opens_otherwise_shows_no_other_picture() -> None:
    """The stored picture is of the usual opening, so it is left out."""
    bundle = interactive("slope", w=3)._repr_mimebundle_()

    assert "<svg" not in bundle["text/html"]
    assert "image/svg+xml" not in bundle


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("slop", {}, "name is 'slop': choose one of slope, softmax"),
        ("slope", {"v": 1}, "no option 'v': it has w, learning_rate"),
        ("relu", {"w": 1}, "no option 'w': it has none"),
        ("slope", {"w": 7}, "w is 7: choose a number from 0.0 to 4.2"),
        ("slope", {"w": math.nan}, "w is nan"),
        ("slope", {"w": True}, "w is True"),
        ("parameters", {"n_head": 2.5}, "n_head is 2.5: choose a whole num"),
    ],
)
def test_what_there_is_not_is_refused(name, options, said) -> None:
    """With the value, and with what there is."""
    with pytest.raises(ValueError, match=re.escape(said)):
        interactive(name, **options)
