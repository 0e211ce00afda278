"""The book builds strictly, and what it builds is whole."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import book_tools
import nbformat
import pytest
import yaml
from book_tools import CLAIMS, ROOT, Build, extension, read, toc_pages
from bs4 import BeautifulSoup

import tutorgpt
from scripts.book_source import copy_tree
from tutorgpt.ground.published import REPOSITORY


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once, by the command that one types."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture
def site(book: Build, tmp_path: Path) -> Path:
    """A copy of the built pages, to break."""
    copy = tmp_path / "html"
    shutil.copytree(book.html, copy, ignore=shutil.ignore_patterns("_static"))
    shutil.copytree(book.html / "_static/images", copy / "_static/images")
    return copy


def test_the_strict_build_succeeds(book: Build) -> None:
    """jupyter-book build book/ -W -n --keep-going exits 0."""

    assert book.code == 0, book.log[-3000:]


def test_the_build_warns_of_nothing(book: Build) -> None:
    """No warning is printed, not even one that strictness lets pass."""

    assert not re.findall(r".*(?:WARNING|ERROR):.*", book.log)


def test_every_page_of_the_contents_is_written(book: Build) -> None:
    """Each page of _toc.yml is HTML with a title and text."""

    assert len(toc_pages()) >= 16
    assert not book_tools.missing_pages(book.html)


def test_every_chapter_is_in_the_contents() -> None:
    """No notebook is left out of the book."""
    chapters = {f"notebooks/{p.stem}" for p in ROOT.glob("notebooks/*.ipynb")}

    assert chapters
    assert chapters <= set(toc_pages())


def numbers_shown(site: Path) -> dict[int, str]:
    """A chapter's number by its file -> what the contents show before it."""
    page = read(site / "intro.html")
    found = {}
    for link in page.select(".bd-sidebar-primary a"):
        file = re.search(r"notebooks/(\d\d)_", str(link.get("href")))
        if file:
            shown = re.match(r"(\d+)\. ", link.get_text(" ", strip=True))
            found[int(file[1])] = shown[1] if shown else ""
    return found


def test_a_chapter_has_the_number_of_its_file(book: Build) -> None:
    """In the contents beside every page; chapter 0 comes before counting."""
    chapters = [int(p.stem[:2]) for p in ROOT.glob("notebooks/*.ipynb")]
    found = numbers_shown(book.html)

    assert found == {n: str(n) if n else "" for n in chapters}


def test_a_chapter_that_is_counted_wrongly_is_noticed(site: Path) -> None:
    """As if chapter 0 were numbered, and all after it by one too many."""
    page = read(site / "intro.html")
    link = page.select_one('.bd-sidebar-primary a[href*="notebooks/09_"]')
    assert link is not None
    link.string = link.get_text(" ", strip=True).replace("9. ", "10. ")
    (site / "intro.html").write_text(str(page), "utf-8")

    assert numbers_shown(site)[9] == "10"


def test_every_image_says_what_it_shows(book: Build) -> None:
    """Each image has a text for readers who cannot see it."""

    assert not book_tools.images_without_alt(book.html)


def test_every_link_and_anchor_resolves(book: Build) -> None:
    """No link inside the book leads nowhere."""

    assert not book_tools.broken_links(book.html)


def test_no_page_loads_anything_from_outside(book: Build) -> None:
    """Scripts, styles, fonts and images all come with the book."""

    assert not book_tools.outside_assets(book.html)


@pytest.mark.parametrize("anchor", CLAIMS)
def test_a_claim_has_its_section_and_its_line(
    book: Build, anchor: str
) -> None:
    """A statement is tested in its chapter, and the list links there."""
    page = CLAIMS[anchor]
    links = {
        a["href"]
        for a in read(book.html / "claims.html").find_all("a", href=True)
    }

    assert read(book.html / f"{page}.html").find(id=anchor) is not None
    assert f"{page}.html#{anchor}" in links


@pytest.mark.parametrize(
    "page", [name for name in toc_pages() if name.startswith("diffs/")]
)
def test_a_diff_page_shows_what_goes_and_what_comes(
    book: Build, page: str
) -> None:
    """The diff of two classes has lines out, lines in, and the rest."""
    shown = read(book.html / f"{page}.html").select_one(".tg-diff pre")
    assert shown is not None
    signs = {line[:1] for line in shown.get_text().splitlines()}

    assert {"+", "-", " "} <= signs


def test_a_diff_holds_both_classes_whole() -> None:
    """Without the incoming lines a diff is the first class, exactly."""
    before = extension("package_source").find("tutorgpt.bigram.BigramModel")[2]
    after = extension("package_source").find("tutorgpt.scaling.GPT")[2]
    lines = extension("model_diff").diff_lines(before, after)

    assert [s[1:] for s in lines if s[0] != "+"] == before.splitlines()
    assert [s[1:] for s in lines if s[0] != "-"] == after.splitlines()


def test_every_public_name_is_in_the_reference(book: Build) -> None:
    """api.html has an entry for each name that tutorgpt offers."""
    ids = {tag["id"] for tag in read(book.html / "api.html").find_all(id=True)}
    names = [n for n in tutorgpt.__all__ if not n.startswith("_")]

    assert names
    assert not [name for name in names if f"api-{name.lower()}" not in ids]


@pytest.mark.parametrize("room", ["", "text/", "training/", "view/"])
def test_every_taught_module_is_in_the_reference(room: str) -> None:
    """A new module of the package cannot be forgotten in api.md."""
    listed = (ROOT / "book" / "api.md").read_text(encoding="utf-8")
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "tutorgpt" / room).glob("*.py")
        if not path.stem.startswith("_")
    ]

    assert modules
    assert not [m for m in modules if f"{{api}} {m}\n" not in listed]


def test_shapes_stay_readable_in_the_reference(book: Build) -> None:
    """Signatures are shown as written, and not as Python prints them."""
    text = read(book.html / "api.html").get_text()

    assert (
        'forward(x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T D"]' in text
    )
    assert "jaxtyping" not in text


def test_the_glossary_is_bilingual(book: Build) -> None:
    """At least sixty terms, each with its Chinese name."""
    terms = read(book.html / "glossary.html").select("dl.glossary dt")
    chinese = [t for t in terms if re.search("[一-鿿]", t.get_text())]

    assert len(terms) >= 60
    assert len(chinese) == len(terms)


def test_the_preface_shows_the_recorded_losses(book: Build) -> None:
    """Every rung's loss in the preface is the one in results/."""
    record = json.loads(
        (ROOT / "results" / "ladder_shakespeare.json").read_text("utf-8")
    )
    shown = read(book.html / "intro.html").get_text(" ")

    for rung in record["rungs"]:
        losses = [run["val_loss"] for run in rung["runs"]]
        assert rung["model"] in shown
        assert f"{sum(losses) / len(losses):.3f}" in shown


def test_the_records_page_shows_what_poems_copy(book: Build) -> None:
    """Of both records, each with as much held-out text below it."""
    page = read(book.html / "records.html")
    rows = [
        [cell.get_text() for cell in row.select("td")]
        for row in page.select("tr")
    ]
    for preset in ("small", "large"):
        path = ROOT / "results" / f"{preset}_songci.json"
        record = json.loads(path.read_text("utf-8"))
        found = record["last_poems"]["GPT"]
        at = [row[:1] for row in rows].index([f"{preset.upper()}, last poems"])
        own, usual = rows[at : at + 2]
        draws = found["longest"]["held_out"]
        share = found["shares"]["4"]["model"]

        assert own[1] == f"{found['texts']} of 120"
        assert own[2] == str(found["longest"]["model"])
        assert own[3] == f"{100 * share:.0f} %"
        assert usual[2].endswith(f"({min(draws)} to {max(draws)})")
        with_row = [run for run in record["runs"] if "originality" in run]
        shown = [row for row in rows if "seed" in "".join(row[:1])]
        assert sum(preset.upper() in row[0] for row in shown) == len(with_row)


def test_the_records_page_names_every_script(book: Build) -> None:
    """Each script of scripts/records/ stands there as one types it."""
    page = read(book.html / "records.html").get_text()
    scripts = sorted(ROOT.glob("scripts/records/*.py"))

    assert scripts
    for path in scripts:
        assert f"python scripts/records/{path.name}" in page


def test_no_page_has_what_its_style_sheet_lost(book: Build) -> None:
    """Rules for carousels and the like are dropped, icons drawn anew."""
    dropped = extension("light_pages").UNUSED_CLASS
    icons = (ROOT / "book/_static/icons.css").read_text("utf-8")
    drawn = set(re.findall(r"\.(fa[\w-]*)", icons))
    found = {
        name
        for page in book_tools.written_pages(book.html)
        for tag in read(page).find_all(class_=True)
        for name in tag["class"]
    }

    assert "fa-bars" in drawn & found
    assert not {n for n in found - drawn if dropped.match(f".{n}")}
    assert not {n for n in found if n.startswith(("sd-", "toggle-"))}


def test_the_bundles_hold_what_every_page_needs(book: Build) -> None:
    """The theme and ours, in order; no file that is not there is named."""
    static = book.html / "_static"
    sheet = (static / "book.css").read_text("utf-8")
    scripts = (static / "book.js").read_text("utf-8")
    parts = re.findall(r"/\* (\S+\.css) \*/", sheet)

    assert parts[:2] == ["basic.css", "pydata-sphinx-theme.css"]
    assert parts.index("palette.css") < parts.index("tutorgpt.css")
    assert 'html[data-theme="dark"] .highlight' in sheet
    assert "url(" not in re.sub(r"url\(\"?data:", "", sheet)
    assert not re.search("[\ue000-\uf8ff]", sheet)
    assert "sourceMappingURL" not in scripts
    assert "MutationObserver" not in scripts


def test_code_marks_only_what_has_a_colour(book: Build) -> None:
    """A span is left out where the block around it has the same colour."""
    sheet = (book.html / "_static" / "book.css").read_text("utf-8")
    colours = {
        name: re.findall(
            rf"\.highlight{name} \{{[^}}]*?\bcolor: (#\w+)", sheet
        )
        for name in ("", r" \.n", r" \.nn", r" \.p", r" \.w")
    }
    page = read(book.html / "api.html")

    assert len(colours[""]) == 2  # light and dark
    assert {tuple(found) for found in colours.values()} == {tuple(colours[""])}
    assert not page.select(".highlight .n, .highlight .p, .highlight .w")
    assert page.select(".highlight .nb")


def test_nobody_s_files_are_left_in_the_site(book: Build) -> None:
    """No map, no icon font, no language of a menu that the book lacks."""
    static = book.html / "_static"
    left = {path.suffix for path in static.rglob("*") if path.is_file()}

    assert not left & {".map", ".woff", ".woff2", ".ttf", ".mo", ".po"}
    assert not list(static.glob("*thebe*"))


def test_figures_load_late_and_keep_their_place(book: Build) -> None:
    """Every image of a chapter is lazy, and says its size beforehand."""
    for page in toc_pages():
        for image in read(book.html / f"{page}.html").select("article img"):
            if "_images/" not in image["src"]:
                continue
            assert image["loading"] == "lazy", page
            assert image.get("width"), (page, image["src"])


HOSTS = ("https://mybinder.org", "https://colab.research")


def buttons(page: BeautifulSoup) -> list[str]:
    """Where the buttons above a page lead, outside the book."""
    (bar,) = page.select(".bd-header-article, .header-article")[:1]
    return [
        a["href"]
        for a in bar.find_all("a", href=True)
        if a["href"].startswith("https://")
    ]


def test_without_an_address_no_button_leads_nowhere(book: Build) -> None:
    """No repository, no issues, no Binder, no Colab."""
    for name in ("notebooks/01_bigram", "intro", "claims"):
        assert REPOSITORY or not buttons(read(book.html / f"{name}.html"))


def test_with_an_address_the_buttons_open_the_real_notebook(
    tmp_path: Path,
) -> None:
    """The repository, and Binder and Colab with a path that it has."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["sphinx"]["local_extensions"] = {
        "repository_buttons": str(ROOT / "book" / "_ext")
    }
    config["sphinx"]["config"] = {"repository": "https://github.com/a/b"}
    config.pop("bibtex_bibfiles")
    (tmp_path / "notebooks").mkdir()
    write = {
        "_config.yml": yaml.safe_dump(config),
        "_toc.yml": "format: jb-book\nroot: intro\n"
        "chapters:\n  - file: notebooks/01_bigram\n",
        "intro.md": "# A book\n",
        "notebooks/01_bigram.ipynb": json.dumps(
            nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_markdown_cell("# A chapter")],
                metadata={
                    "kernelspec": {"name": "python3", "display_name": "Python"}
                },
            )
        ),
    }
    for name, text in write.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = Path(sys.executable).with_name("jupyter-book")
    build = [command, "build", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)
    pages = tmp_path / "_build" / "html"
    links = buttons(read(pages / "notebooks" / "01_bigram.html"))

    assert "https://github.com/a/b" in links
    launches = [link for link in links if link.startswith(HOSTS)]
    assert len(launches) == 2
    for link in launches:
        assert link.endswith("/notebooks/01_bigram.ipynb")


def test_a_page_that_was_not_written_is_noticed(site: Path) -> None:
    """The check of the contents can fail."""
    (site / "glossary.html").unlink()

    assert book_tools.missing_pages(site) == ["glossary: not written"]


def test_a_broken_link_is_noticed(site: Path) -> None:
    """The check of the links can fail, for a page and for an anchor."""
    page = site / "records.html"
    links = '<a href="nowhere.html">x</a><a href="api.html#nothing">y</a>'
    page.write_text(page.read_text("utf-8") + links, encoding="utf-8")
    broken = book_tools.broken_links(site)

    assert "records.html: nowhere.html" in broken
    assert "records.html: api.html#nothing" in broken


def test_an_image_without_text_is_noticed(site: Path) -> None:
    """A missing text and the path that Sphinx puts there both count."""
    page = site / "records.html"
    images = '<img src="a.png"><img alt="_images/long_name.png" src="b.png">'
    page.write_text(page.read_text("utf-8") + images, encoding="utf-8")

    assert len(book_tools.images_without_alt(site)) == 2


def test_an_outside_script_is_noticed(site: Path) -> None:
    """The check for outside assets can fail."""
    page = site / "records.html"
    script = '<script src="https://cdn.example.org/x.js"></script>'
    page.write_text(page.read_text("utf-8") + script, encoding="utf-8")

    assert book_tools.outside_assets(site) == [
        "records.html: https://cdn.example.org/x.js"
    ]


def test_the_build_fails_on_what_does_not_exist(tmp_path: Path) -> None:
    """A dangling anchor fails the strict build, by name."""
    tree = copy_tree(tmp_path / "tree")
    (tree / "book" / "_toc.yml").write_text("format: jb-book\nroot: records\n")
    records = tree / "book" / "records.md"
    text = records.read_text(encoding="utf-8") + "\n[no](#claim-15-none)\n"
    records.write_text(text, encoding="utf-8")
    build = book_tools.build(tree)

    assert build.code != 0
    assert "claim-15-none" in build.log


def test_the_build_fails_on_an_unknown_class(tmp_path: Path) -> None:
    """A diff of a class that is not there stops the build with its name."""
    tree = copy_tree(tmp_path / "tree")
    (tree / "book" / "_toc.yml").write_text("format: jb-book\nroot: records\n")
    block = "\n```{definition} tutorgpt.bigram.TrigramModel\n```\n"
    records = tree / "book" / "records.md"
    text = records.read_text(encoding="utf-8") + block
    records.write_text(text, encoding="utf-8")
    build = book_tools.build(tree)

    assert build.code != 0
    assert "'tutorgpt.bigram' defines no 'TrigramModel'" in build.log


def checkout_without_symlinks(folder: Path) -> Path:
    """What git leaves where links are off: a file that holds the path."""
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "01.ipynb").write_text("{}")
    (folder / "book").mkdir()
    (folder / "book" / "notebooks").write_text("../notebooks")
    return folder / "book"


def test_a_link_that_git_could_not_make_is_mended(tmp_path: Path) -> None:
    """The small file that stands for the link becomes a link."""
    folder = checkout_without_symlinks(tmp_path)
    extension("portable_pages").mend_link(folder)

    assert (folder / "notebooks").is_symlink()
    assert (folder / "notebooks" / "01.ipynb").is_file()


def test_notebooks_are_copied_where_links_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to make links the book reads a copy."""
    folder = checkout_without_symlinks(tmp_path)

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("links are off")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    extension("portable_pages").mend_link(folder)

    assert (folder / "notebooks" / "01.ipynb").is_file()
    assert not (folder / "notebooks").is_symlink()
