"""Chapter 8. From scores to text: how a model writes.

`tutorgpt.decoding.generate` is the function; from the module of that name
one imports with `from tutorgpt.decoding.generate import …`.
"""

from tutorgpt.decoding.cache import CachedReader, reader
from tutorgpt.decoding.choice import choose, draw, keep_likeliest
from tutorgpt.decoding.generate import WINDOWS, generate, generate_batch
from tutorgpt.language_model import Reader, window_start

__all__ = [
    "WINDOWS",
    "CachedReader",
    "Reader",
    "choose",
    "draw",
    "generate",
    "generate_batch",
    "keep_likeliest",
    "reader",
    "window_start",
]
