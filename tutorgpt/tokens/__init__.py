"""From text to numbers and back: the alphabets a model can read."""

from tutorgpt.tokens.byte_pairs import BytePairTokenizer
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.tokens.measures import bits_per_byte, bits_per_character
from tutorgpt.tokens.renumbered import PretrainedTokenizer
from tutorgpt.tokens.stream import StreamDecoder
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.tokens.utf_8_bytes import ByteTokenizer

__all__ = [
    "BytePairTokenizer",
    "ByteTokenizer",
    "CharTokenizer",
    "PretrainedTokenizer",
    "StreamDecoder",
    "Tokenizer",
    "bits_per_byte",
    "bits_per_character",
]
