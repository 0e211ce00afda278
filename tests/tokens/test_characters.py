"""Text to numbers and back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tutorgpt import CharTokenizer

texts = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50
)


@given(texts)
def test_decoding_undoes_encoding(text: str) -> None:
    """Every text comes back whole, whatever plane its characters are on."""
    tokenizer = CharTokenizer.from_text(text)

    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(texts)
def test_fast_encoding_equals_slow_encoding(text: str) -> None:
    """encode_array is encode, only faster."""
    tokenizer = CharTokenizer.from_text(text)

    assert tokenizer.encode_array(text).tolist() == tokenizer.encode(text)


@given(texts)
def test_numbers_follow_the_code_points(text: str) -> None:
    """Token 0 is the lowest code point of the text, and so on upwards."""
    tokenizer = CharTokenizer.from_text(text)

    assert tokenizer.encode("".join(sorted(set(text)))) == list(
        range(tokenizer.vocab_size)
    )


def test_an_astral_character_is_one_token() -> None:
    """A character beyond U+FFFF is not taken apart."""
    tokenizer = CharTokenizer.from_text("a𠮷🎭")

    assert tokenizer.encode("🎭𠮷") == [1, 2]
    assert tokenizer.encode_array("🎭𠮷").tolist() == [1, 2]


@given(texts, st.characters(exclude_categories=["Cs"]), texts)
def test_unknown_character_is_named_with_its_position(
    text: str, stranger: str, known: str
) -> None:
    """The first character outside the vocabulary is named, in both forms."""
    assume(stranger not in text)
    tokenizer = CharTokenizer.from_text(text)
    position = len(text)
    expected = rf"U\+{ord(stranger):04X}.* at position {position} "

    with pytest.raises(ValueError, match=expected):
        tokenizer.encode(text + stranger + known)
    with pytest.raises(ValueError, match=expected):
        tokenizer.encode_array(text + stranger + known)


def test_a_lone_surrogate_is_no_character() -> None:
    """Half of a pair cannot enter a vocabulary, nor be encoded with one."""
    tokenizer = CharTokenizer.from_text("ab")

    with pytest.raises(ValueError, match="half of a surrogate pair"):
        CharTokenizer.from_text("a\ud83d")
    with pytest.raises(ValueError, match=r"U\+D83D"):
        tokenizer.encode("a\ud83d")
    with pytest.raises(ValueError, match=r"U\+D83D"):
        tokenizer.encode_array("a\ud83d")


@pytest.mark.parametrize("number", [-1, 3])
def test_a_number_outside_the_vocabulary_is_refused(number: int) -> None:
    """Decoding never wraps around to the other end."""
    tokenizer = CharTokenizer.from_text("abc")

    with pytest.raises(ValueError, match=f"token {number} .* 0 to 2"):
        tokenizer.decode([0, number])


def test_an_empty_text_has_no_vocabulary() -> None:
    """A tokenizer knows at least one character."""
    with pytest.raises(ValueError, match="at least one character"):
        CharTokenizer.from_text("")


def test_an_unsorted_vocabulary_is_refused() -> None:
    """Two tokenizers of the same characters always number them alike."""
    with pytest.raises(ValueError, match="sorted"):
        CharTokenizer("ba")
