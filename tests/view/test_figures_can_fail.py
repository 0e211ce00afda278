"""A figure can fail: every plot has a test that notices a wrong number.

Below stands one mistake for each figure: a mean that became a maximum, x and
y exchanged, a slice that begins too early. Each is planted into the text of
the figure's module, and the tests of that module must turn red.
"""

import sys
from collections.abc import Callable
from types import FunctionType, ModuleType

import pytest
from figure_tests import TESTS, VIEW, checks_of, figures, load

PLANTED = {
    "gradients.plot_broadcast": (
        "(1, 1, *right.shape)",
        "(1, *right.shape, 1)",
    ),
    "gradients.plot_tape": (
        "at[source],\n                    at[value],",
        "at[value],\n                    at[source],",
    ),
    "gradients.plot_descents": (
        "[loss(weight) for weight in walk]",
        "[loss(walk[0]) for weight in walk]",
    ),
    "single_head.plot_attention": (
        'xlabel="looked at", ylabel="looking"',
        'xlabel="looking", ylabel="looked at"',
    ),
    "single_head.plot_steps": (".abs().max()", ".max()"),
    "single_head.plot_by_head_size": (
        "list(curve),\n                    list(curve.values()),",
        "list(curve.values()),\n                    list(curve),",
    ),
    "single_head.plot_distances": (
        "shares.tolist()",
        "shares.flip(0).tolist()",
    ),
    "multi_head.plot_curves": ("curve.tolist()", "curve.cumsum(0).tolist()"),
    "feed_forward.plot_plane": (
        "[a.flatten(), b.flatten()]",
        "[b.flatten(), a.flatten()]",
    ),
    "feed_forward.plot_fits": ("fit.tolist()", "target.tolist()"),
    "feed_forward.plot_firing": ("shares.mean()", "shares.max()"),
    "feed_forward.plot_widths": ("losses.mean(dim=1)", "losses.amin(dim=1)"),
    "residual_norm.plot_by_layer": (
        "range(1, len(values) + 1)",
        "range(len(values))",
    ),
    "residual_norm.plot_training": (
        "[median(x) for x in",
        "[min(x) for x in",
    ),
    "residual_norm.plot_limits": (
        "[median(losses) for losses in found]",
        "[max(losses) for losses in found]",
    ),
    "scaling.plot_parts": (
        ".get(part, 0) / total",
        ".get(part, 0) / totals[-1]",
    ),
    "scaling.plot_spending": ("spent = [point[0]", "spent = [point[1]"),
    "scaling.plot_seen_and_new": ("sum(at) / len(at)", "max(at)"),
    "scaling.plot_readings": ('"train", "--"', '"held_out", "--"'),
    "scaling.plot_whole_model": (
        "config.n_embed, config.block_size",
        "config.block_size, config.n_embed",
    ),
    "looking_inside.plot_heads": ("maps[layer, head]", "maps[layer, 0]"),
    "looking_inside.plot_costs": (
        "mean = sum(values) / len(values)",
        "mean = max(values)",
    ),
    "looking_inside.plot_score_and_cost": ('["growth"][-1]', '["growth"][0]'),
    "looking_inside.plot_embeddings": (
        "x,\n                y,\n",
        "y,\n                x,\n",
    ),
    "looking_inside.plot_lens": (
        "for character in text[1:]",
        "for character in text[:-1]",
    ),
    "losses.plot_history": ("[scale * record.val_loss", "[record.train_loss"),
    "losses.plot_ladder": (
        "[mean_loss(rung) for",
        '[rung["runs"][0]["val_loss"] for',
    ),
    "decoding.plot_choices": (
        "shares.tolist(),\n                width",
        "before.tolist(),\n                width",
    ),
    "decoding.plot_trade_off": ("losses, real[0]", "losses, real[1]"),
    "encoder_decoder.plot_cross_attention": (
        "rows=target,\n                columns=source,",
        "rows=source,\n                columns=target,",
    ),
    "encoder_decoder.plot_learning": ("every * (k + 0.5)", "every * k"),
    "tokens.plot_alphabets": (
        '[cell["bits_per_byte"] for',
        '[cell["runs"][0]["bits_per_byte"] for',
    ),
    "pretrained.plot_some_heads": ("maps[name].detach()", "maps[name].mT"),
    "pretrained.plot_by_layer": ("scores.mean(dim=1)", "scores.amax(dim=1)"),
    "pretrained.plot_answers": ("range(len(line)),", "line,"),
    "modern.plot_distances": (
        "axes.plot(line, mark",
        "axes.plot(line[::-1], mark",
    ),
    "modern.plot_line": ("log(end)", "end"),
    "modern.plot_worth": ("[a - b for a, b in", "[b - a for a, b in"),
    "symptoms.plot_symptoms": ("(mended, BLUE", "(broken, BLUE"),
    "matrices.plot_matrices": ("signed(max(-low, high))", "signed(-low)"),
    "live.curve": ("(self.high - loss)", "(loss - self.low)"),
    "originality.plot_copying": ("            max(draws),", "            by,"),
}
"""Module and function -> its text, and what is planted in its place."""


def test_every_figure_has_its_mistake():
    """A new plot cannot be forgotten: it needs a line in PLANTED."""
    assert sorted(PLANTED) == sorted(figures())


@pytest.mark.parametrize("figure", figures())
def test_a_planted_mistake_is_noticed(figure: str):
    """With one wrong line in the figure its module's tests are red."""
    module, _, name = figure.partition(".")
    before, after = PLANTED[figure]
    text = (VIEW / f"{module}.py").read_text("utf-8")
    tests = load(TESTS / f"test_{module}.py")
    checks = checks_of(tests, name)
    for check in checks:
        check()  # green as the figure stands

    assert checks, (
        f"no test without arguments in test_{module}.py calls {name}"
    )
    assert text.count(before) == 1, f"{figure} has changed: plant anew"

    plant(text.replace(before, after), module, tests)

    assert any(map(is_red, checks))


def plant(text: str, module: str, tests: ModuleType) -> None:
    """Let the tests see the functions of a changed module."""
    full_name = f"tutorgpt.view.{module}"
    assert full_name in sys.modules
    changed = {"__name__": full_name}
    exec(compile(text, full_name, "exec"), changed)
    for key, value in changed.items():
        own = isinstance(value, FunctionType) and value.__module__ == full_name
        if own and hasattr(tests, key):
            setattr(tests, key, value)


def is_red(check: Callable[[], None]) -> bool:
    """Whether an assertion of the test fails; a crash is no answer."""
    try:
        check()
    except AssertionError:
        return True
    return False
