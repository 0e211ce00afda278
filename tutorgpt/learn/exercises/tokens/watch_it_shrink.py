"""Exercise 10.4. How long a text is after each merge."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import (
    Pair,
    Words,
    any_words,
    as_whole_numbers,
    is_missing,
)
from tutorgpt.tokens.learning import count_pairs, merge, most_frequent

AT_MOST = 9
"""The largest n of the cases and the domain."""


def to_learn() -> list[tuple]:
    """Ties, overlaps, pairs of new tokens, pairs that run out, n = 0."""
    return [
        ({(0, 1, 2, 0, 1): 3, (1, 2): 4, (2, 0): 1}, 3, 4),
        ({(1, 0, 1, 0): 2, (0, 2, 0, 2): 2}, 3, 3),
        ({(3, 0, 9): 5, (1, 2, 9): 5, (2, 1): 5}, 10, 6),
        ({(0, 0, 0, 0, 0): 1, (0, 0, 0): 2}, 1, 9),
        ({(0, 1): 1, (1, 0): 1, (2,): 50}, 3, 5),
        ({(0, 1, 2, 3): 2, (2, 3): 7, (1, 2): 7, (0,): 9}, 4, 1),
        ({(0, 1, 0, 1, 0, 1): 2, (1, 0): 3}, 256, 8),
        ({(10, 2, 10): 2, (2, 10, 2): 2, (1, 10): 4}, 11, 3),
        ({(0, 1): 2, (1, 2): 3}, 3, 0),
        ({(4, 4, 1, 4, 4): 1, (1, 4): 2, (4, 4, 4): 1}, 5, 4),
        ({(0, 1, 2, 2, 1, 1, 2, 1, 1): 10}, 256, 3),
        ({(0,): 3, (1, 2, 2, 2, 0, 1, 2, 0, 2): 1}, 6, 8),
        ({(0, 0, 1, 0, 2, 1): 10, (0, 0, 1, 2, 1, 0): 10, (2, 1): 1}, 3, 8),
        ({(0, 2, 1): 2, (2, 1, 0): 2, (0, 2): 1, (1, 0, 2): 1}, 7, 5),
        ({(3, 1, 2): 2, (1, 2, 0): 2, (3, 1, 0): 2}, 4, 3),
    ]


def any_lesson(draw: random.Random) -> tuple:
    """Any words, the first new token, and up to 9 merges."""
    words = any_words(draw)
    above = 1 + max(token for word in words for token in word)
    return words, draw.choice((above, above + 3, 256)), draw.randint(0, 9)


def how_many_and_which(attempt: Any, words: Words, first: int, n: int) -> Any:
    """How many numbers there are, then the numbers, in a row of one length."""
    given = attempt(words, first, n)
    if is_missing(given):
        return given
    found = as_whole_numbers(given, "lengths", "tokens")
    places = [-1] * max(0, AT_MOST + 1 - len(found))
    return [len(found), *found[: AT_MOST + 1], *places]


def pair_of_merge(words: Words, first: int, number: int) -> Pair:
    """The pair that a merge of the chapter's joins, counted from 0."""
    for new in range(first, first + number):
        best = most_frequent(count_pairs(words))
        words = {merge(word, best, new): n for word, n in words.items()}
    return most_frequent(count_pairs(words))


def step_by_step(again: Any, args: tuple, expected: list[int]) -> str | None:
    """A rule: where the row first differs, and what should stand there."""
    words, first, n = args
    size, *found = again(*args).tolist()
    wanted, *right = expected
    for step in range(min(size, wanted)):
        if found[step] == right[step]:
            continue
        when, stays = "before any merge", ""
        if step:
            pair = pair_of_merge(words, first, step - 1)
            when = f"after merge {step - 1}, of the pair {pair},"
            if found[step] == found[step - 1]:
                stays = ", as many as before it"
        return (
            f"of {n} merges of {words}: {when} the text has {right[step]} "
            f"tokens, and this gives {found[step]}{stays}"
        )
    why = (
        "it ends early where no pair occurs twice"
        if wanted <= n
        else ("one before any merge, and one after each")
    )
    return (
        f"of {n} merges of {words} there should be {wanted} numbers, and "
        f"there are {size}: {why}"
    )


EXERCISE = Exercise(
    number="10.4",
    title="Watch it shrink",
    kind="extend",
    difficulty="medium",
    importance=4,
    task="""\
How fast does a text get shorter while its alphabet grows?
Write `lengths(words, first, n)`: the list of how many tokens the whole text
has before any merge, and after each of the first `n`.
`words` is a dict from words, tuples of tokens, to how often they occur; the
new tokens are numbered `first`, `first + 1`, and so on.
The merges are those of the chapter: it ends early, with fewer numbers, where
no pair occurs twice.
`count_pairs`, `most_frequent` and `merge` are there.
Then draw the list for a text of your own.""",
    starter='''\
def lengths(words, first, n):
    """The text's tokens before any merge and after each of n."""
    return ...''',
    target="lengths",
    solution='''\
def lengths(words, first, n):
    """The text's tokens before any merge and after each of n."""
    sizes = [sum(k * len(w) for w, k in words.items())]
    for new in range(first, first + n):
        pairs = count_pairs(words)
        if max(pairs.values(), default=0) < 2:
            break
        best = most_frequent(pairs)
        words = {merge(w, best, new): k for w, k in words.items()}
        sizes.append(sum(k * len(w) for w, k in words.items()))
    return sizes''',
    cases=to_learn,
    domain=any_lesson,
    run=how_many_and_which,
    labels=("words", "first =", "n ="),
    parts=(
        "how many numbers there are",
        "the number before any merge",
        *(f"the number after merge {n}" for n in range(AT_MOST)),
    ),
    uses=(count_pairs, merge, most_frequent),
    rules=(step_by_step,),
    wrong=(
        slip(
            "the count of the pair is taken off: of overlapping pairs only "
            "every second is merged",
            "In 1 1 1 the pair (1, 1) is counted twice and merged once: "
            "measure the words after the merge.",
            "sizes.append(sum(k * len(w) for w, k in words.items()))",
            "sizes.append(sizes[-1] - pairs[best])",
        ),
        slip(
            "of equally frequent pairs the one that was met first is merged",
            "most_frequent takes the one with the lower numbers.",
            "most_frequent(pairs)",
            "max(pairs, key=pairs.get)",
        ),
        slip(
            "of equally frequent pairs the one with the higher numbers is "
            "merged",
            "most_frequent takes the one with the lower numbers.",
            "most_frequent(pairs)",
            "max(pairs, key=lambda pair: (pairs[pair], pair))",
        ),
        slip(
            "the rarest pair is merged",
            "most_frequent(pairs).",
            "most_frequent(pairs)",
            "min(pairs, key=lambda pair: (pairs[pair], pair))",
        ),
        slip(
            "all new tokens get one and the same number",
            "Each merge makes a token of its own: first, first + 1, ...",
            "merge(w, best, new)",
            "merge(w, best, first)",
        ),
        slip(
            "the counts of the merged pairs are given, not the text's length",
            "After each merge: all words' lengths, times how often they "
            "occur.",
            "sizes.append(sum(k * len(w) for w, k in words.items()))",
            "sizes.append(pairs[best])",
        ),
        slip(
            "every word is measured once, however often it occurs",
            "Each word's length times how often it occurs.",
            "sum(k * len(w) for w, k in words.items())",
            "sum(len(w) for w in words)",
        ),
        slip(
            "after a merge every word is measured once, however often it "
            "occurs",
            "Each word's length times how often it occurs.",
            "sizes.append(sum(k * len(w) for w, k in words.items()))",
            "sizes.append(sum(len(w) for w in words))",
        ),
        slip(
            "the words are counted, not their tokens",
            "The sum of the words' lengths.",
            "k * len(w) for",
            "k for",
        ),
        slip(
            "after a merge the different words are counted, not the tokens",
            "The sum of the words' lengths, times how often they occur.",
            "sizes.append(sum(k * len(w) for w, k in words.items()))",
            "sizes.append(len(words))",
        ),
        slip(
            "what each merge saves is given, not how long the text is then",
            "The length itself, after each merge.",
            "sizes.append(sum(k * len(w) for w, k in words.items()))",
            "left = sum(k * len(w) for w, k in words.items())\n"
            "        sizes.append(sizes[0] - sum(sizes[1:]) - left)",
        ),
        slip(
            "the length before any merge is missing",
            "The list begins with the text as it was.",
            "    return sizes",
            "    return sizes[1:]",
        ),
        slip(
            "the text is measured before each merge, not after it",
            "Measure when the words are merged.",
            "        words = {merge(w, best, new): k for w, k in "
            "words.items()}\n"
            "        sizes.append(sum(k * len(w) for w, k in "
            "words.items()))\n",
            "        sizes.append(sum(k * len(w) for w, k in "
            "words.items()))\n"
            "        words = {merge(w, best, new): k for w, k in "
            "words.items()}\n",
        ),
        slip(
            "the words stay as they were: nothing gets shorter",
            "Keep what merge gives: words = {...}.",
            "        words = {merge",
            "        other = {merge",
        ),
        slip(
            "pairs that occur once are merged as well",
            "It ends where no pair occurs twice.",
            "< 2",
            "< 1",
        ),
        slip(
            "pairs that occur just twice are not merged",
            "It ends where no pair occurs twice: below 2.",
            "< 2",
            "< 3",
        ),
        slip(
            "the end of the pairs is not looked for: where there is none, "
            "there is no most frequent one",
            "End where no pair occurs twice.",
            "        if max(pairs.values(), default=0) < 2:\n"
            "            break\n",
            "",
        ),
        slip(
            "from the first merge on every word counts once",
            "Hand the words on with how often they occur.",
            "merge(w, best, new): k for",
            "merge(w, best, new): 1 for",
        ),
        slip(
            "only the last length is given",
            "All of them, as a list.",
            "    return sizes",
            "    return sizes[-1]",
        ),
        slip(
            "one merge too many is made",
            "range(first, first + n) has n numbers.",
            "range(first, first + n)",
            "range(first, first + n + 1)",
        ),
        slip(
            "one merge too few is made",
            "range(first, first + n) has n numbers.",
            "range(first, first + n)",
            "range(first, first + n - 1)",
        ),
        slip(
            "n is taken for the last new token, not for how many there are",
            "n merges make the tokens first to first + n - 1.",
            "range(first, first + n)",
            "range(first, n)",
        ),
        slip(
            "the merged pairs are given, not how long the text is",
            "After each merge: the sum of all words' lengths.",
            "sizes.append(sum(k * len(w) for w, k in words.items()))",
            "sizes.append(best)",
        ),
        slip(
            "the pair with the highest numbers is merged, however often it "
            "occurs",
            "max compares the pairs themselves: most_frequent(pairs).",
            "most_frequent(pairs)",
            "max(pairs)",
        ),
        slip(
            "the pairs are counted once, before any merge",
            "A merge makes new pairs and ends others: count again each time.",
            "    for new in range(first, first + n):\n"
            "        pairs = count_pairs(words)\n"
            "        if max(pairs.values(), default=0) < 2:\n"
            "            break\n"
            "        best = most_frequent(pairs)\n",
            "    order = count_pairs(words).most_common(n)\n"
            "    for new, (best, count) in enumerate(order, first):\n"
            "        if count < 2:\n"
            "            break\n",
        ),
    ),
    hints=(
        "How many tokens has the text `{(0, 1, 0): 3, (2,): 5}`, and how "
        "many after (0, 1) is merged?",
        "The loop of `learn_merges_slowly`; what is noted is not the pair "
        "but `sum(k * len(w) for w, k in words.items())`.",
        "Note it once before the loop, and in the loop after "
        "`words = {merge(w, best, new): k for w, k in words.items()}`.",
    ),
    why="""\
The first merges save most, because the most frequent pair comes first; later
ones save less and less, and each costs a row in two tables.
So the curve falls steeply and flattens, and where to stop is a matter of
what a row costs beside what a shorter text saves.
The counts alone would not do: of overlapping pairs only every second is
merged.""",
)
