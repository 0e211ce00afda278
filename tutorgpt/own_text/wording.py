"""A look at a text in words: what it is like, what to expect, what to do."""

from dataclasses import astuple

from tutorgpt.own_text.alphabet import SELDOM
from tutorgpt.own_text.cuts import Cut
from tutorgpt.own_text.finding import percent
from tutorgpt.own_text.lines import LONG_ENOUGH
from tutorgpt.own_text.overlap import PASSAGE
from tutorgpt.own_text.report import TextReport
from tutorgpt.own_text.specimen import Specimen

ENDS = ("Unix", "Windows", "old Macs")
HEADER = ("", "tokens", "different", "uniform", "unigram", "bigram")


def facts(report: TextReport) -> dict[str, str]:
    """What the text is like: a word for each line, and the line."""
    specimen, lines = report.specimen, report.lines
    alphabet, overlap = report.alphabet, report.overlap
    words = ""
    if report.cuts[1].per_token > 0.5:  # Chinese has no blanks between words
        words = f", {report.words:,} words"
    return {
        "file": _file(specimen),
        "text": f"{len(specimen.text):,} characters{words}",
        "lines": f"{lines.count:,}, {percent(lines.empty_share)} of them "
        f"empty, the longest of {lines.longest:,} characters; "
        f"{percent(lines.repeated_share)} of the text is in lines of "
        f"{LONG_ENOUGH} characters or more that occur again",
        "alphabet": f"{alphabet.size:,} different characters, "
        f"{len(alphabet.rare):,} of them seen fewer than {SELDOM} times",
        "held out": f"the last tenth: {percent(overlap.passages)} of its "
        f"passages of {PASSAGE} characters stand in the rest too, and "
        + _new(len(alphabet.only_held_out)),
    }


def _new(characters: int) -> str:
    """How many characters the held-out part alone has."""
    if not characters:
        return "each of its characters occurs there"
    return f"{characters:,} of its characters nowhere there"


def floors_table(report: TextReport) -> str:
    """What counting reaches in each alphabet, in bits per byte."""
    rows = [HEADER, *map(_row, report.cuts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        f"{name:{widths[0]}}"
        + "".join(f"  {n:>{w}}" for n, w in zip(row, widths[1:], strict=True))
        for name, *row in rows
    )


def explanation(report: TextReport) -> str:
    """What the words and the sign of the table mean."""
    guess = ""
    if any(cut.is_guess for cut in report.cuts):
        guess = " ~: guessed from a part of the text."
    return (
        "uniform: every token equally likely; unigram: each as often as it "
        f"occurs; bigram: as often as after the one before it.{guess}"
    )


def plan(report: TextReport) -> dict[str, str]:
    """What to train, why, and what to expect of it."""
    advice, cut = report.advice, report.advice.cut
    unit = cut.tokenizer.UNIT
    said = {
        "tokenizer": f"{cut.name}: {advice.why_cut}",
        "preset": f"{advice.preset.name}: {advice.why_preset}",
        "losses": f"training begins near {cut.floors.uniform:.2f} nats per "
        f"{unit}, and below {cut.floors.bigram:.2f} the model knows more "
        f"than which {unit} follows which",
    }
    if report.minutes is not None:
        said["time"] = f"about {duration(report.minutes)} on this machine"
    return said


def duration(minutes: float) -> str:
    """A time as people say it: 40 seconds, 12 minutes, 5 hours."""
    if minutes < 1.5:
        return f"{max(5, 5 * round(minutes * 12))} seconds"
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    if minutes < 48 * 60:
        return f"{minutes / 60:.0f} hours"
    return f"{minutes / 60 / 24:.0f} days"


def _file(specimen: Specimen) -> str:
    """How the text lies on the disk."""
    parts = [f"{_bytes(specimen.size)} of UTF-8"]
    if specimen.has_mark:
        parts.append("a byte-order mark, which is skipped")
    kinds = [
        (count, system)
        for count, system in zip(specimen.line_ends, ENDS, strict=True)
        if count
    ]
    if any(system != ENDS[0] for _, system in kinds):
        ends = " and ".join(f"{n:,} of {system}" for n, system in kinds)
        parts.append(f"line ends: {ends}, read as one kind")
    if not specimen.is_whole:
        parts.append(
            f"{_bytes(specimen.looked_at)} of it, from all over, are looked "
            "at and described here"
        )
    return "; ".join(parts)


def _bytes(size: int) -> str:
    """A size as people say it."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"


def _row(cut: Cut) -> tuple[str, ...]:
    sign, tokens = "", cut.tokens
    if cut.is_guess:
        sign, tokens = "~", int(float(f"{cut.tokens:.2g}"))
    return (
        cut.name,
        f"{sign}{tokens:,}",
        f"{cut.vocab_size:,}",
        *(f"{sign}{bits:.2f}" for bits in astuple(cut.floors_per_byte)),
    )
