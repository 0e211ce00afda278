"""tutorgpt lab: copies that are the learner's, whatever comes out next."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from desk_tools import NAMES, notebook, written
from filelock import FileLock

from tutorgpt.cli import extras, main
from tutorgpt.desk import handouts, making, places, running
from tutorgpt.desk.handouts import chapters, fingerprint
from tutorgpt.desk.manifest import is_manifest
from tutorgpt.ground.published import install_here

Lab = Callable[..., tuple[int, str]]
Publish = Callable[..., None]
ONE, TWO, THREE = NAMES
TODAY = str(date.today())
"""A test that runs over midnight may fail once."""


@pytest.fixture
def desk(lab: Lab, here: Path) -> Path:
    """A desk that was made a moment ago."""
    assert lab()[0] == 0
    return here / "my-tutorgpt"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, without locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


# ------------------------------------------------------------------- begin


def test_it_says_in_two_lines_what_it_made_and_where(
    lab: Lab, here: Path
) -> None:
    """The folder, what is in it, and where to begin."""
    code, said = lab()

    assert code == 0
    assert said.splitlines() == [
        f"{here / 'my-tutorgpt'}: your copies of 3 chapters, and "
        "scratch.ipynb",
        f"begin with {ONE}; README.md says how to go on",
    ]


def test_a_new_desk_counts_a_chapter_that_is_started_over(lab: Lab) -> None:
    """It is there as the others are."""
    _, said = lab("--restart", "2")

    assert ": your copies of 3 chapters, and" in said


def test_a_desk_holds_the_chapters_and_what_they_link_to(desk: Path) -> None:
    """Chapters, scratch, README, the rules of a tutor, and the pages."""
    files = set(tree(desk))

    assert files == {
        *NAMES,
        ".tutorgpt/handed_out.json",
        "AGENTS.md",
        "README.md",
        "book/claims.md",
        "scratch.ipynb",
    }
    assert (desk / "book/claims.md").read_text() == "[one](../01_bigram.ipynb)"


@pytest.mark.parametrize("asked", [(), ("1",), ("3.2",)])
def test_its_assistant_reads_the_rules_that_tutor_prints(
    asked: tuple[str, ...], desk: Path, capsys: pytest.CaptureFixture
) -> None:
    """The file in the folder and the text for a chat begin alike."""
    assert main(["tutor", *asked]) == 0
    rules, where, _ = capsys.readouterr().out.partition("\n# Where I am")

    assert where
    assert (desk / "AGENTS.md").read_text("utf-8").strip() == rules.strip()


def test_every_link_of_the_real_chapters_leads_somewhere(
    tmp_path: Path, unsigned: None
) -> None:
    """From a chapter to a page and back, inside the desk."""
    making.set_desk(tmp_path / "desk")
    broken = []
    for file in (tmp_path / "desk").rglob("*"):
        if file.suffix not in (".md", ".ipynb"):
            continue
        text = file.read_text("utf-8").replace("\\n", "\n")
        for part in text.split("](")[1:]:
            target = part.partition(")")[0].partition("#")[0]
            looks_local = target.endswith((".md", ".ipynb", ".svg", ".png"))
            if looks_local and "://" not in target:
                there = (file.parent / target).exists()
                broken += [] if there else [(file.name, target)]

    assert len(list((tmp_path / "desk").glob("[0-9]*.ipynb"))) >= 9
    assert broken == []


def test_real_chapters_are_handed_out_as_they_are(
    tmp_path: Path, unsigned: None
) -> None:
    """But for the links to pages, and what comes out of predictions."""
    making.set_desk(tmp_path / "desk")
    source = handouts.shipped("notebooks")

    for name in chapters():
        copy = (tmp_path / "desk" / name).read_text("utf-8")
        original = (source / name).read_text("utf-8")
        wanted = json.loads(original.replace("](../book/", "](book/"))
        for cell in handouts.telling(wanted["cells"]):
            cell |= {"outputs": [], "execution_count": None}
        assert json.loads(copy) == wanted
        assert copy.endswith("}\n")


def test_no_copy_tells_what_comes_out_of_a_prediction() -> None:
    """Nothing from a box to the next heading, and no cell of predicted."""
    told = shown = 0
    for name in chapters():
        is_covered = False
        for cell in json.loads(handouts.handouts()[name])["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                if re.search(r"^#+ ", text, re.MULTILINE):
                    is_covered = False
                is_covered |= "> **Predict.**" in text
            elif text.startswith("predict("):
                assert cell["outputs"], (name, text)
            elif is_covered or "\npredicted(" in f"\n{text}":
                told += 1
                assert cell["outputs"] == [], (name, text)
            else:
                shown += bool(cell["outputs"])

    assert told >= 100
    assert shown >= 200


def test_what_is_told_under_another_heading_is_not_told_there() -> None:
    """Chapter 1 says what came out of its first question headings later."""
    cells = json.loads(handouts.handouts()[chapters()[1]])["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    texts = ["".join(cell["source"]) for cell in code]
    asked, told = (
        next(n for n, text in enumerate(texts) if f'{role}("1.p1"' in text)
        for role in ("predict", "predicted")
    )

    assert any(cell["outputs"] for cell in code[asked + 1 : told])
    assert code[told]["outputs"] == code[told + 1]["outputs"] == []


def test_a_file_in_the_desks_place_is_said_to_be_one(
    here: Path, lab: Lab
) -> None:
    """And stays."""
    (here / "my-tutorgpt").write_text("mine")
    code, said = lab()

    assert code == 2
    assert "'my-tutorgpt' is a file: name another folder" in said
    assert (here / "my-tutorgpt").read_text() == "mine"


def test_the_handed_out_notebooks_are_notebooks(
    tmp_path: Path, unsigned: None
) -> None:
    """The scratch notebook too has the form that JupyterLab wants."""
    nbformat = pytest.importorskip("nbformat")
    making.set_desk(tmp_path / "desk")

    for path in (tmp_path / "desk").glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


def test_handed_out_notebooks_are_trusted(
    monkeypatch: pytest.MonkeyPatch, lab: Lab
) -> None:
    """Each is signed when it is made, and not again when it is there."""
    signed: list[str] = []
    monkeypatch.setattr(making, "trust", lambda path: signed.append(path.name))
    lab()
    first, signed[:] = [*signed], []
    lab()
    assert signed == []
    lab("--restart", "02")

    assert sorted(first) == [*NAMES, "scratch.ipynb"]
    assert signed == [TWO]


def test_it_opens_jupyterlab_at_the_first_chapter_then_where_one_was(
    here: Path, started: list[tuple[Path, list[str]]]
) -> None:
    """With the first chapter on the first day only, or the one restarted."""
    assert main(["lab"]) == 0
    assert main(["lab"]) == 0
    assert main(["lab", "--restart", "3"]) == 0

    desk = here / "my-tutorgpt"
    assert started == [
        (Path("my-tutorgpt"), [str(desk / ONE)]),
        (Path("my-tutorgpt"), []),
        (Path("my-tutorgpt"), [str(desk / THREE)]),
    ]


def test_options_of_jupyterlab(
    here: Path, started: list[tuple[Path, list[str]]]
) -> None:
    """The common two are ours; what follows -- is handed on untouched."""
    main(["lab", "--no-start"])
    words = ["lab", "--no-browser", "--port", "9000"]
    assert main([*words, "--", "--ip=0.0.0.0", "-y"]) == 0

    (arguments,) = (arguments for _, arguments in started)
    assert arguments == ["--ip=0.0.0.0", "-y", "--no-browser", "--port=9000"]


@pytest.mark.parametrize("text", ["0", "65536", "many", "-1", "٣", "1e3"])
def test_a_port_that_is_none_is_refused(
    text: str, here: Path, capsys: pytest.CaptureFixture
) -> None:
    """With the numbers that are ports, before anything is made."""
    assert main(["lab", f"--port={text}"]) == 2
    said = capsys.readouterr().err

    assert f"{text!r} is no port: choose a whole number from 1" in said
    assert list(here.iterdir()) == []


def test_without_jupyterlab_one_sentence_says_what_to_type(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """Nothing is made then, and the exit code is 1."""
    monkeypatch.setattr(extras, "is_installed", lambda name: "any" not in name)

    assert main(["lab"]) == 1
    assert capsys.readouterr().err == (
        "tutorgpt: JupyterLab needs what is not installed here (anywidget): "
        f"{install_here('lab')}\n"
    )
    assert list(here.iterdir()) == []


def test_inside_the_desk_it_is_this_desk(
    desk: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a terminal of JupyterLab stands in it; no desk in the desk."""
    before = tree(desk)
    monkeypatch.chdir(desk / "book")
    code, said = lab()

    assert (code, tree(desk)) == (0, before)
    assert said == f"{desk}: your chapters, as you left them\n"


# -------------------------------------------------------------- days 2 and 3


def test_a_changed_chapter_is_never_overwritten(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """It says that there is another version, and how to get it."""
    mine = notebook("print('mine')")
    (desk / TWO).write_text(mine)
    publish("0.3.0", single="print('new')")
    code, said = lab()

    assert code == 0
    assert (desk / TWO).read_text() == mine
    assert (
        f"{TWO}: changed by you and kept; tutorgpt 0.3.0 has another version; "
        "to put it beside yours, type tutorgpt lab my-tutorgpt --newer\n"
        in said
    )


def test_the_other_version_comes_beside_on_request(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """With the version in its name, once, and then nobody nags."""
    (desk / TWO).write_text(notebook("print('mine')"))
    publish("0.3.0", single="print('new')")
    _, said = lab("--newer")
    beside = desk / "02_single_head_0.3.0.ipynb"

    assert f"{TWO}: yours; that of tutorgpt 0.3.0 is {beside.name}" in said
    assert written(desk / TWO) == ["print('mine')"]
    assert written(beside) == ["print('new')"]
    before = tree(desk)
    assert lab()[1].count("\n") == 1
    assert lab("--newer")[0] == 0
    assert tree(desk) == before


def test_what_lies_beside_is_not_overwritten_either(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """One that the learner works in keeps its name, the next gets a number."""
    (desk / TWO).write_text(notebook("print('mine')"))
    publish("0.3.0", single="print('new')")
    lab("--newer")
    beside = desk / "02_single_head_0.3.0.ipynb"
    beside.write_text(notebook("print('worked in')"))
    lab("--newer")

    assert written(beside) == ["print('worked in')"]
    second = desk / "02_single_head_0.3.0_2.ipynb"
    assert written(second) == ["print('new')"]


def test_an_unchanged_chapter_is_brought_up_to_date_with_a_line(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """A chapter that was only run counts as unchanged."""
    ran = notebook(f"print({ONE!r})", "  \n", output="1,000 lines")
    (desk / ONE).write_text(ran)
    publish("0.3.0", bigram="print('new')")
    code, said = lab()

    assert code == 0
    assert written(desk / ONE) == ["print('new')"]
    assert (
        f"{ONE}: not changed by you, now the version of tutorgpt 0.3.0\n"
        in said
    )
    assert lab()[1].count("\n") == 1


def test_a_chapter_that_was_run_stays_while_the_version_does(
    desk: Path, lab: Lab
) -> None:
    """Its outputs are the learner's, and no new version is there."""
    ran = notebook(f"print({ONE!r})", output="mine")
    (desk / ONE).write_text(ran)
    lab()

    assert (desk / ONE).read_text() == ran


def test_a_chapter_as_in_the_new_version_is_nobodys(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """Who has made the same change gets the next version without a word."""
    (desk / TWO).write_text(notebook("print('new')"))
    publish("0.3.0", single="print('new')")
    assert lab()[1].count("\n") == 1
    publish("0.4.0", single="print('newer')")
    lab()

    assert written(desk / TWO) == ["print('newer')"]


def test_a_new_chapter_is_handed_out(
    desk: Path, lab: Lab, package: Path
) -> None:
    """And a chapter that the package drops stays with the learner."""
    name = "04_feed_forward.ipynb"
    (package / "notebooks" / THREE).rename(package / "notebooks" / name)
    _, said = lab()

    assert said.startswith(f"{desk}: your chapters\n")
    assert f"{name}: handed out, that of tutorgpt" in said
    assert (desk / name).exists()
    assert (desk / THREE).exists()


def test_a_changed_page_or_scratch_notebook_stays(
    desk: Path, lab: Lab, package: Path
) -> None:
    """Without a word: they were made to be changed."""
    (desk / "scratch.ipynb").write_text(notebook("1 + 1"))
    (desk / "book/claims.md").write_text("my notes")
    (package / "book/claims.md").write_text("a new page")
    before = tree(desk)
    _, said = lab()

    assert tree(desk) == before
    assert said.count("\n") == 1


def test_start_a_chapter_over(desk: Path, lab: Lab) -> None:
    """The old one keeps its content, and gets the date; so does the next."""
    for number, end in enumerate(("", "_2")):
        (desk / TWO).write_text(notebook(f"print({number})"))
        code, said = lab("--restart", "02")
        kept = desk / f"02_single_head_{TODAY}{end}.ipynb"

        assert code == 0
        assert written(kept) == [f"print({number})"]
        assert written(desk / TWO) == [f"print({TWO!r})"]
        assert (
            f"{TWO}: as it was at the beginning; yours is {kept.name}" in said
        )


@pytest.mark.parametrize(
    "word", ["2", "02", "single_head", "02_single_head", TWO]
)
def test_a_chapter_by_any_of_its_names(
    word: str, desk: Path, lab: Lab
) -> None:
    """Its number, its stem, or its file."""
    (desk / TWO).unlink()
    code, _ = lab("--restart", word)

    assert code == 0
    assert (desk / TWO).exists()


def test_a_chapter_that_is_none(desk: Path, lab: Lab) -> None:
    """The known ones are named, and the nearest."""
    before = tree(desk)
    code, said = lab("--restart", "02_single_haed")

    assert code == 2
    assert "there is no chapter '02_single_haed': choose one of" in said
    assert "or its number; did you mean '02_single_head'?" in said
    assert tree(desk) == before


def test_a_chapter_that_was_not_touched_leaves_no_copy(
    desk: Path, lab: Lab
) -> None:
    """There is nothing of the learner's to keep."""
    before = tree(desk)
    code, said = lab("--restart", "2", "--restart", "02")

    assert code == 0
    assert f"{TWO}: as it was at the beginning\n" in said
    assert tree(desk) == before


def test_three_days(desk: Path, lab: Lab, publish: Publish) -> None:
    """Begin, come back on another version, start over and go on."""
    (desk / ONE).write_text(notebook("print('all of it')", output="done"))
    (desk / TWO).write_text(notebook("print('half of it')"))
    publish("0.3.0", bigram="b2", single="s2", multi="m2")
    _, said = lab()  # the second day
    assert f"{ONE}, {TWO}: changed by you and kept" in said
    assert (
        f"{THREE}: not changed by you, now the version of tutorgpt 0.3.0"
        in said
    )
    lab("--restart", "2")
    assert written(desk / TWO) == ["s2"]
    (desk / TWO).write_text(notebook("print('again')"))
    publish("0.4.0", single="s3", multi="m3")
    _, said = lab("--newer")  # the third day

    assert written(desk / ONE) == ["print('all of it')"]
    assert written(desk / TWO) == ["print('again')"]
    assert written(desk / THREE) == ["m3"]
    kept = {path.name: written(path) for path in desk.glob("*_head_*.ipynb")}
    assert kept == {
        f"02_single_head_{TODAY}.ipynb": ["print('half of it')"],
        "02_single_head_0.4.0.ipynb": ["s3"],
    }
    assert written(desk / "01_bigram_0.4.0.ipynb") == ["b2"]


# ------------------------------------------------------- odd and damaged


def test_a_removed_or_renamed_chapter_is_not_pushed(
    desk: Path, lab: Lab
) -> None:
    """It says so, and what brings it back."""
    (desk / TWO).rename(desk / "my own.ipynb")
    _, said = lab()

    assert not (desk / TWO).exists()
    assert (
        f"{TWO}: removed or renamed; bring it back with "
        "tutorgpt lab my-tutorgpt --restart 02\n" in said
    )
    lab("--restart", "02")
    assert written(desk / TWO) == written(desk / "my own.ipynb")


def test_what_else_is_removed_stays_away(desk: Path, lab: Lab) -> None:
    """A page, the README or the scratch notebook, without a word."""
    for name in ("README.md", "scratch.ipynb", "book/claims.md"):
        (desk / name).unlink()
    before = tree(desk)
    _, said = lab()

    assert tree(desk) == before
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"a":1}']
)
def test_a_chapter_that_is_no_notebook_stays(
    content: bytes, desk: Path, lab: Lab, publish: Publish
) -> None:
    """Also where a new version would like to take its place."""
    (desk / TWO).write_bytes(content)
    publish("0.3.0", single="print('new')")
    code, said = lab()

    assert code == 0
    assert (desk / TWO).read_bytes() == content
    assert f"{TWO}: cannot be read as a notebook and stays as it is" in said
    lab("--restart", "02")
    assert (desk / f"02_single_head_{TODAY}.ipynb").read_bytes() == content
    assert written(desk / TWO) == ["print('new')"]


def test_a_folder_in_a_chapters_place_stays(desk: Path, lab: Lab) -> None:
    """With what is in it, also when the chapter is started over."""
    (desk / TWO).unlink()
    (desk / TWO).mkdir()
    (desk / TWO / "note").write_text("mine")
    assert lab()[0] == 0
    assert (desk / TWO / "note").read_text() == "mine"
    lab("--restart", "02")

    kept = desk / f"02_single_head_{TODAY}.ipynb" / "note"
    assert kept.read_text() == "mine"
    assert written(desk / TWO) == [f"print({TWO!r})"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"handed_out": 1}',
        '{"handed_out": {"a": 1}}',
        '{"version": 1}',
    ],
)
def test_a_damaged_list_costs_nothing(
    content: str, desk: Path, lab: Lab, publish: Publish
) -> None:
    """It is set aside, and what differs from the package is the learner's."""
    (desk / ".tutorgpt/handed_out.json").write_text(content)
    (desk / TWO).write_text(notebook("print('mine')"))
    publish("0.3.0", single="print('new')")
    code, said = lab()
    aside = desk / f".tutorgpt/handed_out_damaged_{TODAY}.json"

    assert code == 0
    assert aside.read_text() == content
    assert f"could not be read and lies in {Path(*aside.parts[-3:])}" in said
    assert f"{TWO}: changed by you and kept" in said
    assert written(desk / TWO) == ["print('mine')"]
    assert "could not be read" not in lab()[1]


def test_what_has_the_form_of_a_list() -> None:
    """Every part is looked at, where no test checks types at every call."""
    whole = {"version": "1", "handed_out": {"a": "b"}, "beside": {}}
    wrong = ({"version": 1}, {"handed_out": ["a"]}, {"beside": {"a": 1}})

    assert is_manifest(whole)
    assert is_manifest({})
    assert not any(is_manifest(whole | part) for part in wrong)
    assert is_manifest(whole | {"format": 2})
    assert not is_manifest([whole])


def test_a_list_of_a_later_version_is_read(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """What it says besides is passed over, and nothing is set aside."""
    file = desk / ".tutorgpt/handed_out.json"
    whole = json.loads(file.read_text())
    file.write_text(json.dumps(whole | {"languages": ["zh"]}))
    publish("0.3.0", single="print('new')")
    _, said = lab()

    assert "could not be read" not in said
    assert written(desk / TWO) == ["print('new')"]


def test_after_a_damaged_list_a_removed_chapter_is_handed_out(
    desk: Path, lab: Lab
) -> None:
    """Which is what it says, as it cannot know that it is not new."""
    (desk / ".tutorgpt/handed_out.json").write_text("{")
    (desk / TWO).unlink()
    _, said = lab()

    assert said.startswith(f"{desk}: your chapters\n")
    assert f"{TWO}: handed out, that of tutorgpt" in said
    assert "new in" not in said


def test_a_lost_list_costs_nothing(
    desk: Path, lab: Lab, publish: Publish
) -> None:
    """A desk without its hidden folder, as copied from somewhere."""
    (desk / TWO).write_text(notebook("print('mine')"))
    for file in (desk / ".tutorgpt").iterdir():
        file.unlink()
    (desk / ".tutorgpt").rmdir()
    publish("0.3.0", single="print('new')")

    code, said = lab()

    assert code == 0
    assert said.startswith(f"{desk}: your chapters, as you left them\n")
    assert written(desk / TWO) == ["print('mine')"]
    assert written(desk / ONE) == [f"print({ONE!r})"]


def test_a_file_where_the_folder_should_be(lab: Lab, here: Path) -> None:
    """It stays, and the sentence says so."""
    (here / "my-tutorgpt").write_text("mine")
    code, said = lab("my-tutorgpt")

    assert code == 2
    assert "'my-tutorgpt' cannot be a folder, because" in said
    assert lab()[0] == 2
    assert (here / "my-tutorgpt").read_text() == "mine"


def test_a_folder_with_other_files_is_not_strewn_with_chapters(
    lab: Lab, here: Path
) -> None:
    """It names one inside; hidden files do not count."""
    (here / ".hidden").write_text("")
    assert lab(".")[0] == 0
    other = here.parent / "documents"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    code, said = lab(str(other))

    assert code == 2
    assert "holds other files and no chapters: name a new or an" in said
    assert [path.name for path in other.iterdir()] == ["letter.txt"]


def test_no_desk_in_a_desk(desk: Path, lab: Lab) -> None:
    """The one around it is named."""
    code, said = lab(str(desk / "another"))

    assert code == 2
    assert f"lies inside your desk {str(desk)!r}: name that one" in said
    assert not (desk / "another").exists()


@pytest.mark.parametrize(
    "place", [".", "notebooks", "notebooks/mine", "book/mine", "tutorgpt/x"]
)
def test_the_books_own_source_is_no_desk(
    place: str, lab: Lab, here: Path
) -> None:
    """Neither the checkout nor what the book is built of, by any path."""
    checkout = here / "checkout"
    for folder in ("tutorgpt/ground", "book", "notebooks"):
        (checkout / folder).mkdir(parents=True)
    (checkout / "pyproject.toml").write_text("")
    (checkout / "notebooks" / ONE).write_text("pristine")
    (here / "link").symlink_to(checkout)
    (here / "inside").symlink_to(checkout / place)
    before = tree(checkout)
    for path in (f"checkout/{place}", f"link/{place}", "inside"):
        code, said = lab(path)
        assert code == 2
        assert "is where tutorgpt keeps its own files: name another" in said

    assert tree(checkout) == before
    assert not (checkout / place / ".tutorgpt").exists()
    assert lab("checkout/my-tutorgpt")[0] == 0


def test_the_installed_package_is_no_desk(
    lab: Lab, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a folder inside of it, where no checkout is around."""
    package = here / "site-packages" / "tutorgpt"
    (package / "notebooks").mkdir(parents=True)
    monkeypatch.setattr(places, "PACKAGE", package)
    for inside in (package, package / "notebooks", package / "mine"):
        code, said = lab(str(inside))
        assert code == 2
        assert "is where tutorgpt keeps its own files" in said

    assert tree(package) == {}


def test_a_read_only_folder(
    lab: Lab, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with the reason; root may write everywhere, so feigned."""

    def refuse(path: Path, *words: object, **named: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, said = lab()

    assert code == 2
    assert said == (
        "tutorgpt: 'my-tutorgpt' cannot be written (Permission denied): free "
        "some space, get the right to write there, or name another one\n"
    )
    assert list(here.iterdir()) == []


class FullDisk:
    """Lets the write of this number fail, and all that follow."""

    def __init__(self, at: int) -> None:
        self.at, self.real = at, Path.write_bytes

    def __call__(self, path: Path, data: bytes) -> int:
        self.at -= 1
        if self.at < 0:
            self.real(path, data[:9])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return self.real(path, data)


@pytest.mark.parametrize("at", range(8))
def test_a_full_disk_leaves_no_half_desk(
    at: int, lab: Lab, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever file it is that does not fit any more."""
    disk = FullDisk(at)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", lambda *words: disk(*words))
        code, said = lab("a/b")

    assert code == 2
    assert "cannot be written (No space left on device): free some" in said
    assert said.count("\n") == 1
    assert list(here.iterdir()) == []
    assert lab("a/b")[0] == 0


@pytest.mark.parametrize("at", range(3))
def test_a_full_disk_loses_nothing_of_a_desk(
    at: int,
    desk: Path,
    lab: Lab,
    publish: Publish,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each file is the old one or the new one, and the learner's is there."""
    (desk / TWO).write_text(notebook("print('mine')"))
    publish("0.3.0", single="s2", multi="m2")
    disk = FullDisk(at)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", lambda *words: disk(*words))
        code, said = lab("--restart", "02")

    assert code == 2, said
    assert written(desk / TWO) == ["print('mine')"]
    assert [*desk.glob("02_single_head_*.ipynb")] == []
    assert written(desk / THREE) in ([f"print({THREE!r})"], ["m2"])
    assert lab()[0] == 0
    assert written(desk / THREE) == ["m2"]


@pytest.mark.parametrize("at", range(4))
def test_a_full_disk_loses_nothing_of_a_desk_without_its_list(
    at: int, desk: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is undone there as in a new desk is not what the learner wrote."""
    shutil.rmtree(desk / ".tutorgpt")
    (desk / TWO).write_text(notebook("print('mine')"))
    (desk / THREE).unlink()
    (desk / "README.md").unlink()
    before = tree(desk)
    disk = FullDisk(at)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", lambda *words: disk(*words))
        code, said = lab("--restart", "02")

    assert code == 2, said
    assert tree(desk) == before


def test_a_name_that_cannot_be_given_is_one_sentence(
    desk: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where another program holds the chapter open, on Windows."""

    def refuse(new: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    (desk / TWO).write_text(notebook("print('mine')"))
    monkeypatch.setattr(making, "take_place", refuse)
    code, said = lab("--restart", "02")

    assert code == 2
    assert f"{TWO}' cannot be written (Permission denied): free some" in said
    assert written(desk / TWO) == ["print('mine')"]


# ----------------------------------------------------------- two at a time


def test_a_second_lab_leads_to_the_first(
    desk: Path,
    publish: Publish,
    started: list[tuple[Path, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """It starts no other server, and replaces nothing that may be open."""
    publish("0.3.0", bigram="print('new')")
    monkeypatch.setattr(running, "address", lambda desk: "http://here/lab")
    with running.opened(desk):
        code = main(["lab", "--restart", "02"])
    said = capsys.readouterr().out

    assert (code, started) == (0, [])
    assert said.endswith(
        "JupyterLab is open there already, at http://here/lab\n"
        "in a tab with that chapter: File, Reload Notebook from Disk\n"
    )
    assert f"{TWO}: as it was at the beginning" in said
    assert written(desk / ONE) == [f"print({ONE!r})"]
    assert main(["lab"]) == 0
    assert len(started) == 1
    assert written(desk / ONE) == ["print('new')"]


def test_one_that_only_asks_is_waited_for(
    desk: Path, started: list[tuple[Path, list[str]]]
) -> None:
    """Who asks holds the lock for a moment; JupyterLab starts after it."""
    lock = FileLock(desk / ".tutorgpt" / running.OPEN, thread_local=False)
    lock.acquire()
    asker = threading.Timer(0.1, lock.release)
    asker.start()
    code = main(["lab"])
    asker.join()

    assert code == 0
    assert len(started) == 1


def test_the_address_of_a_running_server_is_found(
    desk: Path, tmp_path: Path
) -> None:
    """By the folder that it serves, among those that Jupyter knows."""
    runtime = tmp_path / "jupyter"
    runtime.mkdir(exist_ok=True)
    for name, root in (("other", tmp_path), ("mine", desk)):
        server = {"pid": os.getpid(), "url": f"http://{name}/", "token": "t"}
        server |= {"root_dir": str(root)}
        (runtime / f"jpserver-{name}.json").write_text(json.dumps(server))

    assert running.address(desk) == "http://mine/lab?token=t"
    assert running.address(tmp_path / "nowhere") is None


def test_one_that_hands_out_is_waited_for(
    desk: Path, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And named, when it takes too long."""
    monkeypatch.setattr(making, "PATIENCE", 0.1)
    with making._one_at_a_time(desk):
        code, said = lab()

    assert code == 2
    assert "another tutorgpt lab has been writing to 'my-tutorgpt'" in said


@pytest.mark.slow
def test_two_at_once_make_one_desk(tmp_path: Path) -> None:
    """Four processes, one folder, every file whole."""
    command = [sys.executable, "-m", "tutorgpt", "lab", "--no-start"]
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "JUPYTER_DATA_DIR": str(tmp_path / "jupyter"),
    }
    many = [
        subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for process in many:
        process.communicate(timeout=120)

    assert [process.returncode for process in many] == [0] * 4
    given = handouts.handouts()
    found = tree(tmp_path / "my-tutorgpt")
    assert {name: found.get(name) for name in given} == given
    assert set(found) == {*given, ".tutorgpt/handed_out.json"}


# ------------------------------------------------------------ fingerprints


def test_what_counts_as_a_change() -> None:
    """A source, a cell, their order; not what was printed, nor its form."""
    first = notebook("a = 1", "a", output="1")
    base = fingerprint("x.ipynb", first.encode())
    loaded = json.loads(first)
    for cell in loaded["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        cell["metadata"] = {"trusted": True}

    def of(*sources: str) -> str | None:
        return fingerprint("x.ipynb", notebook(*sources).encode())

    assert of("a = 1", "a") == base == of("a = 1", "a", "", " \n")
    assert fingerprint("x.ipynb", json.dumps(loaded).encode()) == base
    changed = {of("a = 2", "a"), of("a", "a = 1"), of("a = 1"), of("a = 1a")}
    assert base not in changed
    assert len(changed) == 4


def test_line_ends_of_a_page_are_no_change() -> None:
    """As an editor on Windows may write them."""
    assert fingerprint("a.md", b"a\r\nb\r\n") == fingerprint("a.md", b"a\nb\n")
