"""Finds in a long text whatever stands there word for word.

Sort all places of the text by what stands from there on, as in the index of
a book: then a stretch is looked up in a few steps, and the places where it
goes on longest lie beside where it would stand. The sorted places are called
a suffix array (Manber and Myers 1993).
"""

from bisect import bisect_left

import numpy as np
from jaxtyping import Int

REACH = 64
"""Characters compared at first; twice as many where all of them agree."""


class TextIndex:
    """A text in which stretches are found at once.

    For 5 million characters it is made in a few seconds and needs 300 MB;
    40 MB of them, for the sorted places, stay.
    Raises ValueError for an empty text.
    """

    def __init__(self, text: str) -> None:
        if not text:
            raise ValueError(
                "the text to search is empty: pass the one that the model "
                "learned from"
            )
        self.text = text
        # A view of them gives Python's own numbers, which slices like best.
        self._places = suffix_array(text).data

    def __repr__(self) -> str:
        return f"TextIndex({len(self.text):,} characters)"

    def lengths(self, text: str) -> Int[np.ndarray, " N"]:
        """From each character of a text on, how many stand in this one.

        They stand there next to each other, and in this order. So the
        largest is the length of the longest copied stretch, and a stretch
        of n characters is a copied one where the number is n or more.
        """
        lengths = np.zeros(len(text), dtype=np.int64)
        found = 0
        for start in range(len(text)):
            # Without its first character, what was found is still there.
            reach = max(REACH, 2 * found)
            while True:
                found = self._beginning(text[start : start + reach])
                if found < reach:
                    break
                reach *= 2
            lengths[start] = found
        return lengths

    def _beginning(self, wanted: str) -> int:
        """How many of the first characters stand anywhere in the text.

        In the order of the places, those that share most of them lie just
        before and just behind where these characters would stand.
        """
        reach, whole = len(wanted), self.text
        places = self._places
        at = bisect_left(places, wanted, key=lambda p: whole[p : p + reach])
        beside = places[max(at - 1, 0) : at + 1]
        return max(shared(wanted, whole[p : p + reach]) for p in beside)


def shared(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect_left(lengths, True, key=lambda n: one[:n] != other[:n])


def suffix_array(text: str) -> Int[np.ndarray, " N"]:
    """The places of a text, sorted by what stands from there on.

    They are sorted by a few characters first. Places that agree in n
    characters are then told apart by the ranks of the places n further on,
    which compares 2 n of them; only those that still agree are sorted again
    (Larsson and Sadakane 1999).
    """
    keys, compared = first_characters(text)
    N = len(text)
    order = np.empty(N, dtype=np.int64)  # the places, more and more sorted
    ranks = np.full(N + 1, -1, dtype=np.int64)  # the end precedes all
    rows, places = np.arange(N), np.arange(N)  # those still to be sorted
    while True:
        by_key = np.argsort(keys)
        places = places[by_key]
        order[rows] = places
        # Places that agree share a rank: the row of the first of them.
        is_first = np.diff(keys[by_key], prepend=-1) != 0
        firsts = np.maximum.accumulate(np.where(is_first, rows, 0))
        ranks[places] = firsts
        is_alone = is_first & np.append(is_first[1:], True)
        rows, places = rows[~is_alone], places[~is_alone]
        if not len(rows):
            return order
        further = ranks[np.minimum(places + compared, N)]
        keys = ranks[places] * (N + 1) + further + 1
        compared *= 2


def first_characters(text: str) -> tuple[Int[np.ndarray, " N"], int]:
    """From each place on, as many characters as fit into one number.

    Returns the numbers, which are in the order of the characters, and how
    many of these each holds. Behind the end stands what precedes all.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    known = np.unique(codes)
    digits = np.zeros(known[-1] + 1, dtype=np.int64)
    digits[known] = np.arange(1, len(known) + 1)
    digits, base = digits[codes], len(known) + 1
    numbers, held = digits.copy(), 1
    while base ** (held + 1) < 2**63:
        numbers *= base
        numbers[:-held] += digits[held:]
        held += 1
    return numbers, held
