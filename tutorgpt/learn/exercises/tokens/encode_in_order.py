"""Exercise 10.5. A word in learned pieces, merged in the order learned."""

import random
from itertools import pairwise
from typing import Any

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import (
    FIRST,
    Pair,
    Word,
    any_merges,
    any_word,
    as_whole_numbers,
    is_missing,
)
from tutorgpt.tokens.learning import merge

GREEDY = """\
    spells = {byte: (byte,) for byte in range(256)}
    for k, (a, b) in enumerate(merges):
        spells[256 + k] = spells[a] + spells[b]
    token_of = {spelled: token for token, spelled in spells.items()}
    found, place = [], 0
    while place < len(word):
        n = max(
            n
            for n in range(1, len(word) - place + 1)
            if word[place : place + n] in token_of
        )
        found.append(token_of[word[place : place + n]])
        place += n
    return found"""
"""The longest piece that fits, from the left."""
SOLVED = """\
    for k, pair in enumerate(merges):
        word = merge(word, pair, 256 + k)
    return word"""


def to_encode() -> list[tuple]:
    """Words whose longest pieces, or leftmost pairs, are the wrong ones."""
    return [
        ((1, 2, 3), [(2, 3), (1, 2)]),
        ((1, 2, 3, 4), [(2, 3), (1, 2), (257, 3)]),
        ((5, 6, 7, 8), [(5, 6), (7, 8), (256, 7), (256, 257)]),
        ((1, 1, 1, 1, 1), [(1, 1), (256, 256)]),
        ((9,), [(9, 9)]),
        ((1, 2, 1, 2, 3), [(1, 2), (256, 3), (256, 257)]),
        ((4, 3, 4, 3, 4), [(3, 4), (4, 256), (257, 256), (4, 3)]),
        ((10, 20, 30, 10, 20), [(7, 8), (10, 20), (257, 30), (258, 257)]),
        ((0, 255, 0, 255), [(255, 0), (0, 255), (0, 256)]),
        ((1, 2, 3, 4, 5), []),
        ((3, 1, 3, 2, 1), [(3, 2), (1, 3), (3, 1), (257, 2)]),
        ((1, 2, 3, 1, 2), [(1, 2), (2, 3)]),
        ((6, 7, 8, 6, 7), [(7, 8), (6, 7), (257, 8), (6, 256)]),
    ]


def any_encoding(draw: random.Random) -> tuple:
    """Any word, and merges of tokens that are there by then."""
    merges, tokens = any_merges(draw)
    kinds = len(tokens) - len(merges)
    return any_word(draw, kinds), merges


def spelled_out(attempt: Any, word: Word, merges: list[Pair]) -> Any:
    """The tokens, if they spell the word and no merge is left to do."""
    given = attempt(word, merges)
    if is_missing(given):
        return given
    found = as_whole_numbers(given, "encode", "tokens")
    spells: dict[int, tuple[int, ...]] = {n: (n,) for n in range(FIRST)}
    for k, (a, b) in enumerate(merges):
        spells[FIRST + k] = spells[a] + spells[b]
    says = f"the word {word} with the merges {merges} gives {found}"
    strange = [token for token in found if token not in spells]
    if strange:
        raise ComplaintError(
            f"{says}: there is no token {strange[0]}, as the merges make "
            f"{FIRST} to {FIRST + len(merges) - 1}"
        )
    spelled = tuple(byte for token in found for byte in spells[token])
    if spelled != word:
        raise ComplaintError(f"{says}: that spells {spelled}, not the word")
    left = [two for two in pairwise(found) if two in merges]
    if left:
        raise ComplaintError(
            f"{says}: there {left[0]} still stands side by side, which merge "
            f"{merges.index(left[0])} makes one"
        )
    return found


def first_that_differs(
    again: Any, args: tuple, expected: list[int]
) -> str | None:
    """A rule: the pieces that came out, and the ones in the order learned."""
    return (
        f"the word {args[0]} with the merges {args[1]} gives "
        f"{again(*args).tolist()}, "
        "which spells it and leaves no merge to do; all merges one after "
        f"the other, as they were learned, make it {list(expected)}"
    )


EXERCISE = Exercise(
    number="10.5",
    title="In the order learned",
    kind="write",
    difficulty="medium",
    importance=4,
    task="""\
Write `encode(word, merges)`: the tokens of a new word, as byte pairs give
them.
`word` is a tuple of bytes, here with the tokens 0 to 255, and `merges` the
list of pairs in the order in which they were learned: the first of them makes
token 256, the next 257, and so on.
The chapter asks again and again which pair in the word was learned first.
Go the other way: through the merges, each of them once.
`merge(word, pair, new)` of the chapter is there.""",
    starter='''\
def encode(word, merges):
    """The word's tokens, merged in the order of learning."""
    return ...''',
    target="encode",
    solution=f'''\
def encode(word, merges):
    """The word's tokens, merged in the order of learning."""
{SOLVED}''',
    cases=to_encode,
    domain=any_encoding,
    run=spelled_out,
    labels=("word =", "merges"),
    uses=(merge,),
    rules=(first_that_differs,),
    wrong=(
        slip(
            "from the left, the longest piece that fits is taken each time",
            "Byte pairs do not ask for the longest: they merge in the order "
            "in which they have learned to.",
            SOLVED,
            GREEDY,
        ),
        slip(
            "the merges are tried from the last learned to the first",
            "The first learned comes first: later ones are made of its token.",
            "for k, pair in enumerate(merges):",
            "for k, pair in reversed([*enumerate(merges)]):",
        ),
        slip(
            "the new tokens are numbered from 0, where the bytes are",
            "Merge number k makes token 256 + k.",
            "256 + k",
            "k",
        ),
        slip(
            "the new tokens are numbered from 257",
            "The bytes are 0 to 255, so the first merge makes 256.",
            "256 + k",
            "257 + k",
        ),
        slip(
            "the new tokens are numbered from 255, which is a byte",
            "The bytes are 0 to 255, so the first merge makes 256.",
            "256 + k",
            "255 + k",
        ),
        slip(
            "only one merge is done, the first that fits",
            "All merges are tried, one after the other.",
            "        word = merge(word, pair, 256 + k)\n",
            "        if pair in [*zip(word, word[1:])]:\n"
            "            return merge(word, pair, 256 + k)\n",
        ),
        slip(
            "what merge gives back is not kept: the word stays as it was",
            "merge makes a new word: word = merge(...).",
            "        word = merge(word",
            "        merge(word",
        ),
        slip(
            "from the left, the first neighbours that have a merge become "
            "one, whichever was learned first",
            "Not the place decides but the order of learning.",
            SOLVED,
            "    word, place = list(word), 0\n"
            "    while place < len(word) - 1:\n"
            "        pair = word[place], word[place + 1]\n"
            "        if pair in merges:\n"
            "            k = merges.index(pair)\n"
            "            word[place : place + 2] = [256 + k]\n"
            "            place = max(place - 1, 0)\n"
            "        else:\n"
            "            place += 1\n"
            "    return word",
        ),
        slip(
            "the word is walked through once, from the left: a merge of a "
            "merge is never made",
            "New tokens are merged as well: go through the merges, not "
            "through the word.",
            SOLVED,
            "    found, place = [], 0\n"
            "    while place < len(word):\n"
            "        pair = word[place : place + 2]\n"
            "        if pair in merges:\n"
            "            found.append(256 + merges.index(pair))\n"
            "            place += 2\n"
            "        else:\n"
            "            found.append(word[place])\n"
            "            place += 1\n"
            "    return found",
        ),
        slip(
            "the merges are sorted before they are numbered",
            "Their order is that of learning: leave it as it is.",
            "enumerate(merges)",
            "enumerate(sorted(merges))",
        ),
        slip(
            "only the merges that fit are counted, so the numbers of later "
            "tokens are too low",
            "Merge number k makes token 256 + k, whether or not the word "
            "uses those before it.",
            "    for k, pair in enumerate(merges):\n"
            "        word = merge(word, pair, 256 + k)\n",
            "    new = 256\n"
            "    for pair in merges:\n"
            "        if pair in [*zip(word, word[1:])]:\n"
            "            word = merge(word, pair, new)\n"
            "            new += 1\n",
        ),
        slip(
            "only the tokens of the merges that fit are given, not the word",
            "What is in no pair stays in the word, in its place.",
            "        word = merge(word, pair, 256 + k)\n    return word",
            "        if pair in [*zip(word, word[1:])]:\n"
            "            found.append(256 + k)\n    return found",
            "    for k, pair in enumerate(merges):",
            "    found = []\n    for k, pair in enumerate(merges):",
        ),
        slip(
            "the last merge is left out",
            "All of merges: len(merges) of them.",
            "enumerate(merges)",
            "enumerate(merges[:-1])",
        ),
        slip(
            "how many tokens there are is given, not the tokens",
            "The word itself, as it is after the last merge.",
            "return word",
            "return len(word)",
        ),
        slip(
            "only the first merge is made",
            "All of them, one after the other; a `return` stands behind the "
            "loop.",
            "    return word",
            "        return word\n    return word",
        ),
        slip(
            "each merge begins from the word again, and only the last one's "
            "result is kept",
            "The next merge goes on from the last: word = merge(word, ...).",
            SOLVED,
            "    for k, pair in enumerate(merges):\n"
            "        new = merge(word, pair, 256 + k)\n"
            "    return new",
        ),
        slip(
            "a pair is merged only where it begins the word",
            "It may stand anywhere in it: merge finds all of its places.",
            SOLVED,
            "    for k, pair in enumerate(merges):\n"
            "        if word[:2] == pair:\n"
            "            word = (256 + k, *word[2:])\n"
            "    return word",
        ),
    ),
    hints=(
        "With the merges (2, 3) and then (1, 2), what is 1 2 3? It was "
        "learned with 2 3 merged first.",
        "Go through the merges, not through the word: each is done "
        "everywhere before the next.",
        "`for k, pair in enumerate(merges):` and "
        "`word = merge(word, pair, 256 + k)`.",
    ),
    why="""\
A new word goes through the same merges, in the same order, as the words from
which they were learned; so a word of the training text gets the pieces that
it had there.
The longest piece from the left can be another one: with (2, 3) before (1, 2)
the word 1 2 3 is 1 and 256, although 257, which is 1 2, stands further left.
A merge never brings back a pair of an earlier one, because its token is
newer than that; so each needs its turn only once.""",
)
