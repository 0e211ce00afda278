"""A file's tokens: those of the library tokenizers, and back again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_files import WHOLE, tokenizer_json, tokens_and_merges

from tutorgpt.text.tokenizers import load_tokenizer
from tutorgpt.tokens import PretrainedTokenizer, StreamDecoder, Tokenizer
from tutorgpt.tokens.model_files import (
    build_tokenizer,
    cuts_digits,
    tokenizer_of_json,
)

HARD = [
    "the cat sat there, and the mat",
    "the  cat\n\n sat\t\r\n  on  ",
    "12 cats, 3.14159, 1st, x2y, ½ ² Ⅳ ٣ 三 42  7   ",
    "it's  'that'll THE'RE 'S",
    "naïve — “quoted” … 猫 坐 😀👩‍👩‍👧 e\u0301\u200d",
    "<|im_start|>user\nthe cat<|im_end|>\n<|im_start|>the",
    "<|im_start|><|im_start|><|im_end|> <|im_end",
    "<|im_start|12|> <| im_start |>",
    " \u00a0\u2003\u3000the\u0085\u2028 ",
    "\x00\x01\x1f\x7f\ufeff\ufffd",
    "",
    " ",
]


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> PretrainedTokenizer:
    path = tmp_path_factory.mktemp("tiny") / "tokenizer.json"
    path.write_text(json.dumps(tokenizer_json()), "utf-8")
    return tokenizer_of_json(path, len(tokens_and_merges()[0]), 2, None)


@pytest.fixture(scope="module")
def theirs():
    import tokenizers

    return tokenizers.Tokenizer.from_str(json.dumps(tokenizer_json()))


def test_it_is_a_tokenizer_of_the_package(ours):
    """Whatever takes one takes this one."""
    assert isinstance(ours, Tokenizer)
    assert ours.vocab_size == 278


def test_its_description_makes_it_again(ours):
    """Through JSON, as in a checkpoint."""
    told = json.loads(json.dumps(ours.describe()))

    assert load_tokenizer(told) == ours
    assert load_tokenizer(told).encode(HARD[2]) == ours.encode(HARD[2])


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_have_the_librarys_tokens(ours, theirs, text):
    """Digits, white space, whole tokens and their look-alikes."""
    tokens = ours.encode(text)

    assert tokens == theirs.encode(text, add_special_tokens=False).ids
    assert ours.decode(tokens) == text
    assert ours.encode_array(text).tolist() == tokens


PIECES = [*WHOLE, *"the cat sat, 0123456789\n\t ", "猫", "'s", "<|", "|>"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_row_of_pieces_has_the_librarys_tokens(ours, theirs, text):
    """Whole tokens may stand anywhere, also side by side."""
    assert ours.encode(text) == theirs.encode(text).ids
    assert ours.decode(ours.encode(text)) == text


NO_HALVES = st.characters(exclude_categories=["Cs"], exclude_characters="\x04")


@given(st.text(NO_HALVES))
def test_any_text_comes_back(ours, theirs, text):
    """And has the library's tokens, where both know the same Unicode."""
    tokens = ours.encode(text)

    assert ours.decode(tokens) == text
    if all(c.isascii() or c.isalpha() or c.isspace() for c in text):
        assert tokens == theirs.encode(text).ids


def test_a_byte_without_a_token_is_named(ours):
    """The library leaves such a character out without a word."""
    with pytest.raises(ValueError, match=r"'\\x04' \(U\+0004\)"):
        ours.encode("the cat\x04sat")


def test_half_of_a_pair_is_refused(ours):
    """Where it stands in the whole text."""
    with pytest.raises(ValueError, match="position 4"):
        ours.encode("1234\ud800")


def test_a_number_that_is_no_token_is_refused(ours):
    """Above and below."""
    for number in (278, -1):
        with pytest.raises(ValueError, match="outside the vocabulary"):
            ours.decode([number])


def test_a_stream_shows_whole_characters(ours):
    """Bytes of one character wait for each other."""
    decoder = StreamDecoder(ours)
    fed = [decoder.feed(token) for token in ours.encode("猫<|im_end|>")]

    assert "".join(fed) == "猫<|im_end|>"
    assert fed[:2] == ["", ""]


def test_without_a_cut_at_digits_they_stay_words(ours):
    """GPT-2's own way."""
    plain = PretrainedTokenizer(ours.pairs, ours.bytes_of, {}, False)

    assert plain._cut("12 cats <|im_end|>") == ["12 cats <|im_end|>"]
    assert ours._cut("12 cats") == ["1", "2", " cats"]


def test_a_whole_token_is_the_longest(ours):
    """Of two that begin alike."""
    tokens, merges = tokens_and_merges()
    tokens = [*tokens, "<|im_start|>>"]
    whole = {text: tokens.index(text) for text in (*WHOLE, tokens[-1])}
    longer = build_tokenizer(
        tokens, map(list, merges), whole, digits_alone=False
    )

    assert longer.encode("<|im_start|>>") == [len(tokens) - 1]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t, m: m.insert(0, ["Ġthe", "re"]), "'Ġthe re' is not one"),
        (lambda t, m: m.insert(3, ["a", "b", "c"]), "'a b c' is not one"),
        (lambda t, m: m.insert(3, ["a"]), "'a' is not one"),
        (lambda t, m: m.append(["a", "猫"]), "is not one"),
        (lambda t, m: m.append(m[0]), "merged twice"),
        (lambda t, m: m.append(["q", "q"]), "b'qq', for which it has no"),
        (lambda t, m: t.append("qqq"), "'qqq', is none that its merges"),
        (lambda t, m: t.append("a"), "'a', is none"),
        (lambda t, m: t.append("猫"), "'猫' has '猫', which stands for no"),
    ],
)
def test_tokens_that_no_merge_makes_are_refused(change, named):
    """A damaged list would encode other tokens without a word."""
    tokens, merges = tokens_and_merges()
    merges = [list(pair) for pair in merges]
    change(tokens, merges)
    with pytest.raises(ValueError, match=named):
        build_tokenizer(
            tokens,
            merges,
            {text: n for n, text in enumerate(WHOLE)},
            digits_alone=True,
        )


DIGITS = {"type": "Digits", "individual_digits": True}
WORDS = {"type": "ByteLevel", "add_prefix_space": False}


def in_turn(*steps):
    return {"type": "Sequence", "pretokenizers": list(steps)}


@pytest.mark.parametrize(
    ("cut", "alone"),
    [
        (WORDS, False),
        (WORDS | {"trim_offsets": False, "use_regex": True}, False),
        (in_turn(WORDS), False),
        (in_turn(DIGITS, WORDS), True),
    ],
)
def test_two_ways_of_cutting_are_known(cut, alone):
    """GPT-2's, and the same after digits are cut off."""
    assert cuts_digits(cut) is alone


@pytest.mark.parametrize(
    "cut",
    [
        None,
        {},
        in_turn(),
        DIGITS,
        in_turn(WORDS, DIGITS),
        in_turn(DIGITS | {"individual_digits": False}, WORDS),
        WORDS | {"use_regex": False},
        WORDS | {"add_prefix_space": True},
        in_turn(DIGITS, WORDS, WORDS),
    ],
)
def test_any_other_way_of_cutting_is_refused(cut):
    """It would give other tokens."""
    with pytest.raises(ValueError, match="in another way than GPT-2"):
        cuts_digits(cut)
