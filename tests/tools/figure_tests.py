"""Finds the plots of tutorgpt.view and the tests that draw them."""

import ast
import importlib.util
import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import tutorgpt.view

VIEW = Path(tutorgpt.view.__file__).parent
TESTS = Path(__file__).resolve().parents[1] / "view"


def figures() -> list[str]:
    """Every public plot in tutorgpt.view, and the live curve's drawing."""
    found = [
        f"{path.stem}.{node.name}"
        for path in sorted(VIEW.glob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("plot_")
    ]
    return [*found, "live.curve"]


def load(path: Path) -> ModuleType:
    """A second copy of a test module, free to be tampered with."""
    spec = importlib.util.spec_from_file_location(f"planted_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checks_of(tests: ModuleType, name: str) -> list[Callable[[], None]]:
    """The tests without arguments whose text calls the function."""
    return [
        test
        for key, test in vars(tests).items()
        if key.startswith("test_")
        and not inspect.signature(test).parameters
        and f"{name}(" in inspect.getsource(test)
    ]
