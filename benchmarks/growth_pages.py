"""What the pages say of growth: tables made from growth.json, and an answer.

`python benchmarks/growth.py --pages` writes each table over the one with the
same first line; tests/pages/test_growth.py compares them with the record.
"""

import math
import re
from pathlib import Path

from costs import TERMS, parameters, predict

from tutorgpt.config import PRESETS, ModelConfig

ROOT = Path(__file__).resolve().parents[1]
SONGCI = 6148
"""The vocabulary that the page "from laptop to cluster" reckons with."""
AXES = {
    "width": ("n_embed", "width C, 32 channels a head"),
    "depth": ("n_layer", "depth L"),
    "heads": ("n_head", "heads H of the same width"),
    "window": ("block_size", "window T"),
    "batch": ("batch_size", "batch B"),
    "vocabulary": ("vocab_size", "vocabulary V"),
}
GROWS = {
    "width": (
        "products and parameters with C², the rest with C",
        "parameters with C², activations with C",
    ),
    "depth": ("with L", "with L"),
    "heads": ("attention weights with H", "nothing, without dropout"),
    "window": (
        "with T, attention weights with T²",
        "with T; with dropout, attention weights with T²",
    ),
    "batch": ("with B", "with B"),
    "vocabulary": (
        "output layer with V C, logits with V",
        "parameters with V C, logits with V up to 1,023",
    ),
}
MANY = {
    "start": "1: Python, torch and its products' own space",
    "step": "1: a batch, the loss, the optimizer's call",
    "layers": "L",
    "operations": "`training_flops` a token, N of them",
    "parameters": "P",
    "activations": "N C L",
    "activations of one layer": "N C",
    "attention weights": "N H T L",
    "logits": "N V (memory: 0 from V = 1,024 on)",
    "dropped activations": "N C L, with dropout",
    "dropped weights": "N H T L, with dropout, T below 128",
    "dropped weights, in strips": "the part of N H T L that is made, from 128",
}


def told(record: dict, model: ModelConfig, batch_size: int) -> str:
    """What a step of this shape takes, and how far that can be believed."""
    found = predict(record["prices"], model, batch_size)
    tokens = batch_size * model.block_size
    lines = [
        f"{parameters(model):,} parameters, {batch_size} windows of "
        f"{model.block_size} tokens, vocabulary {model.vocab_size:,}",
        f"{significant(found['seconds'])} s a step, "
        f"{tokens / found['seconds']:,.0f} tokens a second, "
        f"{found['peak_mb']:,.0f} MB at the peak",
        f"computed for one core of {record['machine']['processor']}, fp32",
    ]
    strange = beyond(record, model, batch_size)
    if strange:
        lines.append(f"beyond what was fitted: {', '.join(strange)}")
    return "\n".join(lines)


def beyond(record: dict, model: ModelConfig, batch_size: int) -> list[str]:
    """Which of the shape's numbers lie outside the fitted ones."""
    asked = shape_numbers(vars(model), batch_size)
    fitted = [
        shape_numbers(row["model"], row["batch_size"])
        for row in record["fitted"]
    ]
    told = []
    for name, value in asked.items():
        known = [row[name] for row in fitted]
        if not min(known) <= value <= max(known):
            span = f"{min(known):,} to {max(known):,}"
            told.append(f"{name} {value:,} ({span})")
    return told


def shape_numbers(model: dict, batch_size: int) -> dict[str, int]:
    """The whole numbers that describe a shape, and its tokens a step."""
    names = [name for name, _ in AXES.values() if name != "batch_size"]
    return {
        **{name: model[name] for name in names},
        "tokens a step": batch_size * model["block_size"],
    }


def growth_table(record: dict) -> list[str]:
    """Every axis: from where to where, and what that makes of a step."""
    lines = [
        "| axis | from – to | ms a step | exponent | the time grows | MB | "
        "the memory grows |",
        "|---|---|---|---|---|---|---|",
    ]
    for axis, (name, words) in AXES.items():
        rows = line_of(record, axis, name)
        ends = rows[0], rows[-1]
        lines.append(
            f"| {words} | {span([value for value, _ in ends], '{:,}')} "
            f"| {span([row['seconds'] * 1e3 for _, row in ends])} "
            f"| {exponent(rows[:2])} – {exponent(rows[-2:])} "
            f"| {GROWS[axis][0]} "
            f"| {span([row['peak_mb'] for _, row in ends], '{:,.0f}')} "
            f"| {GROWS[axis][1]} |"
        )
    return [*lines, text_row(record["text"])]


def text_row(texts: list[dict]) -> str:
    """The last axis: what is read, and from where the batches come."""
    first, last = texts[0], texts[-1]
    ends = [(text["characters"], text) for text in (first, last)]
    more = (last["characters"] - first["characters"]) / 1e6
    seconds = (last["seconds"] - first["seconds"]) / more
    memory = (last["peak_mb"] - first["peak_mb"]) / more
    millions = [text["characters"] / 1e6 for text in (first, last)]
    slopes = [(n, {"seconds": text["step_seconds"]}) for n, text in ends]
    return (
        f"| text, characters | {span(millions, '{:,.0f}')} million "
        f"| {span([row['seconds'] * 1e3 for _, row in slopes])} "
        f"| {exponent(slopes)} "
        f"| not the step; reading takes {significant(seconds)} s a million "
        f"| {span([first['peak_mb'], last['peak_mb']], '{:,.0f}')} "
        f"| {significant(memory)} MB a million |"
    )


def line_of(record: dict, axis: str, name: str) -> list[tuple[int, dict]]:
    """The points of an axis with the centre among them, in order."""
    rows = [
        (row["model"] | {"batch_size": row["batch_size"]}, row)
        for row in record["fitted"]
        if row["axis"] in (axis, "centre")
    ]
    return sorted(
        ((shape[name], row) for shape, row in rows), key=lambda pair: pair[0]
    )


def exponent(two: list[tuple[int, dict]]) -> str:
    """The power of the axis with which time grows between two points."""
    (a, first), (b, last) = two
    power = math.log(last["seconds"] / first["seconds"]) / math.log(b / a)
    return f"{power:.2f}".replace("-0.00", "0.00").replace("-", "−")


def prices_table(record: dict) -> list[str]:
    """What one of each term costs, in time and in memory."""
    seconds, memory = (record["prices"][name] for name in TERMS)
    lines = [
        "| term | how many | nanoseconds each | bytes each |",
        "|---|---|---|---|",
    ]
    for name, many in MANY.items():
        time, place = (
            "–" if name not in prices else significant(prices[name] * scale)
            for prices, scale in ((seconds, 1e9), (memory, 1e6))
        )
        lines.append(f"| {name} | {many} | {time} | {place} |")
    return lines


def checks_table(record: dict) -> list[str]:
    """Shapes that were not fitted: measured, predicted, and the error."""
    lines = [
        "| not fitted | seconds, measured | predicted | error | MB, measured "
        "| predicted | error | on paper |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in record["checked"]:
        found = row["predicted"]
        lines.append(
            f"| {row['axis']} | {significant(row['seconds'])} "
            f"| {significant(found['seconds'])} | {error(row, 'seconds')} "
            f"| {row['peak_mb']:,.0f} | {found['peak_mb']:,.0f} "
            f"| {error(row, 'peak_mb')} | {row['on_paper_mb']:,.0f} |"
        )
    return lines


def error(row: dict, quantity: str) -> str:
    """How far a prediction is off, in percent of what was measured."""
    off = row["predicted"][quantity] / row[quantity] - 1
    return f"{off * 100:+.1f} %".replace("-", "−")


def costs_table(record: dict) -> list[str]:
    """What each preset takes on the processor of the record."""
    lines = [
        "| preset | parameters | ms a step | tokens a second | memory "
        "| its steps | take |",
        "|---|---|---|---|---|---|---|",
    ]
    for preset in PRESETS.values():
        model = preset.model(vocab_size=SONGCI)
        found = predict(record["prices"], model, preset.batch_size)
        tokens = preset.batch_size * preset.block_size
        lines.append(
            f"| `{preset.name}` | {parameters(model):,} "
            f"| {found['seconds'] * 1e3:,.0f} "
            f"| {tokens / found['seconds']:,.0f} "
            f"| {found['peak_mb']:,.0f} MB | {preset.max_steps:,} "
            f"| {lasting(found['seconds'] * preset.max_steps)} |"
        )
    return lines


def lasting(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 2 * 3600:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.0f} h"


def significant(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def span(ends: list, form: str = "") -> str:
    """From one number to another."""
    shown = (form.format(n) if form else significant(n) for n in ends)
    return " – ".join(shown)


PAGES = {
    "benchmarks/README.md": (growth_table, prices_table, checks_table),
    "book/cluster.md": (costs_table,),
}


def pages(record: dict) -> dict[Path, str]:
    """Each page's text, with its tables from the record."""
    made = {}
    for name, tables in PAGES.items():
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        for table in tables:
            text = put(text, table(record))
        made[path] = text
    return made


def put(text: str, table: list[str]) -> str:
    """A page with this table in the place of that with the same head."""
    head = re.escape(table[0] + "\n")
    places = len(re.findall(f"^{head}", text, flags=re.M))
    if places != 1:
        raise ValueError(
            f"the table {table[0]!r} stands {places} times on its page: "
            "write its first line once where it belongs"
        )
    whole = "\n".join(table) + "\n"
    return re.sub(rf"^{head}(?:\|.*\n)*", lambda _: whole, text, flags=re.M)


def write(record: dict) -> None:
    """Put the record's tables into the pages."""
    for path, text in pages(record).items():
        path.write_text(text, encoding="utf-8")


def summary(record: dict) -> str:
    """All tables, to be read in a terminal."""
    tables = (table for several in PAGES.values() for table in several)
    return "\n\n".join("\n".join(table(record)) for table in tables)
