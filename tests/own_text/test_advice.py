"""Which alphabet and preset are advised, at the borders of the rules."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tutorgpt.config import CHAPTER, LAPTOP, LARGE, SMALL
from tutorgpt.own_text import look_at_text
from tutorgpt.own_text.advice import choose_cut, choose_preset
from tutorgpt.own_text.alphabet import Alphabet
from tutorgpt.own_text.cuts import Cut
from tutorgpt.own_text.timing import minutes_to_train
from tutorgpt.own_text.wording import duration
from tutorgpt.scaling import GPT, count_parameters
from tutorgpt.text.floors import Floors
from tutorgpt.tokens import BytePairTokenizer, ByteTokenizer, CharTokenizer
from tutorgpt.tokens.tokenizer import Tokenizer

NO_FLOORS = Floors(0.0, 0.0, 0.0)
PAIRS = BytePairTokenizer.train("the cat sat on the mat " * 9, 260)


def cut(tokens: int, tokenizer: Tokenizer) -> Cut:
    """A text of so many tokens, of which nothing else is known."""
    return Cut(tokenizer, tokens, 1.0, NO_FLOORS, NO_FLOORS)


def alphabet(size: int) -> Alphabet:
    """So many different characters."""
    return Alphabet("".join(map(chr, range(1000, 1000 + size))), "", 0, "", 0)


@pytest.mark.parametrize(
    ("size", "characters", "in_bytes", "kind"),
    [
        (70, 199_999, 199_999, "characters"),  # English, short
        (70, 200_000, 200_000, "pairs"),  # and longer
        (256, 100_000, 190_000, "characters"),  # Russian, short
        (257, 50_000, 60_000, "pairs"),  # many signs among letters
        (3000, 50_000, 100_000, "characters"),  # Chinese
    ],
)
def test_the_alphabet_follows_from_size_and_letters(
    size: int, characters: int, in_bytes: int, kind: str
) -> None:
    """Short texts and Chinese: characters; longer ones of letters: pairs."""
    signs = alphabet(size)
    cuts = (
        cut(characters, CharTokenizer(signs.characters)),
        cut(in_bytes, ByteTokenizer()),
        cut(in_bytes // 2, PAIRS),
    )
    chosen, why = choose_cut(signs, cuts)

    assert kind == chosen.tokenizer.KIND
    assert why
    assert choose_cut(signs, cuts[:2])[0] is cuts[0]


def test_the_largest_preset_that_fits_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At most two parameters for each token; large needs a GPU too."""
    characters = CharTokenizer.from_text("abcdefgh")
    model = GPT(LAPTOP.model(vocab_size=8))
    laptop = math.ceil(count_parameters(model) / 2 / 0.9)
    large = 10 * laptop * 2
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)

    def chosen(tokens: int) -> str:
        preset, why = choose_preset(cut(tokens, characters))
        assert ("without a GPU" in why) == (tokens == large)
        return preset.name

    assert chosen(81) == SMALL.name
    assert chosen(400) == CHAPTER.name
    assert chosen(laptop - 2) == CHAPTER.name
    assert chosen(laptop + 1) == LAPTOP.name
    assert chosen(large) == LAPTOP.name
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_preset(cut(large, characters))[0] is LARGE


def test_parameters_and_readings_are_those_of_the_preset() -> None:
    """As a built model counts them, and as the budget reads the text."""
    read = cut(10_000, ByteTokenizer())
    model = GPT(CHAPTER.model(vocab_size=256))

    assert read.parameters(CHAPTER) == count_parameters(model)
    assert read.tables(CHAPTER) == (2 * 256 * 32 + 256) / read.parameters(
        CHAPTER
    )
    assert read.readings(CHAPTER) == 2000 * 32 * 32 / 9000


def test_a_text_that_is_too_short_is_named_so() -> None:
    """A thousand characters, and forty thousand parameters."""
    text = "the cat sat on the mat; the dog sat on the log.\n" * 20
    report = look_at_text(text, timing=False)

    assert "small" in [finding.kind for finding in report.warnings]


def test_more_steps_take_more_minutes() -> None:
    """A hundred times as many: what is timed does not depend on them."""
    read = cut(10_000, ByteTokenizer())
    short = minutes_to_train(replace(SMALL, max_steps=500), "good", read)
    long = minutes_to_train(replace(SMALL, max_steps=50_000), "rare", read)

    assert long > 5 * short > 0


def test_a_time_as_people_say_it() -> None:
    """Seconds, minutes, hours, days."""
    minutes = (0.01, 1, 12.3, 89, 120, 3 * 24 * 60)

    assert list(map(duration, minutes)) == [
        "5 seconds",
        "60 seconds",
        "12 minutes",
        "89 minutes",
        "2 hours",
        "3 days",
    ]


def test_what_is_said_of_the_record_is_in_it() -> None:
    """Who won on which text, by which ruler."""
    path = Path(__file__).parents[2] / "results" / "tokens.json"
    cells = json.loads(path.read_text("utf-8"))["cells"]

    def bits(text: str, alphabet: str, ruler: str) -> float:
        return cells[f"{text}, {alphabet}, {ruler}"]["bits_per_byte"]

    for ruler in ("price", "size"):
        characters = bits("songci", "characters", ruler)
        assert bits("songci", "pairs:512", ruler) > characters
        for pairs in ("pairs:512", "pairs:2048"):
            plays = bits("shakespeare", "characters", ruler)
            assert bits("shakespeare", pairs, ruler) < plays
    by_price, by_size = (
        bits("songci", "pairs:2048", ruler)
        - bits("songci", "characters", ruler)
        for ruler in ("price", "size")
    )
    assert by_price < 0 < by_size
