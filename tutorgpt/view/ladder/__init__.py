"""The ladder trains before one's eyes: in the book and in JupyterLab."""

from tutorgpt.view.ladder.widget import train_here

__all__ = ["train_here"]
