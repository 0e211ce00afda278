"""Exercise 10.2. How many tokens a merge saves, which its count overstates."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import Pair, Words, any_words
from tutorgpt.tokens.learning import count_pairs, merge

SOLVED = """\
    saved = 0
    for word, times in words.items():
        shorter = merge(word, pair, 256)
        saved += times * (len(word) - len(shorter))
    return saved"""


def texts() -> list[tuple]:
    """Overlaps, repeats, words that share a pair, none, digits that join."""
    return [
        ({(0, 1, 2): 3, (1, 2, 1, 2): 2, (2,): 7}, (1, 2)),
        ({(1, 1, 1): 4, (0, 1): 1}, (1, 1)),
        ({(1, 1, 1, 1, 1): 3, (1, 1, 0, 1, 1, 1, 1): 2, (1,): 6}, (1, 1)),
        ({(2, 1, 12): 1, (1, 2): 5, (11, 2): 2, (1, 12): 3}, (1, 12)),
        ({(3, 0, 3, 0, 3): 2, (0, 3): 10}, (0, 3)),
        ({(5, 4): 9}, (4, 5)),
        ({(2, 0, 1): 6, (1, 0, 2): 1, (0, 0, 1, 1): 4}, (0, 1)),
        ({(0, 7, 1): 2, (1,): 3, (1, 7): 1}, (1, 0)),
    ]


def any_texts(draw: random.Random) -> tuple:
    """Any words, and a pair of their tokens."""
    words = any_words(draw)
    tokens = sorted({token for word in words for token in word})
    return words, (draw.choice(tokens), draw.choice(tokens))


def word_by_word(
    again: Any, args: tuple[Words, Pair], expected: int
) -> str | None:
    """A rule: a word by itself, and how often it occurs."""
    words, pair = args
    for word, times in words.items():
        right = len(word) - len(merge(word, pair, 256))
        alone = float(again({word: 1}, pair))
        if alone != right:
            return (
                f"in the one word {word} a merge of {pair} saves {right}, "
                f"and this gives {alone:g}"
            )
        several = float(again({word: times}, pair))
        if several != times * right:
            return (
                f"a word that occurs {times} times should save {times} times "
                f"as much, and saves {several:g}: {word} once saves {right}"
            )
    return "every word by itself is right, and all of them together are not"


EXERCISE = Exercise(
    number="10.2",
    title="Counted twice, merged once",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
`words` is a dict such as `{(1, 1, 1): 4, (0, 1): 1}`, from a word, a tuple
of tokens, to how often the text has it.
Write `saves(words, pair)`: how many tokens the whole text gets shorter when
this pair is merged.
`count_pairs` and `merge` of the chapter are there.
Can the count of the pair be larger than what its merge saves?""",
    starter='''\
def saves(words, pair):
    """How many tokens fewer the text has once this pair is merged."""
    return ...''',
    target="saves",
    solution=f'''\
def saves(words, pair):
    """How many tokens fewer the text has once this pair is merged."""
{SOLVED}''',
    cases=texts,
    domain=any_texts,
    labels=("words", "pair ="),
    uses=(count_pairs, merge),
    rules=(word_by_word,),
    wrong=(
        slip(
            "the count of the pair is given: in 1 1 1 the pair (1, 1) is "
            "counted twice, and merged once",
            "A token can be used up only once: see what merge makes of the "
            "word.",
            SOLVED,
            "    return count_pairs(words)[pair]",
        ),
        slip(
            "every word counts once, however often it occurs",
            "A word that occurs four times saves four times as much.",
            "times * (len",
            "(len",
        ),
        slip(
            "a word counts once for the pair, however often the pair stands "
            "in it",
            "Every place where the pair is merged saves a token.",
            "times * (len(word) - len(shorter))",
            "times * (len(word) > len(shorter))",
        ),
        slip(
            "what is left is given, not what is saved",
            "The length before, less the length after.",
            "(len(word) - len(shorter))",
            "len(shorter)",
        ),
        slip(
            "only the last word counts: the sum is written over",
            "Add up over all words: saved += ...",
            "saved += times",
            "saved = times",
        ),
        slip(
            "only the first word counts: it returns within the loop",
            "`return` stands behind the loop.",
            "    return saved",
            "        return saved",
        ),
        slip(
            "two tokens are counted for each merge",
            "Two go and one comes: a merge saves one.",
            "saved += times",
            "saved += 2 * times",
        ),
        slip(
            "single tokens of the pair are counted, side by side or not",
            "Both must stand side by side, in this order.",
            "times * (len(word) - len(shorter))",
            "times * min(word.count(pair[0]), word.count(pair[1]))",
        ),
        slip(
            "every token of the pair is counted, alone or not",
            "Both must stand side by side, in this order, and two go for "
            "one that comes.",
            "times * (len(word) - len(shorter))",
            "times * sum(token in pair for token in word)",
        ),
        slip(
            "the pair is looked for the wrong way round",
            "(a, b) is not (b, a).",
            "merge(word, pair, 256)",
            "merge(word, pair[::-1], 256)",
        ),
        slip(
            "the sign is the wrong one: the text gets shorter",
            "The length before, less the length after.",
            "(len(word) - len(shorter))",
            "(len(shorter) - len(word))",
        ),
        slip(
            "pairs are looked for only at every second place",
            "A pair may begin anywhere in the word.",
            "times * (len(word) - len(shorter))",
            "times * sum(word[n : n + 2] == pair "
            "for n in range(0, len(word), 2))",
        ),
        slip(
            "the words are joined: some pairs reach from one word into the "
            "next",
            "A merge stays within a word: take each by itself.",
            SOLVED,
            "    text = tuple(t for w, k in words.items() for t in w * k)\n"
            "    return len(text) - len(merge(text, pair, 256))",
        ),
        slip(
            "it is always 0: a pair is never one entry of a word, nor does a "
            "merge change how many words there are",
            "A word is a tuple of tokens: compare word[n : n + 2] with the "
            "pair, or see what merge makes of it.",
            "(len(word) - len(shorter))",
            "word.count(pair)",
        ),
        slip(
            "the share of the text that is saved is given, not how many "
            "tokens",
            "A number of tokens: before, less after.",
            "return saved",
            "return saved / sum(len(w) * k for w, k in words.items())",
        ),
        slip(
            "the tokens are joined as digits: 11 2 holds 1 12 there",
            "Tokens have several digits: compare numbers.",
            "times * (len(word) - len(shorter))",
            "times * ''.join(map(str, word)).count('%d%d' % pair)",
        ),
        slip(
            "how many words have the pair is given",
            "Every place where it is merged saves a token, in every word, as "
            "often as the word occurs.",
            "times * (len(word) - len(shorter))",
            "len(word) > len(shorter)",
        ),
    ),
    hints=(
        "What does `merge((1, 1, 1), (1, 1), 256)` give, and what does "
        "`count_pairs({(1, 1, 1): 1})` say?",
        "For each word: its length, less the length of what merge makes of "
        "it, times how often it occurs.",
        "`saved += times * (len(word) - len(merge(word, pair, 256)))`.",
    ),
    why="""\
A merge puts one token in place of two, so each saves one; but of overlapping
pairs only every second is merged.
So a run of five equal tokens has four pairs and saves two.
The learner goes by the count all the same, because that is easier to keep up
to date, and in words hardly any letter comes three times in a row.""",
)
