"""A tokenizer out of a GGUF file, or out of a tokenizer.json.

Both hold the tokens as visible characters (see tutorgpt.tokens.alphabet),
the merges in order, the tokens that stand for no text, and how a text is
cut before that. What would be cut or numbered in another way is refused.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tutorgpt.tokens.alphabet import LETTER_OF, spelled
from tutorgpt.tokens.byte_pairs import BytePairTokenizer
from tutorgpt.tokens.json_file import BYTE_LEVEL, MODEL, NOTHING, VERSION
from tutorgpt.tokens.renumbered import PretrainedTokenizer
from tutorgpt.tokens.vocabulary import Pair, Vocabulary

CONTROL, USER_DEFINED = 3, 4
"""GGUF's kinds of tokens that are found in a text as a whole."""
CUTS = {"smollm": True, "gpt-2": False}
"""GGUF's words for how a text is cut, and whether digits stand alone."""


def tokenizer_of_gguf(
    described: Mapping[str, Any], size: int
) -> PretrainedTokenizer:
    """The tokenizer of a GGUF file.

    described: the values of its fields, by name.
    size: how many tokens the model scores.
    Raises KeyError or ValueError for one that is not of byte pairs, that
    cuts a text in another way, or that is damaged.
    """
    told = {
        name.removeprefix("tokenizer.ggml."): value
        for name, value in described.items()
    }
    kind, cut = told["model"], told.get("pre")
    if kind != "gpt2":
        raise ValueError(f"its tokenizer is of the kind {kind!r}, not 'gpt2'")
    if cut not in CUTS:
        raise ValueError(
            f"its tokenizer cuts a text as {cut!r} does, and only the ways "
            f"of {' and '.join(CUTS)} are known"
        )
    if told.get("add_bos_token"):
        raise ValueError("its tokenizer puts a token before every text")
    tokens, kinds = told["tokens"], told["token_type"]
    if len(kinds) != len(tokens):
        raise ValueError(
            f"it has {len(tokens)} tokens and says of {len(kinds)} what "
            "they are"
        )
    whole = {
        token: number
        for number, token in enumerate(tokens)
        if kinds[number] in (CONTROL, USER_DEFINED)
    }
    return build_tokenizer(
        tokens,
        (written.split(" ") for written in told["merges"]),
        whole,
        digits_alone=CUTS[cut],
        end=check_end(told.get("eos_token_id"), size),
        template=described.get("tokenizer.chat_template"),
    )


def tokenizer_of_json(
    path: Path, size: int, end: int | None, template: str | None
) -> PretrainedTokenizer:
    """The tokenizer of a tokenizer.json, the file of the library tokenizers.

    size: how many tokens the model scores. end, template: see
    PretrainedTokenizer; other files of the folder say them.
    Raises KeyError, TypeError or ValueError for one that is not of byte
    pairs, does more than cut at digits, or is damaged.
    """
    described = json.loads(path.read_text("utf-8"))
    if described["version"] != VERSION:
        raise ValueError(f"its version is {described['version']!r}")
    if described.get("normalizer") not in NOTHING:
        raise ValueError("it changes a text before it cuts it")
    model = described["model"]
    for name, value in MODEL.items():
        stated = model.get(name)
        plain = stated == value or stated in NOTHING
        if not plain and name != "unk_token":  # what is unknown is refused
            raise ValueError(f"its model has {name} {stated!r}, not {value}")
    whole = {each["content"]: each["id"] for each in described["added_tokens"]}
    for each in described["added_tokens"]:
        if each["lstrip"] or each["rstrip"] or each["single_word"]:
            raise ValueError(f"its token {each['content']!r} is not plain")
    return build_tokenizer(
        in_order(model["vocab"] | whole, size),
        (
            pair.split(" ") if isinstance(pair, str) else pair
            for pair in model["merges"]
        ),
        whole,
        digits_alone=cuts_digits(described["pre_tokenizer"]),
        end=check_end(end, size),
        template=template,
    )


def in_order(number_of: Mapping[str, int], size: int) -> list[str]:
    """The tokens by number; ValueError if numbers are left out or taken."""
    tokens = sorted(number_of, key=number_of.__getitem__)
    if [number_of[token] for token in tokens] != list(range(size)):
        raise ValueError(f"its tokens are not numbered from 0 to {size - 1}")
    return tokens


def cuts_digits(cut: Mapping[str, Any] | None) -> bool:
    """Whether digits are cut off one by one, before words are.

    Raises ValueError for any other way than GPT-2's, with and without it.
    """
    cut = cut or {}
    steps: list[dict] = (
        cut["pretokenizers"] if "pretokenizers" in cut else [dict(cut)]
    )
    alone = steps[:1] == [{"type": "Digits", "individual_digits": True}]
    words = [
        {"use_regex": True} | step | {"trim_offsets": True}
        for step in steps[alone:]
    ]
    if words != [BYTE_LEVEL]:
        raise ValueError(
            "it cuts a text in another way than GPT-2, by its pre_tokenizer "
            f"{json.dumps(cut)[:120]}"
        )
    return alone


def build_tokenizer(
    tokens: list[str],
    merges: Iterable[list[str]],
    whole: dict[str, int],
    **told: Any,
) -> PretrainedTokenizer:
    """A tokenizer of a file's tokens; ValueError where they do not fit.

    tokens: in visible characters, by number; those in whole as they are.
    merges: two tokens each, in visible characters, in order.
    """
    pairs = BytePairTokenizer(tuple(numbered(merges)))
    bytes_of = [
        token.encode() if token in whole else bytes_in(token)
        for token in tokens
    ]
    made = set(pairs.bytes_of)
    spelled_once = set()
    for number, token in enumerate(tokens):
        if token in whole:
            continue
        if bytes_of[number] not in made or token in spelled_once:
            raise ValueError(
                f"its token {number}, {token!r}, is none that its merges make"
            )
        spelled_once.add(token)
    lacking = made - set(bytes_of) - {bytes([byte]) for byte in LETTER_OF}
    if lacking:
        raise ValueError(
            f"its merges make {min(lacking)!r}, for which it has no token"
        )
    return PretrainedTokenizer(pairs, tuple(bytes_of), whole, **told)


def numbered(merges: Iterable[list[str]]) -> Iterable[Pair]:
    """Merges of visible characters as chapter 10 numbers the tokens.

    Raises ValueError for a token that no earlier merge has made.
    """
    vocabulary = Vocabulary()
    number_of = {each: n for n, each in enumerate(vocabulary.bytes_of)}
    for written in merges:
        try:
            left, right = (number_of[bytes_in(token)] for token in written)
        except (KeyError, ValueError):
            raise ValueError(
                f"its merge {' '.join(written)!r} is not one of two tokens "
                "that are there before it"
            ) from None
        joined = vocabulary.join((left, right))
        number_of[vocabulary.bytes_of[joined]] = joined
        yield left, right


def bytes_in(token: str) -> bytes:
    """What visible characters stand for; ValueError for one that is none."""
    try:
        return spelled(token)
    except KeyError as error:
        raise ValueError(
            f"its token {token!r} has {error}, which stands for no byte"
        ) from None


def check_end(number: int | None, size: int) -> int | None:
    """Refuse an end that is no token."""
    if number is not None and not 0 <= number < size:
        raise ValueError(
            f"its answers end with token {number}, and tokens go from 0 to "
            f"{size - 1}"
        )
    return number
