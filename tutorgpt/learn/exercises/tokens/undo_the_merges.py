"""Exercise 10.3. From tokens back to bytes, merge by merge."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import (
    FIRST,
    Pair,
    any_merges,
    as_whole_numbers,
    is_missing,
)

SOLVED = """\
    spelled = []
    for token in tokens:
        if token < 256:
            spelled.append(token)
        else:
            pair = merges[token - 256]
            spelled += spell(pair, merges)
    return spelled"""


def to_spell() -> list[tuple]:
    """Tokens made of tokens on either side, the last byte, no merge."""
    return [
        ((256,), [(1, 2)]),
        ((3, 257, 256), [(1, 2), (256, 3)]),
        ((258, 0), [(7, 8), (9, 256), (257, 257)]),
        ((255, 256, 255), [(255, 0)]),
        ((5, 5, 6), []),
        ((259, 256, 4), [(4, 5), (5, 4), (6, 257), (258, 256)]),
        ((257, 257), [(0, 0), (256, 256)]),
        ((257, 258), [(1, 3), (2, 256), (257, 1)]),
        ((260,), [(1, 2), (3, 4), (256, 257), (5, 258), (259, 258)]),
    ]


def any_tokens(draw: random.Random) -> tuple:
    """1 to 5 tokens of up to 7 merges."""
    merges, tokens = any_merges(draw)
    return tuple(draw.choices(tokens, k=draw.randint(1, 5))), merges


def all_bytes(
    attempt: Any, tokens: tuple[int, ...], merges: list[Pair]
) -> Any:
    """The bytes, if no token is left among them."""
    given = attempt(tokens, merges)
    if is_missing(given):
        return given
    found = as_whole_numbers(given, "spell", "bytes")
    says = f"the tokens {tokens} with the merges {merges} give {found}"
    left = [n for n in found if n >= FIRST]
    if left:
        raise ComplaintError(
            f"{says}: {left[0]} is no byte, it is what merge "
            f"{left[0] - FIRST} made"
        )
    size = sum(_length(token, merges) for token in tokens)
    if len(found) != size:
        raise ComplaintError(
            f"{says}, a list of {len(found)}: they stand for {size} bytes"
        )
    return found


def _length(token: int, merges: list[Pair]) -> int:
    if token < FIRST:
        return 1
    return sum(_length(half, merges) for half in merges[token - FIRST])


def as_it_should(again: Any, args: tuple, expected: list[int]) -> str | None:
    """A rule: what came out, and what should have."""
    return (
        f"the tokens {args[0]} with the merges {args[1]} give "
        f"{again(*args).tolist()}, and stand for {list(expected)}"
    )


EXERCISE = Exercise(
    number="10.3",
    title="Undo the merges",
    kind="write",
    difficulty="medium",
    importance=4,
    task="""\
Write `spell(tokens, merges)`: the list of bytes that these tokens stand for.
The tokens 0 to 255 are here the bytes 0 to 255; `merges` is the list of pairs
in the order in which they were learned, and merge number `k`, counted from 0,
has made token `256 + k`.
The tokens of a pair may be merged ones themselves.""",
    starter='''\
def spell(tokens, merges):
    """The bytes that the tokens stand for, in order."""
    return ...''',
    target="spell",
    solution=f'''\
def spell(tokens, merges):
    """The bytes that the tokens stand for, in order."""
{SOLVED}''',
    cases=to_spell,
    domain=any_tokens,
    run=all_bytes,
    labels=("tokens =", "merges"),
    rules=(as_it_should,),
    wrong=(
        slip(
            "only one merge of each token is undone: the tokens of its pair "
            "may be merged ones themselves",
            "What comes out of a pair must be spelled as well; or undo the "
            "last merge first.",
            "spell(pair, merges)",
            "pair",
        ),
        slip(
            "only the first token of a pair is spelled, the second is taken "
            "as it is",
            "Both may be merged ones: spell the whole pair.",
            "spell(pair, merges)",
            "[*spell(pair[:1], merges), pair[1]]",
        ),
        slip(
            "only the second token of a pair is spelled, the first is taken "
            "as it is",
            "Both may be merged ones: spell the whole pair.",
            "spell(pair, merges)",
            "[pair[0], *spell(pair[1:], merges)]",
        ),
        slip(
            "256 is taken for a byte",
            "The bytes end at 255: token < 256.",
            "token < 256",
            "token <= 256",
        ),
        slip(
            "255 is taken for a merged token",
            "The bytes are 0 to 255: token < 256.",
            "token < 256",
            "token < 255",
        ),
        slip(
            "the merge before is undone: token 256 was made by merge 0",
            "merges[token - 256].",
            "token - 256",
            "token - 257",
        ),
        slip(
            "the merge after is undone: token 256 was made by merge 0",
            "merges[token - 256].",
            "token - 256",
            "token - 255",
        ),
        slip(
            "the token's own number is looked up in the merges",
            "The first merge, number 0, made token 256: merges[token - 256].",
            "token - 256",
            "token",
        ),
        slip(
            "the two halves of a pair are exchanged",
            "The first token of the pair stands in front.",
            "spell(pair, merges)",
            "spell(pair[::-1], merges)",
        ),
        slip(
            "lists stand in the list: what a pair spells is appended as one "
            "entry",
            "Add all its bytes: += joins two lists, append makes one entry.",
            "spelled += spell(pair, merges)",
            "spelled.append(spell(pair, merges))",
        ),
        slip(
            "merged tokens are dropped, or what their pairs spell is not kept",
            "Each stands for what its pair spells: spelled += spell(...).",
            "spelled += spell",
            "spell",
        ),
        slip(
            "only the first token is spelled: it returns within the loop",
            "`return` stands behind the loop.",
            "    return spelled",
            "        return spelled",
        ),
        slip(
            "bytes are dropped, also those that a pair was made of",
            "A byte spells itself.",
            "            spelled.append(token)\n",
            "            pass\n",
        ),
        slip(
            "each byte is given once, in order of its number, as in a set",
            "Every byte counts, each time and in its place.",
            "return spelled",
            "return sorted(set(spelled))",
        ),
        slip(
            "a text is given, not its bytes",
            "A list of the bytes' numbers; decoding comes afterwards.",
            SOLVED,
            "    table = [bytes([n]) for n in range(256)]\n"
            "    for a, b in merges:\n"
            "        table.append(table[a] + table[b])\n"
            '    spelled = b"".join(table[token] for token in tokens)\n'
            '    return spelled.decode(errors="replace")',
        ),
        slip(
            "what is spelled becomes a text, also within a pair, where bytes "
            "are wanted",
            "Give the list of bytes back as it is.",
            "    return spelled",
            "    return bytes(spelled).decode(errors='replace')",
        ),
    ),
    hints=(
        "With the merges (1, 2) and (256, 3): what was 257 made of, and what "
        "was that made of?",
        "A byte spells itself; any other token spells what its pair spells, "
        "`merges[token - 256]`.",
        "A function may call itself: `spelled += spell(merges[token - 256], "
        "merges)`.",
    ),
    why="""\
Each merge was made of tokens that were there before it, so every step leads
to lower numbers and ends at bytes.
Nothing else is needed to decode: the merges are the whole alphabet.
A tokenizer keeps a table of what each token spells, which it fills once in
the order of learning: the two halves are always there already.""",
)
