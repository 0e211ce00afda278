"""Opens a folder in JupyterLab, with a server that remembers the learner.

What lives in a running kernel, as a quiz does, is gone the next day; this
server then shows the page that is stored beside it. No settings of the
reader are changed, and other notebooks open in it as anywhere.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from tutorgpt.ground.published import install_here
from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.tomorrow import AT_DESK

CONFIG_PATH = "JUPYTER_CONFIG_PATH"
QUIET = {
    "news_url": None,
    "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
}
"""JupyterLab asks nobody for news and updates."""
DEFAULTS = Path(__file__).with_name("jupyter")
"""A folder of Jupyter's configuration, with defaults that readers may change:
no dialog asks whether news are wanted."""


def start(folder: Path, arguments: Sequence[str] = ()) -> int:
    """Open JupyterLab on a folder, until it is shut down; its exit code.

    arguments: options of jupyter lab, such as --no-browser or --port=8889.
    Raises RefusalError where JupyterLab is not installed.
    """
    try:
        from jupyterlab.labapp import LabApp
        from traitlets.config import Config

        from tutorgpt.desk.contents import DeskContents
    except ImportError as error:
        raise _not_installed() from error
    os.environ[AT_DESK] = "1"  # kernels inherit it
    # A kernel of this environment goes before another one of the same name.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    paths = (str(DEFAULTS), os.environ.get(CONFIG_PATH))
    os.environ[CONFIG_PATH] = os.pathsep.join(filter(None, paths))
    settings = {
        "contents_manager_class": DeskContents,
        "root_dir": str(Path(folder).resolve()),
    }
    config = Config(ServerApp=settings, LabApp=QUIET)
    try:
        server = LabApp.initialize_server(list(arguments), config=config)
        server.start()
    except SystemExit as stop:
        code = stop.code
        return code if isinstance(code, int) else int(code is not None)
    return 0


def trust(path: Path) -> None:
    """Sign a notebook as the reader's own, so that all of it is shown.

    Raises RefusalError where JupyterLab is not installed.
    """
    try:
        import nbformat
        from nbformat.sign import NotebookNotary
    except ImportError as error:
        raise _not_installed() from error
    NotebookNotary().sign(nbformat.read(path, as_version=4))


def _not_installed() -> RefusalError:
    return RefusalError(
        f"JupyterLab is not installed here: {install_here('lab')}"
    )
