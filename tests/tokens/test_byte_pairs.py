"""Byte pairs: learned, applied, and equal to the library's."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, trainers
from tokenizers.pre_tokenizers import ByteLevel

from tutorgpt import load_corpus
from tutorgpt.tokens import BytePairTokenizer, StreamDecoder, splitting
from tutorgpt.tokens.learning import (
    learn_merges,
    learn_merges_slowly,
    merge,
    places_of,
    stretches,
)
from tutorgpt.tokens.splitting import (
    count_words,
    split_stream,
    split_words,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
crowded = st.text(st.sampled_from("abAB é雷 \n'1s"), min_size=1, max_size=120)
"""Texts of few characters, in which pairs overlap and are equally many."""
words = st.dictionaries(
    st.lists(st.integers(0, 3), min_size=1, max_size=9).map(tuple),
    st.integers(1, 4),
    max_size=9,
)
SHAKESPEARE = load_corpus("shakespeare").text[:200_000]
LEARNED = BytePairTokenizer.train(SHAKESPEARE, 600)


def library(text: str, vocab_size: int) -> Tokenizer:
    """The merges that the library tokenizers learns from the text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        min_frequency=2,
        initial_alphabet=ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


def saved(tokenizer: BytePairTokenizer, folder: Path) -> dict:
    return json.loads(tokenizer.save(folder / "t.json").read_text("utf-8"))


@given(words)
def test_fast_learning_equals_slow_learning(
    words: dict[tuple[int, ...], int],
) -> None:
    """The same merges in the same order, equal counts and overlaps too."""
    slow = learn_merges_slowly(words, 280)

    assert learn_merges(words, 280) == slow


@given(st.lists(st.integers(0, 2), max_size=12).map(tuple))
def test_the_places_are_those_that_a_merge_replaces(
    word: tuple[int, ...],
) -> None:
    """Also where pairs overlap, as in 000."""
    for pair in ((0, 0), (0, 1)):
        places = places_of(pair, word)
        assert all(word[place : place + 2] == pair for place in places)
        assert len(merge(word, pair, 9)) == len(word) - len(places)


@given(st.lists(st.integers(0, 2), max_size=16).map(tuple))
def test_outside_the_stretches_no_pair_changes(word: tuple[int, ...]) -> None:
    """In order, apart from each other, and each place within one."""
    for pair in ((0, 0), (0, 1)):
        places = places_of(pair, word)
        found = stretches(places, len(word))
        ends = [0, *(edge for stretch in found for edge in stretch), len(word)]
        assert ends == sorted(ends)
        for place in places:
            assert any(a <= place and place + 2 <= z for a, z in found)
            assert any(a < place or place == 0 for a, _ in found)
            assert any(place + 2 < z or z == len(word) for _, z in found)


@settings(deadline=None, max_examples=50)
@given(crowded, st.integers(257, 300))
def test_what_is_learned_equals_the_librarys(
    tmp_path_factory: pytest.TempPathFactory, text: str, vocab_size: int
) -> None:
    """The same file of vocabulary and merges, number by number."""
    text = f"ab ab {text}"  # so that there is a pair to learn
    ours = BytePairTokenizer.train(text, vocab_size)
    theirs = json.loads(library(text, vocab_size).to_str())
    stored = saved(ours, tmp_path_factory.mktemp("pairs"))

    assert stored["model"] == theirs["model"]
    assert stored["pre_tokenizer"] == theirs["pre_tokenizer"]


def test_shakespeare_is_learned_as_the_library_learns_it(
    tmp_path: Path,
) -> None:
    """344 merges of 200,000 characters."""
    theirs = library(SHAKESPEARE, 600)
    theirs.save(str(tmp_path / "theirs.json"))

    assert len(LEARNED.merges) == 344
    assert BytePairTokenizer.load(tmp_path / "theirs.json") == LEARNED


def read_by_library(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(LEARNED.save(folder / "ours.json")))


@settings(deadline=None)
@given(texts)
def test_encoding_equals_the_librarys(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """On every text, with the file that we have written."""
    theirs = read_by_library(tmp_path_factory.mktemp("pairs"))

    assert LEARNED.encode(text) == theirs.encode(text).ids
    assert LEARNED.decode(LEARNED.encode(text)) == text
    assert LEARNED.encode_array(text).tolist() == LEARNED.encode(text)


def test_a_word_of_thousands_of_letters(tmp_path: Path) -> None:
    """A genome has no spaces: all of it is one word."""
    letters = "".join(random.Random(0).choices("acgt", k=30_000))
    tokenizer = BytePairTokenizer.train(letters[:3000], 300)
    theirs = Tokenizer.from_file(str(tokenizer.save(tmp_path / "ours.json")))

    assert tokenizer.encode(letters) == theirs.encode(letters).ids


def test_white_space_is_cut_as_the_library_cuts_it(tmp_path: Path) -> None:
    """Each character that may be white space for one and not for another."""
    theirs = read_by_library(tmp_path)
    strange = [*range(0x21), 0x7F, 0x85, 0xA0, 0x1680, *range(0x2000, 0x2030)]
    for point in (*strange, 0x205F, 0x3000, 0xFEFF):
        text = f"the{chr(point)}cat {chr(point)}{chr(point)} the"
        assert LEARNED.encode(text) == theirs.encode(text).ids, hex(point)


def test_two_merges_that_spell_the_same_are_one_token() -> None:
    """ "aa" + "a" and "a" + "aa" are both "aaa", as in the library."""
    a = LEARNED.encode("a")[0]
    tokenizer = BytePairTokenizer(((a, a), (256, a), (a, 256)))

    assert tokenizer.vocab_size == 258
    assert tokenizer.bytes_of[257] == b"aaa"


def test_a_frequent_word_is_one_token_and_a_rare_one_its_bytes() -> None:
    """The space before a word belongs to it."""
    spelled = [LEARNED.bytes_of[n] for n in LEARNED.encode("and the 雷")]

    assert b" the" in spelled
    assert spelled[-3:] == [b"\xe9", b"\x9b", b"\xb7"]


def test_the_vocabulary_may_stay_smaller_than_asked_for() -> None:
    """Where no pair occurs twice any more."""
    tokenizer = BytePairTokenizer.train("ab ab", 300)

    assert tokenizer.vocab_size == 257
    assert tokenizer.bytes_of[256] == b"ab"


@pytest.mark.parametrize(
    ("text", "vocab_size", "says"),
    [
        ("abab", 256, "vocab_size is 256: .* at least 257"),
        ("", 300, "the text is empty"),
        ("abc", 300, "no pair of bytes occurs twice .* 3 characters"),
        ("\ud83d\ud83d", 300, "half of a surrogate pair"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(
    text: str, vocab_size: int, says: str
) -> None:
    """One sentence each."""
    with pytest.raises(ValueError, match=says):
        BytePairTokenizer.train(text, vocab_size)


@pytest.mark.parametrize(
    ("merges", "says"),
    [
        (((0, 1), (0, 1)), "merged twice"),
        (((0, 256),), "joins token 256 before there is one"),
        (((0, -1),), "joins token -1"),
    ],
)
def test_merges_that_cannot_be_are_refused(
    merges: tuple[tuple[int, int], ...], says: str
) -> None:
    """A damaged list of merges never becomes a tokenizer."""
    with pytest.raises(ValueError, match=says):
        BytePairTokenizer(merges)


@given(st.lists(st.integers(0, 599), max_size=30))
def test_any_tokens_can_be_decoded(tokens: list[int]) -> None:
    """All at once or as a stream, which give the same text."""
    stream = StreamDecoder(LEARNED)
    streamed = "".join(map(stream.feed, tokens)) + stream.end()

    assert LEARNED.decode(tokens) == streamed


@given(texts)
def test_the_pieces_are_the_text(text: str) -> None:
    """Nothing is lost between words."""
    assert "".join(split_words(text)) == text


@given(st.text(st.sampled_from("ab \n.1'"), max_size=60), st.integers(1, 7))
def test_a_text_in_parts_has_the_same_pieces(text: str, size: int) -> None:
    """Wherever a long text is cut to be read."""
    parts = [text[n : n + size] for n in range(0, len(text), size)]
    pieces = [p for part in split_stream(parts) for p in split_words(part)]

    assert pieces == split_words(text)


def test_pairs_do_not_reach_over_words() -> None:
    """The most frequent pair of characters here would be across a space."""
    text = "ax by az bw " * 3
    spelled = BytePairTokenizer.train(text, 300).bytes_of

    assert not any(b" " in token.lstrip(b" ") for token in spelled)
    assert Counter(split_words(text))[" by"] == 3


@given(crowded, st.integers(1, 9))
def test_words_counted_in_parts_are_those_of_the_whole(
    text: str, at_once: int
) -> None:
    """Wherever a part ends, in a word or between spaces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "AT_ONCE", at_once)

        assert count_words(text) == Counter(split_words(text))
