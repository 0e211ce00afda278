"""How to cite the book, made of CITATION.cff: a sentence and a BibTeX entry.

{citation}
"""

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

CITATION = Path(__file__).resolve().parents[2] / "CITATION.cff"
ENTRY = """\
@software{{tutorgpt,
  author = {{{author}}},
  title = {{{title}}},
  year = {{{year}}},
  version = {{{version}}},{where}
}}"""


class Citation(SphinxDirective):
    """The sentence, and the entry for a bibliography."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(CITATION))
        known = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
        author = " and ".join(one["name"] for one in known["authors"])
        year = known["date-released"][:4]
        url = known.get("repository-code", "")
        said = (
            f"{author}: {known['title']}. Version {known['version']}, {year}."
        )
        entry = ENTRY.format(
            author=f"{{{author}}}",
            title=known["title"],
            year=year,
            version=known["version"],
            where=f"\n  url = {{{url}}}," if url else "",
        )
        block = nodes.literal_block(entry, entry)
        block["language"] = "text"
        return [nodes.paragraph("", f"{said} {url}".rstrip()), block]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("citation", Citation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
