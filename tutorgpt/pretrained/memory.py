"""How much memory a model will take, and whether there is that much."""

import re
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
"""Where Linux says what is free."""
ROOM = 1.15
"""A model's weights, and what is unpacked at a time while it is filled."""


def free_memory() -> int | None:
    """Bytes that a program can still have; None where nobody says.

    Linux says it itself; elsewhere psutil is asked, which comes with the
    extra [lab].
    """
    if MEMINFO.is_file():
        found = re.search(r"MemAvailable:\s+(\d+) kB", MEMINFO.read_text())
        return int(found[1]) * 1024 if found else None
    try:
        import psutil
    except ImportError:
        return None
    return psutil.virtual_memory().available


def check_memory(name: str, weights: int) -> None:
    """Refuse a model for which there is too little memory.

    name: what is to be read, for the sentence.
    weights: how many numbers the model has, of four bytes each.
    """
    needed, free = round(4 * weights * ROOM), free_memory()
    if free is not None and needed > free:
        raise ValueError(
            f"{name} needs {in_words(needed)} of memory and "
            f"{in_words(free)} are free: close other programs, or choose a "
            "smaller model"
        )


def in_words(size: int) -> str:
    """Bytes as people say them, such as 0.54 GB."""
    return f"{size / 1e9:,.2f} GB" if size >= 1e7 else f"{size / 1e6:,.2f} MB"
