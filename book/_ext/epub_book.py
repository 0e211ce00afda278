"""The book as one file for e-readers, from which the PDF is printed, too.

    jupyter-book build book/ --builder custom --custom-builder epub

writes _build/epub/tutorgpt.epub. The builder takes the place of Sphinx's own
of that name: its pages hold the text alone, without the theme and without
scripts, and the package file says what is in them.
"""

import os
import re
import time
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import epub_files
from accessible_pages import mend_text
from docutils import nodes
from epub_cover import draw_cover
from epub_files import About, Entry, Item
from formulas import NAME as RENDERER
from palette import light_colours
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.errors import ExtensionError

from tutorgpt import __version__

ROOT = Path(__file__).resolve().parents[2]
STYLE = ROOT / "book/take_along/epub.css"
NAME = "tutorgpt.epub"
DESCRIPTION = (
    "Six steps from a model that knows which character tends to follow which "
    "to a GPT, each trained on the same text and measured."
)
NEEDED = (
    "sphinx.",
    "sphinxcontrib.",
    "sphinx_external_toc",
    "sphinx_multitoc_numbering",
    "myst_",
    "glossary_tips",
    "index_of_terms",
)
"""Whose handlers the pages need; all others dress the web pages."""
DRESSING = ("builder-inited", "doctree-resolved")
USED = re.compile(r"var\((--tg-[a-z]+)\)")


class TakeAlong(Epub3Builder):
    """Writes the pages as plain XHTML, and all of it into one file."""

    name = "epub"
    epilog = f"The book is %(outdir)s/{NAME}."
    math_renderer_name = RENDERER

    def init(self) -> None:
        super().init()
        self.use_index = False
        self.pages: dict[str, tuple[str, ...]] = {}
        for event in DRESSING:
            self.events.listeners[event] = [
                listener
                for listener in self.events.listeners[event]
                if listener.handler.__module__.startswith(NEEDED)
            ]
        self.events.listeners["build-finished"] = []

    def get_outdated_docs(self) -> set[str]:
        """All pages, since the file holds them all."""
        return self.env.found_docs

    def add_visible_links(self, *args: object) -> None:
        """A link is a link: its address does not stand in the text."""

    def copy_assets(self) -> None:
        """Nothing of the theme's."""

    def handle_page(
        self,
        pagename: str,
        addctx: dict,
        templatename: str = "page.html",
        outfilename: str | None = None,
        event_arg: object = None,
    ) -> None:
        """Write a page, if it is well-formed."""
        if "body" not in addctx:
            return  # an index or a search, which the web pages have
        mend_text(self.app, pagename, templatename, addctx, event_arg)
        name = f"{pagename}.xhtml"
        self.put(
            name,
            epub_files.page(
                name,
                self.env.titles[pagename].astext(),
                addctx["body"],
                lang=self.config.language,
            ),
        )

    def put(self, name: str, text: str, *also: str) -> None:
        """A page of the book, and what the package file must say of it."""
        try:
            self.pages[name] = (*also, *epub_files.properties(name, text))
        except ValueError as error:
            raise ExtensionError(str(error)) from None
        path = Path(self.outdir, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def handle_finish(self) -> None:
        """Write contents, cover, style and package, and pack them."""
        out, lang = Path(self.outdir), self.config.language
        title = self.config.html_title
        entries = self.contents()
        self.put(
            "contents.xhtml",
            epub_files.contents(entries, title="Contents", lang=lang),
            "nav",
        )
        draw_cover(out / "cover.png", title)
        cover = f'<img class="tg-cover" src="cover.png" alt="{title}"/>'
        self.put(
            "cover.xhtml",
            epub_files.page(
                "cover.xhtml", title, cover, lang=lang, kind="cover"
            ),
        )
        (out / "style.css").write_text(style(self), encoding="utf-8")
        items = [
            *(Item(name, told) for name, told in self.pages.items()),
            Item("cover.png", ("cover-image",)),
            Item("style.css"),
            *(Item(f"_images/{name}") for name in self.images.values()),
        ]
        first, *rest = epub_files.reading_order(entries)
        order = ["cover.xhtml", "contents.xhtml", first, *rest]
        text = epub_files.package(self.about(), items, order)
        (out / "package.opf").write_text(text, encoding="utf-8")
        pack(out, ["package.opf", *(item.name for item in items)])

    def about(self) -> About:
        """What a library catalogue asks."""
        title, lang = self.config.html_title, self.config.language
        now = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
        own = uuid.uuid5(uuid.NAMESPACE_URL, f"{title} {__version__}")
        return About(
            title=title,
            author=self.config.author,
            lang=lang,
            description=DESCRIPTION,
            rights=f"© {self.config.copyright} {self.config.author}, MIT",
            subject="Transformers (machine learning)",
            identifier=f"urn:uuid:{own}",
            version=__version__,
            modified=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        )

    def contents(self) -> list[Entry]:
        """The first page, then each part with its chapters."""
        root = self.config.root_doc
        parts = [
            Entry(
                toctree["caption"],
                below=[self.entry(page) for _, page in toctree["entries"]],
            )
            for toctree in self.env.get_doctree(root).findall(addnodes.toctree)
        ]
        return [Entry(*self.heading(root)), *parts]

    def entry(self, page: str) -> Entry:
        """A chapter, its sections, and the pages that belong to it."""
        pages = self.env.toctree_includes.get(page, [])
        below = [*self.sections(page), *map(self.entry, pages)]
        return Entry(*self.heading(page), below)

    def heading(self, page: str) -> tuple[str, str]:
        """A page's title with its number, and its address."""
        numbers = self.env.toc_secnumbers.get(page, {}).get("") or ()
        number = "".join(f"{n}. " for n in numbers)
        title = self.env.titles[page].astext()
        return number + title, f"{page}.xhtml"

    def sections(self, page: str) -> Iterator[Entry]:
        """The sections of a page, not those within them."""
        (whole,) = self.env.tocs[page].children[:1] or (nodes.list_item(),)
        for lines in whole.children:
            if not isinstance(lines, nodes.bullet_list):
                continue
            for line in lines.findall(nodes.reference):
                depth = line.parent.parent.parent
                if depth is lines and line["anchorname"]:
                    address = f"{page}.xhtml{line['anchorname']}"
                    yield Entry(line.astext(), address)


def style(builder: TakeAlong) -> str:
    """The style sheet with the palette's light colours, and the code's."""
    colours = light_colours()
    own = STYLE.read_text(encoding="utf-8")
    own = USED.sub(lambda found: colours[found[1]], own)
    return f"{builder.highlighter.get_stylesheet()}\n{own}"


def pack(folder: Path, names: list[str]) -> None:
    """One file of them; its first entry says what it is, uncompressed."""
    stamp = (1980, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(folder / NAME, "w") as book:

        def put(name: str, data: bytes, how: int) -> None:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = how
            book.writestr(info, data)

        put("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        told = epub_files.CONTAINER.encode()
        put("META-INF/container.xml", told, zipfile.ZIP_DEFLATED)
        for name in names:
            put(name, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)


def name_version(app: Sphinx, config: Config) -> None:
    """The package's version is the book's, whichever form it has."""
    config.version = config.release = __version__


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", name_version)
    app.add_builder(TakeAlong, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
