"""One number: when it counts, when it is named, how far off it is."""

import math
from dataclasses import replace

import pytest

from tutorgpt.learn.asking import check, judge
from tutorgpt.learn.check.numbers import among, is_rounded, relation
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.record.kept import summary

COPYING = EXERCISES["7.3"]


@pytest.mark.parametrize("given", [2.19, 2.185, 2.1853, 2.1853452926953])
def test_a_rounded_number_counts(given):
    """Three digits are enough, as the text itself gives them."""
    assert judge(COPYING, given).passed


MARKED = [e for e in EXERCISES.values() if e.landmarks]


@pytest.mark.parametrize("exercise", MARKED, ids=lambda e: e.number)
def test_landmarks_go_up_and_leave_the_right_number_room(exercise):
    """They help to place a wrong number, and none of them is the right one."""
    values = [value for value, _ in exercise.landmarks]

    assert values == sorted(values)
    assert all(not judge(exercise, value).passed for value in values), (
        exercise.number
    )


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (0.5, "It lies below 1, one."),
        (2.0, "It lies above 1, one, and below 3, three."),
        (9.0, "It lies above 3, three."),
    ],
)
def test_a_wrong_number_is_placed(got, says):
    """By the nearest landmark on either side."""
    assert among(((1, "one"), (3, "three")), got) == says
    assert among((), got) == ""


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (5.3e6, "right in its digits and not in its size: 10 times too large"),
        (530, "right in its digits and not in its size: 1,000 times too"),
        (5.1e6, "much too large"),
        (5e6, "much too large"),
    ],
)
def test_a_lost_power_of_ten_is_told(got, words):
    """Two digits are enough to see it, one is not."""
    assert words in relation(got, 531441.0)


@pytest.mark.parametrize("given", [2.18, 2.2, 2.21, 2.1, 2])
def test_a_number_that_is_not_it_does_not_count(given):
    """Rounded wrongly, or too far."""
    assert not judge(COPYING, given).passed


def test_too_few_digits_are_told_to_be_few():
    """2.2 may be right: nobody can tell."""
    assert "give 3 digits" in judge(COPYING, 2.2).text


def test_a_known_wrong_number_is_named_only_when_it_is_that_number():
    """Within its rounding, not within a percent."""
    named = judge(COPYING, 2.117).text
    near = judge(COPYING, 2.1195).text

    assert "as if 16 of 32 or 15 of 30" in " ".join(named.split())
    assert "it looks as if" not in near


@pytest.mark.parametrize(
    ("got", "exact", "counts"),
    [
        (2.19, 2.18534, True),
        (0.0123, 0.012345, True),
        (123000.0, 123456.0, True),
        (2.2, 2.18534, False),
        (2.19, float("inf"), False),
        (float("nan"), 2.0, False),
    ],
)
def test_rounding_needs_three_digits(got, exact, counts):
    """Fewer tell too little."""
    assert is_rounded(got, exact) == counts


def test_true_is_not_a_number():
    """1 == True, and no answer."""
    assert judge(COPYING, True).outcome == "not a function"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (3.287, "the loss is in bits"),
        (9.76, "this is the perplexity"),
        (0.101, "how far the loss falls"),
        (2.38, "the way past does little"),
        (2.40, "trained without the way past"),
    ],
)
def test_a_training_runs_wrong_numbers_have_their_spread(given, words):
    """Another seed, another version of torch: the same mistake."""
    said = judge(EXERCISES["2.5"], given).text

    assert words in " ".join(said.split())


@pytest.mark.parametrize("given", [2.44, 3.31, 9.9, 0.05])
def test_beyond_its_spread_no_mistake_is_named(given):
    """Wide is not anything at all."""
    assert "it looks as if" not in judge(EXERCISES["2.5"], given).text


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (2.2786 * math.log(2), "ln 2 (0.693) times the right number"),
        (2.2786 / math.log(2), "1 / ln 2 (1.443) times the right number"),
        (2.29, "less than a hundredth (was something rounded"),
        (2.4, "less than a tenth"),
    ],
)
def test_how_far_off_a_number_is(got: float, words: str) -> None:
    """In words that lead on, and do not give it away."""
    assert words in relation(got, 2.2786)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ("2.185", "passed"),
        ("2,185", "not understood"),
        ((2, 185), "not understood"),
        ((2, 19), "passed"),
        ("2.19 nats", "passed"),
        ("ln 69", "named"),
        ("about two", "not understood"),
        ("1e999", "not understood"),
        ("(" * 3000, "not understood"),
        ((1, 2, 3), "not a function"),
        ((2.0, 1), "not a function"),
    ],
)
def test_a_number_may_be_written_out(given, outcome):
    """As a text, or with a comma, which makes a pair of it in Python."""
    assert judge(COPYING, given).outcome == outcome


def test_two_meanings_are_asked_for():
    """And both are named."""
    said = judge(COPYING, (2, 185)).text

    assert "2,185 may mean 2185 or 2.185" in said
    assert "not counted" in said


@pytest.mark.parametrize(
    ("right", "given", "outcome"),
    [
        (10000, (10, 0), "not understood"),
        (531000, (531, 0), "not understood"),
        (10, (10, 0), "not understood"),
        (-3000, (-3, 0), "not understood"),
        (2000000, (1, 0), "property"),
    ],
)
def test_zeros_behind_a_comma_are_asked_for(right, given, outcome):
    """Of 10,000 Python leaves (10, 0): ten thousand, or ten."""
    asked = replace(COPYING, expected=float(right), wrong=())
    verdict = judge(asked, given)

    assert verdict.outcome == outcome
    if outcome == "not understood":
        many, few = (f"{given[0] * factor:g}" for factor in (1000, 1))
        assert f",000 may mean {many} or {few}" in verdict.text


def test_what_is_not_understood_is_no_try(capsys, tmp_path, monkeypatch):
    """The record stays as it was."""
    place = str(tmp_path / "progress.json")
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", place)
    check("7.3", "many")
    check("7.3", (2, 185))

    assert "cannot be read as a number" in capsys.readouterr().out
    assert "7.3" not in summary().exercises
