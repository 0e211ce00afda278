"""tutorgpt ladder: whose results are whose, and what is said meanwhile."""

import json
import os
import signal
from pathlib import Path

import pytest
import torch

from tutorgpt import LADDER
from tutorgpt.cli import ladder, main
from tutorgpt.cli.ladder import LONGEST_NAME, choose_name
from tutorgpt.text.corpus import load_corpus
from tutorgpt.text.split import Corpus
from tutorgpt.text.token_file import write_token_file
from tutorgpt.training.runs import fingerprint
from tutorgpt.view import plot_ladder

CATS = "the cat sat on the mat; the dog sat on the log.\n" * 12
DOGS = "a dog is no cat, and a log is not a mat, said the dog.\n" * 12
OUT = Path("results/mine")
SHORT = LADDER[:3]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, a short ladder, and torch's threads untouched."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ladder, "LADDER", SHORT)
    monkeypatch.setattr(torch, "set_num_threads", lambda number: None)
    return tmp_path


def climb(text: str | Path) -> int:
    """A ladder of one step."""
    return main(["ladder", "--corpus", str(text), "--steps", "1"])


def records() -> dict[str, int]:
    """What was written: the name of each record, and its characters."""
    return {
        file.stem: json.loads(file.read_text("utf-8"))["corpus"]["characters"]
        for file in OUT.glob("*.json")
    }


def suffix(text: str) -> str:
    return fingerprint(Corpus.from_text("x", text))[:8]


def test_two_texts_of_one_name_keep_their_results(
    capsys: pytest.CaptureFixture,
) -> None:
    """And a second ladder of either replaces its own."""
    for folder, text in (("a", CATS), ("b", DOGS)):
        Path(folder).mkdir()
        Path(folder, "input.txt").write_text(text)
    both = {
        "ladder_input": len(CATS),
        f"ladder_input-{suffix(DOGS)}": len(DOGS),
    }
    assert climb("a/input.txt") == 0
    assert "replaces" not in capsys.readouterr().out
    assert climb("b/input.txt") == 0
    out = capsys.readouterr().out
    assert "replaces" not in out
    assert f"tutorgpt sample results/mine/ladder_input-{suffix(DOGS)}" in out
    assert records() == both

    for text in ("a/input.txt", "b/input.txt"):
        assert climb(text) == 0
        assert "replaces the ladder in " in capsys.readouterr().out
    assert records() == both


def test_a_text_of_ones_own_never_takes_the_name_of_a_corpus() -> None:
    """Whatever the letters' size: file systems may not tell them apart."""
    for name in ("shakespeare.txt", "SongCi.txt"):
        Path(name).write_text(CATS)
        corpus = load_corpus(name)
        own = f"ladder_{Path(name).stem}-{suffix(CATS)}"

        assert choose_name(OUT, corpus, is_named=False) == own
        assert choose_name(OUT, corpus, is_named=True) == own[:-9]


def test_a_record_of_the_first_version_is_known_by_its_size() -> None:
    """It has no fingerprint."""
    Path("cats.txt").write_text(CATS)
    corpus = load_corpus("cats.txt")
    OUT.mkdir(parents=True)
    size = {"characters": len(CATS), "vocab_size": len(set(CATS))}
    file = OUT / "ladder_cats.json"
    file.write_text(json.dumps({"corpus": size}))
    assert choose_name(OUT, corpus, is_named=False) == "ladder_cats"

    file.write_text(json.dumps({"corpus": size | {"characters": 7}}))
    name = choose_name(OUT, corpus, is_named=False)
    assert name == f"ladder_cats-{suffix(CATS)}"


def test_a_corpus_keeps_its_name_when_a_new_version_mends_its_text() -> None:
    """The record of a reader's own text under that name is left alone."""
    corpus = Corpus.from_text("songci", CATS)
    file = OUT / "ladder_songci.json"
    OUT.mkdir(parents=True)
    of = {"name": "songci", "characters": 7, "vocab_size": 7}
    for record, replaced in (
        ({"corpus": of | {"fingerprint": "0"}}, True),
        ({"corpus": of, "command": "tutorgpt ladder --corpus songci -"}, True),
        ({"corpus": of, "command": "ladder --corpus songci.txt -"}, False),
    ):
        file.write_text(json.dumps(record))
        name = choose_name(OUT, corpus, is_named=True)

        assert (name == "ladder_songci") is replaced


@pytest.mark.parametrize("ending", [".json", ".svg", ""])
def test_a_file_of_another_kind_is_left_alone(ending: str) -> None:
    """A record that cannot be read, a drawing, a file where a folder goes."""
    Path("cats.txt").write_text(CATS)
    corpus = load_corpus("cats.txt")
    OUT.mkdir(parents=True)
    (OUT / f"ladder_cats{ending}").write_text("mine")
    own = f"ladder_cats-{suffix(CATS)}"
    assert choose_name(OUT, corpus, is_named=False) == own

    (OUT / f"{own}{ending}").write_text("mine")
    with pytest.raises(ValueError, match=r"move it away, or .* --out"):
        choose_name(OUT, corpus, is_named=False)


def test_a_name_that_fills_the_file_system_is_cut() -> None:
    """The record's name is longer than the text's own."""
    for name in ("x" * 250, "春" * 83):
        Path(name).write_text(CATS)
        assert climb(f"./{name}") == 0
        cut = load_corpus(f"./{name}").name
        while len(cut.encode()) > LONGEST_NAME:
            cut = cut[:-1]
        assert f"ladder_{cut}-{suffix(CATS)}" in records()


def test_a_name_that_is_not_utf_8_loses_nothing(
    capsys: pytest.CaptureFixture,
) -> None:
    """The ladder is climbed to its end, and its record can be read."""
    name = os.fsdecode(b"caf\xe9 1.txt")
    try:
        Path(name).write_text(CATS)
    except OSError:  # macOS and Windows have no such names
        return

    assert climb(name) == 0
    (record,) = OUT.glob("*.json")
    assert json.loads(record.read_text("utf-8"))["command"] == (
        r"tutorgpt ladder --corpus $'caf\351 1.txt' --preset chapter "
        "--steps 1 --seeds 1 --out results/mine"
    )
    assert "tutorgpt sample 'results/mine/ladder_caf\ufffd 1'" in (
        capsys.readouterr().out
    )


def test_a_token_file_is_counted(capsys: pytest.CaptureFixture) -> None:
    """Its text is not in memory, and it has characters all the same."""
    Path("cats.txt").write_text(CATS)
    write_token_file(Path("cats.txt"), Path("cats.tokens"))

    assert climb("cats.tokens") == 0
    assert f"{len(CATS)} characters, " in capsys.readouterr().out
    assert records() == {"ladder_cats": len(CATS)}


def test_other_tokens_are_called_what_they_are(
    capsys: pytest.CaptureFixture,
) -> None:
    """In the budget, below the table and at the figure's axis."""
    Path("cats.txt").write_text(CATS)
    write_token_file(Path("cats.txt"), Path("cats.tokens"), "bytes")

    assert climb("cats.tokens") == 0
    out = capsys.readouterr().out
    assert f"{len(CATS)} bytes, " in out
    assert "loss: nats per byte on" in out
    assert "character" not in out
    (record,) = Path("results/mine").glob("*.json")
    figure = plot_ladder(json.loads(record.read_text("utf-8")))
    assert figure.axes[0].get_xlabel() == "validation loss (nats per byte)"


def test_without_a_terminal_each_model_has_a_line(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as it is ready, before the next one learns."""
    said = []
    climb_one = ladder.climb

    def spied(*args) -> dict:
        said.append(capsys.readouterr().out)
        return climb_one(*args)

    monkeypatch.setattr(ladder, "climb", spied)
    Path("cats.txt").write_text(CATS)
    assert climb("cats.txt") == 0

    assert len(said) == len(SHORT)
    for model, line in zip(SHORT, said[1:], strict=False):
        assert line.startswith(model.__name__)
        assert line.count("\n") == 1
        assert "loss" in line


def test_with_a_terminal_the_bars_say_it(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not twice."""
    monkeypatch.setattr(ladder, "shows_progress", lambda: True)
    Path("cats.txt").write_text(CATS)
    assert climb("cats.txt") == 0

    assert "in silence" not in (out := capsys.readouterr().out)
    assert " after " not in out


@pytest.mark.parametrize("ready", [0, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_says_what_is_kept(
    ready: int,
    number: signal.Signals,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By Ctrl-C or SIGTERM, at once, with the next command."""
    # A shell that starts tests in the background has Ctrl-C ignored.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    before = signal.getsignal(signal.SIGTERM)
    climb_one = ladder.climb

    def stopping(rung, *args) -> dict:
        if rung is SHORT[ready]:
            os.kill(os.getpid(), number)
        return climb_one(rung, *args)

    monkeypatch.setattr(ladder, "climb", stopping)
    Path("my cats.txt").write_text(CATS)

    assert climb("my cats.txt") == 128 + number
    said = capsys.readouterr().err
    if ready:
        assert "'results/mine/ladder_my cats': BigramModel, SingleH" in said
        last = "tutorgpt sample 'results/mine/ladder_my cats/SingleHeadModel'"
        assert f"{last}, or begin again with the same command" in said
    else:
        assert "before the first model was ready, so none is kept" in said
    assert records() == {}
    assert signal.getsignal(signal.SIGTERM) is before


def test_no_loss_has_the_sign_of_nothing() -> None:
    """-0.000 is 0.000."""
    Path("a.txt").write_text("a" * 400)
    assert climb("a.txt") == 0
    (record,) = OUT.glob("*.json")
    floors = json.loads(record.read_text("utf-8"))["floors"]

    assert "-0.0" not in json.dumps(floors)
    assert ladder.table(json.loads(record.read_text("utf-8"))).count("-") == 0


def test_a_sample_steers_no_terminal(
    capsys: pytest.CaptureFixture,
) -> None:
    """A text with colours does not colour the table's neighbours."""
    Path("red.txt").write_text("\x1b[31mred\x1b[0m\n" * 60)
    assert climb("red.txt") == 0

    assert "\x1b" not in (out := capsys.readouterr().out)
    assert "\\x1b" in out
