"""What each token spells, while pairs grow out of the bytes."""

from collections.abc import Iterable

from tutorgpt.tokens.alphabet import BYTE_ORDER

Pair = tuple[int, int]
"""The numbers of two tokens that stand side by side."""


class Vocabulary:
    """The 256 bytes, and a token for each pair that was joined.

    bytes_of: the bytes that each token stands for; its number is its place.
    """

    def __init__(self, merges: Iterable[Pair] = ()) -> None:
        """Raises ValueError for a merge of a token that is not there yet."""
        self.bytes_of = [bytes([byte]) for byte in BYTE_ORDER]
        self._number_of = {b: n for n, b in enumerate(self.bytes_of)}
        for pair in merges:
            self.join(pair)

    def __len__(self) -> int:
        return len(self.bytes_of)

    def join(self, pair: Pair) -> int:
        """The number of the token that this pair becomes.

        It is the next one; but if another pair has spelled the same bytes
        before, as "a" + "bc" and "ab" + "c" do, both are the same token.
        """
        left, right = pair
        for token in pair:
            if not 0 <= token < len(self):
                raise ValueError(
                    f"the merge {pair} joins token {token} before there is "
                    f"one: so far tokens go from 0 to {len(self) - 1}"
                )
        spelled = self.bytes_of[left] + self.bytes_of[right]
        number = self._number_of.setdefault(spelled, len(self))
        if number == len(self):
            self.bytes_of.append(spelled)
        return number
