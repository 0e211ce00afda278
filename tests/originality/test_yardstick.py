"""What is copied, and what is usual."""

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tutorgpt import GPT, ModelConfig
from tutorgpt.originality import (
    Beside,
    Stretch,
    TextIndex,
    compare,
    longest_copy,
    share_found,
    written,
    yardstick,
)
from tutorgpt.tokens import BytePairTokenizer, ByteTokenizer, CharTokenizer

letters = st.text("abc", min_size=1, max_size=40)
LEARNED = "to be or not to be, that is the question"
HELD_OUT = "whether it is nobler in the mind to suffer or not"


def model_for(vocab_size: int) -> GPT:
    """An untrained one."""
    torch.manual_seed(1)
    shape = {"block_size": 8, "n_embed": 8, "n_head": 2, "n_layer": 1}
    return GPT(ModelConfig(vocab_size=vocab_size, **shape))


# ------------------------------------------------------------ one text


def test_the_longest_stretch_and_its_place():
    """Word for word, with the place in the training text."""
    found = longest_copy("I will not to be, or so", LEARNED)

    assert found == Stretch(" not to be, ", 8)
    assert LEARNED[8:].startswith(found.text)


def test_of_equal_ones_it_is_the_first():
    """The first of the text, at its first place in the other."""
    assert longest_copy("xba-abx", "ab ba ab ba") == Stretch("ba", 3)


def test_nothing_in_common_is_an_empty_stretch():
    """No error, and no place that would mean something."""
    assert longest_copy("xyz", "abc") == Stretch("", 0)
    assert longest_copy("", "abc") == Stretch("", 0)


@settings(max_examples=40)
@given(letters, letters)
def test_the_longest_is_what_a_slow_search_finds(text, learned):
    """All pieces of the text, tried one by one."""
    pieces = {
        text[a:b] for a in range(len(text)) for b in range(a, len(text) + 1)
    }
    slow = max((p for p in pieces if p in learned), key=len)
    found = longest_copy(text, learned)

    assert len(found.text) == len(slow)
    assert found.text in text
    assert learned.startswith(found.text, found.place)


@settings(max_examples=40)
@given(letters, letters, st.integers(1, 8))
def test_the_share_is_a_count(text, learned, n):
    """Of all stretches of n characters, those that are in the other text."""
    all_of_them = [text[i : i + n] for i in range(len(text) - n + 1)]
    if not all_of_them:
        with pytest.raises(ValueError, match="so there is no stretch of"):
            share_found(text, learned, n)
        return
    copied = sum(piece in learned for piece in all_of_them)

    assert share_found(text, learned, n) == copied / len(all_of_them)


# --------------------------------------------------- beside held-out text


def test_a_parrot_exceeds_every_draw():
    """Copied text is longer and more than what held-out text shares."""
    found = compare([LEARNED[:30]], LEARNED, HELD_OUT, sizes=(2, 4))

    assert found.stretch == Stretch(LEARNED[:30], 0)
    assert found.longest.own == 30
    assert found.longest.is_more
    assert found.shares[4].own == 1
    assert found.shares[4].says == "more than in any of 20 draws"


def test_a_poet_does_not():
    """Held-out text of its own shares what held-out text shares."""
    found = compare([HELD_OUT[5:25]], LEARNED, HELD_OUT, sizes=(2,))

    assert not found.longest.is_more
    assert found.shares[2].says == "no more than usual"


def test_one_who_cannot_write_shares_less():
    """That is said as well, and is no praise."""
    found = compare(["zzzz"], LEARNED, HELD_OUT, sizes=(2,))

    assert found.longest == Beside(0, found.longest.draws)
    assert found.longest.says == "less than in any of 20 draws"


@settings(max_examples=15)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(0, 9))
def test_draws_are_as_many_and_as_long_as_the_texts(lengths, seed):
    """So in a text that is copied whole, held-out text is copied whole."""
    texts = ["z" * length for length in lengths]
    held_out = "ab" * 30
    found = compare(texts, held_out, held_out, sizes=(1,), draws=3, seed=seed)

    assert found.longest.draws == (max(lengths),) * 3
    assert found.shares[1].draws == (1,) * 3


def test_all_of_the_held_out_text_can_be_drawn():
    """Its first and its last stretch, and those alone that are whole."""
    held_out = "abcd"
    seen = {
        compare(["zz"], part, held_out, sizes=(1,), draws=50).longest.high
        for part in ("ab", "cd")
    }

    assert seen == {2}


def test_the_seed_decides_the_draws():
    """The same draws again, and others with another seed."""
    texts, learned = ["z" * 9], TextIndex(LEARNED)
    one, same, other = (
        compare(texts, learned, HELD_OUT, sizes=(2,), seed=seed).shares
        for seed in (1, 1, 2)
    )

    assert one == same != other


def test_low_middle_and_high_are_of_the_draws():
    """The model's own number has no part in them."""
    beside = Beside(9, (4, 1, 2))

    assert (beside.low, beside.middle, beside.high) == (1, 2, 4)
    assert Beside(4, (4, 1)).is_more is False


@pytest.mark.parametrize(
    ("texts", "options", "said"),
    [
        (["z" * 50], {}, "49 characters, fewer than the 50"),
        (["z" * 20, "z" * 30], {}, "fewer than the 50 to compare"),
        (["z" * 20], {}, "the longest text has 20 characters, so there is no"),
        ([], {}, "the longest text has 0 characters"),
        (["z" * 40], {"draws": 0}, "draws is 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(texts, options, said):
    """With both numbers, and what to do."""
    with pytest.raises(ValueError, match=re.escape(said)):
        compare(texts, LEARNED, HELD_OUT, **options)


# ------------------------------------------------------------- a model's


@pytest.mark.parametrize(
    "tokenizer",
    [
        CharTokenizer.from_text("\nabc"),
        ByteTokenizer(),
        BytePairTokenizer.train("ab ab\nab ac ac" * 9, 260),
    ],
    ids=["characters", "bytes", "pairs"],
)
def test_any_alphabet_writes_texts(tokenizer):
    """As many as asked for, without the prompt, the same for a seed."""
    model = model_for(tokenizer.vocab_size)
    texts = written(model, tokenizer, 3, 11, seed=5)

    assert len(texts) == len(set(texts)) == 3
    assert texts == written(model, tokenizer, 3, 11, seed=5)
    assert texts != written(model, tokenizer, 3, 11, seed=6)
    if isinstance(tokenizer, CharTokenizer):
        assert {len(text) for text in texts} == {11}


def test_a_character_that_is_only_begun_is_left_out(monkeypatch):
    """A model of bytes stops after the second byte of three."""
    tokenizer = ByteTokenizer()
    row = torch.tensor([tokenizer.encode("\n雷雷")[:-1]])
    monkeypatch.setattr(yardstick, "generate", lambda *_, **__: row)

    assert written(model_for(256), tokenizer, 1, 5) == ["雷"]
