"""Processes that can be killed, and start in no time."""

import multiprocessing
import os
from multiprocessing.context import ForkServerContext
from pathlib import Path

import killable
import pytest

TOOLS = str(Path(killable.__file__).parent)


@pytest.fixture(scope="session")
def server() -> ForkServerContext:
    """Forks processes off one that has everything imported already.

    Python 3.11 looks for the preloaded modules on PYTHONPATH only.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["killable", "torchrun_job"])
    paths = [TOOLS, os.environ.get("PYTHONPATH", "")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
        warm = context.Process()
        warm.start()
        warm.join()
    return context
