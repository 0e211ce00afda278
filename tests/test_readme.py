"""The README: its commands run as typed, its numbers are the record's."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from llama_files import reference, write_gguf
from smollm2_file import real_file

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
SETTING_UP = (
    "make ",
    "python3 -m venv",
    ". ",
    "cd ..",
    "pip install",
    "uvx",
    "jupyter-book",
)
"""Run by the gate from a clean clone, not from inside the suite."""
OPEN_ENDED = ("tutorgpt ladder", "tutorgpt lab")
"""One takes minutes, the other runs until it is stopped."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("reader")
    write_gguf(place / "mine.gguf", reference(max_position_embeddings=512))
    return place


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        command
        for command in dict.fromkeys(COMMANDS)
        if not command.startswith(SETTING_UP) and command not in OPEN_ENDED
    ],
)
def test_a_command_runs_as_typed(command, folder):
    """In the order of the page, in one folder, as a reader would."""
    program, *words = shlex.split(command)
    settings = dict(os.environ)
    if "smollm2" in words:
        real_file()  # a visible skip where it is not
        settings["TUTORGPT_CACHE"] = settings["TUTORGPT_READERS_CACHE"]
    installed = Path(sys.executable).with_name(program)

    result = subprocess.run(
        [str(installed), *words],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


def test_every_make_target_exists():
    """What the page says to make can be made."""
    targets = re.findall(
        r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE
    )

    for command in COMMANDS:
        if command.startswith("make "):
            assert command.split()[1] in targets


def test_the_losses_are_the_records():
    """The table holds the mean over the record's seeds."""
    record = json.loads((ROOT / "results/ladder_shakespeare.json").read_text())
    claimed = dict(re.findall(r"\| `(\w+)` \| ([\d.]+) \|", README))

    measured = {
        rung["model"]: sum(run["val_loss"] for run in rung["runs"])
        / len(rung["runs"])
        for rung in record["rungs"]
    }
    assert {
        model: f"{loss:.3f}" for model, loss in measured.items()
    } == claimed
    assert {len(rung["runs"]) for rung in record["rungs"]} == {3}
    for loss in record["floors"].values():
        assert f"{loss:.3f}" in README


def test_the_file_tree_names_what_exists():
    """Every file and folder in the tree stands where it says."""
    tree = README.split("## What is where")[1].split("```")[1]
    for line in tree.strip().splitlines():
        name = line.split()[0]
        inside = "tutorgpt/" if line.startswith("  ") else ""
        assert (ROOT / inside / name).exists(), name


def test_the_file_tree_names_the_whole_package():
    """No module or room at the top of the package is left out."""
    tree = README.split("## What is where")[1].split("```")[1]
    named = {
        line.split()[0].rstrip("/")
        for line in tree.splitlines()
        if line.startswith("  ")
    }
    there = {
        path.name
        for path in (ROOT / "tutorgpt").iterdir()
        if not path.name.startswith(("__", "."))
    }

    assert named == there


def test_local_links_lead_somewhere():
    """Every file the page links to or shows exists."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
