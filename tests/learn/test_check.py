"""Every kind of answer has its own reply, before any traceback."""

import math
import threading
import time

import pytest
import torch

from tutorgpt.learn import check, hint, limits, solution
from tutorgpt.learn.asking import judge
from tutorgpt.learn.chapters import EXERCISES
from tutorgpt.learn.progress import record_exercise, summary

ATTEND, MASK, BITS = EXERCISES["2.3"], EXERCISES["2.2"], EXERCISES["1.1"]


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    """A record for each test, and a short limit."""
    place = str(tmp_path / "progress.json")
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", place)
    monkeypatch.setattr(limits, "SECONDS", 0.3)


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
    (MASK, wrong_shape, "shape", "(1, 2) instead of (1, 1)"),
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
    (ATTEND, noisy, "property", "first wrong position"),
    (ATTEND, writes_into_its_input, "property", "input was changed"),
    (BITS, None, "nothing", "None"),
    (BITS, "3.6", "not a function", "str"),
    (BITS, float("nan"), "nan", "nan"),
    (BITS, -3.597, "property", "wrong side of zero"),
    (BITS, 7.193, "property", "2 times too large"),
    (BITS, 3.7, "property", "by less than a tenth"),
]


@pytest.mark.parametrize(("exercise", "given", "outcome", "words"), REPLIES)
def test_each_kind_of_answer_has_its_own_reply(
    exercise, given, outcome, words
):
    """The kind is recognised and the reply says what to look at."""
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


def test_a_check_prints_and_keeps(capsys):
    """What is printed carries the number; the record keeps the result."""
    check("2.2", MASK.reference())
    check("2.2", forgotten_return)

    assert capsys.readouterr().out.startswith("2.2 passes these 4 checks")
    kept = summary().exercises["2.2"]
    assert (kept.tries, kept.passed) == (2, True)


def test_the_end_of_a_chapter_has_its_words(capsys):
    """Said once, when the last exercise passes, with what comes next."""
    mine = [n for n in EXERCISES if n.startswith("2.")]
    for number in mine:
        if number != "2.2":
            record_exercise(number, True)
    check("2.2", MASK.reference())
    first = capsys.readouterr().out
    check("2.2", MASK.reference())

    assert "all 6 exercises of chapter 2 have passed" in first
    assert "Next: the quiz of chapter 2" in first
    assert "last one" not in capsys.readouterr().out


def test_an_untouched_starter_is_not_kept(capsys):
    """Running a notebook from top to bottom leaves no record."""
    check("1.1", ...)

    assert capsys.readouterr().out == "1.1 not attempted yet\n"
    assert summary().exercises == {}


def test_a_check_leaves_the_random_numbers_alone():
    """The learner's own seed gives the same numbers after a check."""
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    judge(ATTEND, right)

    assert torch.equal(torch.rand(3), expected)


def test_the_time_limit_holds_outside_the_main_thread():
    """Where no alarm reaches, an endless loop is stopped as well."""
    before, found = set(threading.enumerate()), []
    thread = threading.Thread(
        target=lambda: found.append(judge(MASK, endless))
    )
    thread.start()
    thread.join(600)

    assert [verdict.outcome for verdict in found] == ["time"]
    assert set(threading.enumerate()) == before


def test_the_alarm_is_switched_off_after_a_check():
    """A check that ended in time does not strike later."""
    judge(MASK, MASK.reference())
    time.sleep(0.4)

    assert math.isfinite(time.time())


def test_hints_come_one_by_one(capsys):
    """Three rungs, then the first one again."""
    for _ in range(4):
        hint("2.2")

    said = capsys.readouterr().out
    assert said.count("hint 1 of 3") == 2
    assert all(rung in said for rung in MASK.hints)


def test_a_solution_is_printed_with_its_reason(capsys):
    """solution() gives the text and why it works."""
    solution("2.2")

    said = capsys.readouterr().out
    assert MASK.solution in said
    assert MASK.why in said


def test_an_unknown_number_is_refused():
    """The error names the numbers there are."""
    with pytest.raises(ValueError, match=r"9\.9.*choose one of 1\.1"):
        check("9.9", 1)


def test_a_bug_hunt_wants_two_answers():
    """The error shows the call that is meant."""
    with pytest.raises(TypeError, match=r'check\("1.6", name, training_step'):
        check("1.6", lambda: 1)
