"""The `{take-along}` directive: the book as files, where they were built.

The line offers the EPUB and the PDF that `make epub` and `make pdf` have
written beside the web pages, and says nothing of one that is not there. The
books to take along do not offer themselves.
"""

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

FORMS = {
    "epub/tutorgpt.epub": "EPUB, for e-readers and phones",
    "pdf/tutorgpt.pdf": "PDF, to print",
}
"""Where each lies in _build, and what it is for."""
FOLDER = "_downloads"
LINK = '<a href="{folder}/{name}" download="{name}">{form} ({size:.1f} MB)</a>'


class Offer(nodes.General, nodes.Element):
    """The place of the line."""


class TakeAlong(SphinxDirective):
    """Leaves a place that every build looks at anew."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        return [Offer()]


class FillOffer(SphinxPostTransform):
    """Writes the line, or takes its place away."""

    default_priority = 150

    def run(self, **kwargs: object) -> None:
        out = Path(self.app.outdir)
        on_the_web = self.app.builder.name == "html"
        for place in list(self.document.findall(Offer)):
            line = offered(out) if on_the_web else ""
            text = nodes.raw("", line, format="html")
            place.parent.replace(place, [text] if line else [])


def offered(out: Path) -> str:
    """The line with a link to each file that was built, copied to `out`."""
    links = []
    for path, form in FORMS.items():
        built = out.parent / path
        if built.is_file():
            target = out / FOLDER / built.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(built, target)
            size = built.stat().st_size / 1e6
            links.append(
                LINK.format(
                    folder=FOLDER, name=built.name, form=form, size=size
                )
            )
    if not links:
        return ""
    return f'<p class="tg-take-along">To take along: {" · ".join(links)}</p>'


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(Offer)
    app.add_directive("take-along", TakeAlong)
    app.add_post_transform(FillOffer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
