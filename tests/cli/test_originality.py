"""tutorgpt originality: numbers beside numbers, and one sentence."""

import ast
import json
import re
import shutil
from pathlib import Path
from random import Random

import pytest
import torch

from tutorgpt import GPT, ModelConfig, save_checkpoint
from tutorgpt.cli import main, originality
from tutorgpt.originality import Beside, Comparison, Stretch
from tutorgpt.text.corpus import load_corpus
from tutorgpt.training.runs import RunFolder

WORDS = ("cat", "dog", "mat", "log", "sat", "ran", "the", "a")
TEXT = " ".join(Random(1).choices(WORDS, k=2_000)).replace(" the ", "\nthe ")
QUICK = ["--preset", "small", "--steps", "2", "--threads", "1"]
MANY = ["--samples", "10", "--tokens", "500"]
SHORT = ["--samples", "3", "--tokens", "60"]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with words.txt and an ended run over it, per alphabet."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "words.txt").write_text(TEXT)
    command = ["train", *QUICK, "--corpus", str(folder / "words.txt")]
    for name in ("characters", "bytes", "pairs:270"):
        out = str(folder / name.partition(":")[0])
        assert main([*command, "--tokenizer", name, "--out", out]) == 0
    return folder


@pytest.fixture
def run(begun: Path, tmp_path: Path) -> Path:
    """The run on characters, moved to another folder."""
    shutil.copytree(begun / "characters", tmp_path / "run")
    return tmp_path / "run"


def said(capsys: pytest.CaptureFixture, *words: str) -> str:
    """What the command prints."""
    capsys.readouterr()
    assert main(["originality", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refusal(capsys: pytest.CaptureFixture, *words: str) -> str:
    """The one sentence that it says instead."""
    capsys.readouterr()
    assert main(["originality", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


@pytest.mark.parametrize("alphabet", ["characters", "bytes", "pairs"])
def test_a_run_is_compared_with_its_own_text(
    begun: Path, alphabet: str, capsys: pytest.CaptureFixture
) -> None:
    """Which model, which text, how much was written, whatever a token is."""
    out = said(capsys, str(begun / alphabet), *SHORT)
    split = len(TEXT) * 9 // 10

    assert f"of {begun / alphabet} (its best" in out
    assert f"words, {split:,} characters learned from, " in out
    assert f" {len(TEXT) - split:,} held out\n" in out
    assert "written:  3 texts, " in out
    assert re.findall(r"copied stretches of (\d+) ", out) == ["8", "16", "32"]
    assert re.search(r"\nBy (none|\d) of the 4 measures what it writes", out)


def test_the_stretch_stands_where_it_is_said(
    begun: Path, capsys: pytest.CaptureFixture
) -> None:
    """From that line of the text on, and it is as long as is said."""
    out = said(capsys, str(begun / "characters"), *SHORT)
    ((length, line, shown),) = re.findall(
        r"longest copied stretch +(\d+) (?:.*\n)*"
        r".*from line (\d+) of .*:\n(.*)\n",
        out,
    )
    stretch = ast.literal_eval(shown)
    rest = "\n".join(TEXT.split("\n")[int(line) - 1 :])

    assert len(stretch) == int(length) > 0
    assert 0 <= rest.find(stretch) <= rest.find("\n")


def test_the_seed_decides(begun: Path, capsys: pytest.CaptureFixture) -> None:
    """The same numbers again; other texts with another seed."""
    words = (str(begun / "characters"), *SHORT)
    one = said(capsys, *words)

    assert one == said(capsys, *words, "--seed", "1337")
    assert one != said(capsys, *words, "--seed", "7")
    assert one != said(capsys, *words, "--temperature", "0.3")


def test_of_a_long_text_the_beginning_is_searched(
    begun: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And that is said."""
    monkeypatch.setattr(originality, "MOST", 1000)
    out = said(capsys, str(begun / "pairs"), *SHORT)

    assert "the first 1,000 characters learned from" in out


def test_what_cannot_be_measured_is_refused(
    begun: Path, run: Path, capsys: pytest.CaptureFixture
) -> None:
    """No run, no text, another text, too little of it: one sentence each."""
    settings = json.loads((run / "run.json").read_text())
    changed = begun / "changed.txt"
    changed.write_text(TEXT[::-1])

    assert "does not exist" in refusal(capsys, str(begun / "nothing"))
    assert "--samples 10 of --tokens 500 are more than the " in refusal(
        capsys, str(begun / "characters"), *MANY
    )
    assert (
        "of 9 tokens has 9 characters, and copied stretches of 32"
        in refusal(capsys, str(begun / "characters"), "--tokens", "9")
    )
    for text, sentence in (
        (begun / "lost.txt", f"tutorgpt originality {run} --corpus PATH"),
        (changed, "is not the one that the run was trained on"),
    ):
        written = json.dumps(settings | {"corpus": str(text)})
        (run / "run.json").write_text(written)
        assert sentence in refusal(capsys, str(run), *SHORT)

    out = said(capsys, str(run), *SHORT, "--corpus", str(changed))
    assert "of a text that the model was not trained on" in out
    model = RunFolder(run).checkpoints[-1]
    (run / "run.json").unlink()
    shutil.copytree(model, begun / "model")
    assert "name it with --corpus" in refusal(capsys, str(begun / "model"))


def test_a_model_without_a_run_takes_a_named_text(
    begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Nobody knows then whether it is the one."""
    tokenizer = load_corpus(begun / "words.txt").tokenizer
    shape = {"block_size": 8, "n_embed": 8, "n_head": 2, "n_layer": 1}
    torch.manual_seed(1)
    model = GPT(ModelConfig(vocab_size=tokenizer.vocab_size, **shape))
    save_checkpoint(tmp_path / "m", model, tokenizer)
    words = (*SHORT, "--corpus", str(begun / "words.txt"))

    assert "may have learned from" in said(capsys, str(tmp_path / "m"), *words)


@pytest.mark.parametrize(
    ("samples", "tokens", "there", "chosen"),
    [
        (None, None, 10_000, (10, 500)),
        (None, None, 9_999, (10, 499)),
        (None, None, 100, (10, 5)),
        (None, None, 15, (7, 1)),
        (None, 200, 1035, (2, 200)),
        (None, 900, 1035, (1, 900)),
        (50, None, 1035, (50, 10)),
        (1, 1035, 1035, (1, 1035)),
    ],
)
def test_half_of_a_short_held_out_text_is_enough(
    samples: int | None, tokens: int | None, there: int, chosen: tuple
) -> None:
    """Of what nobody has asked for; what was asked for is done."""
    assert originality.how_much(samples, tokens, there) == chosen


def test_another_text_is_not_called_the_training_text(
    begun: Path, run: Path, capsys: pytest.CaptureFixture
) -> None:
    """The model has not learned from it, and cannot have copied it."""
    other = begun / "other.txt"
    other.write_text(TEXT[::-1])
    out = said(capsys, str(run), *SHORT, "--corpus", str(other))

    assert "training text" not in out
    assert "shares more with that text than any of 20 draws" in out


def test_numbers_stand_in_their_columns() -> None:
    """The model's, and held-out text's median, lowest and highest."""
    found = Comparison(
        longest=Beside(41, (20, 30, 28)),
        shares={8: Beside(0.5, (0.25, 0.125, 0.5))},
        stretch=Stretch("x" * 41, 3),
    )

    assert originality.table(found).splitlines() == [
        "                             model   held-out text",
        "longest copied stretch          41   28 (20 to 30) characters",
        "copied stretches of 8       50.0 %   25.0 (12.5 to 50.0) %",
    ]
    assert originality.judgement(found, "that text").startswith(
        "By 1 of the 2 measures what it writes shares more with that text"
    )


def test_a_long_stretch_is_cut_and_none_is_said() -> None:
    """A parrot's would fill the screen."""
    learned = "ab\n" + "y" * 1000
    long = originality.where(Stretch("y" * 1000, 3), learned, "it")

    assert "from line 2 of" in long
    assert long.endswith("y' and so on")
    assert long.count("y") < 500
    none = originality.where(Stretch("", 0), learned, "that text")
    assert none == "Not one character stands in that text."
