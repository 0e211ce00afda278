"""How the desk's server reads and writes notebooks.

Between the file and the page it changes nothing but outputs: see
tutorgpt/desk/widgets.py for what, and tutorgpt/desk/pages.py for how they
look. The file's own text, its trust and its hash stay Jupyter's.
"""

from queue import Empty
from typing import Any

import nbformat
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
)

from tutorgpt.desk.pages import revive, settle
from tutorgpt.desk.widgets import bring_back, has_views, put_away

PATIENCE = 3.0
"""Seconds for a kernel to say what it has; it answers while it trains."""


class DeskContents(AsyncLargeFileManager):
    """Files of a folder; of notebooks, what is alive is shown alive."""

    async def get(
        self,
        path: str,
        content: bool = True,
        type: str | None = None,
        format: str | None = None,
        require_hash: bool = False,
    ) -> dict[str, Any]:
        """What is to be shown of a file or a folder."""
        model = await super().get(path, content, type, format, require_hash)
        if content and model["type"] == "notebook":
            notebook = model["content"]
            alive: set[str] | None = set()
            if has_views(notebook):
                alive = await self._models(path.strip("/"))
            bring_back(notebook, alive, revive)
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> Any:
        """Write what the page holds, made ready for another day."""
        if model.get("type") == "notebook" and model.get("content"):
            notebook = nbformat.from_dict(model["content"])
            put_away(notebook, settle)
            model = {**model, "content": notebook}
        return await super().save(model, path)

    async def _models(self, path: str) -> set[str] | None:
        """The widget models in the kernel that a notebook runs in, if any.

        None where it has a kernel that does not answer.
        """
        server = self.parent
        if server is None:
            return set()
        found: set[str] = set()
        for session in await server.session_manager.list_sessions():
            if session["path"] == path:
                kernel = session["kernel"]["id"]
                models = await models_in(server.kernel_manager, kernel)
                if models is None:
                    return None
                found |= models
        return found


async def models_in(manager: Any, kernel: str) -> set[str] | None:
    """What a kernel says it has; None if it does not answer.

    The question goes over the channel that is read while a cell runs.
    """
    client = None
    try:
        client = manager.get_kernel(kernel).client()
        client.start_channels(shell=False, iopub=False, stdin=False, hb=False)
        question = client.session.msg(
            "comm_info_request", {"target_name": "jupyter.widget"}
        )
        client.control_channel.send(question)
        reply = await client.control_channel.get_msg(timeout=PATIENCE)
        return set(reply["content"].get("comms", {}))
    except Empty:
        return None
    except Exception:  # whatever ails a kernel, the notebook opens
        return set()
    finally:
        if client is not None:
            client.stop_channels()
