"""Learns the alphabets of the figure that cuts a text: characters, pairs.

    python scripts/records/alphabets.py

The characters of the plays, and the merges of 512 byte pairs learned from
them, go to the assets of the interactive figures as a script that a page from
disk can load. Nothing else of the plays is in it.
"""

import argparse
from pathlib import Path

from tutorgpt import load_corpus
from tutorgpt.ground.provenance import as_script
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.view.playground.pack import pack_tokenizer

ROOT = Path(__file__).resolve().parents[2]
ASSET = ROOT / "tutorgpt/view/interactive/assets/play_alphabets.js"
NAMES = ("characters", "pairs:512")


def learn() -> dict[str, Tokenizer]:
    """The plays' tokenizers, by their names."""
    return {name: load_corpus("shakespeare", name).tokenizer for name in NAMES}


def asset(tokenizers: dict[str, Tokenizer]) -> str:
    """What the figure needs."""
    packed = {name: pack_tokenizer(one) for name, one in tokenizers.items()}
    return as_script("scripts/records/alphabets.py", "playAlphabets", packed)


def main() -> None:
    """Learn, and write the figure's script."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    write_whole(ASSET, asset(learn()))


if __name__ == "__main__":
    main()
