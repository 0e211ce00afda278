"""Which tokenizer, preset and recipe to take for a text, and why."""

from dataclasses import dataclass
from pathlib import Path

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
MOST_READINGS = 4
"""From the next one on a model begins to learn a text by heart."""
PATIENCE = 3


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
            f"{alphabet.size} different ones take {tables} of the parameters "
            "of the preset small, and each is seen often"
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
    learned, held_out = int(0.9 * cut.tokens), cut.tokens // 10
    fitting = [
        preset
        for preset in (SMALL, CHAPTER, LAPTOP, LARGE)
        if held_out > preset.block_size and cut.parameters(preset) <= learned
    ]
    unit = cut.tokenizer.UNIT
    if not fitting:
        preset = CHAPTER if held_out > CHAPTER.block_size else SMALL
        return preset, (
            f"its {cut.parameters(preset):,} parameters are more than the "
            f"{learned:,} {unit}s to learn from, but no preset has fewer"
        )
    preset = fitting[-1]
    return preset, (
        f"the largest with no more parameters, {cut.parameters(preset):,}, "
        f"than there are {unit}s to learn from, {learned:,}"
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
    if cut.readings(preset) > MOST_READINGS:
        patience = ("--patience", str(PATIENCE))
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


def too_small(cut: Cut, preset: Preset) -> Finding | None:
    """A text that even the smallest model would learn by heart."""
    learned, parameters = int(0.9 * cut.tokens), cut.parameters(preset)
    if parameters <= learned:
        return None
    return Finding(
        "small",
        f"the text has {learned:,} {cut.tokenizer.UNIT}s to learn from, "
        f"fewer than the {parameters:,} parameters of the preset "
        f"{preset.name}, which would read each "
        f"{cut.readings(preset):,.0f} times and learn them by heart",
        "bring more text of the same kind, ten times as much if you can; "
        "tutorgpt train keeps the checkpoint that was best on the held-out "
        "part, and --patience stops when it gets worse",
    )
