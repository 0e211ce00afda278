"""A tokenizer from its description, as checkpoints store it."""

from tutorgpt.ground.checks import NewerError
from tutorgpt.tokens.characters import CharTokenizer


def load_tokenizer(description: dict) -> CharTokenizer:
    """The tokenizer that has described itself so.

    description: what tokenizer.describe() gave, with its kind.
    Raises NewerError, a ValueError, for a kind that this tutorgpt does not
    know, KeyError or TypeError for a description that lacks something.
    """
    kind = description["kind"]
    if kind == CharTokenizer.KIND:
        return CharTokenizer(description["characters"])
    raise NewerError(
        f"its tokenizer is of kind {kind!r}, this tutorgpt knows "
        f"{CharTokenizer.KIND!r}: update tutorgpt"
    )
