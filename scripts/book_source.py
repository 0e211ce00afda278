"""What the book is made of, copied to where a build disturbs nobody's."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "CITATION.cff",
    "LICENSE",
    "THIRD_PARTY.md",
    "_config.yml",
    "book",
    "notebooks",
    "results",
    "scripts",
    "tutorgpt",
)
SKIPPED = ("__pycache__", ".ipynb_checkpoints", "mine", "*.safetensors")


def copy_tree(target: Path) -> Path:
    """The sources in a folder of their own, without what a learner made."""
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns(*SKIPPED)
            shutil.copytree(
                source, target / part, symlinks=True, ignore=ignored
            )
        else:
            shutil.copy(source, target / part)
    return target
