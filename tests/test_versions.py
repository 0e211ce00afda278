"""The floors of pyproject are those that a recorded run has tried."""

import json
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import versions  # noqa: E402

RUNS = json.loads((ROOT / "results/versions.json").read_text("utf-8"))["runs"]
LOWEST = [run for run in RUNS if run["lowest"]]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]


@pytest.mark.parametrize(
    "requirement", versions.requirements(), ids=lambda need: need.name
)
def test_a_floor_was_tried(requirement: Requirement) -> None:
    """A floor that is moved needs a run: python scripts/versions.py --lowest.

    It is the lowest version with which a recorded run was green.
    """
    name = requirement.name
    known = [run["versions"] for run in LOWEST if name in run["versions"]]
    tried = {Version(versions[name]) for versions in known}

    assert versions.floor(requirement) == Version(min(tried).public)


def test_every_recorded_run_was_green() -> None:
    """What fails is mended, or the floor rises: it is no record."""
    assert RUNS
    for run in RUNS:
        assert run["tests"]["failed"] == 0, run
        assert run["tests"]["passed"] > 0, run


def test_all_rooms_were_run_with_the_floors_of_all_but_torch() -> None:
    """One run at the floors is of every room that the script names."""
    assert any(run["of"] == list(versions.TESTS) for run in LOWEST)


def test_the_lowest_python_is_the_one_tried_with_the_floors() -> None:
    """requires-python names the Python of the runs at the floors."""
    lowest = PROJECT["requires-python"].removeprefix(">=")

    for run in LOWEST:
        assert run["versions"]["python"].startswith(f"{lowest}.")


def test_the_first_and_the_last_python_were_tried() -> None:
    """What the classifiers name lies between two with a green run."""
    said = [
        Version(line.rpartition(" ")[2])
        for line in PROJECT["classifiers"]
        if line.startswith("Programming Language :: Python :: 3.")
    ]
    tried = {
        Version(".".join(run["versions"]["python"].split(".")[:2]))
        for run in RUNS
    }

    assert {min(said), max(said)} <= tried


@pytest.mark.parametrize(
    ("line", "lowest"),
    [("a>=2.9", "2.9"), ("a==3.0.0", "3.0.0"), ("a<6,>=5", "5")],
)
def test_the_floor_of_a_requirement(line: str, lowest: str) -> None:
    """What >= or == names, wherever it stands."""
    assert versions.floor(Requirement(line)) == Version(lowest)


def test_a_build_of_torch_without_cuda_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The newest, or the one wanted; what is not there is named."""
    builds = [Version("2.13.0+cpu"), Version("2.9.0+cpu")]
    monkeypatch.setattr(versions, "cpu_builds", lambda python: builds)
    python = Path("python")

    assert versions.choose_torch(python, None) == builds[0]
    assert versions.choose_torch(python, "2.9") == builds[1]
    with pytest.raises(SystemExit, match=r"2\.8.*there is 2\.13\.0\+cpu"):
        versions.choose_torch(python, "2.8")


def test_on_linux_and_x86_only_a_cpu_build_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PyPI's own wheels there bring gigabytes of CUDA."""
    listed = "torch (2.15.0)\nAvailable versions: 2.15.0, 2.13.0+cpu, 2.13.0\n"
    monkeypatch.setattr(versions, "run", lambda *command: listed)
    monkeypatch.setattr(versions, "has_cpu_index", lambda python: True)

    assert versions.cpu_builds(Path("python")) == [Version("2.13.0+cpu")]
