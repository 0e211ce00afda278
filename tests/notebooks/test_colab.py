"""The cell for Colab: there with an address, and harmless to what is there."""

import importlib.metadata
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "chapters"))

import colab  # noqa: E402

CHAPTER = ROOT / "notebooks" / "01_bigram.ipynb"
TRY = """
import sys, types
from IPython.core.interactiveshell import InteractiveShell
from importlib.metadata import distribution

def where():
    found = distribution("torch")
    return found.version, str(found.locate_file("torch"))

before = where()
shell = InteractiveShell.instance()
if sys.argv[1] == "colab":
    sys.modules["google.colab"] = types.ModuleType("google.colab")
shell.run_cell(open("cell.py").read()).raise_error()
assert where() == before, where()
if sys.argv[1] == "colab":
    shell.run_cell('''
from tutorgpt.learn import check, quiz
from tutorgpt import GPT, SMALL, count_parameters
assert count_parameters(GPT(SMALL.model(vocab_size=6148))) == 437_764
print(quiz(1)._repr_mimebundle_().keys())
''').raise_error()
"""


def test_a_chapter_gets_the_cell_and_loses_it_again() -> None:
    """First, hidden on the page, once, and gone without an address."""
    notebook = nbformat.read(CHAPTER, as_version=4)
    plain = list(notebook.cells)
    notebook.cells = colab.with_first_cell(notebook, "tutorgpt[quiz] @ x")
    notebook.cells = colab.with_first_cell(notebook, "tutorgpt[quiz] @ y")

    nbformat.validate(notebook)
    first, *rest = notebook.cells
    assert "tutorgpt[quiz] @ y" in first.source
    assert first.metadata.tags == ["remove-cell"]
    assert rest == plain
    assert colab.with_first_cell(notebook, None) == plain


def needed_by(*names: str) -> set[str]:
    """These packages and all that they need, as installed here."""
    found, open_ = set(), list(names)
    while open_:
        name = re.sub(r"[-_.]+", "-", open_.pop()).lower()
        if name in found:
            continue
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system
        found.add(name)
        open_ += [
            re.match(r"[\w.-]+", need)[0]
            for need in needs
            if "extra ==" not in need
        ]
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_installs_the_package_and_leaves_torch_alone(
    tmp_path: Path,
) -> None:
    """In an environment that has torch and a kernel, and no JupyterLab."""
    there = tmp_path / "there"
    there.mkdir()
    for name in needed_by("torch", "ipykernel", "pip"):
        for file in importlib.metadata.files(name):
            top = file.parts[0]
            if top == ".." or top == "__pycache__":
                continue
            link, target = (
                there / top,
                Path(str(file.locate())).parents[len(file.parts) - 1],
            )
            if not link.exists():
                link.symlink_to(target / top)
    venv.create(tmp_path / "env", symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    libraries = sysconfig.get_path(
        "purelib", vars={"base": str(tmp_path / "env")}
    )
    Path(libraries, "there.pth").write_text(f"{there}\n")
    run = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    run += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(run, check=True)
    (wheel,) = tmp_path.glob("tutorgpt-*.whl")
    package = f"tutorgpt[quiz] @ {wheel.as_uri()}"
    (tmp_path / "cell.py").write_text(colab.first_cell(package).source)
    (tmp_path / "try.py").write_text(TRY)

    for where in ("elsewhere", "colab"):
        done = subprocess.run(
            [python, "try.py", where],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        )
        assert done.returncode == 0, done.stdout + done.stderr

    assert "application/vnd.jupyter.widget-view+json" in done.stdout
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--path", libraries],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.lower()
    assert "tutorgpt" in listed
    assert "jupyterlab " not in listed
    assert "\ntorch " not in listed
