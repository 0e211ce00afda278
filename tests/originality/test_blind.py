"""A blind test is fair, and its score is worth what it says."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt.originality import (
    TextIndex,
    blind_test,
    lines_to_judge,
    wilson,
)

counts = st.integers(1, 200).flatmap(
    lambda asked: st.tuples(st.integers(0, asked), st.just(asked))
)


@given(counts)
def test_the_ends_are_just_as_far_as_chance_goes(counted):
    """Wilson's definition: z standard deviations of the end's own share."""
    right, asked = counted
    for end in wilson(right, asked):
        deviation = math.sqrt(max(end * (1 - end), 0) / asked)
        assert abs(right / asked - end) == pytest.approx(
            1.959964 * deviation, abs=1e-6
        )


@given(counts)
def test_the_ends_are_shares(counted):
    """Although rounding may take them a little beyond."""
    low, high = wilson(*counted)
    assert 0 <= low <= high <= 1
    assert wilson(0, 51)[0] == 0
    assert wilson(9, 9)[1] == 1


def test_some_intervals():
    """As tables have them; more confidence is wider."""
    assert wilson(10, 20) == pytest.approx((0.299, 0.701), abs=5e-4)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=5e-4)
    assert wilson(5, 10, 0.99)[0] < wilson(5, 10)[0]


@pytest.mark.parametrize(("right", "asked"), [(0, 0), (3, 2), (-1, 2)])
def test_no_score_is_refused(right, asked):
    """There is no share of nothing."""
    with pytest.raises(ValueError, match=f"{right} right answers of {asked}"):
        wilson(right, asked)


def test_a_test_is_scored_by_its_key():
    """All right, all wrong, small letters and blanks."""
    test = blind_test(["m1", "m2", "m3"], ["r1", "r2", "r3"], seed=4)
    wrong = test.key.translate({65: "B", 66: "A"})

    assert test.score(test.key).startswith("3 of 3 right; the share")
    assert "between 44 % and 100 % (95 %" in test.score(test.key)
    assert test.score(" ".join(wrong.lower())).startswith("0 of 3 right")


def test_the_key_says_where_the_model_s_line_is():
    """Each pair has one of each, and the letter names the model's."""
    own, real = [f"m{n}" for n in range(50)], [f"r{n}" for n in range(50)]
    test = blind_test(own, real, seed=1)
    named = [
        pair["AB".index(letter)]
        for pair, letter in zip(test.pairs, test.key, strict=True)
    ]

    assert named == own
    assert [max(pair) for pair in test.pairs] == real
    assert 15 < test.key.count("A") < 35
    assert blind_test(own, real, seed=1) == test
    assert blind_test(own, real, seed=2).key != test.key


def test_a_printed_test_does_not_tell():
    """Numbers, letters and lines."""
    test = blind_test(["mine"], ["real"], seed=1)

    assert str(test).split() == [
        "1",
        "A",
        test.pairs[0][0],
        "B",
        *test.pairs[0][1:],
    ]


@pytest.mark.parametrize("answers", ["", "A", "ABB", "AC", "A1"])
def test_other_answers_are_refused(answers):
    """One letter for each pair."""
    test = blind_test(["a", "b"], ["c", "d"])
    said = f"the answers are {answers!r}: write one letter, A or B, for each"

    with pytest.raises(ValueError, match=re.escape(said)):
        test.score(answers)


@pytest.mark.parametrize(
    ("own", "real"), [([], []), (["a"], []), (["a"], ["b", "c"])]
)
def test_pairs_need_two_lines(own, real):
    """As many of one kind as of the other."""
    with pytest.raises(ValueError, match=f"{len(own)} lines of the model and"):
        blind_test(own, real)


def test_lines_are_drawn_by_the_rule():
    """Whole, of the length asked for, no names, no copies, each once."""
    text = "cut begin\nnew line one\nROMEO AND ME:\nold line one\ntiny\n"
    text += "new line two\nnew line two\nmuch too long for it\ncut end line"
    drawn = lines_to_judge(
        [text, text],
        TextIndex("an old line one there"),
        2,
        shortest=5,
        longest=13,
    )

    assert sorted(drawn) == ["new line one", "new line two"]


def test_too_few_lines_are_refused():
    """With both numbers."""
    with pytest.raises(ValueError, match="1 lines fit, fewer than 2"):
        lines_to_judge(
            ["a\nline b\nc"], TextIndex("x"), 2, shortest=1, longest=9
        )
