"""Builds the book once for all tests, and looks for what is wrong in it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from filelock import FileLock

from scripts.book_source import copy_tree

ROOT = Path(__file__).resolve().parents[2]
STRICT = ("-W", "-n", "--keep-going")

CLAIMS = {
    "claim-1-head": "notebooks/02_single_head",
    "claim-2-six-steps": "notebooks/02_single_head",
    "claim-3-scale": "notebooks/02_single_head",
    "claim-4-causal": "notebooks/02_single_head",
    "claim-5-softmax": "notebooks/02_single_head",
    "claim-6-concat": "notebooks/03_multi_head",
    "claim-7-relu": "notebooks/04_feed_forward",
    "claim-8-residual": "notebooks/05_residual_norm",
    "claim-9-layernorm": "notebooks/05_residual_norm",
    "claim-10-dropout": "notebooks/06_scaling",
    "claim-11-linear": "notebooks/01_bigram",
    "claim-12-softmax-last": "notebooks/01_bigram",
    "claim-13-parameters": "notebooks/06_scaling",
    "claim-14-encoder-decoder": "notebooks/09_encoder_decoder",
}
"""Every statement's anchor, and the page that holds its experiment."""


@dataclass(frozen=True)
class Build:
    """What a run of jupyter-book left behind."""

    html: Path
    code: int
    log: str


def build(tree: Path, *options: str) -> Build:
    """Run jupyter-book as one types it, with warnings as errors."""
    command = Path(sys.executable).with_name("jupyter-book")
    run = subprocess.run(
        [command, "build", "book/", *STRICT, *options],
        cwd=tree,
        env=os.environ | {"NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return Build(tree / "_build" / "html", run.returncode, run.stdout)


def build_once(temporary: pytest.TempPathFactory) -> Build:
    """The book as it stands; all tests share one build.

    Those of other processes too: whoever asks first builds, and the others
    wait and read what jupyter-book said. The folder is this run's own, so
    nothing that was built before is taken for it.
    """
    folder = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with FileLock(folder / "book.lock"):
        return _build_in(folder / "book", folder / "book.json")


def _build_in(tree: Path, kept: Path) -> Build:
    """The build that is kept there, or a new one."""
    if not kept.is_file():
        shutil.rmtree(tree, ignore_errors=True)  # of a build that was ended
        built = build(copy_tree(tree))
        kept.write_text(json.dumps([built.code, built.log]), "utf-8")
    return Build(
        tree / "_build" / "html", *json.loads(kept.read_text("utf-8"))
    )


def extension(name: str) -> ModuleType:
    """One of the book's local Sphinx extensions, as a module."""
    folder = ROOT / "book" / "_ext"
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def toc_pages() -> list[str]:
    """Every page of the table of contents, in order, without suffix."""
    text = (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    return list(_files(yaml.safe_load(text)))


def _files(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("root", "file"):
                yield value
            else:
                yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)


def read(page: Path) -> BeautifulSoup:
    """A page's HTML as a tree."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def written_pages(html: Path) -> list[Path]:
    """Every HTML page of the site; the theme's own templates are not."""
    return sorted(
        page for page in html.rglob("*.html") if "_static" not in page.parts
    )


def missing_pages(html: Path) -> list[str]:
    """Pages of the table of contents that were not written, or are empty."""
    problems = []
    for name in toc_pages():
        page = html / f"{name}.html"
        if not page.is_file():
            problems.append(f"{name}: not written")
            continue
        article = read(page).select_one("article.bd-article")
        text = article.get_text() if article else ""
        if article is None or article.h1 is None or len(text) < 400:
            problems.append(f"{name}: no title or hardly any text")
    return problems


def images_without_alt(html: Path) -> list[str]:
    """Images that say nothing to a reader who cannot see them.

    Sphinx writes the file's path where an author wrote no text.
    """
    return [
        f"{page.relative_to(html)}: {image.get('src', '')[:60]}"
        for page in written_pages(html)
        for image in read(page).find_all("img")
        if len(image.get("alt", "")) < 8 or "_images/" in image["alt"]
    ]


def broken_links(html: Path) -> list[str]:
    """Links to a page or an anchor that the site does not have."""
    pages = {page.resolve(): read(page) for page in written_pages(html)}
    anchors = {
        page: {tag["id"] for tag in tree.find_all(id=True)}
        for page, tree in pages.items()
    }
    problems = []
    for page, tree in pages.items():
        for link in tree.find_all("a", href=True):
            parts = urlsplit(link["href"])
            if parts.scheme or parts.netloc:
                continue
            target = page
            if parts.path:
                target = (page.parent / unquote(parts.path)).resolve()
            fragment = unquote(parts.fragment)
            known = anchors.get(target, set())
            if not target.exists() or (
                fragment and target in anchors and fragment not in known
            ):
                problems.append(f"{page.name}: {link['href']}")
    return problems


def outside_assets(html: Path) -> list[str]:
    """Scripts, styles, images and frames that a page would fetch."""
    problems = []
    for page in written_pages(html):
        tree = read(page)
        loaded = [
            *(tag.get("src") for tag in tree.find_all(src=True)),
            *(tag.get("href") for tag in tree.find_all("link", href=True)),
        ]
        problems += [
            f"{page.name}: {address}"
            for address in loaded
            if address.startswith(("http:", "https:", "//"))
        ]
    for sheet in html.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        if "url(http" in text or "@import url(" in text:
            problems.append(f"{sheet.name}: an address in a style sheet")
    return problems
