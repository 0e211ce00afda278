"""Exercises that answer: checks, hints, quizzes and progress.

`check` and `quiz` are functions here and folders as well: import from the
folders with `from tutorgpt.learn.check.verdict import Verdict`.
"""

from tutorgpt.learn.asking import check, hint, solution
from tutorgpt.learn.examining import examine
from tutorgpt.learn.quiz import predict, predicted, quiz
from tutorgpt.learn.report import progress
from tutorgpt.learn.shapes import shapes

__all__ = [
    "check",
    "examine",
    "hint",
    "predict",
    "predicted",
    "progress",
    "quiz",
    "shapes",
    "solution",
]
