"""The parts of a look, counted by hand."""

import unicodedata

import pytest

from tutorgpt.own_text import cuts
from tutorgpt.own_text.alphabet import Alphabet
from tutorgpt.own_text.faults import find_faults
from tutorgpt.own_text.finding import named, percent
from tutorgpt.own_text.lines import Lines
from tutorgpt.own_text.overlap import PASSAGE, Overlap

LINE = "a line of twenty characters or more"
OTHER = "and another one, as long as the first"


def test_rare_characters_and_those_of_the_end_alone() -> None:
    """Nine times is rare, ten times is not."""
    alphabet = Alphabet.of("a" * 10 + "b" * 9, "bcc" + "a")

    assert alphabet.characters == "abc"
    assert alphabet.rare == "c"
    assert alphabet.rare_in_text == 2 / 23
    assert alphabet.only_held_out == "c"
    assert alphabet.only_held_out_in_text == 2 / 4


def test_lines_empty_long_and_repeated() -> None:
    """A line that only differs in the blanks around it is the same."""
    text = f"{LINE}\n\n  \n{LINE} \n{OTHER}\nshort\nshort\n"
    lines = Lines.of(text)

    assert (lines.count, lines.empty) == (7, 2)
    assert (lines.longest, lines.where) == (len(OTHER), 5)
    assert (lines.most_repeated, lines.times) == (LINE, 2)
    assert lines.repeated_share == 2 * len(LINE) / len(text)


def test_overlap_of_lines_and_passages() -> None:
    """One long line of two stands in the rest; short ones do not count."""
    train = f"{LINE}\nshort\n" * 3
    overlap = Overlap.of(train, f"{LINE}\n{OTHER}\nshort\n")

    assert overlap.lines == 1 / 2
    assert 0 < overlap.passages < 1 / 2


def passages(text: str) -> list[str]:
    """Every passage of a text, the slow way."""
    return [text[n : n + PASSAGE] for n in range(len(text) - PASSAGE + 1)]


def test_passages_are_found_as_a_search_finds_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Across the places where the training part is taken in pieces."""
    monkeypatch.setattr("tutorgpt.own_text.overlap.AT_ONCE", 10)
    train = "".join(chr(97 + n * n % 23) for n in range(300)) + OTHER
    held_out = train[40:120] + LINE + OTHER + train[200:240]
    every = passages(held_out)
    wanted = sum(passage in train for passage in every) / len(every)

    assert 0.2 < wanted < 0.9
    assert Overlap.of(train, held_out).passages == wanted
    assert Overlap.of(train, held_out[: PASSAGE - 1]).passages == 0


@pytest.mark.parametrize(
    "text",
    [
        "« NÃO » disse. O “É” e o “Ô: LIBERTÉ” – À “vous”…",
        "«LIBERTÉ», «MANHû café» 20 °C, 5 × 3, ¿Qué? ¡Sí! naïve façade",
        "Straße² STRAẞE Ångström Ça va ? Île-de-France à « voir »",
        "春江潮水连海平 ёлка Ελλάδα שלום مرحبا 🙂 ﾊﾝｶｸ",
        "a < b && c > d; AT&T; if x<y: print(1)",
        "tab\there\n",
    ],
)
def test_what_looks_like_a_fault_and_is_none(text: str) -> None:
    """Capital letters before quotation marks, and other writing."""
    assert find_faults(unicodedata.normalize("NFC", text)) == []


@pytest.mark.parametrize("letter", ["é", "ç", "ß", "я", "Ω", "’", "春", "🙂"])
def test_letters_that_were_read_in_a_wrong_encoding(letter: str) -> None:
    """Shown as what they are; CP1252 has no sign for some of the bytes."""
    wrong = letter.encode().decode("cp1252", errors="replace")
    if "\ufffd" in wrong:
        wrong = letter.encode().decode("latin-1")
    (found, *_) = find_faults(f"before {wrong} after")

    assert found.kind == "misread"
    assert f"for {letter!r}" in found.what


def test_the_lines_of_a_licence_are_named() -> None:
    """Up to the mark of its beginning, and from the mark of its end."""
    text = (
        "Title\n\n*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n"
        "one\ntwo\n*** END OF THIS PROJECT GUTENBERG EBOOK X ***\nterms\n"
    )
    (found,) = find_faults(text)

    assert found.remedy == "delete the lines up to 3 and from 6"


def test_a_share_and_a_character_as_people_read_them() -> None:
    """No long rows of digits, and nothing that a terminal hides."""
    shares = [0, 0.0004, 0.0123, 0.1, 0.995, 1]

    assert [percent(share) for share in shares] == [
        "0 %",
        "less than 0.1 %",
        "1.2 %",
        "10 %",
        "100 %",
        "100 %",
    ]
    assert named("é\u200b\x07") == "'é', U+200B, U+0007"


def test_pairs_are_tried_on_what_learns_in_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Words that occur again cost nothing; one endless word is cut."""
    monkeypatch.setattr(cuts, "ENOUGH", 40)
    same = "to be or not to be " * 50
    numbered = "".join(map("{:04} ".format, range(99)))

    assert cuts.enough(same) == same
    assert cuts.enough(numbered) == "0000 0001 0002 0003 0004 0005 0006 0007"
    assert cuts.enough("acgt" * 50) == "acgtacgtac"
