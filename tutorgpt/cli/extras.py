"""Which packages of tutorgpt's extras are installed."""

import importlib.metadata
import re


def packages_of(extra: str) -> list[str]:
    """The names of the packages that an extra brings."""
    requirements = importlib.metadata.requires("tutorgpt") or []
    return [
        re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        for requirement in requirements
        if re.search(rf"extra == .{extra}\b", requirement)
    ]


def absent(extra: str) -> list[str]:
    """Those of an extra's packages that are not installed."""
    return [name for name in packages_of(extra) if not is_installed(name)]


def is_installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
