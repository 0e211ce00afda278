"""What the browser keeps of a training: nothing is lost with the page."""

import pytest
from browser_tools import browser
from ladder_tools import (
    NO_STORE,
    Opens,
    choose,
    ladder,
    press,
    ready,
    rows,
    train,
    trained,
)
from playwright.sync_api import Page, expect

__all__ = ["browser", "ladder"]  # fixtures: used by their names

KEPT = """async () => {
  const now = await tutorgpt.store.recall("ladder 0 now");
  return now ? now.run.step : -1;
}"""
WATCH = """() => {
  globalThis.steps = [];
  const far = document.querySelector(".tg-l-far");
  new MutationObserver(() => steps.push(Number(/step ([\\d,]+)|$/.exec(
    far.textContent)[1]?.replace(",", "") ?? 1e9))).observe(
    far, {childList: true});
}"""
STEPS = 1000


def kept(shown: Page, least: int = 1) -> int:
    """Wait until a run is kept, and the step that it had come to."""
    for _ in range(600):
        step = shown.evaluate(KEPT)
        if step >= least:
            return step
        shown.wait_for_timeout(100)
    raise AssertionError(f"no run is kept from step {least} on")


def leave_while_it_trains(shown: Page, rung: str = "SingleHeadModel") -> int:
    """Train for a moment, pause, and load the page again."""
    choose(shown, rung, STEPS)
    press(shown, "Train")
    expect(shown.locator(".tg-l-far")).to_contain_text("characters a second")
    press(shown, "Pause")
    step = kept(shown)
    shown.reload()
    ready(shown)
    return step


def test_a_run_that_was_left_is_offered_again(ladder: Opens) -> None:
    """It goes on where it was, and ends as if it had not been left."""
    shown = ladder()
    train(shown, "SingleHeadModel", STEPS)
    whole = rows(shown)[0]
    press(shown, "Start over")
    step = leave_while_it_trains(shown)
    assert 0 < step < STEPS
    shown.evaluate(WATCH)
    press(shown, f"Go on from step {step:,} of SingleHeadModel")
    trained(shown, "SingleHeadModel", STEPS)
    (row,) = rows(shown)

    assert row[:4] == whole[:4]
    assert min(shown.evaluate("steps")) >= step
    shown.reload()
    ready(shown)
    expect(shown.locator(".tg-table")).to_be_visible()
    expect(shown.locator(".tg-l-question").first).to_be_hidden()


def test_the_state_is_kept_while_it_trains(ladder: Opens) -> None:
    """Without any button: a tab may be closed at any time."""
    shown = ladder()
    choose(shown, "BigramModel", 100_000)
    press(shown, "Train")
    first = kept(shown)
    assert kept(shown, first + 1) > first
    shown.reload()
    ready(shown)
    offer = shown.get_by_role("button", name="of BigramModel")
    expect(offer).to_be_visible()


def test_rungs_that_were_to_come_are_not_forgotten(ladder: Opens) -> None:
    """Of all six, left at one of the first, the others come after it."""
    shown = ladder()
    choose(shown, "all six", 60)
    press(shown, "Train")
    expect(shown.locator(".tg-l-far")).to_contain_text("rungs to come")
    press(shown, "Pause")
    expect(shown.locator(".tg-l-far")).to_contain_text("paused")
    kept(shown, 0)
    shown.reload()
    expect(shown.get_by_text("rungs were to come")).to_be_visible()
    shown.get_by_role("button", name="Go on from").click()
    trained(shown, "GPT", 60)

    assert len(rows(shown)) == 6


def test_an_offer_can_be_refused(ladder: Opens) -> None:
    """Then it is forgotten; a new training forgets it, too."""
    shown = ladder()
    leave_while_it_trains(shown)
    press(shown, "Forget it")
    expect(shown.locator(".tg-l-question").first).to_be_hidden()
    shown.reload()
    ready(shown)
    shown.wait_for_timeout(300)
    expect(shown.locator(".tg-l-question").first).to_be_hidden()


def test_ended_runs_are_there_again(ladder: Opens) -> None:
    """Their curves, their rows, and their models."""
    shown = ladder()
    train(shown, "BigramModel", 3)
    train(shown, "GPT", 3)
    before = rows(shown)
    shown.reload()
    ready(shown)
    expect(shown.locator(".tg-table")).to_be_visible()

    assert rows(shown) == before
    assert shown.locator(".tg-l-tag").all_text_contents() == ["1", "6"]
    press(shown, "Open in the playground")
    expect(shown.locator(".tg-l-trained .tg-ui")).to_be_visible()


def test_a_state_of_another_version_does_no_harm(ladder: Opens) -> None:
    """What cannot be gone on from is said, and forgotten."""
    shown = ladder()
    leave_while_it_trains(shown)
    shown.evaluate(
        "async () => { const { store } = tutorgpt;"
        " const now = await store.recall('ladder 0 now');"
        " await store.keep('ladder 0 now', {...now, state: {steps: 1}}) }"
    )
    shown.reload()
    shown.get_by_role("button", name="of SingleHeadModel").click()
    expect(shown.locator(".tg-l-choice .tg-error")).not_to_be_empty()
    train(shown, "BigramModel", 3)


def test_a_blocked_store_refuses_every_promise(ladder: Opens) -> None:
    """So that whoever asked can say so."""
    shown = ladder("light", NO_STORE)
    refused = shown.evaluate(
        "() => Promise.allSettled([tutorgpt.store.keep('x', 1),"
        " tutorgpt.store.recall('x'), tutorgpt.store.forget('x')])"
        ".then((all) => all.map(({ status }) => status))"
    )

    assert refused == ["rejected"] * 3


@pytest.mark.parametrize("value", [1, {"a": [1, 2]}, None])
def test_what_is_kept_comes_back(ladder: Opens, value: object) -> None:
    """And nothing does of what was forgotten."""
    shown = ladder()
    found = shown.evaluate(
        "async (value) => { const { store } = tutorgpt;"
        " await store.keep('x', {value, floats: new Float32Array([1.5])});"
        " const { value: kept, floats } = await store.recall('x');"
        " await store.forget('x');"
        " return [kept, floats[0], await store.recall('x') ?? 'gone'] }",
        value,
    )

    assert found == [value, 1.5, "gone"]
