"""Finds the decimal numbers of the book's texts, and who owns each.

    python tests/tools/prose_numbers.py  # numbers that nobody owns, and
                                         # exceptions that nobody needs

A number in a text is owned if it is the same, rounded to the digits that the
text shows, as a number that the notebook prints nearby, as a constant that
its code asserts or sets nearby, as something that the text itself lets one
compute (ln 69 = 4.234), or as an entry of NUMBERS, which says where it comes
from. Nearby means: between the headings around it, because a notebook prints
hundreds of numbers, and among hundreds of numbers anything has a neighbour.
"""

import ast
import json
import math
import re
import tomllib
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tutorgpt import load_corpus

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ROOT / "tests" / "notebooks" / "numbers_owned_elsewhere.toml"
RESULTS = (ROOT / "results", ROOT / "benchmarks" / "results")

DECIMAL = re.compile(
    r"(?<![\w.,/])[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+(?:e[+-]?\d+)?"
    r"(?!\w|\.\d)"
)
PRINTED = re.compile(
    r"(?<![\w.])[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?"
)
NO_NUMBERS = re.compile(
    r"```.*?```|~~~.*?~~~|<!--.*?-->|<[^>\n]*>|`[^`\n]*`|\]\([^)]*\)|"
    r"https?://\S+|"
    r"\b(?:[Ee]xercises?|[Qq]uestions?|[Pp]redictions?|[Ss]ections?|[Qq]uiz|"
    r"[Hh]unts?|Python|PyTorch|Linux|GPT-|version|≥|>=)\s*"
    r"\*{0,2}\d+\.\d+(?:(?:, | and | or | to |–)\d+\.\d+)*|"
    r"^#+ [^\n]*$|^\*\*\d+\.\w+[ .*][^\n]*?\*\*",
    re.DOTALL | re.MULTILINE,
)
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


@dataclass(frozen=True)
class Number:
    """A number with a decimal point, as a text shows it."""

    shown: str
    unit: str
    sentence: str
    computed: tuple[float, ...] = ()

    @property
    def value(self) -> float:
        return number(self.shown)

    @property
    def digits(self) -> int:
        """How many places after the point its last digit stands."""
        mantissa, _, exponent = self.shown.partition("e")
        return len(mantissa.rpartition(".")[2]) - int(exponent or 0)

    def shows(self, other: float) -> bool:
        """Whether the other number, rounded to these digits, is this one."""
        half = 0.5 * 10.0**-self.digits * (1 + 1e-9)
        scales = {"%": (1.0, 100.0), "million": (1.0, 1e-6)}
        return any(
            abs(scale * abs(other) - abs(self.value)) <= half
            for scale in scales.get(self.unit, (1.0,))
        )


@dataclass
class Passage:
    """A piece of text, where it stands, and the numbers near it."""

    where: str
    place: str
    text: str
    near: list[float] = field(default_factory=list)

    def unowned(self) -> list[Number]:
        """Its numbers that neither it nor anything near it accounts for."""
        return [n for n in decimals(self.text) if not owned(n, self)]


def decimals(text: str) -> Iterator[Number]:
    """The numbers with a decimal point of a text that is not code."""
    text = text.replace("{,}", ",").replace(r"\,", " ")
    text = NO_NUMBERS.sub(lambda found: " " * len(found[0]), text)
    for line in text.splitlines():
        formulas = [
            (found.span(), tuple(results(found[1])))
            for found in re.finditer(r"\$([^$]+)\$", line)
        ]
        formulas += [
            (found.span(), (math.log(float(found[1].replace(",", ""))),))
            for found in re.finditer(r"ln ([\d,]+) [=≈] [\d.]+", line)
        ]
        for found in DECIMAL.finditer(line):
            computed = [
                values
                for (start, end), values in formulas
                if start <= found.start() < end
            ]
            after = line[found.end() :].lstrip(" \\")
            after = after.replace("percent", "%")
            units = [u for u in ("%", "million") if after.startswith(u)]
            yield Number(
                found[0].lstrip("−-"),
                "".join(units),
                line.strip(),
                *computed[:1],
            )


LATEX = (
    (r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)"),
    (r"\\ln\s*\(?([\d.]+|V)\)?", r"log(\1)"),
    (r"\\(?:cdot|times)", "*"),
    (r"\be\^\{([^{}]*)\}", r"exp(\1)"),
    (r"\be\^(\d)", r"exp(\1)"),
    (r"\^\{([^{}]*)\}", r"**(\1)"),
    (r"\^(\w)", r"**\1"),
    (r"(?<=\d),(?=\d{3})", ""),
    ("−", "-"),
)


def results(formula: str) -> Iterator[float]:
    """What the sides of a formula come to: ln 69 = 4.234 gives 4.2341."""
    for side in re.split(r"=|\\approx|≈|<|>|\\le|\\ge", formula):
        python = side.strip()
        for latex, plain in LATEX:
            python = re.sub(latex, plain, python)
        if not re.search(r"[*/+(-]", python.lstrip("-")):
            continue  # a number alone proves nothing
        names = {name: getattr(math, name) for name in ("sqrt", "log", "exp")}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            try:
                value = eval(python, {"__builtins__": {}}, names | {"V": 69})
                yield float(value)
            except (SyntaxError, NameError, TypeError, ValueError):
                continue  # letters that stand for something


def number(shown: str) -> float:
    """A number as people write it."""
    return float(shown.replace(",", "").replace("−", "-"))


def printed(text: str) -> list[float]:
    """Every number that an output shows."""
    return [number(found) for found in PRINTED.findall(text)]


def constants(code: str) -> list[float]:
    """What code states: its numbers, but not the bounds that it asserts."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a magic
        return []
    bounds = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(
            isinstance(op, ast.Lt | ast.Gt | ast.LtE | ast.GtE)
            for op in node.ops
        ):
            bounds |= {id(part) for part in ast.walk(node)}
    return [
        float(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and type(node.value) in (int, float)
        and id(node) not in bounds
    ]


def outputs(cell: dict[str, Any]) -> str:
    """The text that a cell's outputs show; a quiz's card is a text itself."""
    shown = []
    for output in cell.get("outputs", []):
        if "text" in output:
            shown.append("".join(output["text"]))
    return "\n".join(shown)


@cache
def notebook_passages(path: Path) -> list[Passage]:
    """The Markdown and the alternative texts of a chapter.

    Near a text is what stands in its own section and in those beside it.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    section, sections = 0, []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and HEADING.search(source):
            section += 1
        sections.append(section)
    shown: dict[int, list[float]] = {}
    for cell, number_of in zip(cells, sections, strict=True):
        if cell["cell_type"] == "code":
            found = printed(outputs(cell))
            found += constants("".join(cell["source"]))
            shown.setdefault(number_of, []).extend(found)
    passages = []
    for cell, number_of in zip(cells, sections, strict=True):
        near = [
            value
            for there in range(number_of - 1, number_of + 2)
            for value in shown.get(there, [])
        ]
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
        else:
            image = cell["metadata"].get("mystnb", {}).get("image", {})
            text = image.get("alt", "")
            near += hunted("".join(cell["source"]))
        for name in re.findall(r"results/(\w+)\.json", text):
            with suppress(FileNotFoundError):
                near += leaves(record(name))
        passages.append(Passage(path.stem, cell["id"], text, near))
    return passages


def hunted(code: str) -> list[float]:
    """What a cell that shows a bug hunt draws, from results/bugs.json."""
    found = re.search(r"symptoms\(\s*\"(\d+\.\d+)\"", code)
    hunt = record("bugs")["hunts"].get(found[1], {}) if found else {}
    return [number(shown) for shown in PRINTED.findall(json.dumps(hunt))]


def quiz_passages(path: Path, notebook: Path) -> list[Passage]:
    """What a quiz asks and answers; wrong choices may say wrong numbers.

    A quiz looks back on its whole chapter, so all the chapter's numbers are
    near, and what a question itself declares as right or as a known slip.
    """
    chapter = [
        value
        for passage in notebook_passages(notebook)
        for value in passage.near
    ]
    passages = []
    for question in tomllib.loads(path.read_text("utf-8"))["question"]:
        texts = [question["text"], question.get("why", "")]
        own = [question["answer"]] if "answer" in question else []
        own += [wrong["value"] for wrong in question.get("wrong", [])]
        texts += [wrong["why"] for wrong in question.get("wrong", [])]
        for choice in question.get("choice", []):
            texts.append(choice["why"])
            if choice.get("right"):
                texts.append(choice["text"])
        text = "\n".join(texts)
        near = chapter + [float(value) for value in own]
        passages.append(
            Passage(path.stem + " quiz", question["id"], text, near)
        )
    return passages


def page_passages(path: Path) -> list[Passage]:
    """A page's lines; near is the chapter, claim or record they name."""
    text = re.sub(
        r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S
    )
    passages = []
    for line in text.splitlines():
        stems = set(re.findall(r"notebooks/(\d\d_\w+)", line))
        stems |= {
            claims()[name] for name in re.findall(r"\(#(claim-[\w-]+)", line)
        }
        near = [
            value
            for stem in sorted(stems)
            for passage in notebook_passages(ROOT / f"notebooks/{stem}.ipynb")
            for value in passage.near
        ]
        for name in re.findall(r"results/(\w+)\.json", line):
            with suppress(FileNotFoundError):
                near += leaves(record(name))
        passages.append(Passage(path.stem, line[:40], line, near))
    return passages


def all_passages() -> Iterator[Passage]:
    """Every text of the book: chapters, quizzes, pages."""
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    for path in notebooks:
        yield from notebook_passages(path)
        quiz = ROOT / "tutorgpt/learn/quizzes" / f"{path.stem}.toml"
        yield from quiz_passages(quiz, path)
    for path in sorted((ROOT / "book").glob("*.md")):
        yield from page_passages(path)
    for path in sorted((ROOT / "book/diffs").glob("*.md")):
        yield from page_passages(path)


@cache
def claims() -> dict[str, str]:
    """The chapter of every claim's anchor."""
    return {
        name: path.stem
        for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")
        for name in re.findall(
            r'id=\\"(claim-[\w-]+)', path.read_text("utf-8")
        )
    }


@cache
def record(name: str) -> dict[str, Any]:
    """A recorded run, from results/ or benchmarks/results/."""
    for room in RESULTS:
        path = room / f"{name}.json"
        if path.is_file():
            return json.loads(path.read_text("utf-8"))
    raise FileNotFoundError(name)


def leaves(node: Any) -> list[float]:
    """The numbers of a record, but not those of its curves and maps."""
    if isinstance(node, bool):
        return []
    if isinstance(node, int | float):
        return [float(node)]
    if isinstance(node, dict):
        return [value for child in node.values() for value in leaves(child)]
    if isinstance(node, list) and not all(
        isinstance(child, int | float) for child in node
    ):
        return [value for child in node for value in leaves(child)]
    return []


def floor(name: str, corpus: str = "shakespeare") -> float:
    """A floor of the ladder's record: uniform, unigram or bigram."""
    return record(f"ladder_{corpus}")["floors"][name]


def rung(model: str, seed: int | None = None) -> float:
    """A rung's recorded loss: the mean of its seeds, or one of them.

    The run of a chapter has the first seed, 1337.
    """
    for row in record("ladder_shakespeare")["rungs"]:
        if row["model"] == model:
            losses = {run["seed"]: run["val_loss"] for run in row["runs"]}
            if seed is None:
                return sum(losses.values()) / len(losses)
            return losses[seed]
    raise KeyError(model)


def apart(model: str) -> float:
    """How far a rung's highest and lowest seed are apart."""
    for row in record("ladder_shakespeare")["rungs"]:
        if row["model"] == model:
            losses = [run["val_loss"] for run in row["runs"]]
            return max(losses) - min(losses)
    raise KeyError(model)


def tried(name: str, seed: int | None = None) -> float:
    """A loss of results/tries.json: the mean of its seeds, or one of them."""
    for row in record("tries")["tries"]:
        if row["name"] == name:
            losses = {run["seed"]: run["val_loss"] for run in row["runs"]}
            if seed is None:
                return sum(losses.values()) / len(losses)
            return losses[seed]
    raise KeyError(name)


@cache
def triples() -> float:
    """The loss of counting triples on the plays, one added to every count."""
    corpus = load_corpus("shakespeare")
    V = corpus.tokenizer.vocab_size

    def counted(tokens: Tensor) -> Tensor:
        a, b, c = tokens[:-2].long(), tokens[1:-1].long(), tokens[2:].long()
        places = (a * V + b) * V + c
        return torch.bincount(places, minlength=V**3).view(V, V, V)

    shares = counted(corpus.train) + 1.0
    log_p = (shares / shares.sum(dim=-1, keepdim=True)).log()
    seen = counted(corpus.val)
    return float(-(seen * log_p).sum() / seen.sum())


KNOWN = {
    "apart": apart,
    "floor": floor,
    "record": record,
    "rung": rung,
    "tried": tried,
    "triples": triples,
    "mean": lambda values: sum(values) / len(values),
    "spread": lambda values: max(values) - min(values),
    "max": max,
    "range": range,
    "min": min,
    "sum": sum,
    "round": round,
} | {name: getattr(math, name) for name in ("log", "exp", "sqrt", "e")}


def evaluate(expression: str) -> float:
    """What an entry of NUMBERS says that its number is."""
    return float(eval(expression, {"__builtins__": {}} | KNOWN))


@dataclass(frozen=True)
class Entry:
    """A number that is owned elsewhere, and why."""

    numbers: tuple[str, ...]
    because: str
    where: str = ""
    words: str = ""
    value: float | None = None

    def owns(self, number_: Number, passage: Passage) -> bool:
        """Whether this is the place, the words and the number."""
        if self.where and self.where != passage.where:
            return False
        if self.words and not re.search(self.words, number_.sentence):
            return False
        if self.value is not None and not number_.shows(self.value):
            return False
        return not self.numbers or number_.shown in self.numbers


@cache
def entries() -> tuple[Entry, ...]:
    """What NUMBERS lists: quantities with a name, then single numbers."""
    listed = tomllib.loads(NUMBERS.read_text("utf-8"))
    found = []
    for row in listed["named"]:
        for expression in row["is"]:
            found.append(
                Entry(
                    (),
                    row["because"],
                    words=row["words"],
                    value=evaluate(expression),
                )
            )
    for row in listed["number"]:
        numbers = row["number"]
        value = evaluate(row["is"]) if "is" in row else None
        found.append(
            Entry(
                tuple(numbers if isinstance(numbers, list) else [numbers]),
                row["because"],
                where=row["where"],
                value=value,
            )
        )
    return tuple(found)


def owned(number_: Number, passage: Passage) -> bool:
    """Whether somebody accounts for the number."""
    return (
        any(number_.shows(value) for value in number_.computed)
        or any(number_.shows(value) for value in passage.near)
        or any(entry.owns(number_, passage) for entry in entries())
    )


def unneeded() -> list[Entry]:
    """Single entries whose number stands nowhere, or has an owner nearby."""
    left = {entry for entry in entries() if entry.where}
    for passage in all_passages():
        for found in decimals(passage.text):
            left -= {entry for entry in left if entry.owns(found, passage)}
    return sorted(left, key=lambda entry: (entry.where, entry.numbers))


def main() -> None:
    """Print what nobody owns, and what need not be listed."""
    for passage in all_passages():
        for found in passage.unowned():
            print(f"{passage.where} {passage.place}: {found.shown}")
            print(f"    {found.sentence[:240]}")
    for entry in unneeded():
        print(f"not needed: {entry.where} {', '.join(entry.numbers)}")


if __name__ == "__main__":
    main()
