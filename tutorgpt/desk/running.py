"""Whether JupyterLab is open at a desk already, and where."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutorgpt.desk.manifest import HIDDEN
from tutorgpt.ground.locks import HeldError, alone

OPEN = "open.lock"
PATIENCE = 0.5
"""Seconds for another tutorgpt lab that only asks whether one is open."""


@contextmanager
def opened(desk: Path) -> Iterator[None]:
    """Hold a desk while JupyterLab runs there.

    Raises HeldError if another process does.
    """
    with alone(desk / HIDDEN / OPEN, PATIENCE):
        yield


def is_open(desk: Path) -> bool:
    """Whether a tutorgpt lab of this machine runs JupyterLab there."""
    if not (desk / HIDDEN).is_dir():
        return False
    try:
        with opened(desk):
            return False
    except HeldError:
        return True


def address(desk: Path) -> str | None:
    """The address of the JupyterLab that runs at a desk, if it is known."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server.get("root_dir", "")).resolve() == desk.resolve():
            token = server.get("token", "")
            return f"{server['url']}lab" + (f"?token={token}" * bool(token))
    return None
