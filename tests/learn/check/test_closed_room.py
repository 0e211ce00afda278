"""Nothing of a learner's settings reaches a check, nor the other way."""

import random
import sys
import threading
import time
import warnings
from contextlib import nullcontext

import numpy as np
import pytest
import torch

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check import limits, trying
from tutorgpt.learn.check.closed_room import closed_room
from tutorgpt.learn.check.exercise import build
from tutorgpt.learn.exercises import EXERCISES

ATTEND, MASK, LAYER = EXERCISES["2.3"], EXERCISES["2.2"], EXERCISES["4.3"]


@pytest.fixture
def forgotten():
    """As after a restart: nothing has been checked yet."""
    trying.try_reference.cache_clear()
    trying.try_mutant.cache_clear()
    build.cache_clear()


def settings():
    return (
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.get_num_threads(),
        torch.get_float32_matmul_precision(),
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        torch.is_anomaly_enabled(),
        torch.is_anomaly_check_nan_enabled(),
        np.geterr(),
        torch.default_generator.get_state().tolist(),
        np.random.get_state()[1].tolist(),
        random.getstate(),
    )


@pytest.fixture
def double():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def meta():
    torch.set_default_device("meta")
    yield
    torch.set_default_device("cpu")


@pytest.fixture
def strict():
    torch.use_deterministic_algorithms(True)
    torch.autograd.set_detect_anomaly(True)
    errors = np.seterr(all="ignore")
    yield
    np.seterr(**errors)
    torch.autograd.set_detect_anomaly(False)
    torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("exercise", [ATTEND, MASK, LAYER])
@pytest.mark.parametrize("world", ["double", "meta", "no_grad", "inference"])
def test_a_first_check_in_a_strange_world(exercise, world, request, forgotten):
    """The reference is made in the room, so it stays right afterwards."""
    if world in ("double", "meta"):
        request.getfixturevalue(world)
    context = {
        "no_grad": torch.no_grad(),
        "inference": torch.inference_mode(),
    }.get(world, torch.enable_grad())
    name = (exercise.suspect,) if exercise.suspect else ()
    with context:
        first = judge(exercise, *name, exercise.build(exercise.solution))
    torch.set_default_dtype(torch.float32)
    torch.set_default_device("cpu")
    second = judge(exercise, *name, exercise.build(exercise.solution))

    assert first.passed, first.text
    assert second.passed, second.text


def sets_everything(T):
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(3)
    torch.manual_seed(7)
    np.random.seed(7)
    random.seed(7)
    torch.set_float32_matmul_precision("medium")
    torch.set_grad_enabled(False)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.autograd.set_detect_anomaly(True, check_nan=False)
    np.seterr(all="raise")
    torch.set_default_device("meta")
    warnings.warn("look here", stacklevel=1)
    return torch.ones(T, T, dtype=torch.bool, device="cpu").tril()


@pytest.mark.parametrize("world", ["plain", "meta", "strict", "a context"])
def test_what_an_answer_sets_is_set_back(world, request):
    """Whatever it was before, for all that a learner's own code may set."""
    if world in ("meta", "strict"):
        request.getfixturevalue(world)
    around = torch.device("meta") if world == "a context" else nullcontext()
    with around:
        before = settings()
        verdict = judge(MASK, sets_everything)

        assert settings() == before
    assert verdict.passed, verdict.text


def test_no_default_device_is_left_behind():
    """Not even the processor's, which costs time at every call of torch."""
    judge(MASK, sets_everything)

    assert torch.overrides._get_current_function_mode_stack() == []


def as_it_should_be(T):
    found = settings()[6:11]
    as_it_should_be.found = (*found, torch.get_default_device().type)
    return torch.ones(T, T, dtype=torch.bool).tril()


def test_what_was_set_before_does_not_get_in(strict, meta):
    """An answer is tried as in a notebook that has set nothing."""
    judge(MASK, as_it_should_be)

    calm = {"divide": "warn", "over": "warn"}
    calm |= {"under": "ignore", "invalid": "warn"}
    assert as_it_should_be.found == (False, False, False, True, calm, "cpu")


def test_the_room_has_its_own_settings(double):
    """float32, gradients, one thread, one seed."""
    with torch.inference_mode(), closed_room():
        first = torch.rand(2, requires_grad=True)
    with closed_room():
        again = torch.rand(2)

    assert first.dtype == torch.float32
    assert torch.equal(first.detach(), again)


def keeps_its_result(T):
    kept = keeps_its_result.__dict__.setdefault(
        "kept", torch.zeros(99, 99, dtype=torch.bool)
    )
    kept[:] = False
    kept[:T, :T] = torch.ones(T, T, dtype=torch.bool).tril()
    return kept[:T, :T]


def test_a_result_is_kept_as_it_was():
    """One tensor, written over at each call, is right at each call."""
    assert judge(MASK, keeps_its_result).passed


def bare(T):
    while True:
        try:
            time.sleep(0.001)
        except:  # noqa: E722
            T += 1


def bare_and_slow(T):
    while True:
        try:
            torch.randn(400, 400) @ torch.randn(400, 400)
        except:  # noqa: E722
            continue


def never_done(T):
    class Endless(list):
        def __len__(self):
            while True:
                pass

    return Endless([1])


def leaves(T):
    sys.exit(3)


class SilentError(Exception):
    """Its own text raises."""

    def __str__(self):
        raise ValueError("no text")


def raises_silently(T):
    raise SilentError


REPLIES = [
    (bare, "time", "did not finish"),
    (bare_and_slow, "time", "did not finish"),
    (never_done, "time", "did not finish"),
    (leaves, "error", "SystemExit, which ends a program"),
    (raises_silently, "error", "SilentError"),
    (lambda T: torch.ones(T, T, device="meta"), "shape", "holds no numbers"),
    (lambda T: torch.ones(T, T) * 1j, "shape", "complex numbers"),
    (
        lambda T: torch.nested.nested_tensor([torch.ones(n) for n in (1, 2)]),
        "shape",
        "nested",
    ),
]


@pytest.mark.parametrize(("given", "outcome", "words"), REPLIES)
def test_an_answer_that_takes_others_down(given, outcome, words, monkeypatch):
    """Each ends in a verdict, and the next check is right."""
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    before = sys.gettrace()
    verdict = judge(MASK, given)

    assert verdict.outcome == outcome, verdict.text
    assert words in " ".join(verdict.text.split())
    assert judge(MASK, MASK.reference()).passed
    assert sys.gettrace() is before


def test_an_alarm_inside_a_del_is_not_reported(monkeypatch):
    """Python reports what is raised there; it is the check's, not theirs."""

    class Slow:
        def __del__(self):
            time.sleep(60)

    def slow_to_delete(T):
        slow = Slow()
        del slow
        return torch.ones(T, T)

    reported = []
    monkeypatch.setattr(sys, "unraisablehook", reported.append)
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    judge(MASK, slow_to_delete)

    assert reported == []


def test_a_bare_except_is_stopped_in_a_thread_too(monkeypatch):
    """Where no alarm reaches."""
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    before, found = set(threading.enumerate()), []
    thread = threading.Thread(target=lambda: found.append(judge(MASK, bare)))
    thread.start()
    thread.join(100)

    assert [verdict.outcome for verdict in found] == ["time"]
    assert set(threading.enumerate()) == before


def test_ctrl_c_is_not_swallowed():
    """The learner's own interruption goes through."""

    def interrupted(T):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(MASK, interrupted)


def test_few_digits_are_told_by_their_name():
    """bfloat16 is right as far as it goes, and the verdict says so."""
    right = ATTEND.reference()
    verdict = judge(ATTEND, lambda *a: right(*a).bfloat16())

    assert "as far as torch.bfloat16 can hold them" in " ".join(
        verdict.text.split()
    )


def test_more_digits_pass():
    """float64 is no mistake."""
    right = ATTEND.reference()

    assert judge(ATTEND, lambda *a: right(*a).double()).passed
