"""A look at a text of your own, before a model learns from it."""

from tutorgpt.own_text.finding import Finding
from tutorgpt.own_text.report import TextReport, look_at, look_at_text
from tutorgpt.own_text.wording import facts, floors_table, plan

__all__ = [
    "Finding",
    "TextReport",
    "facts",
    "floors_table",
    "look_at",
    "look_at_text",
    "plan",
]
