"""Where a recorded number comes from, so that it can be measured again."""

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tutorgpt.ground.places import readable
from tutorgpt.ground.whole_files import write_whole


def machine() -> dict[str, str | int]:
    """The processor's name and its cores; nothing that tells whose it is."""
    return {"processor": processor_name(), "cores": os.cpu_count() or 1}


def versions() -> dict[str, str]:
    """The versions that decide what a run computes."""
    packages = ("torch", "numpy", "tutorgpt")
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def processor_name() -> str:
    """What the processor calls itself, or its kind where it does not say."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    if sys.platform == "darwin":
        answer = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.stdout.strip():
            return answer.stdout.strip()
    return platform.processor() or platform.machine()


def as_script(made_by: str, name: str, value: object) -> str:
    """A value as a script that gives it to a page, as tutorgpt.NAME.

    made_by: the script that records it.
    A page that was opened from disk can load a script, but fetches no JSON.
    """
    told = json.dumps(value, ensure_ascii=False)
    return (
        f"// Made by {made_by}\n"
        f"(globalThis.tutorgpt ??= {{}}).{name} = {told};\n"
    )


def write_record(path: Path, record: dict) -> None:
    """Write a record as JSON, whole or not at all.

    Where it holds a path that is not UTF-8, all but ASCII is escaped; it is
    read back as it was.
    Raises ValueError for a number that JSON does not have, such as nan.
    """
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    if readable(text) != text:
        text = json.dumps(record, indent=1, allow_nan=False)
    write_whole(path, text + "\n")
