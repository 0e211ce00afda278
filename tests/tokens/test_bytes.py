"""The bytes of UTF-8 as tokens, and characters that come in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutorgpt.tokens import ByteTokenizer, CharTokenizer, StreamDecoder
from tutorgpt.tokens.stream import text_so_far

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
BYTES = ByteTokenizer()


@given(texts)
def test_decoding_undoes_encoding(text: str) -> None:
    """Every text there is, the empty one too."""
    assert BYTES.decode(BYTES.encode(text)) == text
    assert BYTES.encode_array(text).tolist() == BYTES.encode(text)


def test_characters_are_one_to_four_bytes() -> None:
    """And é is two or three, as it is one character or an e and an accent."""
    texts = ("a", "\u00e9", "e\u0301", "雷", "🙂")

    assert [len(BYTES.encode(text)) for text in texts] == [1, 2, 3, 3, 4]
    assert BYTES.encode("雷") == [0xE9, 0x9B, 0xB7]


def test_a_part_of_a_character_is_replaced() -> None:
    """The replacement character stands where nothing can be read."""
    assert BYTES.decode([0xE9, 0x9B]) == "\ufffd"
    assert BYTES.decode([0x61, 0xFF, 0x62]) == "a\ufffdb"


@pytest.mark.parametrize("token", [-1, 256])
def test_a_number_that_is_no_byte_is_named(token: int) -> None:
    """With what the numbers go up to."""
    with pytest.raises(ValueError, match=f"token {token} .* 0 to 255"):
        BYTES.decode([token])
    with pytest.raises(ValueError, match=f"token {token} .* 0 to 255"):
        StreamDecoder(BYTES).feed(token)


def test_half_of_a_surrogate_pair_has_no_bytes() -> None:
    """It is named with its position, instead of an UnicodeEncodeError."""
    with pytest.raises(ValueError, match=r"ud83d' at position 2"):
        BYTES.encode("ab\ud83d")


@given(texts)
def test_a_stream_gives_whole_characters_only(text: str) -> None:
    """Fed byte by byte: never a part, and in the end all of them."""
    stream = StreamDecoder(BYTES)
    given_out = ""
    for token in BYTES.encode(text):
        given_out += stream.feed(token)
        assert text.startswith(given_out)

    assert given_out == text
    assert stream.waiting == b""
    assert stream.end() == ""


def test_a_stream_waits_for_the_rest_of_a_character() -> None:
    """It says which bytes are waiting, and what they are if it ends there."""
    stream = StreamDecoder(BYTES)

    assert [stream.feed(token) for token in (0x41, 0xE9, 0x9B)] == [
        "A",
        "",
        "",
    ]
    assert stream.waiting == b"\xe9\x9b"
    assert stream.end() == "\ufffd"


def test_a_stream_goes_on_behind_a_byte_that_begins_nothing() -> None:
    """One replacement character, and the next character is whole."""
    stream = StreamDecoder(BYTES)

    assert "".join(map(stream.feed, b"\xe9\x9b\x41\xff\xe9\x9b\xb7")) == (
        "\ufffdA\ufffd雷"
    )


def test_a_stream_of_characters_needs_no_waiting() -> None:
    """A character tokenizer's tokens are whole already."""
    tokenizer = CharTokenizer.from_text("雷 bc")
    stream = StreamDecoder(tokenizer)

    written = [stream.feed(token) for token in tokenizer.encode("b雷c")]

    assert written == ["b", "雷", "c"]


def test_what_was_only_begun_is_not_shown() -> None:
    """A sample that stops in the middle of a character ends before it."""
    tokens = BYTES.encode("a雷")

    assert text_so_far(BYTES, tokens) == "a雷"
    assert text_so_far(BYTES, tokens[:-1]) == "a"
    assert text_so_far(BYTES, [*tokens[:-1], 0x62]) == "a\ufffdb"
    assert text_so_far(CharTokenizer.from_text("雷"), [0]) == "雷"


def test_only_characters_know_one_text_alone() -> None:
    """Each tokenizer says whether it can encode whatever comes."""
    known = CharTokenizer.from_text("a")

    assert ByteTokenizer.KNOWS_EVERY_TEXT
    assert not known.KNOWS_EVERY_TEXT
    with pytest.raises(ValueError, match="not among"):
        known.encode("雷")
