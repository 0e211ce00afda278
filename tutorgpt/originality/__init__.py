"""Poet or parrot: how much of what a model writes it has copied."""

from tutorgpt.originality.blind import (
    BlindTest,
    blind_test,
    lines_to_judge,
    wilson,
)
from tutorgpt.originality.suffixes import TextIndex
from tutorgpt.originality.yardstick import (
    Beside,
    Comparison,
    Stretch,
    compare,
    longest_copy,
    share_found,
    written,
)

__all__ = [
    "Beside",
    "BlindTest",
    "Comparison",
    "Stretch",
    "TextIndex",
    "blind_test",
    "compare",
    "lines_to_judge",
    "longest_copy",
    "share_found",
    "wilson",
    "written",
]
