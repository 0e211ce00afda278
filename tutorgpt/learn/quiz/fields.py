"""Reads a table of a quiz file, and says what is wrong with it."""

import math
from typing import Any, NoReturn


class Fields:
    """A table's values, taken one by one; what is left over is an error.

    where: the file and the place in it, for the messages.
    """

    def __init__(self, where: str, values: dict[str, Any]) -> None:
        self.where = where
        self._values = dict(values)

    def fail(self, says: str) -> NoReturn:
        """Raise a ValueError that names the place."""
        raise ValueError(f"{self.where}: {says}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty, without the blanks around it."""
        value = self._values.pop(name, default)
        if value is None:
            self.fail(f"{name} is missing")
        if not isinstance(value, str):
            self.fail(f"{name} must be a text, not {value!r}")
        if not value.strip() and default is None:
            self.fail(f"{name} is empty")
        return value.strip()

    def number(self, name: str) -> float:
        """A number, whole or not, that is finite."""
        value = self._values.pop(name, None)
        if value is None:
            self.fail(f"{name} is missing")
        if type(value) not in (int, float) or not math.isfinite(value):
            self.fail(f"{name} must be a number, not {value!r}")
        return value

    def flag(self, name: str) -> bool:
        """True or False; False where nothing is said."""
        value = self._values.pop(name, False)
        if type(value) is not bool:
            self.fail(f"{name} must be true or false, not {value!r}")
        return value

    def tables(self, name: str, *, least: int = 1) -> list["Fields"]:
        """The tables of this name, at least so many."""
        value = self._values.pop(name, [])
        if not isinstance(value, list) or not all(
            isinstance(table, dict) for table in value
        ):
            self.fail(f"{name} must be written as [[...{name}]]")
        if len(value) < least:
            self.fail(f"{len(value)} x [[...{name}]], at least {least} needed")
        return [
            Fields(f"{self.where}, {name} {n}", table)
            for n, table in enumerate(value, 1)
        ]

    def close(self) -> None:
        """Nothing may be left that nobody asked for."""
        if self._values:
            self.fail(f"unknown here: {', '.join(self._values)}")
