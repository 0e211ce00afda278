"""A tokenizer as a folder of transformers has it: AutoTokenizer reads it."""

import json
from pathlib import Path

from tutorgpt.tokens.alphabet import LETTER_OF
from tutorgpt.tokens.byte_pairs import BytePairTokenizer
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.tokens.json_file import BYTE_LEVEL, MODEL, UNUSED, VERSION
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.tokens.utf_8_bytes import ByteTokenizer

TOKENIZER, SETTINGS = "tokenizer.json", "tokenizer_config.json"
EACH_CHARACTER = {
    "type": "Split",
    "pattern": {"Regex": r"[\s\S]"},  # a dot would leave line ends out
    "behavior": "Isolated",
    "invert": False,
}


def write_tokenizer(tokenizer: Tokenizer, folder: Path, longest: int) -> None:
    """Write tokenizer.json and tokenizer_config.json into a folder.

    longest: the tokens that the model reads at once.
    Raises TypeError for a tokenizer that is none of the package's.
    """
    if isinstance(tokenizer, BytePairTokenizer):
        tokenizer.save(folder / TOKENIZER)
    else:
        described = {"version": VERSION, **UNUSED, "post_processor": None}
        described |= described_parts(tokenizer)
        write_json(folder / TOKENIZER, described)
    settings = {
        # Any other class would make itself anew, with rules of its own.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": longest,
        "clean_up_tokenization_spaces": False,
    }
    write_json(folder / SETTINGS, settings)


def described_parts(tokenizer: Tokenizer) -> dict:
    """How a text is cut, which number a piece has, and how it is joined."""
    if isinstance(tokenizer, ByteTokenizer):
        bytes_alone = {LETTER_OF[byte]: byte for byte in range(256)}
        model = MODEL | {"vocab": bytes_alone, "merges": []}
        cut = {"pre_tokenizer": BYTE_LEVEL, "decoder": BYTE_LEVEL}
        return cut | {"model": model}
    if not isinstance(tokenizer, CharTokenizer):
        raise TypeError(
            f"a {type(tokenizer).__name__} has no form in {TOKENIZER}: pass "
            "a tokenizer of characters, bytes or pairs, or None"
        )
    numbers = {c: n for n, c in enumerate(tokenizer.characters)}
    return {
        "pre_tokenizer": EACH_CHARACTER,
        "decoder": {"type": "Fuse"},  # without it, spaces come in between
        # Of more than one character, so that no text has it: what is not
        # in the vocabulary is then refused, as CharTokenizer does.
        "model": {
            "type": "WordLevel",
            "vocab": numbers,
            "unk_token": "<unknown>",
        },
    }


def write_json(file: Path, content: dict) -> None:
    """Write a JSON text, as UTF-8."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", "utf-8")
