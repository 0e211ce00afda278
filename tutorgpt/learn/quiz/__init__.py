"""Questions that answer back, from one file a chapter."""

from tutorgpt.learn.quiz.bank import Question, load_quiz
from tutorgpt.learn.quiz.cells import predict, predicted, quiz

__all__ = ["Question", "load_quiz", "predict", "predicted", "quiz"]
