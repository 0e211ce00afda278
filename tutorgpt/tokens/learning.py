"""Learning byte pairs: which neighbours become one token, in what order.

Source: Sennrich et al. 2016, https://arxiv.org/abs/1508.07909
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise

from tutorgpt.tokens.vocabulary import Pair, Vocabulary

SEEN_AT_LEAST = 2
"""How often a pair must occur to become a token."""


def count_pairs(words: Mapping[tuple[int, ...], int]) -> Counter[Pair]:
    """How often each pair of neighbours occurs in the words.

    words: a word, as its tokens, and how often the text has it.
    """
    pairs: Counter[Pair] = Counter()
    for word, times in words.items():
        for pair in pairwise(word):
            pairs[pair] += times
    return pairs


def most_frequent(pairs: Mapping[Pair, int]) -> Pair:
    """The pair with the highest count; of equals, the one that sorts first."""
    return min(pairs, key=lambda pair: (-pairs[pair], pair))


def merge(word: tuple[int, ...], pair: Pair, new: int) -> tuple[int, ...]:
    """The word with the new token in place of each pair, from the left."""
    merged: list[int] = []
    place = 0
    while place < len(word):
        if word[place : place + 2] == pair:
            merged.append(new)
            place += 2
        else:
            merged.append(word[place])
            place += 1
    return tuple(merged)


def learn_merges_slowly(
    words: Mapping[tuple[int, ...], int], vocab_size: int
) -> list[Pair]:
    """The definition: count all pairs, merge the most frequent, repeat.

    words: each word of a text, as its tokens, and how often it occurs.
    It ends early where no pair occurs twice.
    """
    merges: list[Pair] = []
    vocabulary = Vocabulary()
    while len(vocabulary) < vocab_size:
        pairs = count_pairs(words)
        if not pairs or max(pairs.values()) < SEEN_AT_LEAST:
            break
        best = most_frequent(pairs)
        new = vocabulary.join(best)
        words = {merge(word, best, new): n for word, n in words.items()}
        merges.append(best)
    return merges


def learn_merges(
    words: Mapping[tuple[int, ...], int], vocab_size: int
) -> list[Pair]:
    """The same merges, faster: only what a merge changes is counted anew.

    For each pair its count is kept up to date, with the words that have it,
    and a heap has the most frequent pair on top. Counts on the heap may be
    out of date: what comes off with another count than that of now goes
    back with that. A pair whose count has grown is put on it once more.
    """
    texts, times = list(words), list(words.values())
    pairs = count_pairs(words)
    within: defaultdict[Pair, set[int]] = defaultdict(set)
    for number, word in enumerate(texts):
        for pair in pairwise(word):
            within[pair].add(number)
    heap = [(-n, pair) for pair, n in pairs.items() if n >= SEEN_AT_LEAST]
    heapify(heap)

    merges: list[Pair] = []
    vocabulary = Vocabulary()
    while heap and len(vocabulary) < vocab_size:
        less, pair = heappop(heap)
        if -less != pairs[pair]:
            if pairs[pair] >= SEEN_AT_LEAST:
                heappush(heap, (-pairs[pair], pair))
            continue
        new = vocabulary.join(pair)
        merges.append(pair)
        born: set[Pair] = set()
        for number in within.pop(pair):
            old, n = texts[number], times[number]
            places = places_of(pair, old)
            if not places:
                continue  # a merge since has taken the pair out of this word
            changed: list[int] = []
            done = 0
            for start, end in stretches(places, len(old)):
                part = old[start:end]
                joined = merge(part, pair, new)
                for before in pairwise(part):
                    pairs[before] -= n
                for after in pairwise(joined):
                    pairs[after] += n
                    if new in after:
                        within[after].add(number)
                        born.add(after)
                changed += old[done:start] + joined
                done = end
            texts[number] = (*changed, *old[done:])
        for other in born:
            if pairs[other] >= SEEN_AT_LEAST:
                heappush(heap, (-pairs[other], other))
    return merges


def places_of(pair: Pair, word: tuple[int, ...]) -> list[int]:
    """Where merge puts the new token, as places of the old word."""
    places: list[int] = []
    place, last = 0, len(word) - 1
    while True:
        try:
            place = word.index(pair[0], place, last)
        except ValueError:
            return places
        if word[place + 1] == pair[1]:
            places.append(place)
            place += 1
        place += 1


def stretches(places: list[int], length: int) -> list[tuple[int, int]]:
    """Where pairs change: from the token before a place to the one after.

    places: of a pair's first tokens in a word of this length. Stretches that
    share a token become one.
    """
    found: list[tuple[int, int]] = []
    for place in places:
        start, end = max(0, place - 1), min(place + 3, length)
        if found and start < found[-1][1]:
            start, _ = found.pop()
        found.append((start, end))
    return found
