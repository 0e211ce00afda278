"""Changes each solution a little, and counts what its check lets through.

    python scripts/records/small_changes.py            # all: a few minutes
    python scripts/records/small_changes.py 4.4 8.4    # these, only printed

A machine edits the text of a solution in one place: an operator, an axis, an
index, a constant, a comparison, a missing line. What such a version gives is
compared with the solution's on 200 inputs of the exercise's domain, which
its cases know nothing of. A version that differs on one of them is wrong, and
a check that passes it has cases that are too tame. Writes
results/small_changes.json with every survivor.
"""

import ast
import copy
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.learn.asking import judge
from tutorgpt.learn.check.closed_room import closed_room
from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.check.numbers import accepts
from tutorgpt.learn.check.trying import Trial, try_once
from tutorgpt.learn.exercises import EXERCISES

OUT = Path(__file__).resolve().parents[2] / "results" / "small_changes.json"
REASONS: dict[str, dict[str, str]] = {}
"""Number -> change -> why a version that differs passes all the same."""
AT_MOST = 60
INPUTS = 200

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALLS = {
    "sum": ("mean", "amax"),
    "mean": ("sum", "amax"),
    "max": ("min",),
    "min": ("max",),
    "amax": ("amin",),
    "amin": ("amax",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "any": ("all",),
    "all": ("any",),
    "exp": ("sigmoid",),
    "log": ("log2", "log10"),
    "sqrt": ("square",),
    "softmax": ("log_softmax", "sigmoid"),
    "log_softmax": ("softmax",),
    "relu": ("tanh", "abs"),
    "tril": ("triu",),
    "triu": ("tril",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "cumsum": ("cumprod",),
    "var": ("std",),
    "std": ("var",),
}


@dataclass(frozen=True)
class Change:
    """A changed text, and what was changed in it."""

    text: str
    says: str


def small_changes(
    source: str, at_most: int = AT_MOST, seed: int = 0
) -> list[Change]:
    """Texts that differ from the source in one place, each once.

    Where there are more than at_most, as many of each kind as there is room
    for, drawn with the seed.
    """
    tree = ast.parse(source)
    plain = ast.unparse(tree)
    kinds: dict[str, dict[str, Change]] = {}
    seen = {plain}
    for kind, says, changed in _all_changes(tree):
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text not in seen:
            seen.add(text)
            kinds.setdefault(kind, {})[text] = Change(text, f"{kind}: {says}")
    # One of each kind in turn, so that a formula full of constants does not
    # crowd out the one comparison.
    draw = random.Random(seed)
    piles = [list(pile.values()) for pile in kinds.values()]
    for pile in piles:
        draw.shuffle(pile)
    chosen: list[Change] = []
    while any(piles) and len(chosen) < at_most:
        for pile in piles:
            if pile and len(chosen) < at_most:
                chosen.append(pile.pop())
    return chosen


def _all_changes(tree: ast.Module) -> Iterator[tuple[str, str, ast.Module]]:
    """Kind, words and tree of every change of one place."""
    places = list(ast.walk(tree))
    for n, node in enumerate(places):
        for kind, says, apply in _changes_of(node, tree):
            changed = copy.deepcopy(tree)
            # ast.walk goes through equal trees in one order.
            apply(list(ast.walk(changed))[n])
            yield kind, says, changed


def _changes_of(node: ast.AST, tree: ast.Module) -> Iterator[tuple]:
    """What can be changed at one node: kind, words, a function that does."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        for other in OPERATORS.get(type(node.op), ()):
            yield (
                "operator",
                f"{ast.unparse(node)}, {type(node.op).__name__} "
                f"to {other.__name__}",
                lambda at, other=other: setattr(at, "op", other()),
            )
    if isinstance(node, ast.BinOp):
        yield (
            "operands",
            f"{ast.unparse(node)}, exchanged",
            lambda at: _exchange(at, "left", "right"),
        )
    if isinstance(node, ast.Compare):
        for other in OPERATORS.get(type(node.ops[0]), ()):
            yield (
                "comparison",
                f"{ast.unparse(node)} to {other.__name__}",
                lambda at, other=other: at.ops.__setitem__(0, other()),
            )
    if isinstance(node, ast.Constant):
        yield from _constants(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for name in _arguments(tree, node):
            yield (
                "name",
                f"{node.id} to {name}",
                lambda at, name=name: setattr(at, "id", name),
            )
    if isinstance(node, ast.Slice):
        for side in ("lower", "upper"):
            if getattr(node, side) is not None:
                yield (
                    "slice",
                    f"{ast.unparse(node)} without its {side} end",
                    lambda at, side=side: setattr(at, side, None),
                )
    if isinstance(node, ast.Call):
        yield from _calls(node)
    for field in ("body", "orelse"):
        lines = getattr(node, field, None)
        if isinstance(lines, list):
            yield from _lines(lines, field)
    for field, inner in ast.iter_fields(node):
        if isinstance(inner, ast.UnaryOp):
            yield (
                "sign",
                f"{ast.unparse(inner)} without its sign",
                lambda at, field=field: setattr(
                    at, field, getattr(at, field).operand
                ),
            )


def _exchange(node: Any, one: str, other: str) -> None:
    first, second = getattr(node, one), getattr(node, other)
    setattr(node, one, second)
    setattr(node, other, first)


def _constants(node: ast.Constant) -> Iterator[tuple]:
    value = node.value
    others: tuple = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1, 2 * value)
    elif isinstance(value, float):
        others = (2 * value, value / 2, -value, 0.0)
    for other in others:
        if other != value or type(other) is not type(value):
            yield (
                "constant",
                f"{value} to {other}",
                lambda at, other=other: setattr(at, "value", other),
            )


def _arguments(tree: ast.Module, node: ast.Name) -> list[str]:
    """The other arguments of the function in which a name stands."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(
            inside is node for inside in ast.walk(function)
        ):
            names = [arg.arg for arg in function.args.args]
            if node.id in names:
                return [n for n in names if n not in (node.id, "self")]
    return []


def _calls(node: ast.Call) -> Iterator[tuple]:
    function = node.func
    name = (
        function.attr
        if isinstance(function, ast.Attribute)
        else getattr(function, "id", "")
    )
    for other in CALLS.get(name, ()):
        field = "attr" if isinstance(function, ast.Attribute) else "id"
        yield (
            "call",
            f"{name} to {other}",
            lambda at, f=field, other=other: setattr(at.func, f, other),
        )
    if len(node.args) > 1:
        yield (
            "order",
            f"the first two of {ast.unparse(node)}, exchanged",
            lambda at: at.args.insert(0, at.args.pop(1)),
        )
    for n, keyword in enumerate(node.keywords):
        yield (
            "keyword",
            f"{name} without {keyword.arg}",
            lambda at, n=n: at.keywords.pop(n),
        )
    for n in range(len(node.args)):
        yield (
            "argument",
            f"{name} without argument {n}",
            lambda at, n=n: at.args.pop(n),
        )
    # x.f(...) becomes x; torch.f(x, ...) and f(x, ...) become x.
    is_method = isinstance(function, ast.Attribute) and not (
        isinstance(function.value, ast.Name)
        and function.value.id in ("torch", "math", "F", "nn", "copy")
    )
    if is_method or node.args:

        def skip(at: Any, is_method: bool = is_method) -> None:
            inner = at.func.value if is_method else at.args[0]
            at.__class__ = inner.__class__
            at.__dict__ = inner.__dict__

        yield "skipped call", ast.unparse(node), skip


def _lines(lines: list, field: str) -> Iterator[tuple]:
    for n, line in enumerate(lines):
        is_docstring = isinstance(line, ast.Expr) and isinstance(
            line.value, ast.Constant
        )
        if is_docstring or isinstance(
            line, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
        ):
            continue

        def leave_out(at: Any, n: int = n) -> None:
            body = getattr(at, field)
            body.pop(n)
            if not body and field == "body":
                body.append(ast.Pass())

        yield "missing line", ast.unparse(line), leave_out
        if n + 1 < len(lines):
            yield (
                "lines exchanged",
                ast.unparse(line),
                lambda at, n=n: getattr(at, field).insert(
                    n, getattr(at, field).pop(n + 1)
                ),
            )


def is_different(exercise: Exercise, changed: Any, good: list[Trial]) -> str:
    """On which of the inputs a version differs, in words; "" where on none.

    good: what the solution gave on each of them.
    """
    if exercise.cases is None:
        try:
            is_right = accepts(exercise, float(changed))
        except Exception:
            return "no number"
        return "" if is_right else f"the number {changed}"
    for n, right in enumerate(good):
        found = try_once(exercise, changed, right.args)
        if not found.agrees(right):
            return f"input {n}"
    return ""


def passes(exercise: Exercise, changed: Any) -> bool:
    """Whether the check takes a version for right."""
    given = (exercise.suspect, changed) if exercise.suspect else (changed,)
    return judge(exercise, *given).passed


def inputs_of(exercise: Exercise, seed: int = 0) -> list[tuple]:
    """200 inputs of the exercise's domain."""
    if exercise.domain is None:
        return []
    draw = random.Random(seed)
    with closed_room():
        return [exercise.domain(draw) for _ in range(INPUTS)]


def examine_changes(
    exercise: Exercise, at_most: int = AT_MOST, seed: int = 0
) -> dict:
    """What became of the changed versions of one exercise."""
    good = [
        try_once(exercise, exercise.reference(), args, ours=True)
        for args in inputs_of(exercise)
    ]
    if exercise.expected is not None:
        at_most = 0  # its number is measured by training, not computed
    row: dict = {"changes": 0, "different": 0, "refused": 0, "survivors": []}
    for change in small_changes(exercise.solution, at_most, seed):
        row["changes"] += 1
        try:
            with closed_room():
                changed = exercise.build(change.text)
        except Exception:  # it does not even define what is asked for
            row["different"] += 1
            row["refused"] += 1
            continue
        where = is_different(exercise, changed, good)
        if not where:
            continue
        row["different"] += 1
        if passes(exercise, changed):
            row["survivors"].append(
                {"change": change.says, "differs on": where}
            )
        else:
            row["refused"] += 1
    return row


def main() -> None:
    """Every exercise, or those that are named."""
    chosen = sys.argv[1:] or list(EXERCISES)
    rows = {}
    for number in chosen:
        row = examine_changes(EXERCISES[number])
        rows[number] = row
        print(
            f"{number}: {row['changes']} changes, {row['different']} "
            f"different, {row['refused']} refused",
            flush=True,
        )
        for survivor in row["survivors"]:
            print(f"   passes: {survivor['change']}")
    if sys.argv[1:]:
        return
    record = {
        "command": "python scripts/records/small_changes.py",
        "machine": machine(),
        "versions": versions(),
        "inputs": INPUTS,
        "exercises": rows,
    }
    write_record(OUT, record)


if __name__ == "__main__":
    main()
