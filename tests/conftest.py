"""What every test stands on: checked shapes, a cache of its own, no bars."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

import hypothesis
import jaxtyping
import pytest
import shape_checker
import torch
from platformdirs import user_cache_path

REPOSITORY = Path(__file__).resolve().parents[1]

# Before anything imports tutorgpt: every annotated shape and type is then
# checked at every call, here and nowhere else. Only the configs check the
# types of its numbers itself, in words that are tested.
PACKAGE = REPOSITORY / "tutorgpt"
CHECKED = [
    f"tutorgpt.{path.stem}"
    for path in PACKAGE.iterdir()
    if path.stem not in ("config", "ground", "__init__", "__pycache__")
] + [
    f"tutorgpt.ground.{path.stem}"
    for path in (PACKAGE / "ground").glob("*.py")
    if path.stem not in ("checks", "__init__")
]
jaxtyping.jaxtyped = shape_checker.jaxtyped
jaxtyping.install_import_hook(CHECKED, "shape_checker.check")

# A shared machine may pause at any time: no deadline for one example.
hypothesis.settings.register_profile("tutorgpt", deadline=None)
hypothesis.settings.load_profile("tutorgpt")

REAL_DATA = REPOSITORY.parent / "shared" / "data"
"""The real texts, where they lie beside the repository."""


def pytest_configure() -> None:
    """No test may touch the reader's own cache, record or terminal."""
    own = Path(tempfile.mkdtemp(prefix="tutorgpt-tests-"))
    # Of the reader's own cache only the large model is used. Workers inherit
    # what their parent has set.
    reader = os.environ.get("TUTORGPT_CACHE") or str(
        user_cache_path("tutorgpt")
    )
    os.environ.setdefault("TUTORGPT_READERS_CACHE", reader)
    os.environ["TUTORGPT_CACHE"] = str(own)
    os.environ["TUTORGPT_PROGRESS_FILE"] = str(own / "progress.json")
    os.environ["TUTORGPT_PROGRESS"] = "0"
    # One thread, here and in every kernel and command: faster for models
    # this small, and the processes that share the tests have a core each.
    torch.set_num_threads(1)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if REAL_DATA.is_dir():
        os.environ.setdefault("TUTORGPT_DATA_MIRROR", str(REAL_DATA))


IN_FOLDER = {"notebooks": "notebook", "pages": "browser"}
"""The marker of everything in a folder: the chapters and tests/notebooks."""
WITH_FIXTURE = {
    "book": "browser",
    "browser": "browser",
    "notebook": "notebook",
}
"""The marker of every test that asks for a fixture, in whichever folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say of each test whether it needs a browser or a kernel.

    `make quick` leaves these out, and nobody has to remember a marker.
    """
    for item in items:
        folders = item.path.relative_to(REPOSITORY).parts
        fixtures = getattr(item, "fixturenames", ())
        names = [
            *(IN_FOLDER[name] for name in IN_FOLDER if name in folders),
            *(WITH_FIXTURE[name] for name in WITH_FIXTURE if name in fixtures),
        ]
        for name in names:
            item.add_marker(name)


@pytest.fixture
def real_mirror() -> Path | str:
    """Where the real texts are; a visible skip where they are not."""
    mirror = os.environ.get("TUTORGPT_DATA_MIRROR")
    if not mirror:
        pytest.skip(
            "the real texts are not here: set TUTORGPT_DATA_MIRROR to a "
            "folder or URL that holds them"
        )
    return mirror


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder for one test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("TUTORGPT_CACHE", str(folder))
    return folder


@pytest.fixture
def tiny_mirror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> Path:
    """A folder laid out like the real one, with a few poems of our own.

    The registry of SHA-256 sums is replaced by that of these files.
    """
    from tutorgpt.text import download

    mirror = tmp_path / "mirror"
    registry = {}
    for path, content in _tiny_files().items():
        file = mirror / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        registry[path] = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr(download, "REGISTRY", registry)
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", str(mirror))
    return mirror


def _tiny_files() -> dict[str, bytes]:
    def poems(*names: str) -> bytes:
        return json.dumps(
            [
                {"rhythmic": name, "author": "某", "paragraphs": ["一", "二"]}
                for name in names
            ]
        ).encode()

    room = "chinese-poetry/宋词"
    return {
        f"{room}/ci.song.10000.json": poems("丙"),
        f"{room}/ci.song.0.json": poems("甲", "乙"),
        f"{room}/ci.song.2019y.json": poems("丁"),
        "chinese-poetry/五代诗词/nantang/poetrys.json": poems("戊"),
        "tinyshakespeare/input.txt": b"To be, or not to be.\n" * 60,
    }
