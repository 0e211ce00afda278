"""Every kind of answer has its own reply, before any traceback."""

import math
import threading
import time

import pytest
import torch

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check import limits
from tutorgpt.learn.exercises import EXERCISES

ATTEND, MASK, BITS = EXERCISES["2.3"], EXERCISES["2.2"], EXERCISES["1.1"]


@pytest.fixture
def short_limit(monkeypatch):
    """Nobody waits five seconds for a loop that never ends."""
    return lambda: monkeypatch.setattr(limits, "SECONDS", 0.3)


def right(query, key, value, x):
    return ATTEND.reference()(query, key, value, x)


def forgotten_return(T):
    torch.ones(T, T, dtype=torch.bool).tril()


def wrong_shape(T):
    return torch.ones(T, T + 1, dtype=torch.bool).tril()


def raises(T):
    table = torch.ones(T, T)
    return table @ torch.ones(T + 1)


def endless(T):
    while True:
        T += 1


def stubborn(T):
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


def with_nan(*args):
    return right(*args) * float("nan")


def hard_coded(T):
    table = torch.ones(5, 5, dtype=torch.bool).tril()
    return table[:T, :T] if T < 6 else torch.ones(T, T, dtype=torch.bool)


def noisy(*args):
    return right(*args) + (torch.rand(1) > 2).float() * 0 + torch.rand(1)


def writes_into_its_input(*args):
    result = right(*args)
    args[-1].zero_()
    return result


def half_done(T):
    mask = ...
    return ~mask


REPLIES = [
    (MASK, forgotten_return, "nothing", "None"),
    (MASK, wrong_shape, "shape", "axis 1 has"),
    (MASK, raises, "error", "table @ torch.ones(T + 1)"),
    (MASK, half_done, "error", "`...` of the starter"),
    (MASK, endless, "time", "did not finish"),
    (MASK, stubborn, "time", "did not finish"),
    (MASK, hard_coded, "property", "first wrong position [0, 1]"),
    (MASK, lambda T: "a string", "shape", "the result is str"),
    (MASK, MASK.reference()(4), "not a function", "without parentheses"),
    (ATTEND, with_nan, "nan", "not a number"),
    (ATTEND, lambda *a: 2 * right(*a), "property", "2.000 times"),
    (ATTEND, lambda *a: right(*a) + 1, "property", "1.000 too large"),
    (ATTEND, noisy, "property", "two calls with the same input"),
    (ATTEND, writes_into_its_input, "property", "input was changed"),
    (BITS, None, "nothing", "None"),
    (BITS, "3.6 or so", "not understood", "cannot be read as a number"),
    (BITS, float("nan"), "nan", "nan"),
    (BITS, -3.597, "property", "wrong side of zero"),
    (BITS, 7.193, "property", "2 times too large"),
    (BITS, 3.7, "property", "by less than a tenth"),
]


@pytest.mark.parametrize(("exercise", "given", "outcome", "words"), REPLIES)
def test_each_kind_of_answer_has_its_own_reply(
    exercise, given, outcome, words, short_limit
):
    """The kind is recognised and the reply says what to look at."""
    if outcome == "time":
        short_limit()
    verdict = judge(exercise, given)

    assert verdict.outcome == outcome, verdict.text
    assert words in " ".join(verdict.text.split())
    assert max(map(len, verdict.text.splitlines())) < 80


def test_a_number_never_gives_the_right_one_away():
    """No reply about a number holds the expected number."""
    texts = [judge(BITS, given).text for given in (1.0, 3.5, 36.0, -2)]

    assert not any("3.59" in text or "3.60" in text for text in texts)


def test_a_passed_check_says_how_many():
    """The wording promises the checks and no more."""
    assert judge(MASK, MASK.reference()).text == (
        "passes these 4 checks (4 different inputs)"
    )


def test_a_check_leaves_the_random_numbers_alone():
    """The learner's own seed gives the same numbers after a check."""
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    judge(ATTEND, right)

    assert torch.equal(torch.rand(3), expected)


def test_the_time_limit_holds_outside_the_main_thread(short_limit):
    """Where no alarm reaches, an endless loop is stopped as well."""
    short_limit()
    before, found = set(threading.enumerate()), []
    thread = threading.Thread(
        target=lambda: found.append(judge(MASK, endless))
    )
    thread.start()
    thread.join(600)

    assert [verdict.outcome for verdict in found] == ["time"]
    assert set(threading.enumerate()) == before


def test_the_alarm_is_switched_off_after_a_check(short_limit):
    """A check that ended in time does not strike later."""
    short_limit()
    judge(MASK, MASK.reference())
    time.sleep(0.4)

    assert math.isfinite(time.time())
