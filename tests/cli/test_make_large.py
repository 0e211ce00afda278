"""make large trains the LARGE model: ten steps of it, on the processor."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tutorgpt import LARGE
from tutorgpt.config import TrainConfig
from tutorgpt.training.recipes import again

ROOT = Path(__file__).resolve().parents[2]
LESS = ("--steps", "10", "--batch-size", "2", "--device", "cpu")


def command(*options: str) -> list[str]:
    """The words that make would hand to the shell, with these options."""
    asked = ["make", "-n", "-o", ".venv/.ready", "large"]
    asked.append(f"LARGE={shlex.join(options)}")
    shown = subprocess.run(
        asked, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return shlex.split(shown.stdout.replace("\\\n", " "))


@pytest.mark.slow
def test_the_makefiles_command_takes_ten_steps(tmp_path: Path) -> None:
    """As it stands there, on a shorter text and with a smaller batch."""
    text = tmp_path / "verses.txt"
    text.write_text(
        "江水流，月如钩。\n春风不度，人在西楼。\n\n" * 200, "utf-8"
    )
    place = ["--corpus", str(text), "--out", str(tmp_path / "run")]
    program, *words = command(*LESS, *place)

    run = subprocess.run(
        [sys.executable, "-m", "tutorgpt", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    settings = json.loads((tmp_path / "run/run.json").read_text("utf-8"))
    history = json.loads((tmp_path / "run/history.json").read_text("utf-8"))
    config = TrainConfig(**settings["training"])

    assert program.endswith("bin/tutorgpt")
    assert settings["shape"]["n_embed"] == LARGE.n_embed
    assert config == again(config)
    assert history["history"][-1]["step"] == 10
