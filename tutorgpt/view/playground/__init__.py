"""Play with a model of your own: in JupyterLab, in the book, in one file."""

from tutorgpt.view.playground.page import export_html
from tutorgpt.view.playground.widget import play

__all__ = ["export_html", "play"]
