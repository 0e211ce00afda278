"""Lets one notebook read well in plain JupyterLab and in the book.

JupyterLab knows CommonMark, HTML and nothing of MyST. So a chapter writes
what both understand, and the book translates three things:

- `<a id="name"></a>` on a line of its own is an anchor: a MyST target here,
  so that the strict build finds dangling links to it;
- a link to `../book/page.md` is a link to `../page.md` here;
- a quote that begins with one of the bold words below is a coloured box.
"""

import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

BOOK = Path(__file__).resolve().parents[1]
ANCHOR = re.compile(r'<a id=\\?"([a-z0-9-]+)\\?"></a>')
BOXES = {
    "Predict": "predict",
    "Claim": "claim",
    "Verdict": "claim",
    "Watch out": "watch-out",
    "Note": "note",
}


def mend_link(book: Path = BOOK) -> None:
    """Make book/notebooks lead to ../notebooks where git could not.

    Without symlinks git checks the link out as a small text file: replace
    it by a link if the system lets us, else by a fresh copy.
    """
    link = book / "notebooks"
    if link.is_symlink():
        return
    if link.is_dir():
        shutil.rmtree(link)
    else:
        link.unlink(missing_ok=True)
    try:
        link.symlink_to("../notebooks", target_is_directory=True)
    except OSError:
        shutil.copytree(book.parent / "notebooks", link)


def translate(app: Sphinx, docname: str, source: list[str]) -> None:
    """Anchors and links of a page, before it is parsed."""
    text = ANCHOR.sub(r"(\1)=", source[0])
    source[0] = text.replace("](../book/", "](../")


class ColourBoxes(SphinxTransform):
    """Gives quotes that begin with a known bold word a class of their own."""

    default_priority = 400

    def apply(self, **kwargs: object) -> None:
        for quote in self.document.findall(nodes.block_quote):
            first = next(iter(quote.findall(nodes.strong)), None)
            if first is None or first.parent is not quote[0]:
                continue
            for word, kind in BOXES.items():
                if first.astext().startswith(word):
                    quote["classes"] += ["tg-box", f"tg-box-{kind}"]


def setup(app: Sphinx) -> dict[str, bool]:
    mend_link()
    app.connect("source-read", translate)
    app.add_transform(ColourBoxes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
