"""From text to numbers and back: the alphabets a model can read."""

from tutorgpt.tokens.characters import CharTokenizer

__all__ = ["CharTokenizer"]
