"""A whole look: every planted fault is found, and none where there is none."""

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tutorgpt.own_text import cuts, look_at, look_at_text
from tutorgpt.own_text.report import LEAST
from tutorgpt.text.corpus import CORPORA
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.split import Corpus

CLEAN = CORPORA["shakespeare"].read()[:60_000]
"""A part of the plays."""
START = "*** START OF THE PROJECT GUTENBERG EBOOK PLAYS ***\n"
END = "*** END OF THE PROJECT GUTENBERG EBOOK PLAYS ***\n"
PLANT: dict[str, Callable[[str], str]] = {
    "misread": lambda text: text.replace("sea", "sÃ©a", 3),
    "lost": lambda text: text.replace("e", "\ufffd", 2),
    "decomposed": lambda text: text.replace("e", "e\u0301", 4),
    "control": lambda text: text.replace(" ", "\x07", 2),
    "invisible": lambda text: text.replace("o", "o\u00ad", 5),
    "licence": lambda text: f"Plays\n{START}{text}\n{END}Terms of use\n",
    "markup": lambda text: text.replace("\n", "<br>\n", 500),
    "repeated": lambda text: "All rights are reserved.\n" * 200 + text,
    "empty": lambda text: text.replace("\n", "\n\n\n"),
    "long": lambda text: text + "".join(map(str, range(3000))),
    "overlap": lambda text: text + text[:1000],
    "rare": lambda text: text + "".join(map(chr, range(0x4E00, 0x4F00))),
    "new": lambda text: text + "雷" * 30,
    "small": lambda text: text[:2000],
}
"""A kind of finding, and how to give it to a text that has none."""
ALONG = {"rare": {"new"}}
"""Other findings that a planted fault brings along."""


@pytest.fixture(autouse=True)
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs are tried on little, so that the tests are quick."""
    monkeypatch.setattr(cuts, "ENOUGH", 4000)


def kinds(text: str) -> list[str]:
    """What a look at a text warns of."""
    return [found.kind for found in look_at_text(text, timing=False).warnings]


def test_a_clean_text_has_no_warnings() -> None:
    """Sixty thousand characters of the plays."""
    assert kinds(CLEAN) == []


@pytest.mark.parametrize("kind", PLANT)
def test_a_planted_fault_is_found(kind: str) -> None:
    """By its own word, once, with a sentence and a remedy."""
    text = PLANT[kind](CLEAN)
    assert text != CLEAN
    found = look_at_text(text, timing=False).warnings
    (own,) = [finding for finding in found if finding.kind == kind]

    others = {finding.kind for finding in found} - {kind}
    assert others == ALONG.get(kind, set())
    for words in (own.what, own.remedy):
        assert words == words.strip()
        assert words[0] == words[0].lower() or words[0].isdigit()
        assert not words.endswith(".")
        assert "\n" not in words


@settings(max_examples=15)
@given(st.text(min_size=1), st.integers(1, 200))
def test_any_text_is_looked_at_or_refused_in_a_sentence(
    text: str, times: int
) -> None:
    """Whatever the characters, however often they come again."""
    text *= times
    if len(text) < LEAST:
        with pytest.raises(ValueError, match=f"bring at least {LEAST}"):
            look_at_text(text, timing=False)
        return
    report = look_at_text(text, timing=False)

    assert report.alphabet.size == len(set(report.specimen.text))


def test_nothing_but_the_minutes_differs_between_two_looks() -> None:
    """The same facts, floors, advice and warnings."""
    one, two = (look_at_text(CLEAN, timing=False) for _ in range(2))

    assert one == two


def test_the_readers_random_numbers_stay_where_they_are() -> None:
    """Timing builds a model and trains it, and nobody notices."""
    torch.manual_seed(1)
    wanted = torch.rand(1)
    torch.manual_seed(1)
    report = look_at_text(CLEAN)

    assert torch.rand(1) == wanted
    assert report.minutes is not None
    assert report.minutes > 0


def test_the_floors_are_those_of_the_corpus() -> None:
    """In nats as measure_floors counts them; a byte has eight bits."""
    characters, in_bytes, _ = look_at_text(CLEAN, timing=False).cuts
    floors = measure_floors(Corpus.from_text("plays", CLEAN))

    assert characters.floors == floors
    assert characters.tokens == len(CLEAN)
    assert in_bytes.tokens == len(CLEAN.encode())
    assert in_bytes.floors_per_byte.uniform == pytest.approx(8)
    assert astuple(characters.floors_per_byte)[1:] == pytest.approx(
        astuple(in_bytes.floors_per_byte)[1:], rel=0.01
    )


def test_a_file_is_the_same_text_with_any_line_ends(tmp_path: Path) -> None:
    """With a byte-order mark, and with the line ends of Windows."""
    file = tmp_path / "plays.txt"
    file.write_bytes(b"\xef\xbb\xbf" + CLEAN.replace("\n", "\r\n").encode())
    of_file = look_at(file, timing=False)
    of_text = look_at_text(CLEAN, "plays", timing=False)

    assert of_file.specimen.text == CLEAN
    assert of_file.specimen.has_mark
    assert of_file.specimen.line_ends == (0, CLEAN.count("\n"), 0)
    assert of_file.warnings == of_text.warnings
    assert of_file.lines == of_text.lines
    assert of_file.advice.commands[-1].startswith("tutorgpt train --corpus ")
