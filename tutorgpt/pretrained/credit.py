"""Whose weights a file or a folder holds: what is made of them says so."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def credit_in(told: Mapping[str, Any], folder: Path) -> str:
    """What the config of a folder says, or else the folder's name.

    transformers' own folders have no line for it; ours have.
    """
    said = told.get("credit")
    return str(said or f"made from the weights in the folder {folder.name}")


def credit_in_facts(facts: Mapping[str, Any]) -> str:
    """What the facts of a GGUF file say: a name, a maker and a licence."""
    name, maker, licence = (
        facts.get(f"general.{field}")
        for field in ("name", "organization", "license")
    )
    told = f"made from {name or 'a model whose file has no name'}"
    told += f" by {maker}" if maker else ""
    return told + (f", licence {licence}" if licence else "")
