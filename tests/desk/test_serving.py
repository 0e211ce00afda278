"""The desk's server: what it reads and writes, and how it is started."""

import asyncio
import re
import sys

import nbformat
import pytest

from tutorgpt.desk import contents, serving
from tutorgpt.desk.contents import DeskContents, models_in
from tutorgpt.desk.widgets import PAGE, VIEW, WAITING
from tutorgpt.ground.published import install_here
from tutorgpt.ground.refusal import RefusalError
from tutorgpt.ground.tomorrow import AT_DESK
from tutorgpt.learn import predict
from tutorgpt.learn.record.kept import record_quiz

SEEN = {"model_id": "abc", "version_major": 2, "version_minor": 0}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Its contents, in a folder of its own; no kernel runs."""
    own = {"JUPYTER_DATA_DIR": "data", "TUTORGPT_PROGRESS_FILE": "p.json"}
    for name, place in own.items():
        monkeypatch.setenv(name, str(tmp_path / place))
    folder = tmp_path / "desk"
    folder.mkdir()
    return DeskContents(root_dir=str(folder))


def save(desk, page):
    """Save a notebook with a widget that has this page; what is written."""
    data = {PAGE: page, VIEW: SEEN}
    output = nbformat.v4.new_output("display_data", data)
    cell = nbformat.v4.new_code_cell("1", outputs=[output])
    cell.metadata["trusted"] = True
    made = nbformat.v4.new_notebook(cells=[cell])
    model = {"type": "notebook", "format": "json", "content": made}
    asyncio.run(desk.save(model, "a.ipynb"))
    (kept,) = nbformat.read(f"{desk.root_dir}/a.ipynb", 4).cells[0].outputs
    return kept


def read(desk):
    """The output that a page is given."""
    model = asyncio.run(desk.get("a.ipynb", require_hash=True))
    (cell,) = model["content"].cells
    return cell.outputs[0], cell


def test_what_was_saved_is_opened_readable_and_trusted(desk):
    """The page has the newest answers, and JupyterLab may show all of it."""
    kept = save(desk, predict("1.p2").page_data()[PAGE])
    record_quiz("1.p2", "9", False)
    shown, cell = read(desk)

    assert VIEW not in kept.data
    assert kept.metadata[WAITING] == SEEN
    assert VIEW not in shown.data
    assert "Your answer: " in shown.data[PAGE]
    assert cell.metadata.trusted


@pytest.mark.parametrize("alive", [True, False])
def test_a_view_is_shown_while_its_kernel_has_it(desk, alive, monkeypatch):
    """The kernel of the notebook's own session is asked."""
    asked = []

    async def models(self, path):
        asked.append(path)
        return {"abc"} if alive else set()

    monkeypatch.setattr(DeskContents, "_models", models)
    save(desk, "<p>page</p>")
    shown, _ = read(desk)

    assert (VIEW in shown.data) == alive
    assert WAITING not in shown.metadata
    assert asked == ["a.ipynb"]


def test_other_files_and_folders_are_read_as_ever(desk):
    """Text is text, and a folder lists what is in it."""
    model = {"type": "file", "format": "text", "content": "words"}
    asyncio.run(desk.save(model, "a.txt"))

    assert asyncio.run(desk.get("a.txt"))["content"] == "words"
    assert len(asyncio.run(desk.get(""))["content"]) == 1


class Kernels(dict):
    """A server's kernels: this one, by the name k."""

    def __init__(self, kernel=None):
        super().__init__(k=kernel)

    def get_kernel(self, name):
        return self[name]


def test_a_kernel_that_is_gone_has_nothing():
    """It may end between two questions."""
    assert asyncio.run(models_in(Kernels(), "other")) == set()


def test_a_kernel_that_says_nothing_may_have_everything(monkeypatch):
    """The notebook opens all the same, and forgets no view."""
    from jupyter_client.manager import AsyncKernelManager

    monkeypatch.setattr(contents, "PATIENCE", 0.05)

    async def ask():
        kernel = AsyncKernelManager()
        kernel.write_connection_file()  # ports that nobody listens at
        try:
            return await models_in(Kernels(kernel), "k")
        finally:
            kernel.cleanup_connection_file()
            kernel.context.destroy()

    assert asyncio.run(ask()) is None


class Started:
    """What JupyterLab is told when it starts."""

    def __init__(self, stop=None):
        self.stop, self.told = stop, None

    def initialize_server(self, arguments, config):
        self.told = arguments, config
        return self

    def start(self):
        if self.stop:
            raise self.stop


@pytest.mark.parametrize(
    ("stop", "code"),
    [(None, 0), (SystemExit(3), 3), (SystemExit(), 0), (SystemExit("x"), 1)],
)
def test_jupyterlab_starts_with_the_desks_settings(
    tmp_path, monkeypatch, stop, code
):
    """In the folder, with the desk's contents; the exit code comes back."""
    from jupyterlab import labapp

    started = Started(stop)
    monkeypatch.setattr(labapp, "LabApp", started)
    monkeypatch.setenv(AT_DESK, "")
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")

    assert serving.start(tmp_path, ["--no-browser"]) == code
    arguments, config = started.told
    assert arguments == ["--no-browser"]
    assert config.ServerApp.contents_manager_class is DeskContents
    assert config.ServerApp.root_dir == str(tmp_path.resolve())
    assert config.LabApp.news_url is None
    assert "Never" in config.LabApp.check_for_updates_class


def test_without_jupyterlab_it_says_what_to_install(tmp_path, monkeypatch):
    """One sentence, for start and for trust."""
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    monkeypatch.setitem(sys.modules, "nbformat", None)

    command = re.escape(install_here("lab"))

    with pytest.raises(RefusalError, match=f"not installed here: {command}"):
        serving.start(tmp_path)
    with pytest.raises(RefusalError, match=f"not installed here: {command}"):
        serving.trust(tmp_path / "a.ipynb")
