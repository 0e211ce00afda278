"""Exercises that answer: checks, hints, solutions and progress."""

from tutorgpt.learn.asking import check, hint, solution
from tutorgpt.learn.overview import progress
from tutorgpt.learn.shapes import shapes

__all__ = ["check", "hint", "progress", "shapes", "solution"]
