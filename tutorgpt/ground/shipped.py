"""Where the records, chapters and pages lie that came with the package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def shipped(room: str) -> Path:
    """The folder of this name: results, notebooks or book.

    An installed package holds it inside, a checkout beside the package.
    """
    inside = PACKAGE / room
    return inside if inside.is_dir() else PACKAGE.parent / room


def in_checkout() -> bool:
    """Whether the package is that of a checkout, with its pyproject.toml."""
    return (PACKAGE.parent / "pyproject.toml").is_file()
