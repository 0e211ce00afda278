"""What the calls of one check share: the time, and what is printed."""

import sys
import threading
import time

import pytest
import torch

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check import limits
from tutorgpt.learn.exercises import EXERCISES

MASK, STEP, LAYER = EXERCISES["2.2"], EXERCISES["1.6"], EXERCISES["4.3"]
RUNS = EXERCISES["8.5"]


class Slow:
    """An answer to 8.5 that takes its time, and counts how often."""

    def __init__(self, seconds, wrong=0):
        self.seconds, self.wrong, self.calls = seconds, wrong, 0

    def __call__(self, rows, n):
        self.calls += 1
        time.sleep(self.seconds)
        return RUNS.reference()(rows, n) + self.wrong


@pytest.fixture
def little_time(monkeypatch):
    """A quarter of a second for all calls together, far more for each."""
    monkeypatch.setattr(limits, "TOGETHER", 0.25)


def in_a_thread(exercise, answer):
    found = []
    thread = threading.Thread(
        target=lambda: found.append(judge(exercise, answer))
    )
    thread.start()
    thread.join(100)
    return found[0]


@pytest.mark.parametrize("how", [judge, in_a_thread])
@pytest.mark.parametrize("wrong", [0, 1])
def test_many_slow_calls_end_the_check(little_time, how, wrong):
    """Each is fast enough, and there are many cases."""
    slow = Slow(0.1, wrong)
    verdict = how(RUNS, slow)

    assert slow.calls <= 3
    if slow.calls > 1 and not wrong:
        said = " ".join(verdict.text.split())
        assert f"{slow.calls} calls of it took 0 seconds" in said
    assert verdict.outcome in ("time", "property")
    assert how(RUNS, RUNS.reference()).passed


def test_one_endless_call_is_no_sum_of_calls(monkeypatch):
    """It is told by its own limit."""
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    verdict = judge(RUNS, Slow(60))

    assert "did not finish within" in " ".join(verdict.text.split())


def test_a_rule_that_gets_no_time_says_nothing(monkeypatch):
    """What was measured on no result is not said of one."""
    rule_calls = []

    class Once(Slow):
        def __call__(self, rows, n):
            if self.calls >= len(RUNS.cases()):
                rule_calls.append(n)
                time.sleep(60)
            return super().__call__(rows, n)

    monkeypatch.setattr(limits, "TOGETHER", 1.0)
    verdict = judge(RUNS, Once(0, wrong=0.125))
    said = " ".join(verdict.text.split())

    assert rule_calls
    assert "different results" not in said
    assert "in every case it is 1 / 8 too much" in said


def talks(T):
    print("here I am")
    print("in torch we trust", file=sys.stderr)
    return torch.ones(T, T, dtype=torch.bool).tril()


def talks_and_fails(T):
    print("here I am")
    raise ValueError


def talking(exercise):
    text = exercise.solution
    return exercise.build(
        text.replace(
            "    def forward(self, x):",
            "    def forward(self, x):\n        print('here I am')",
        )
        if exercise.is_module
        else text.replace(
            "    optimizer.step()",
            "    optimizer.step()\n    print('here I am')",
        )
    )


@pytest.mark.parametrize("how", [judge, in_a_thread])
@pytest.mark.parametrize("answer", [talks, talks_and_fails])
def test_what_is_printed_is_shown_once(answer, how, capsys):
    """Four cases and a repetition are five calls."""
    before = sys.stdout, sys.stderr
    for _ in range(2):
        how(MASK, answer)
        out, err = capsys.readouterr()

        assert out == "here I am\n"
        assert len(err.splitlines()) == (answer is talks)
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.parametrize("exercise", [STEP, LAYER], ids=["1.6", "4.3"])
def test_a_case_of_many_calls_is_heard_once_too(exercise, capsys):
    """Three steps on one batch, and a module that is called to compare."""
    verdict = judge(exercise, exercise.suspect, talking(exercise))

    assert verdict.passed, verdict.text
    assert capsys.readouterr().out == "here I am\n"
