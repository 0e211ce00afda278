"""Runs a learner's code for a limited time.

Python cannot be told to stop a function from outside. In the main thread a
signal can interrupt it; in any other thread an exception can be planted.
"""

import ctypes
import signal
import threading
from collections.abc import Callable
from typing import Any

import torch

SECONDS = 5.0
"""How long one check may run; the slowest solution takes a tenth of it."""


class TimeUpError(BaseException):
    """The time is up.

    Not an Exception, so that no `except Exception` in the learner's loop
    catches it and goes on.
    """


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
    into torch excepted: that one is finished first.
    """

    def stop(*_: object) -> None:
        raise TimeUpError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    finally:
        # The alarm first: between the two lines it would find the old
        # handler, which ends the kernel.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _in_thread(work: Callable[[], Any], seconds: float) -> Any:
    """Do the work in a thread of its own, and abandon it after a while.

    For Windows, which has no alarm, and for callers outside the main thread,
    whom no signal reaches.
    """
    result: list[Any] = []
    errors: list[BaseException] = []
    # Whether gradients are recorded is a matter of the thread: a new one
    # would record them even inside a caller's no_grad().
    learns = torch.is_grad_enabled()

    def run() -> None:
        try:
            with torch.set_grad_enabled(learns):
                result.append(work())
        except BaseException as error:
            errors.append(error)

    # A daemon: a loop inside a C call may never end, and must not keep the
    # interpreter from closing.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        # The one way to raise in another thread. It takes effect at that
        # thread's next instruction of Python, so wait for it to end.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUpError)
        )
        thread.join(1.0)
        raise TimeUpError
    if errors:
        raise errors[0]
    return result[0]
