"""Stops a run between two steps, with nothing half done."""

import signal
import threading
from pathlib import Path
from types import FrameType, TracebackType

from tutorgpt.ground.places import paste

STOPPING = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """A run was stopped from outside; one with a folder can go on.

    signal: which signal it was; a shell expects the exit code 128 + signal.
    step: the last step that was made.
    """

    def __init__(
        self, number: int, step: int, folder: str | Path | None
    ) -> None:
        says = "; the model keeps what it has learned"
        if folder is not None:
            resume = paste("tutorgpt", "train", "--resume", Path(folder))
            says = f", nothing is lost: continue with {resume}"
        super().__init__(f"stopped after step {step}{says}")
        self.signal, self.step = number, step


class StopRequest:
    """Inside `with`, Ctrl-C and SIGTERM are noted and obeyed later.

    A second one is obeyed at once. Off the main thread, where Python allows
    no handlers, and where it is not wanted, signals do what they always do.
    """

    def __init__(self, *, wanted: bool) -> None:
        self.signal: int | None = None
        main = threading.current_thread() is threading.main_thread()
        self._handled = STOPPING if wanted and main else ()
        self._before = {}

    def __enter__(self) -> "StopRequest":
        for number in self._handled:
            self._before[number] = signal.signal(number, self._note)
        return self

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signal = number
        self._put_back()

    def _put_back(self) -> None:
        while self._before:
            signal.signal(*self._before.popitem())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._put_back()
