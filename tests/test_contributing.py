"""CONTRIBUTING: what it names exists, and what it promises make does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)
FILE = re.compile(r"[\w.]+\.(?:lock|md|py|toml|yml)")
FENCED = re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
NAMED = sorted(
    {
        word
        for code in (*FENCED, *re.findall(r"`([^`\n]+)`", TEXT))
        for word in re.findall(r"[^\s`]+", code)
        if "/" in word or FILE.fullmatch(word)
    }
)
"""Every word in code that has a slash, or the ending of a file."""


def places(path: str) -> list[Path]:
    """What a path stands for: NN is a number, <stem> any word."""
    pattern = re.sub(r"<\w+>", "*", path.replace("NN", "[0-9][0-9]"))
    return list(ROOT.glob(pattern.rstrip("/")))


@pytest.mark.parametrize("path", NAMED)
def test_every_path_it_names_exists(path: str) -> None:
    """A file or folder stands there, for at least one chapter's stem."""
    if path.startswith(".venv/"):  # where the tests run may be another one
        assert Path(sys.executable).with_name(Path(path).name).exists()
    else:
        assert places(path)


def test_it_names_the_rooms() -> None:
    """The paths above were found: the table and the recipes hold many."""
    assert len(NAMED) > 35
    assert {"notebooks/NN_<stem>.ipynb", "tests/<stem>/"} <= set(NAMED)


def test_every_chapter_has_the_rooms_of_its_stem() -> None:
    """Whoever knows the chapter knows where the rest of it lies."""
    for chapter in ROOT.glob("notebooks/[0-9][0-9]_*.ipynb"):
        stem = chapter.stem[3:]
        module = ROOT / "tutorgpt" / stem

        assert module.is_dir() or module.with_suffix(".py").is_file(), stem
        for path in (
            f"tutorgpt/learn/exercises/{stem}",
            f"tutorgpt/learn/quizzes/{chapter.stem}.toml",
            f"tests/{stem}" if module.is_dir() else "tests/test_contract.py",
        ):
            assert (ROOT / path).exists(), path


def test_every_target_it_names_can_be_made() -> None:
    """`make quick` and all the others are in the Makefile."""
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", TEXT, re.MULTILINE))

    assert {"quick", "chapters", "test"} <= named <= set(TARGETS)


def test_its_first_command_is_make_quick() -> None:
    """The one that is typed most often."""
    assert FENCED[0].startswith("make quick ")


# ------------------------------------------------------------------- make


def steps(target: str) -> list[str]:
    """The commands of a target where everything is set up.

    As typed, also where the tests themselves were started by make.
    """
    typed = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--dry-run", "--old-file=.venv/.ready", target],
        cwd=ROOT,
        env=typed,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.replace("\\\n", "").splitlines()


def test_the_browser_comes_before_the_first_test() -> None:
    """Without one, make test ends at once, and not with 141 errors."""
    browser, model, tests = steps("test")

    assert browser.endswith("scripts/browser.py")
    assert model.endswith("scripts/real_model.py")
    assert tests.endswith("--dist loadfile --nbval tests notebooks")


def test_the_pdf_is_printed_from_the_epub_by_a_browser() -> None:
    """`make epub` builds the pages, `make pdf` brings a Chromium as well."""
    build, browser, pdf = steps("pdf")

    assert [build] == steps("epub")
    assert build.endswith("--builder custom --custom-builder epub")
    assert browser.endswith("scripts/browser.py")
    assert pdf.endswith("scripts/pdf.py")


def test_make_clean_takes_the_books_to_take_along() -> None:
    """Both lie in _build, which it removes."""
    assert steps("clean") == ["rm -rf _build"]


def test_make_chapters_writes_what_make_check_compares() -> None:
    """All of these, in this order, and no other."""
    written = steps("chapters")

    assert written == [
        f".venv/bin/python scripts/chapters/{name}.py"
        for name in ("stamp", "exercises", "quizzes", "paths", "colab")
    ]
    assert [f"{step} --check" for step in written] == steps("check")[-5:]


@pytest.mark.slow
def test_make_quick_leaves_out_what_needs_a_browser_or_a_kernel() -> None:
    """Its markers match every test of the pages and of the chapters."""
    (quick,) = steps("quick")
    markers = re.findall("-m '(.*)'", quick)
    with_browser = next((ROOT / "tests").rglob("test_parity.py"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--collect-only", "-q"),
            *("--nbval", "-p", "no:cacheprovider", "-m", *markers),
            *("tests/pages", "tests/notebooks", "notebooks", with_browser),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, done.stdout
    assert re.search(r"no tests collected \(\d{3,} deselected\)", done.stdout)


def test_the_gate_and_the_workflow_only_make() -> None:
    """What a reader types is what is tested: no other setting up."""
    gate = (ROOT / ".ci/run").read_text(encoding="utf-8")
    workflow = yaml.safe_load(
        (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    )
    typed = [
        step["run"]
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]

    assert re.findall(r"^step (.*)$", gate, re.MULTILINE) == [
        "make check",
        "make start",
        "make test",
    ]
    assert "chromium" not in gate
    assert typed == [
        "make check",
        "make test",
        "make start",
        "make pdf",
        "make book",
    ]
