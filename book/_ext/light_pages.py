"""Gives a page three files where the theme would ask for twenty.

What every page needs is joined once, when the book is built: a style sheet,
a script that the page waits for, and a script that waits for the page. What
a single page asks for, such as its quiz, stays a file of its own. Icon fonts,
source maps and what nobody uses are left out of the site; the few icons are
drawn by the book's style sheet.
"""

import re
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import myst_nb.static
import tinycss2
from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.images import get_image_size

TEMPLATES = Path(__file__).parents[1] / "_templates"
STYLES, FIRST, LATER = "book.css", "first.js", "book.js"
FRONT = 1
"""Before what others add or change."""
SPACES = re.compile(r"\s+")
LICENCE = re.compile(r"/\*! For license information please see (\S+) \*/")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")

THEME_STYLES = ("basic.css", "styles/pydata-sphinx-theme.css")
"""What the theme loads before all others."""
FIRST_SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
)
"""What the search's own scripts, further down in the page, already use."""
THEME_SCRIPTS = ("scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js")
"""What the theme loads after all others."""
UNUSED = re.compile(
    r"thebe|togglebutton|toggleHint|toggleOpen|design-tabs|sphinx-design"
)
"""Scripts and style sheets for what no page of this book has."""
WASTE = (
    "vendor",
    "locales",
    "scripts",
    "styles",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "sphinx-thebe.*",
    "togglebutton.*",
    "design-tabs.js",
    "sphinx-design.*",
    "clipboard.min.js",
    "copybutton*",
    "mystnb.*",
    "*.png",
    "*.svg",
)
"""Of _static: what nobody asks for; what the bundles hold goes as well."""

UNUSED_CLASS = re.compile(
    r"\.(?:fa[srb]?|fa-[\w-]+|carousel|accordion|offcanvas|toast|placeholder"
    r"|spinner|pagination|breadcrumb|list-group|popover|progress|ablog"
    r"|DocSearch)(?![a-z])"
)
"""Families of the theme's style sheet for which no page has an element;
icons have one, and are drawn by icons.css."""


THEBE = re.compile(
    r"<script type=\"text/x-thebe-config\">.*?</script>\s*"
    r"<script>kernelName[^<]*</script>",
    re.DOTALL,
)
"""What would ask a remote server to run cells."""
IMAGE = re.compile(r"<img (?P<rest>[^>]*)>")
PLAIN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
"""Names, marks and spaces in code, which have the colour of its block."""

LOST = re.compile(r"url\(file\.png\)")
"""A picture beside the hits of a search, which the theme does not show."""
SIGNS = re.compile(r"[\ue000-\uf8ff]|(?<=\")\\f\w{3}(?=\")")
"""Letters of the icon font: without it they are empty boxes."""
WATCHER = re.compile(
    r"new MutationObserver\(\w+\)\.observe\([^{}]*\{[^{}]*\}\),"
)
"""The theme looks at everything on a page again whenever anything changes;
what grows on our pages says itself where one can scroll."""


class Bundles:
    """What every page loads, seen on the first page and joined once."""

    def __init__(self) -> None:
        self.common: set[str] = set()

    def join(
        self, app: Sphinx, page: str, template: str, context: dict, tree
    ) -> None:
        """On the first page, before it asks for anything of its own."""
        if app.builder.name != "html" or self.common:
            return
        static = Path(app.outdir, "_static")
        overwrite_pygments_css(app)  # else the theme does it after the pages
        styles = [
            *THEME_STYLES,
            *of_static(context["css_files"], {STYLES}),
        ]
        scripts = of_static(context["script_files"], {FIRST, LATER})
        later = [name for name in scripts if name not in FIRST_SCRIPTS]
        later += THEME_SCRIPTS
        self.common = {*styles, *scripts}
        (static / STYLES).write_text(
            "".join(sheet(file_of(static, name)) for name in styles), "utf-8"
        )
        (static / FIRST).write_text(
            script(map(static.joinpath, FIRST_SCRIPTS)), "utf-8"
        )
        (static / LATER).write_text(
            script(map(static.joinpath, later)), "utf-8"
        )

    def load(
        self, app: Sphinx, page: str, template: str, context: dict, tree
    ) -> None:
        """The bundles, and what this page alone asks for."""
        if app.builder.name != "html":
            return
        context["default_mode"] = "auto"
        body = THEBE.sub("", context.get("body") or "")
        sizes = {
            name: get_image_size(Path(app.srcdir, path))
            for path, name in app.builder.images.items()
        }
        body = IMAGE.sub(partial(lazy, sizes=sizes), body)
        context["body"] = PLAIN.sub(r"\1", body)
        for files in ("css_files", "script_files"):
            context[files] = [
                file for file in context[files] if self.is_wanted(file)
            ]

    def sweep(self, app: Sphinx, error: Exception | None) -> None:
        """Take out of the site what no page asks for."""
        if error or app.builder.name != "html":
            return
        static = Path(app.outdir, "_static")
        for pattern in (*self.common, *WASTE):
            for path in static.glob(pattern):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def is_wanted(self, file) -> bool:
        """Whether a page still loads a file by itself."""
        body = getattr(file, "attributes", {}).get("body") or ""
        name = in_static(file)
        return not (name in self.common or UNUSED.search(f"{name} {body}"))


def lazy(tag: re.Match[str], sizes: dict[str, tuple | None]) -> str:
    """An image that loads when one scrolls to it, and keeps its place."""
    told, rest = "", tag["rest"]
    if "loading=" not in rest:
        told += 'loading="lazy" '
    source = re.search(r"_images/([^\"]+)", rest)
    size = sizes.get(unquote(source[1])) if source else None
    if size and not re.search(r"\b(?:width|height)[=:]", rest):
        told += f'width="{size[0]}" height="{size[1]}" '
    return f"<img {told}{rest}>"


def in_static(file) -> str:
    """A file's name in _static; none for a script written in the page."""
    return str(getattr(file, "filename", "") or "").removeprefix("_static/")


def of_static(files: list, but: set[str]) -> list[str]:
    """The files that every page loads, in the order of their priority."""
    ordered = sorted(files, key=lambda file: file.priority)
    names = dict.fromkeys(map(in_static, ordered))
    return [
        name
        for name in names
        if name and name not in but and not UNUSED.search(name)
    ]


def file_of(static: Path, name: str) -> Path:
    """Where a style sheet lies; myst-nb brings its own after the pages."""
    if name.startswith("mystnb."):
        return Path(myst_nb.static.__path__[0], "mystnb.css")
    return static / name


def sheet(path: Path) -> str:
    """A style sheet without comments, icon fonts and what nobody uses."""
    rules = tinycss2.parse_stylesheet(
        path.read_text("utf-8"), skip_comments=True, skip_whitespace=True
    )
    if path.name == "pydata-sphinx-theme.css":
        rules = filter(is_used, rules)
    texts = "\n".join(
        text for rule in rules if not LOST.search(text := rule.serialize())
    )
    return f"/* {path.name} */\n{SPACES.sub(' ', SIGNS.sub('', texts))}\n"


def is_used(rule) -> bool:
    """Whether a rule is for something that a page of this book can have."""
    about = tinycss2.serialize(rule.prelude).strip()
    if rule.type == "at-rule":
        return rule.at_keyword != "font-face" and "fa-" not in about
    return not all(
        UNUSED_CLASS.match(selector.strip()) for selector in about.split(",")
    )


def script(paths: Iterable[Path]) -> str:
    """Scripts one after the other, each ended; their maps stay behind.

    Licences that lie in a file of their own are put where they are named.
    """
    text = ""
    for path in paths:
        one = SOURCE_MAP.sub("", path.read_text("utf-8")).strip()
        for named in LICENCE.finditer(one):
            licence = path.with_name(named[1]).read_text("utf-8").strip()
            one = one.replace(named[0], licence)
        text += f"{one}\n;\n"
    return WATCHER.sub("", text)


def set_up(app: Sphinx, config: Config) -> None:
    """Our macros stand before the theme's."""
    config.templates_path.append(str(TEMPLATES))


def setup(app: Sphinx) -> dict[str, bool]:
    bundles = Bundles()
    app.add_css_file(STYLES, priority=FRONT)
    app.add_js_file(FIRST, priority=FRONT)
    app.add_js_file(LATER, priority=FRONT, loading_method="defer")
    app.connect("config-inited", set_up)
    app.connect("html-page-context", bundles.join, priority=FRONT)
    app.connect("html-page-context", bundles.load, priority=950)
    app.connect("build-finished", bundles.sweep, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
