"""Runs the package's fast tests in a clean environment and counts them.

    python scripts/versions.py --lowest               # the floors of pyproject
    python scripts/versions.py --python python3.13    # the newest to be had
    python scripts/versions.py --torch 2.9.1 tests/training tests/decoding

Makes a virtual environment in a temporary folder, installs the package and
what its tests need (nothing of JupyterLab, nothing of the book), runs the
tests and adds a line to results/versions.json. With --lowest each dependency
is the lowest version that pyproject.toml allows.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from tutorgpt.ground.provenance import machine, write_record
from tutorgpt.ground.published import CPU_INDEX

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "results" / "versions.json"

TOOLS = (
    "pytest",
    "pytest-timeout",
    "nbclient",
    "nbval",  # its options stand in pyproject.toml
    "hatchling",
    "hypothesis",
    "latex2mathml",
    "transformers",
    "beartype",
    "pyyaml",
)
"""What the tests below need of the extra `test`."""

TESTS = (
    "tests/ground",
    "tests/text",
    "tests/tokens",
    "tests/training",
    "tests/decoding",
    "tests/looking_inside",
    "tests/encoder_decoder",
    "tests/modern",
    "tests/learn/check",
    "tests/learn/record",
    "tests/view",
    "tests/cli",
    "tests/test_config.py",
    "tests/test_contract.py",
    "tests/test_equivalence.py",
    "tests/test_ladder.py",
    "tests/test_packaging.py",
    "tests/test_shape_checks.py",
)
LAB = (
    "tests/view/test_interactive.py",
    "tests/view/test_ladder_chart.py",
    "tests/view/test_ladder_page.py",
    "tests/view/test_ladder_saving.py",
    "tests/view/test_ladder_store.py",
    "tests/view/test_ladder_texts.py",
    "tests/view/test_ladder_training.py",
    "tests/view/test_page_tokenizers.py",
    "tests/view/test_parity.py",
    "tests/view/test_playground.py",
    "tests/view/test_product.py",
)
"""Tests in these rooms that need a browser or JupyterLab's widgets."""

FAST = "not slow and not browser and not notebook"
OLD = ("DeprecationWarning", "PendingDeprecationWarning")
"""What old packages say about the newer ones below them is not ours."""


def requirements() -> list[Requirement]:
    """The package's dependencies, and the tools that its tests need."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = pyproject["project"]
    extra = map(Requirement, project["optional-dependencies"]["test"])
    return [
        *map(Requirement, project["dependencies"]),
        *(tool for tool in extra if tool.name in TOOLS),
    ]


def floor(requirement: Requirement) -> Version:
    """The lowest version that a requirement allows: what >= or == names."""
    (lowest,) = (
        Version(part.version)
        for part in requirement.specifier
        if part.operator in (">=", "==")
    )
    return lowest


# ------------------------------------------------------------ environment


def run(*command: str | Path, timeout: float = 1800) -> str:
    """What a command prints; ends the script with its words if it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    if done.returncode:
        words = " ".join(map(str, command))
        sys.exit(f"{words} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def has_cpu_index(python: Path) -> bool:
    """Whether PyPI's own torch would bring CUDA: Linux on x86-64."""
    code = "import platform; print(platform.system(), platform.machine())"
    return run(python, "-c", code).split() == ["Linux", "x86_64"]


def cpu_builds(python: Path) -> list[Version]:
    """The versions of torch to be had without CUDA, the newest first."""
    listed = run(
        *(python, "-m", "pip", "index", "versions", "torch"),
        *("--extra-index-url", CPU_INDEX, "--retries", "1"),
    )
    line = listed.split("Available versions:")[1].splitlines()[0]
    found = [Version(word) for word in line.split(",")]
    if has_cpu_index(python):
        found = [version for version in found if version.local == "cpu"]
    return sorted(found, reverse=True)


def choose_torch(python: Path, wanted: str | None) -> Version:
    """The build of torch to install: the one wanted, or the newest."""
    found = cpu_builds(python)
    if wanted is None and found:
        return found[0]
    for version in found:
        if wanted and Version(version.public) == Version(wanted):
            return version
    there = ", ".join(map(str, found[:5])) or "none"
    sys.exit(
        f"a CPU build of torch {wanted or ''} is not to be had for this "
        f"Python; there is {there}: name one with --torch"
    )


def make_environment(
    folder: Path, interpreter: str, lowest: bool, torch: str | None
) -> Path:
    """A new environment with the package in it; returns its Python.

    torch comes first and by its full version, so that no later package
    can bring another build.
    """
    run(interpreter, "-m", "venv", folder)
    python = folder / "bin" / "python"
    if not python.exists():  # Windows
        python = folder / "Scripts" / "python.exe"
    needed = requirements()
    if lowest and torch is None:
        torch = str(
            floor(next(need for need in needed if need.name == "torch"))
        )
    build = choose_torch(python, torch)
    pins = folder / "pins.txt"
    pins.write_text(
        "\n".join(
            [f"torch=={build}"]
            + [
                f"{need.name}=={floor(need)}"
                for need in needed
                if lowest and need.name != "torch"
            ]
        )
    )
    install = (python, "-m", "pip", "install", "--quiet")
    index = ("--extra-index-url", CPU_INDEX, "--retries", "1")
    run(*install, *index, "-c", pins, "torch")
    names = [str(need) for need in needed]
    run(*install, "-c", pins, *names, "-e", ROOT)
    return python


# ------------------------------------------------------------------ tests


def run_tests(
    python: Path, tests: Iterable[str], lowest: bool, report: Path
) -> dict:
    """Run the fast tests; how many passed, failed and were skipped."""
    subprocess.run(
        [
            *(python, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-m", FAST, f"--junitxml={report}"),
            *(f"--ignore={path}" for path in LAB),
            *(f"-Wignore::{name}" for name in OLD if lowest),
            *tests,
        ],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    if not report.is_file():
        sys.exit("pytest wrote no report: read what it printed above")
    suite = next(iter(ET.parse(report).getroot()))
    count = {
        key: int(suite.attrib[key])
        for key in suite.attrib
        if key in ("tests", "failures", "errors", "skipped")
    }
    failed = count["failures"] + count["errors"]
    return {
        "passed": count["tests"] - failed - count["skipped"],
        "failed": failed,
        "skipped": count["skipped"],
        "names_of_failed": [
            f"{case.get('classname')}::{case.get('name')}"
            for case in suite.iter("testcase")
            if case.find("failure") is not None
            or case.find("error") is not None
        ],
    }


def describe(python: Path) -> dict[str, str]:
    """The versions in an environment of all that requirements() names."""
    names = [need.name for need in requirements()]
    code = (
        "import json, platform, sys; from importlib.metadata import version;"
        "print(json.dumps({'python': platform.python_version(),"
        "'architecture': platform.machine()}"
        " | {name: version(name) for name in sys.argv[1:]}))"
    )
    return json.loads(run(python, "-c", code, *names))


# ----------------------------------------------------------------- record


def same_kind(one: dict, other: dict) -> bool:
    """Whether a new run stands in the place of an older one."""
    keys = ("python", "architecture", "torch")
    return (
        one["lowest"] == other["lowest"]
        and one["of"] == other["of"]
        and all(one["versions"][key] == other["versions"][key] for key in keys)
    )


def add_to_record(new: dict) -> None:
    """Put a run into the record, in place of one of its kind."""
    runs = json.loads(OUT.read_text("utf-8"))["runs"] if OUT.exists() else []
    runs = [run for run in runs if not same_kind(run, new)] + [new]
    runs.sort(key=lambda run: (not run["lowest"], run["versions"]["python"]))
    record = {"command": "python scripts/versions.py", "runs": runs}
    write_record(OUT, record)


def table(runs: list[dict]) -> str:
    """One line for each run."""
    lines = ["python   torch         numpy   lowest  passed failed skipped"]
    for run in runs:
        versions, tests = run["versions"], run["tests"]
        lines.append(
            f"{versions['python']:8} {versions['torch']:13} "
            f"{versions['numpy']:7} {'yes' if run['lowest'] else 'no':6} "
            f"{tests['passed']:7} {tests['failed']:6} {tests['skipped']:7}"
        )
    return "\n".join(lines)


def main() -> int:
    """Make the environment, run the tests, add the result to the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", nargs="*", help="rather than all rooms")
    parser.add_argument("--python", default=sys.executable, metavar="PROGRAM")
    parser.add_argument("--torch", metavar="VERSION")
    parser.add_argument("--lowest", action="store_true")
    parser.add_argument(
        "--environment",
        type=Path,
        metavar="PROGRAM",
        help="the Python of an environment made by hand: install nothing",
    )
    asked = parser.parse_args()
    tests = asked.tests or list(TESTS)

    with tempfile.TemporaryDirectory(prefix="tutorgpt-versions-") as name:
        python = asked.environment or make_environment(
            Path(name) / "env", asked.python, asked.lowest, asked.torch
        )
        versions = describe(python)
        new = {
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "lowest": asked.lowest,
            "environment": "made by hand" if asked.environment else "clean",
            "emulated": versions["architecture"] != platform.machine(),
            "machine": machine(),
            "versions": versions,
            "of": tests,
            "tests": run_tests(
                python, tests, asked.lowest, Path(name) / "report.xml"
            ),
        }
    add_to_record(new)
    print(table(json.loads(OUT.read_text("utf-8"))["runs"]))
    return 1 if new["tests"]["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
