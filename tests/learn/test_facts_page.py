"""The page of facts: whole HTML, all the facts, nobody's name, no address."""

import datetime
import getpass
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tutorgpt import BigramModel, ModelConfig, TrainConfig, train
from tutorgpt.cli import main
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.facts import OWN_TEXT, Facts, gather, nameless
from tutorgpt.learn.facts_page import MOST_SHOWN, TITLE, page
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.learn.record.kept import Answer, Exercise, Progress
from tutorgpt.text.corpus import Corpus
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.training.checkpoints import save_checkpoint
from tutorgpt.training.runs import HISTORY, RunFolder

DAY = datetime.date(2026, 1, 31)
VOID = {"meta", "br", "img"}
SVG = {"path", "text", "polyline", "circle"}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, a place to be, and a record of one's own."""
    home = tmp_path / "home" / "lovelace"
    (home / "work").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setattr(getpass, "getuser", lambda: "lovelace")
    monkeypatch.chdir(home / "work")
    place = home / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(place))
    return place


class Page(HTMLParser):
    """Reads a page, and fails where an element is not closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def of(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


def run_in(folder: Path, origin: str, text: str = "to be or not. ") -> None:
    """A run of two steps that says it was over this text."""
    corpus = Corpus.from_text("x", text * 40, origin)
    V = corpus.tokenizer.vocab_size
    model = BigramModel(
        ModelConfig(vocab_size=V, block_size=4, n_embed=4, n_head=1, n_layer=1)
    )
    train(model, corpus, TrainConfig(max_steps=2, eval_interval=1), out=folder)
    RunFolder(folder).keep_sample(0, "<b>to be\x1b[31m")


def written(known: Progress, *folders: Path) -> Page:
    return Page(page(gather(known, folders), DAY))


FULL = Progress(
    {number: Exercise(2, True, 3.25) for number in EXERCISES},
    {
        question.id: Answer("a", True, 1)
        for chapter in quiz_chapters()
        for question in load_quiz(chapter)
    },
)
MANY = Progress(
    {n: Exercise(10**30, False, 1e300) for n in EXERCISES},
    {"1.q1": Answer("a", False, 800)},
)


@pytest.mark.parametrize(
    "known", [Progress(), FULL, MANY], ids=["empty", "full", "many"]
)
def test_a_page_can_be_read_by_everybody(known: Progress) -> None:
    """Language, title, headings in order, tables with heads, no scripts."""
    made = written(known)
    headings = [int(tag[1]) for tag, _ in made.tags if tag in ("h1", "h2")]

    assert made.of("html") == [{"lang": "en"}]
    assert TITLE in made.text
    assert headings == [1, 2, 2, 2, 2, 2, 2]
    assert len(made.of("caption")) == len(made.of("table")) > 0
    assert {a["scope"] for a in made.of("th")} == {"col", "row"}
    assert {a["tabindex"] for a in made.of("div")} == {"0"}
    assert all(a["aria-label"] for a in made.of("div"))
    assert not made.of("script")
    assert "2026-01-31, made with tutorgpt " in made.text


def test_an_empty_record_is_a_beginning() -> None:
    """Nothing is done, and the first exercise is next."""
    text = written(Progress()).text

    assert "0 of 13 chapters finished, 0 begun." in text
    assert "No trained model was found." in text
    assert "No exercise was tried yet." in text
    assert "No question was answered yet." in text
    assert "Next: exercise 1.1" in text


def test_a_full_record_is_the_end() -> None:
    """Every chapter is finished, every exercise and answer stands there."""
    text = written(FULL).text

    assert "13 of 13 chapters finished, 0 begun." in text
    assert text.count(" yes 2 3.2") == len(EXERCISES)
    assert all(exercise.title in text for exercise in EXERCISES.values())
    assert "Chapter 1, question 1 yes 1" in text
    assert "Chapter 1, prediction 1 yes 1" in text
    assert "You have passed every exercise of the book" in text


def test_what_is_beyond_counting_is_said_so() -> None:
    """A record may hold any number."""
    made = written(MANY)

    assert "not yet more than 10¹² more than 9,999" in made.text
    assert "Chapter 1, question 1 no 800" in made.text
    assert max(map(len, made.text.split())) < 40


def test_a_run_stands_beside_its_floors(tmp_path: Path) -> None:
    """Steps, state, loss, floors, curve; its own text is not shown."""
    run_in(tmp_path / "runs/mine", str(tmp_path / "diary.txt"))
    record = json.loads((tmp_path / "runs/mine" / HISTORY).read_text("utf-8"))
    best = min(r["val_loss"] for r in record["history"])
    made = written(Progress(), tmp_path / "runs")

    assert f"mine BigramModel 72 {OWN_TEXT} 2 ended {best:.3f} –" in made.text
    assert "1 trained models found" in made.text
    assert "to be" not in made.text
    assert "diary" not in made.text
    (tmp_path / "diary.txt").write_text("to be or not. " * 40)
    assert f"{best:.3f} – – –" not in written(FULL, tmp_path / "runs").text


def test_samples_of_a_known_text_are_shown(tmp_path: Path) -> None:
    """As text, whatever is in them."""
    run_in(tmp_path / "a", "shakespeare")
    made = written(Progress(), tmp_path)

    assert r"After step 0 it writes: <b>to be\x1b[31m" in made.text
    assert not made.of("b")


def test_a_ladder_is_part_of_it(tmp_path: Path) -> None:
    """Each model, the mean of its seeds, beside the floors."""
    rung = {
        "model": "GPT",
        "parameters": 1234,
        "sample": "what it\nwrote",
        "runs": [{"val_loss": 1.5}, {"val_loss": 2.0}],
    }
    record = {
        "command": "tutorgpt ladder --corpus shakespeare --preset chapter",
        "corpus": {"name": "shakespeare"},
        "steps": 2000,
        "floors": {"uniform": 4.0, "unigram": 3.0, "bigram": 2.0},
        "rungs": [rung],
    }
    place = tmp_path / "ladder_x.json"
    place.write_text(json.dumps(record))
    row = "ladder GPT 1,234 shakespeare 2,000 ended 1.750 2.000 3.000 4.000"
    assert row in written(Progress(), tmp_path).text
    assert "of a ladder's model the mean over its seeds" in (
        written(Progress(), tmp_path).text
    )
    assert "what it wrote" in written(Progress(), tmp_path).text

    record["command"] = "tutorgpt ladder --corpus shakespeare.txt"
    place.write_text(json.dumps(record))
    text = written(Progress(), tmp_path).text
    assert f"ladder GPT 1,234 {OWN_TEXT} 2,000" in text
    assert "what it wrote" not in text


def ladder(steps: str = "2", runs: str = "[]", loss: str = "1.5") -> str:
    """A ladder's record with one odd value in it."""
    return (
        '{"corpus": {"name": "x"}, "command": "", "steps": '
        f'{steps}, "floors": {{"uniform": {loss}, "unigram": 1, "bigram": 1}},'
        f' "rungs": [{{"model": "GPT", "sample": "", "runs": {runs}}}]}}'
    )


LOSSES = '[{"val_loss": 1}]'


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{}", '{"corpus": 3}', "\0", "[" * 200_000),
        *(ladder(), ladder("Infinity", LOSSES), ladder("2", LOSSES, "[]")),
        ladder("2", f'[{{"val_loss": 1{"0" * 400}}}]'),
    ],
    ids=range(10),
)
def test_a_damaged_ladder_is_no_fact(tmp_path: Path, content: str) -> None:
    """Nor one of another program."""
    (tmp_path / "ladder_x.json").write_text(content)

    assert "No trained model was found" in written(FULL, tmp_path).text


def test_a_damaged_run_is_said_to_be_one(tmp_path: Path) -> None:
    """Without its place."""
    run_in(tmp_path / "runs/mine", "shakespeare")
    (tmp_path / "runs/mine/run.json").write_text('{"training": 3}')
    made = written(Progress(), tmp_path / "runs")

    assert "mine unknown – unknown 0 damaged – – – –" in made.text
    assert str(tmp_path) not in made.text


@pytest.mark.parametrize("odd", ['{"0": "\\ud800"}', "[" * 200_000])
def test_an_odd_file_does_not_end_the_report(tmp_path: Path, odd: str) -> None:
    """A page can be written whatever the samples and settings are."""
    run_in(tmp_path / "a", "shakespeare")
    run_in(tmp_path / "b", "shakespeare")
    (tmp_path / "a" / "samples.json").write_text(odd)
    (tmp_path / "b" / "run.json").write_text(odd)
    text = page(gather(Progress(), [tmp_path]), DAY)

    assert "a BigramModel 72 shakespeare 2 ended" in Page(text).text
    assert ("\ufffd" in text) == ("ud800" in odd)
    assert text.encode()


def test_a_kept_model_is_a_fact(tmp_path: Path) -> None:
    """As chapter 1 keeps it; those of a run and of a ladder count once."""
    run_in(tmp_path / "runs/mine", "shakespeare")
    tokenizer = CharTokenizer("abc")
    shape = ModelConfig(
        vocab_size=3, block_size=4, n_embed=4, n_head=1, n_layer=1
    )
    for place in ("runs/bigram", "ladder_x/BigramModel", "runs/broken"):
        save_checkpoint(tmp_path / place, BigramModel(shape), tokenizer)
    (tmp_path / "ladder_x.json").write_text(ladder("2", LOSSES))
    (tmp_path / "runs/broken/model.safetensors").write_bytes(b"")
    made = written(Progress(), tmp_path)

    assert "bigram BigramModel 27 unknown – kept – – – –" in made.text
    assert "broken unknown – unknown – damaged – – – –" in made.text
    assert "4 trained models found" in made.text


@pytest.mark.parametrize(
    ("folder", "called"),
    [
        ("lovelace/gpt", "gpt"),
        ("gpt of LOVELACE", "?"),
        ("lovelace2", "?"),
        ("my_lovelace-run", "?"),
        ("lovelaces", "lovelaces"),
    ],
)
def test_a_name_is_a_whole_word(folder: str, called: str) -> None:
    """And of the folders above nothing is told."""
    assert nameless(Path(folder), "?") == called


def test_many_models_are_a_table_and_some_details(tmp_path: Path) -> None:
    """A page stays one that can be printed."""
    run_in(tmp_path / "00", "shakespeare")
    facts = gather(Progress(), [tmp_path])
    many = Facts(
        facts.chapters, (), (), facts.trained * 90, facts.following, 7
    )
    made = Page(page(many, DAY))

    assert len(made.of("h3")) == MOST_SHOWN
    assert "97 trained models found" in made.text
    assert "And 7 more." in made.text


def test_the_page_names_nobody_and_no_place(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """No home, no login, no outside address, nothing that is fetched."""
    run_in(Path("runs/Lovelace's"), "shakespeare")
    run_in(Path("runs/b"), str(Path("diary.txt").resolve()))
    assert main(["status", "--report", "built.html"]) == 0
    assert "open it in a browser" in capsys.readouterr().out
    text = Path("built.html").read_text("utf-8")
    made = Page(text)

    assert "lovelace" not in text.casefold()
    assert str(tmp_path) not in text
    assert not re.search(r"\w+://|//\w|@import|url\(", text)
    assert not [a for _, a in made.tags if {"src", "href"} & a.keys()]
    assert "run 1 BigramModel 72 shakespeare" in made.text
    assert "b BigramModel 72 a text of your own" in made.text
    assert "@media screen and (prefers-color-scheme: dark)" in text
    assert "@media print" in text


def test_a_damaged_record_is_set_aside_and_the_page_is_written(
    file: Path, capsys: pytest.CaptureFixture
) -> None:
    """As status does it."""
    file.write_text("{")

    assert main(["status", "--report", "built.html"]) == 0
    assert "now lies at" in capsys.readouterr().err
    assert "0 begun." in Page(Path("built.html").read_text("utf-8")).text


def test_another_folder_may_be_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """At any depth, and no other."""
    run_in(Path("runs/here"), "shakespeare")
    run_in(tmp_path / "far/away/there", "shakespeare")
    far = ["--runs", str(tmp_path / "far")]
    assert main(["status", "--report", "built.html", *far]) == 0
    text = Page(Path("built.html").read_text("utf-8")).text

    assert "there BigramModel" in text
    assert "away" not in text
    assert "1 trained models found" in text
