"""Every number with a decimal point in the book's texts has an owner.

An owner is what a cell nearby prints or states, what the text itself lets
one compute, or an entry of numbers_owned_elsewhere.toml;
tests/tools/prose_numbers.py says which, and what counts as near.
"""

import re
from dataclasses import replace

import prose_numbers
import pytest
from prose_numbers import Passage, all_passages, decimals, entries, owned, rung

PASSAGES = [passage for passage in all_passages() if passage.text]
RUNGS = (
    "BigramModel",
    "SingleHeadModel",
    "MultiHeadModel",
    "FeedForwardModel",
    "ResidualNormModel",
    "GPT",
)
SAYS_WHICH = re.compile(r"\bseeds?\b|\bruns?\b|\brecord(?:ed)?\b|≈")


@pytest.mark.parametrize("where", sorted({p.where for p in PASSAGES}))
def test_every_number_has_an_owner(where):
    """What nothing accounts for is printed with its sentence."""
    orphans = [
        f"{passage.place}: {number.shown} in: {number.sentence}"
        for passage in PASSAGES
        if passage.where == where
        for number in passage.unowned()
    ]

    assert not orphans, "\n".join(orphans)


def test_no_entry_is_left_over():
    """A number that left the texts leaves the list of exceptions, too."""
    left = prose_numbers.unneeded()

    assert not left, "\n".join(f"{e.where}: {e.numbers}" for e in left)


def test_what_an_entry_computes_is_its_number():
    """Where an entry computes its number, it is the one that it lists."""
    for entry in entries():
        assert len(entry.because) >= 10
        if entry.value is not None and entry.numbers:
            shown = (replace_shown(number) for number in entry.numbers)
            assert any(number.shows(entry.value) for number in shown), entry


def replace_shown(shown: str) -> prose_numbers.Number:
    """A number alone, as a text would show it."""
    return prose_numbers.Number(shown, "%", "")


def losses() -> list[tuple[Passage, prose_numbers.Number]]:
    """The numbers that look like a loss: one to five, with two digits."""
    return [
        (passage, number)
        for passage in PASSAGES
        for number in decimals(passage.text)
        if 1 < number.value < 5 and number.digits >= 2
    ]


def is_noticed(passage: Passage, number: prose_numbers.Number, by: float):
    """Whether the number, wrong by so much, would have no owner."""
    wrong = f"{number.value + by:.{number.digits}f}"
    planted = replace(number, shown=wrong)
    return not owned(planted, passage)


def test_wrong_losses_are_noticed():
    """Of losses that are wrong by 0.02, at least four in five are found."""
    noticed = [
        is_noticed(passage, number, by)
        for passage, number in losses()
        for by in (0.02, -0.02)
    ]

    assert sum(noticed) >= 0.8 * len(noticed), (
        f"{sum(noticed)} of {len(noticed)}"
    )


def test_a_number_alone_owns_nothing():
    """The checks of a formula and of a text can fail."""
    near = Passage("x", "x", "It is 2.50 nats.", near=[2.49])
    right = Passage("x", "x", r"It is $\ln 69 \approx 4.234$.")
    wrong = Passage("x", "x", r"It is $\ln 69 \approx 4.224$, or $4.224$.")

    assert [number.shown for number in near.unowned()] == ["2.50"]
    assert not right.unowned()
    assert [number.shown for number in wrong.unowned()] == ["4.224"] * 2


def test_a_bound_in_an_assert_owns_nothing():
    """`assert 2.05 < loss < 2.18` does not make 2.18 a result."""
    code = "x = 1.25\nassert 2.05 < loss < 2.18\nassert loss == 2.11"

    assert prose_numbers.constants(code) == [1.25, 2.11]


@pytest.mark.parametrize("where", sorted({p.where for p in PASSAGES}))
def test_a_rungs_loss_says_whose_it_is(where):
    """With three digits a loss of the ladder is a mean or a run: say which.

    A chapter trains with the first of the record's three seeds, so the mean
    and the run differ in the third digit. A passage that gives three digits
    names seed, run or record.
    """
    silent = []
    for passage in PASSAGES:
        if passage.where != where or SAYS_WHICH.search(passage.text):
            continue
        for number in decimals(passage.text):
            if number.digits >= 3 and any(
                number.shows(rung(model, seed))
                for model in RUNGS
                for seed in (None, 1337)
            ):
                silent.append(f"{passage.place}: {number.sentence}")

    assert not silent, "\n".join(silent)
