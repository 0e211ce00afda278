"""Finds a name of the package by its dotted path, in the module's text.

Nothing is imported: the book shows what the files say, and builds without
loading torch.
"""

import ast
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Definition = ast.ClassDef | ast.FunctionDef


def module_path(module: str) -> Path:
    """The file of a module; ValueError if the package has no such module."""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        raise ValueError(
            f"there is no module {module!r} ({path.relative_to(ROOT)}): "
            "check the name in the page"
        )
    return path


def constant(name: str) -> Any:
    """What a module sets a name to, where that is written out in full."""
    module, _, wanted = name.rpartition(".")
    text = module_path(module).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == wanted
        ):
            return ast.literal_eval(node.value)
    raise ValueError(
        f"module {module!r} sets no {wanted!r}: check the name in the "
        "extension"
    )


def find(name: str) -> tuple[str, Definition, str]:
    """The module's text, the definition in it, and the definition's text."""
    module, _, wanted = name.rpartition(".")
    text = module_path(module).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, Definition) and node.name == wanted:
            source = ast.get_source_segment(text, node)
            assert source is not None
            return text, node, source
    raise ValueError(
        f"module {module!r} defines no {wanted!r}: check the name in the page"
    )
