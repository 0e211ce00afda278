"""Exercises that answer: checks, hints, solutions and progress."""

from tutorgpt.learn.asking import check, hint, solution

__all__ = ["check", "hint", "solution"]
