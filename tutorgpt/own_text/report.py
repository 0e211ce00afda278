"""Everything a quick look tells of a text, before a model learns from it."""

from dataclasses import dataclass
from pathlib import Path

from tutorgpt.own_text.advice import Advice, advise, too_small
from tutorgpt.own_text.alphabet import Alphabet
from tutorgpt.own_text.cuts import Cut, all_cuts
from tutorgpt.own_text.faults import find_faults
from tutorgpt.own_text.finding import Finding
from tutorgpt.own_text.lines import Lines
from tutorgpt.own_text.overlap import Overlap
from tutorgpt.own_text.specimen import Specimen
from tutorgpt.own_text.timing import minutes_to_train

LEAST = 10 * 8 + 1
"""Characters without which no preset finds a window in the held-out part."""


@dataclass(frozen=True)
class TextReport:
    """What a text is like, what is wrong with it, and what to train on it.

    specimen: the text itself, and how it lies on the disk.
    words: how many there are between blanks.
    alphabet, lines, overlap: what was counted; see their classes.
    cuts: the text in characters, in bytes and in pairs, with their floors.
    advice: tokenizer, preset and recipe to take, and the commands.
    minutes: how long that takes here, about; None if it was not timed.
    warnings: what training on it would suffer from, with remedies.
    """

    specimen: Specimen
    words: int
    alphabet: Alphabet
    lines: Lines
    overlap: Overlap
    cuts: tuple[Cut, ...]
    advice: Advice
    minutes: float | None
    warnings: tuple[Finding, ...]


def look_at(name_or_path: str | Path, *, timing: bool = True) -> TextReport:
    """Look at a corpus by its name, or at a UTF-8 file by its path.

    Of a file above 16.8 MB parts are looked at, from all over it. Nothing
    but the minutes differs from one look to the next.
    timing: whether to time a few training steps, for the minutes.
    Raises ValueError, FileNotFoundError or OSError, in one sentence, for
    what is missing, empty, no text, not UTF-8, or too short to learn from.
    """
    return _look(Specimen.read(name_or_path), timing=timing)


def look_at_text(
    text: str, name: str = "text", *, timing: bool = True
) -> TextReport:
    """The same of a text that a program has in its hands.

    Raises ValueError if it is too short to learn from.
    """
    return _look(Specimen.of_text(text, name), timing=timing)


def _look(specimen: Specimen, *, timing: bool) -> TextReport:
    text = specimen.text
    if len(text) < LEAST:
        raise ValueError(
            f"{specimen.origin or specimen.name!r} has "
            f"{len(text)} character{'s' * (len(text) != 1)}: bring at least "
            f"{LEAST}, as no preset learns from fewer"
        )
    cut = len(text) * 9 // 10
    parts = text[:cut], text[cut:]
    alphabet, lines = Alphabet.of(*parts), Lines.of(text)
    overlap = Overlap.of(*parts)
    cuts = all_cuts(specimen)
    advice = advise(specimen, alphabet, cuts)
    minutes = None
    if timing:
        minutes = minutes_to_train(advice.preset, advice.recipe, advice.cut)
    small = too_small(advice)
    seldom = [small] if small else alphabet.findings()
    return TextReport(
        specimen=specimen,
        words=len(text.split()),
        alphabet=alphabet,
        lines=lines,
        overlap=overlap,
        cuts=cuts,
        advice=advice,
        minutes=minutes,
        warnings=(
            *find_faults(text),
            *lines.findings(),
            *overlap.findings(),
            *seldom,
        ),
    )
