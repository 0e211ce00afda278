"""`tutorgpt lab`, started as a learner starts it, and asked over HTTP."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from lab_tools import LAB, TOKEN, Server

from tutorgpt.desk.handouts import chapters
from tutorgpt.desk.widgets import PAGE, VIEW, WAITING

pytestmark = pytest.mark.slow

FIRST = chapters()[0]
SEEN = {"model_id": "abc", "version_major": 2, "version_minor": 0}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The command's JupyterLab, on a desk that it has made."""
    made = Server(tmp_path_factory.mktemp("lab") / "desk", LAB)
    made.start()
    yield made
    made.kill()


def test_it_opens_a_new_desk_at_the_first_chapter(server: Server) -> None:
    """Of all chapters, and the reader may trust what is in them."""
    (opens,) = (server.own / "runtime").glob("*file-to-run*.html")
    question = f"{server.address}/lab?token={TOKEN}"
    with urllib.request.urlopen(question, timeout=60) as reply:
        page = reply.read().decode()
    listed = {one["name"] for one in server.ask("contents")["content"]}
    first = server.ask(f"contents/{FIRST}")["content"]

    assert f":{server.port}/lab/tree/{FIRST}?" in opens.read_text("utf-8")
    assert {*chapters(), "README.md", "scratch.ipynb"} <= listed
    code = [cell for cell in first["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["metadata"]["trusted"] for cell in code)
    assert '"news": {"disabled": true}' in page


def test_it_reads_and_writes_as_the_desk_does(server: Server) -> None:
    """What lives in a kernel waits in the file, and a page stands for it."""
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {PAGE: "<p>page</p>", VIEW: SEEN},
    }
    path = server.write_notebook("mine", "1")
    made = json.loads(path.read_text("utf-8"))
    made["cells"][0]["outputs"] = [output]
    model = {"type": "notebook", "format": "json", "content": made}
    server.ask("contents/mine.ipynb", "PUT", model)
    shown = server.ask("contents/mine.ipynb")["content"]["cells"][0]
    (kept,) = json.loads(path.read_text("utf-8"))["cells"][0]["outputs"]

    assert kept["metadata"][WAITING] == SEEN
    assert VIEW not in kept["data"]
    assert shown["outputs"][0]["data"] == {PAGE: "<p>page</p>"}


def test_typed_again_it_names_the_open_one(server: Server) -> None:
    """With its address, and no second server starts."""
    done = subprocess.run(
        [sys.executable, "-m", "tutorgpt", "lab", server.folder],
        env=os.environ | server.places(),
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert "JupyterLab is open there already, at" in done.stdout
    assert f":{server.port}/lab?token={TOKEN}" in done.stdout
