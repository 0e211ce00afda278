"""Runs a learner's code for a limited time.

Python cannot be told to stop a function from outside. In the main thread a
signal can interrupt it; in any other thread an exception can be planted.
"""

import ctypes
import signal
import sys
import threading
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any

SECONDS = 5.0
"""How long one call of an answer may run."""
TOGETHER = 10.0
"""How long all calls of an answer in one check may run."""
OURS = 120.0
"""How long a solution or a known mistake may, on however slow a machine."""
SECOND = 0.02
"""Seconds until code that is still running is interrupted once more."""
AGAIN = 5e-5
"""Seconds between all further interruptions."""
STUBBORN = 1.0
"""Seconds after which a thread that swallows them all is left alone."""


class TimeUpError(BaseException):
    """The time is up.

    Not an Exception, so that no `except Exception` in the learner's loop
    catches it and goes on.
    """


class AllTimeUpError(TimeUpError):
    """The time of all calls together is up."""


def within_time(work: Callable[[], Any], seconds: float) -> Any:
    """Do the work, or raise TimeUpError.

    In the main thread of Linux and macOS, where notebooks run their cells,
    an alarm interrupts it. Elsewhere it runs in a thread of its own that is
    asked to stop at its next line of Python.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and hasattr(signal, "setitimer"):
        return _with_alarm(work, seconds)
    return _in_thread(work, seconds)


def _with_alarm(work: Callable[[], Any], seconds: float) -> Any:
    """Do the work, and be interrupted by a signal when the time is up.

    The handler raises inside whatever line is running, a single long call
    into torch excepted: that one is finished first. A bare `except:` around
    that line catches it, so it raises again at the next line, and from then
    on twenty thousand times a second, until it meets a place that no
    `except` surrounds.
    """
    traced, ignored = sys.gettrace(), sys.unraisablehook
    working, times = True, 0

    def raise_at_next_line(*_: object) -> None:
        if working:
            raise TimeUpError

    def stop(_: int, frame: FrameType | None) -> None:
        nonlocal times
        if not working:
            return
        times += 1
        # What strikes inside a __del__, or a callback of the collection of
        # garbage, is reported there.
        sys.unraisablehook = lambda _: None
        if times == 2:
            signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        # A trace function that raises is taken off again: once an alarm.
        sys.settrace(raise_at_next_line)
        while frame is not None and frame.f_code is not _with_alarm.__code__:
            frame.f_trace = raise_at_next_line
            frame = frame.f_back
        raise TimeUpError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        try:
            # In here, so that whatever strikes is met by both `finally`.
            signal.setitimer(signal.ITIMER_REAL, seconds, SECOND)
            return work()
        finally:
            working = False
    finally:
        # The alarm first: between the two lines it would find the old
        # handler, which ends the kernel.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if times:
            sys.settrace(traced)
            sys.unraisablehook = ignored


def _in_thread(work: Callable[[], Any], seconds: float) -> Any:
    """Do the work in a thread of its own, and abandon it after a while.

    For Windows, which has no alarm, and for callers outside the main thread,
    whom no signal reaches.
    """
    result: list[Any] = []
    errors: list[BaseException] = []
    ended, swallowed = threading.Event(), threading.Event()

    def raise_once_more(_: FrameType, event: str, __: object) -> Any:
        # The planted exception lands wherever the thread is, most likely
        # inside its `try`; the line after it is one of the `except`.
        if event == "exception":
            swallowed.set()
        elif swallowed.is_set():
            raise TimeUpError
        return raise_once_more

    def run() -> None:
        # Nothing is traced until a frame is given a trace function.
        sys.settrace(lambda *_: None)
        try:
            try:
                result.append(work())
            except BaseException as error:
                errors.append(error)
            finally:
                ended.set()
        except TimeUpError:
            pass  # one more was under way
        finally:
            sys.settrace(None)

    # A daemon: a loop inside a C call may never end, and must not keep the
    # interpreter from closing.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not ended.wait(seconds):
        frame = sys._current_frames().get(thread.ident or 0)
        while frame is not None and frame.f_code is not run.__code__:
            frame.f_trace = raise_once_more
            frame = frame.f_back
        _interrupt(thread.ident or 0, ended)
        thread.join(SECOND)
        raise TimeUpError
    thread.join()
    if errors:
        raise errors[0]
    return result[0]


def _interrupt(thread: int, ended: threading.Event) -> None:
    """Raise in another thread until it ends, or has swallowed too many."""

    def plant(error: Any) -> None:
        # The one way to raise in another thread. It takes effect at that
        # thread's next instruction of Python.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread), ctypes.py_object(error) if error else None
        )

    plant(TimeUpError)
    ended.wait(SECOND)
    # Threads take turns every five milliseconds: shorter turns, more tries.
    until, turn = monotonic() + STUBBORN, sys.getswitchinterval()
    sys.setswitchinterval(AGAIN)
    try:
        while not ended.is_set() and monotonic() < until:
            plant(TimeUpError)
            ended.wait(AGAIN)
    finally:
        sys.setswitchinterval(turn)
        plant(None)  # whatever has not struck yet
