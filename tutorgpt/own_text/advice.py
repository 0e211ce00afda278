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
"""More different characters than any alphabet of letters has, with capitals,
accents, digits and marks."""
DENSE = 2
"""Bytes a character, from which on it is no letter of Europe but a sign for
a syllable or a word."""
ENOUGH_FOR_PAIRS = 200_000
"""Bytes of a text from which pairs are seen often enough to be learned. On so
much of the plays pairs:512 still ended below characters."""
FITTING = 2
"""Parameters for each token to learn from, at the most. On 20,000 characters
of the plays the preset laptop, with 45, ended above the preset chapter."""
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
    """What reached a low loss on such a text.

    results/tokens.json compares five alphabets on the plays and on the Song
    ci, in short trainings: pairs won on the plays; on the poems characters
    won against few pairs, and against 2,048 with as many parameters. Of
    short texts it says nothing; there a pair is seen less often than the
    characters in it.
    """
    characters, in_bytes, *pairs = cuts
    many = alphabet.size > LETTERS
    if many and in_bytes.tokens >= DENSE * characters.tokens:
        return characters, (
            f"one of these {alphabet.size:,} says as much as a piece of a "
            "word; on the Song ci pairs:512 did worse, and pairs:2048 better "
            "for the same arithmetic but worse with as many parameters, so it "
            "is worth a try too"
        )
    if pairs and (many or in_bytes.tokens >= ENOUGH_FOR_PAIRS):
        return pairs[0], (
            f"a token stands for {pairs[0].per_token:.1f} characters, so that "
            "a window holds more text, and on the plays pairs reached a lower "
            "loss than characters for the same arithmetic"
        )
    return characters, (
        f"the text is short for pairs, and its {alphabet.size:,} different "
        f"characters take only {percent(characters.tables(SMALL))} of the "
        "parameters of the preset small"
    )


def choose_preset(cut: Cut) -> tuple[Preset, str]:
    """The largest one that has not many more parameters than tokens to read.

    A tenth of the text is held out, and must fill a window.
    """
    held_out, has_gpu = cut.tokens - cut.learned, torch.cuda.is_available()
    preset = CHAPTER if held_out > CHAPTER.block_size else SMALL
    slow = ""
    for larger in (LAPTOP, LARGE):
        if cut.parameters(larger) > FITTING * cut.learned:
            break
        if larger is LARGE and not has_gpu:
            slow = "; large would take days without a GPU"
            break
        preset = larger
    unit, parameters = cut.tokenizer.UNIT, cut.parameters(preset)
    if parameters > FITTING * cut.learned:
        return preset, (
            f"even it has more parameters, {parameters:,}, than twice the "
            f"{unit}s to learn from, {cut.learned:,}"
        )
    return preset, (
        f"the largest with no more parameters, {parameters:,}, than twice "
        f"the {unit}s to learn from, {cut.learned:,}{slow}"
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
