"""Runs a learner's code for a limited time."""

import ctypes
import signal
import threading
from collections.abc import Callable
from typing import Any

import torch

SECONDS = 5.0
"""How long one check may run; the slowest solution takes a tenth of it."""


class TimeUpError(BaseException):
    """The time is up; no `except Exception` of the learner's catches it."""


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
    def stop(*_: object) -> None:
        raise TimeUpError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _in_thread(work: Callable[[], Any], seconds: float) -> Any:
    result: list[Any] = []
    errors: list[BaseException] = []
    learns = torch.is_grad_enabled()

    def run() -> None:
        try:
            with torch.set_grad_enabled(learns):
                result.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUpError)
        )
        thread.join(1.0)
        raise TimeUpError
    if errors:
        raise errors[0]
    return result[0]
