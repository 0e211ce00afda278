"""tokenizer.json, the file in which tokenizers are passed around.

Layout: that of the library tokenizers, of Hugging Face, version 1.0.
"""

import json
from pathlib import Path

from tutorgpt.ground.places import expanded
from tutorgpt.ground.whole_files import reason, write_whole
from tutorgpt.tokens.alphabet import letters, spelled
from tutorgpt.tokens.vocabulary import Pair, Vocabulary

VERSION = "1.0"
BYTE_LEVEL = {
    "type": "ByteLevel",
    "add_prefix_space": False,
    "trim_offsets": True,
    "use_regex": True,
}
"""Cut the text as GPT-2 does, and take the bytes of each piece."""
UNUSED = {
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
}
"""What the file may say, and what our class does not do."""
MODEL = {
    "type": "BPE",
    "dropout": None,
    "unk_token": None,
    "continuing_subword_prefix": None,
    "end_of_word_suffix": None,
    "fuse_unk": False,
    "byte_fallback": False,
    "ignore_merges": False,
}
NOTHING = (None, False, "", [])
"""Ways in which a file says that it does not use something."""


def write_json(merges: tuple[Pair, ...], path: Path) -> Path:
    """Write the file, whole or not at all; OSError if that cannot be."""
    path = expanded(path)
    tokens = [letters(each) for each in Vocabulary(merges).bytes_of]
    described = {
        "version": VERSION,
        **UNUSED,
        "pre_tokenizer": BYTE_LEVEL,
        "post_processor": None,
        "decoder": BYTE_LEVEL,
        "model": {
            **MODEL,
            "vocab": {token: number for number, token in enumerate(tokens)},
            "merges": [[tokens[a], tokens[b]] for a, b in merges],
        },
    }
    write_whole(path, json.dumps(described, ensure_ascii=False, indent=1))
    return path


def read_json(path: Path) -> tuple[Pair, ...]:
    """The merges of a file of byte pairs.

    Raises FileNotFoundError if there is none, ValueError if it is damaged,
    of another version, or does what BytePairTokenizer cannot.
    """
    path = expanded(path)
    try:
        described = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no file {str(path)!r}: check the path, or write one "
            "with BytePairTokenizer.save"
        ) from None
    except OSError as error:
        raise OSError(
            f"{str(path)!r} cannot be read ({reason(error)}): check its "
            "permissions, or choose another file"
        ) from None
    except ValueError:
        raise ValueError(_unusable(path, "it is no JSON")) from None
    try:
        _check_what_it_does(described)
        return _merges(described["model"])
    except KeyError as error:
        raise ValueError(_unusable(path, f"it lacks {error}")) from None
    except (TypeError, AttributeError):
        raise ValueError(_unusable(path, "it has another layout")) from None
    except ValueError as error:
        raise ValueError(_unusable(path, str(error))) from None


def _check_what_it_does(described: dict) -> None:
    """Refuse what would give other tokens than the file's own program."""
    if described["version"] != VERSION:
        raise ValueError(
            f"its version is {described['version']!r}, and {VERSION!r} is "
            "known"
        )
    kind = described["model"]["type"]
    if kind != "BPE":
        raise ValueError(f"its model is {kind!r}, not 'BPE'")
    cut = described["pre_tokenizer"]
    ours = {"trim_offsets": None, "use_regex": True} | (cut or {})
    if ours | {"trim_offsets": True} != BYTE_LEVEL:
        raise ValueError(
            "it cuts texts in another way than GPT-2, by its pre_tokenizer "
            f"{json.dumps(cut)[:80]}"
        )
    for name in ("normalizer", "added_tokens"):
        if described.get(name) not in NOTHING:
            raise ValueError(f"it has {name}, which are not used here")
    for name, value in MODEL.items():
        if name != "type" and described["model"].get(name) not in NOTHING:
            stated = described["model"][name]
            raise ValueError(f"its model has {name} {stated!r}, not {value}")


def _merges(model: dict) -> tuple[Pair, ...]:
    """The merges as numbers; the vocabulary must be what they make."""
    vocabulary = model["vocab"]
    merges = []
    for written in model["merges"]:
        # Older files have "a b" instead of ["a", "b"].
        left, right = (
            written.split(" ") if isinstance(written, str) else written
        )
        merges.append((vocabulary[left], vocabulary[right]))
    tokens = Vocabulary(merges).bytes_of
    stored = {spelled(token): number for token, number in vocabulary.items()}
    if stored != {token: number for number, token in enumerate(tokens)}:
        raise ValueError(
            "its vocabulary is not the 256 bytes and what its merges make"
        )
    return tuple(merges)


def _unusable(path: Path, why: str) -> str:
    return (
        f"{str(path)!r} cannot be used ({why}): write it again with "
        "BytePairTokenizer.save, or take a file of byte pairs like GPT-2's"
    )
