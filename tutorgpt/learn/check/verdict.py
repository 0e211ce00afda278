"""What became of an answer, and what to tell the learner."""

import textwrap
from dataclasses import dataclass, replace
from typing import Literal

Outcome = Literal[
    "passed",
    "not attempted",
    "not a function",
    "not a suspect",
    "not understood",
    "named",
    "property",
    "shape",
    "nothing",
    "error",
    "nan",
    "time",
]
WIDTH = 76


@dataclass(frozen=True)
class Verdict:
    """What became of an answer, and what to tell the learner.

    says: one sentence. below: lines to stand below it, broken already.
    """

    outcome: Outcome
    says: str
    below: str = ""

    @property
    def text(self) -> str:
        """The sentence and the lines below it, as they are printed."""
        return "\n".join(filter(None, [wrap(self.says), self.below]))

    def about(self, name: str) -> str:
        """The text with a name in front, broken as a whole."""
        return replace(self, says=f"{name} {self.says}").text

    @property
    def passed(self) -> bool:
        """Whether the answer passed every check."""
        return self.outcome == "passed"


UNTOUCHED = Verdict("not attempted", "not attempted yet")


def not_yet(outcome: Outcome, says: str, *lines: str) -> Verdict:
    """A sentence that names what is wrong, and indented lines below it."""
    below = "\n".join(wrap(line, "  ") for line in lines if line)
    return Verdict(outcome, f"not yet: {says}.", below)


def wrap(text: str, indent: str = "") -> str:
    """A paragraph, broken between words, with a hanging indent."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
