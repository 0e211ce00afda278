"""Text from tokens as they come, one at a time."""

import codecs
from collections.abc import Iterable

from tutorgpt.tokens.tokenizer import Tokenizer, check_numbers


class StreamDecoder:
    """Gives a character once all of its bytes are there.

    A model that reads bytes may stop in the middle of a character, and a
    token of byte pairs may end in one: decoding each by itself would show
    the replacement character "\\ufffd" for every part.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._bytes_of = tokenizer.bytes_of
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, token: int) -> str:
        """The characters that this token has completed, often none or one.

        Raises ValueError for a number that is no token.
        """
        [number] = check_numbers([token], len(self._bytes_of))
        return self._decoder.decode(self._bytes_of[number])

    @property
    def waiting(self) -> bytes:
        """The bytes of a character that is not complete yet."""
        return self._decoder.getstate()[0]

    def end(self) -> str:
        """What the waiting bytes are if nothing follows: "\\ufffd" or ""."""
        return self._decoder.decode(b"", final=True)


def text_so_far(tokenizer: Tokenizer, tokens: Iterable[int]) -> str:
    """What a model has written, without a character that it has only begun.

    It stops after a number of tokens, be it in the middle of a character.
    """
    decoder = StreamDecoder(tokenizer)
    return "".join(decoder.feed(token) for token in tokens)
