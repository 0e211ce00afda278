"""A tokenizer by its name, or from its description in a checkpoint."""

from tutorgpt.ground.checks import NewerError
from tutorgpt.ground.refusal import did_you_mean
from tutorgpt.tokens.byte_pairs import LEAST, BytePairTokenizer
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.tokens.renumbered import PretrainedTokenizer
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.tokens.utf_8_bytes import ByteTokenizer

CHARACTERS, BYTES = CharTokenizer.KIND, ByteTokenizer.KIND
PAIRS = BytePairTokenizer.KIND
NAMES = f"{CHARACTERS}, {BYTES} or {PAIRS}:N"
"""What --tokenizer understands; N is how many tokens there are to be."""


def make_tokenizer(name: str, text: str, learn_from: str) -> Tokenizer:
    """The tokenizer of this name for a text.

    name: characters, bytes or pairs:N.
    text: all of it; it decides which characters there are.
    learn_from: the part of it that a model may learn from; pairs are
        counted there only.
    Raises ValueError for another name.
    """
    size = vocabulary_asked(name)
    if size is not None:
        return BytePairTokenizer.train(learn_from, size)
    return ByteTokenizer() if name == BYTES else CharTokenizer.from_text(text)


def vocabulary_asked(name: str) -> int | None:
    """The N of pairs:N; None for a name that asks for no size.

    Raises ValueError for a name that there is not, and for an N below 257.
    """
    kind, colon, number = name.partition(":")
    if not colon and kind in (CHARACTERS, BYTES):
        return None
    if kind != PAIRS:
        raise ValueError(
            f"there is no tokenizer {name!r}: choose {NAMES}"
            f"{did_you_mean(kind, (CHARACTERS, BYTES, PAIRS))}"
        )
    if not number.isdecimal() or int(number) < LEAST:
        raise ValueError(
            f"the tokenizer {name!r} has no vocabulary of that size: choose "
            f"{PAIRS}:N with N from {LEAST} up, such as {PAIRS}:512"
        )
    return int(number)


def load_tokenizer(description: dict) -> Tokenizer:
    """The tokenizer that has described itself so.

    description: what tokenizer.describe() gave, with its kind.
    Raises NewerError, a ValueError, for a kind that this tutorgpt does not
    know, KeyError, TypeError or ValueError for a damaged description.
    """
    kind = description["kind"]
    if kind == CHARACTERS:
        return CharTokenizer(description["characters"])
    if kind == BYTES:
        return ByteTokenizer()
    if kind == PAIRS:
        merges = ((int(a), int(b)) for a, b in description["merges"])
        return BytePairTokenizer(tuple(merges))
    if kind == PretrainedTokenizer.KIND:
        return PretrainedTokenizer.from_description(description)
    raise NewerError(
        f"its tokenizer is of kind {kind!r}, this tutorgpt knows "
        f"{CHARACTERS!r}, {BYTES!r} and {PAIRS!r}: update tutorgpt"
    )
