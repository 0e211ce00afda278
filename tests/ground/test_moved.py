"""Old module paths find their modules for one more version, with a notice."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tutorgpt.ground.moved import MOVED, NAMES_MOVED

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("old", MOVED)
def test_an_old_path_is_the_new_module(old: str) -> None:
    """The very module, and a notice that names its new place."""
    new = f"tutorgpt.{MOVED[old]}"
    with pytest.warns(FutureWarning, match=rf"is now {new}:"):
        module = import_module(f"tutorgpt.{old}")

    assert vars(module).items() >= vars(import_module(new)).items()
    assert module.__name__ == new
    assert module.__spec__.name == new
    sys.modules.pop(f"tutorgpt.{old}")


def test_a_function_of_that_name_goes_on_working() -> None:
    """tutorgpt.learn.progress was a module, and is still the function."""
    program = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "import tutorgpt.learn\n"
        "from tutorgpt.learn.progress import progress_file\n"
        "from tutorgpt.learn import progress\n"
        "progress()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr
    assert "chapter 1" in done.stdout


@pytest.mark.parametrize("module", NAMES_MOVED)
def test_a_name_that_has_moved_is_found(module: str) -> None:
    """From the module that it has left, with a notice."""
    for name, home in NAMES_MOVED[module].items():
        with pytest.warns(FutureWarning, match=f"is now {home}.{name}"):
            found = getattr(import_module(module), name)

        assert found is getattr(import_module(home), name)


def test_a_name_that_never_was_is_an_attribute_error() -> None:
    """As in any module."""
    from tutorgpt import scaling

    with pytest.raises(AttributeError, match="has no attribute 'MEDIUM'"):
        _ = scaling.MEDIUM


def test_old_paths_lead_somewhere_else() -> None:
    """No path of the table is a module that still stands there."""
    files = (ROOT / "tutorgpt").rglob("*.py")
    paths = (path.relative_to(ROOT / "tutorgpt") for path in files)
    standing = {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in paths
    }

    assert not set(MOVED) & standing
    assert standing >= {*MOVED.values()}


def test_the_notice_points_at_the_import(tmp_path: Path) -> None:
    """The line of the reader's own program, not one of Python's."""
    program = tmp_path / "own.py"
    program.write_text(
        "import tutorgpt\n\nfrom tutorgpt.decoding_choice import choose\n"
    )
    done = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )

    assert done.returncode == 0, done.stderr
    assert f"{program}:3: FutureWarning: tutorgpt.decoding_choice" in (
        done.stderr
    )
