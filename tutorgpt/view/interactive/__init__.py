"""Figures that answer to the hand: in JupyterLab, in the book, on paper."""

from tutorgpt.view.interactive.widget import interactive

__all__ = ["interactive"]
