"""What a text becomes in each alphabet, and what counting predicts there."""

import math
from contextlib import suppress
from dataclasses import astuple, dataclass, field

from tutorgpt.config import Preset
from tutorgpt.own_text.specimen import Specimen
from tutorgpt.scaling import parameters_by_part
from tutorgpt.text.floors import Floors, measure_floors
from tutorgpt.text.split import Corpus
from tutorgpt.text.tokenizers import BYTES, CHARACTERS, PAIRS
from tutorgpt.tokens.splitting import split_words
from tutorgpt.tokens.tokenizer import Tokenizer, utf_8
from tutorgpt.training.runs import bytes_per_token

ENOUGH = 300_000
"""Bytes of different words, from the beginning, that pairs are tried on. All
of the plays have fewer; more would take too long for a quick look."""


@dataclass(frozen=True)
class Cut:
    """A text in one alphabet.

    tokenizer: what cuts it.
    tokens: how many the text has, all of it.
    per_token: how many characters one of them stands for.
    floors: the losses that counting reaches, in nats per token.
    floors_per_byte: the same in bits per byte, which alphabets share.
    is_guess: whether not all of the text was counted.
    """

    tokenizer: Tokenizer = field(repr=False)
    tokens: int
    per_token: float
    floors: Floors
    floors_per_byte: Floors
    is_guess: bool = False

    @classmethod
    def of(cls, text: str, name: str, share: float = 1.0) -> "Cut":
        """Cut a text with the tokenizer of this name.

        share: of the whole text, that this part of it is.
        Raises ValueError if it cannot be learned from the text.
        """
        part = enough(text) if name.startswith(PAIRS) else text
        corpus = Corpus.from_text("text", part, tokenizer=name)
        tokenizer, held_out = corpus.tokenizer, corpus.val
        is_guess = len(part) < len(text) or share < 1
        per_token = (len(part) - len(part) * 9 // 10) / len(held_out)
        floors = measure_floors(corpus)
        bits = 1 / math.log(2) / bytes_per_token(tokenizer, held_out)
        tokens = corpus.size
        if is_guess:
            tokens = round(len(text) / per_token / share)
        return cls(
            tokenizer=tokenizer,
            tokens=tokens,
            per_token=per_token,
            floors=floors,
            floors_per_byte=Floors(*(bits * nats for nats in astuple(floors))),
            is_guess=is_guess,
        )

    @property
    def name(self) -> str:
        """What --tokenizer calls it."""
        return self.tokenizer.name

    @property
    def vocab_size(self) -> int:
        """V, how many different tokens there are."""
        return self.tokenizer.vocab_size

    @property
    def learned(self) -> int:
        """How many of the tokens are learned from, not held out."""
        return self.tokens * 9 // 10

    def parameters(self, preset: Preset) -> int:
        """How many numbers a GPT of a preset learns with this alphabet."""
        return sum(self._parts(preset).values())

    def tables(self, preset: Preset) -> float:
        """The share of them in the two tables, a row for every token."""
        parts = self._parts(preset)
        tables = parts["token embedding"] + parts["lm_head"]
        return tables / self.parameters(preset)

    def _parts(self, preset: Preset) -> dict[str, int]:
        return parameters_by_part(preset.model(vocab_size=self.vocab_size))

    def readings(self, preset: Preset) -> float:
        """How many times a preset's budget reads what is learned from."""
        read = preset.max_steps * preset.batch_size * preset.block_size
        return read / self.learned


def enough(text: str) -> str:
    """As much of a text as pairs can be learned from in a few seconds.

    What learning takes is time for each different word, however often it
    occurs, and for its length.
    """
    seen: set[str] = set()
    size = length = 0
    for word in split_words(text):
        if word not in seen:
            seen.add(word)
            size += len(utf_8(word))
        if size > ENOUGH:
            # one word may be longer still; a character has 4 bytes at most
            return text[: max(length, ENOUGH // 4)]
        length += len(word)
    return text


def all_cuts(specimen: Specimen) -> tuple[Cut, ...]:
    """A text in the three alphabets; in two, if it has no pairs."""
    names = [CHARACTERS, BYTES, f"{PAIRS}:{pairs_for(specimen.size)}"]
    share = specimen.looked_at / specimen.size
    cuts = [Cut.of(specimen.text, name, share) for name in names[:2]]
    with suppress(ValueError):  # no pair of bytes occurs twice
        cuts.append(Cut.of(specimen.text, names[2], share))
    return tuple(cuts)


def pairs_for(size: int) -> int:
    """How many tokens byte pairs should make of a text of so many bytes."""
    return 512 if size < 1_000_000 else 2048
