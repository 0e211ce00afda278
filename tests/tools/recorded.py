"""Loads a script of scripts/, so that a test can use what it defines."""

import importlib.util
from pathlib import Path
from types import ModuleType

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def script(name: str) -> ModuleType:
    """A script as a module, by its path below scripts/ without .py."""
    spec = importlib.util.spec_from_file_location(
        name.replace("/", "_"), SCRIPTS / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
