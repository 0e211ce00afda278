"""What the calls of an answer in one check share: their time, their printing.

An answer is called many times, on several cases and by the rules. Together
the calls may take no longer than a learner waits, and what they print is
shown once.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import (
    ExitStack,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
)
from contextvars import ContextVar
from time import monotonic
from typing import Any

from tutorgpt.learn.check import limits


class OneCheck:
    """Counts the calls of one check and the seconds that they took.

    calls: how many were begun; spent: seconds of them all.
    """

    def __init__(self) -> None:
        self.calls, self.spent = 0, 0.0


_now: ContextVar[OneCheck | None] = ContextVar("_now", default=None)


@contextmanager
def one_check() -> Iterator[OneCheck]:
    """All calls of an answer inside belong to one check."""
    check = OneCheck()
    token = _now.set(check)
    try:
        yield check
    finally:
        _now.reset(token)


@contextmanager
def one_call() -> Iterator[float]:
    """One call of an answer: how many seconds it may take.

    Only the first one of a check is heard. Raises TimeUpError where all the
    time of the check is spent; outside of a check each call stands alone.
    """
    check = _now.get()
    if check is None:
        yield limits.SECONDS
        return
    left = limits.TOGETHER - check.spent
    if left <= 0:
        raise limits.AllTimeUpError
    check.calls += 1
    start = monotonic()
    with ExitStack() as doors:
        doors.enter_context(redirect_stdout(Heard(sys.stdout, check.calls)))
        doors.enter_context(redirect_stderr(Heard(sys.stderr, check.calls)))
        try:
            yield min(limits.SECONDS, left)
        except limits.TimeUpError as error:
            if left < limits.SECONDS:
                raise limits.AllTimeUpError from error
            raise
        finally:
            check.spent += monotonic() - start


class Heard:
    """A way out for what is printed, which can be closed without notice."""

    def __init__(self, out: Any, call: int) -> None:
        self.out, self.open = out, call == 1

    def write(self, text: str) -> int:
        """Print it, or drop it."""
        return self.out.write(text) if self.open else len(text)

    def flush(self) -> None:
        """Send off what was printed so far."""
        self.out.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.out, name)


def hush() -> None:
    """The answer has been called: what it prints from here on is dropped."""
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, Heard):
            out.open = False


def heard_once(attempt: Callable[..., Any]) -> Callable[..., Any]:
    """An answer of which only the first call is heard."""

    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return attempt(*args, **kwargs)
        finally:
            hush()

    return called
