"""The 256 bytes as 256 visible characters, as GPT-2's files write them.

A file of tokens is a text, and bytes such as a line break or half of a
character would break it. So each byte that has a visible character of its
own in Latin-1 is written as that one, and the others, in order, as the
characters from U+0100 on: a space is "Ġ", a line break "Ċ".

Source: openai/gpt-2, src/encoder.py, bytes_to_unicode.
"""

_VISIBLE = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
_OTHERS = [byte for byte in range(256) if byte not in _VISIBLE]

LETTER_OF = {byte: chr(byte) for byte in _VISIBLE} | {
    byte: chr(0x100 + place) for place, byte in enumerate(_OTHERS)
}
"""The visible character that stands for a byte."""

BYTE_ORDER = tuple(sorted(range(256), key=LETTER_OF.__getitem__))
"""The bytes in the order of their characters, which numbers them."""

NUMBER_OF_BYTE = {byte: number for number, byte in enumerate(BYTE_ORDER)}
"""The token of a byte, from 0 to 255."""

_BYTE_OF = {letter: byte for byte, letter in LETTER_OF.items()}


def letters(spelled: bytes) -> str:
    """Bytes as visible characters."""
    return "".join(LETTER_OF[byte] for byte in spelled)


def spelled(letters: str) -> bytes:
    """The bytes of visible characters; KeyError for one that is none."""
    return bytes(_BYTE_OF[letter] for letter in letters)
