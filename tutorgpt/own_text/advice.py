"""Which tokenizer, preset and recipe to take for a text, and why."""

from dataclasses import dataclass
from pathlib import Path

import torch

from tutorgpt.config import CHAPTER, LAPTOP, LARGE, SMALL, Preset
from tutorgpt.ground.places import paste
from tutorgpt.own_text.alphabet import Alphabet
from tutorgpt.own_text.cuts import Cut
from tutorgpt.own_text.finding import Finding, percent
from tutorgpt.own_text.specimen import Specimen
from tutorgpt.text.token_file import SUFFIX

LETTERS = 256
"""An alphabet of no more characters costs a model little, whatever its size.
Those of Europe have about a hundred, with marks and digits."""
MANY = 1000
"""A vocabulary in which most tokens are rare; see the recipe of this name."""
BY_HEART = 4
"""Parameters for each token with which a model that reads the text again and
again learns it by heart. With 2.4 of them it did not in 57 readings."""


@dataclass(frozen=True)
class Advice:
    """What to train on a text.

    cut: the text in the alphabet to take; why_cut says why.
    preset: the model's shape and budget; why_preset says why.
    recipe: how the budget is spent.
    commands: what to paste, in this order.
    """

    cut: Cut
    why_cut: str
    preset: Preset
    why_preset: str
    recipe: str
    commands: tuple[str, ...]


def advise(
    specimen: Specimen, alphabet: Alphabet, cuts: tuple[Cut, ...]
) -> Advice:
    """The rules, applied to one text."""
    cut, why_cut = choose_cut(alphabet, cuts)
    preset, why_preset = choose_preset(cut)
    recipe = "rare" if cut.vocab_size >= MANY else "good"
    return Advice(
        cut=cut,
        why_cut=why_cut,
        preset=preset,
        why_preset=why_preset,
        recipe=recipe,
        commands=commands(specimen, cut, preset, recipe),
    )


def choose_cut(alphabet: Alphabet, cuts: tuple[Cut, ...]) -> tuple[Cut, str]:
    """Characters where there are few; pieces of bytes where there are many."""
    characters, last = cuts[0], cuts[-1]
    tables = percent(characters.tables(SMALL))
    if alphabet.size <= LETTERS:
        return characters, (
            f"{alphabet.size} different ones take only {tables} of the "
            "parameters of the preset small for their two tables"
        )
    return last, (
        f"{alphabet.size:,} different characters would take {tables} of the "
        "parameters of the preset small for their two tables, and "
        f"{percent(alphabet.rare_share)} of them are rare; here there are "
        f"{last.vocab_size:,} tokens, none unknown"
    )


def choose_preset(cut: Cut) -> tuple[Preset, str]:
    """The largest one that has no more parameters than there are tokens.

    A tenth of the text is held out, and must fill a window.
    """
    held_out, has_gpu = cut.tokens - cut.learned, torch.cuda.is_available()
    smallest = CHAPTER if held_out > CHAPTER.block_size else SMALL
    fitting = [
        preset
        for preset in (LAPTOP, LARGE)
        if held_out > preset.block_size
        and cut.parameters(preset) <= cut.learned
    ]
    preset = fitting[-1] if fitting else smallest
    slow = ""
    if preset is LARGE and not has_gpu:
        preset, slow = LAPTOP, "; large would take days without a GPU"
    unit, parameters = cut.tokenizer.UNIT, cut.parameters(preset)
    if parameters > cut.learned:
        return preset, (
            f"even it has more parameters, {parameters:,}, than there are "
            f"{unit}s to learn from, {cut.learned:,}"
        )
    return preset, (
        f"the largest with no more parameters, {parameters:,}, than there "
        f"are {unit}s to learn from, {cut.learned:,}{slow}"
    )


def commands(
    specimen: Specimen, cut: Cut, preset: Preset, recipe: str
) -> tuple[str, ...]:
    """What to paste: for a file too large for memory, its tokens first."""
    if specimen.origin is None:
        return ()
    origin = Path(specimen.origin)
    alphabet = ("--tokenizer", cut.name)
    first: tuple[str, ...] = ()
    if not specimen.is_whole:
        tokens = Path(origin.name).with_suffix(SUFFIX)
        first = (
            paste("tutorgpt", "data", origin, "--tokens", tokens, *alphabet),
        )
        origin, alphabet = tokens, ()
    patience: tuple[str, ...] = ()
    if cut.parameters(preset) > BY_HEART * cut.learned:
        patience = ("--eval-interval", "50", "--patience", "3")
    last = paste(
        "tutorgpt",
        "train",
        "--corpus",
        origin,
        *alphabet,
        "--preset",
        preset.name,
        "--recipe",
        recipe,
        *patience,
        "--out",
        Path("runs", specimen.name),
    )
    return *first, last


def too_small(advice: Advice) -> Finding | None:
    """A text that even the smallest model would learn by heart."""
    cut, preset = advice.cut, advice.preset
    learned, parameters = cut.learned, cut.parameters(preset)
    if parameters <= BY_HEART * learned:
        return None
    return Finding(
        "small",
        f"the text has {learned:,} {cut.tokenizer.UNIT}s to learn from, "
        f"far fewer than the {parameters:,} parameters of the preset "
        f"{preset.name}, which would read each "
        f"{cut.readings(preset):,.0f} times and learn them by heart",
        "bring more text of the same kind, ten times as much if you can; "
        "tutorgpt train keeps the checkpoint that was best on the held-out "
        "part, and --patience stops when it gets worse",
    )
