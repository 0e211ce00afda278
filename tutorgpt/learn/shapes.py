"""Prints a function line by line with the shape of everything it makes.

Python's tracing calls us whenever a line of the function is about to run
(`sys.settrace`, the hook of debuggers). At that moment the line *before* it
is done, and its names stand in the frame: their shapes are written down
there. What is printed in the end is the function's own text.
"""

import ast
import inspect
import io
import sys
import textwrap
import tokenize
from collections.abc import Callable
from textwrap import shorten
from types import CodeType, FrameType
from typing import Any

import torch
from torch import Tensor, nn

from tutorgpt.ground.refusal import RefusalError

WIDTH = 79


def shapes(function: Any, *args: Any) -> None:
    """Call a function or module and print what every line of it made.

    shapes(head, x) prints lines such as

        scores = q @ k.mT  # (2, 8, 8)

    Lines that are not reached are left out; one that runs several times
    shows its last result and how often it ran. Where the function stops
    with an error, the lines before it are printed first.
    """
    text, error = trace(function, *args)
    print(text)
    if error is not None:
        raise error


def trace(function: Any, *args: Any) -> tuple[str, Exception | None]:
    """The text that shapes prints, and the error that cut it short."""
    plain = definition(function, args)
    if isinstance(function, nn.Module):
        function = function.forward
    try:
        lines, first = inspect.getsourcelines(plain)
    except (OSError, TypeError):
        raise RefusalError(
            f"the text of {function!r} cannot be found: define it in a cell "
            "or in a file"
        ) from None
    text = without_comments(textwrap.dedent("".join(lines)))
    # The tree counts its lines from 1, a frame from `first` on: the watcher
    # subtracts the difference.
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    watcher = Watcher(plain.__code__, statements(tree), first - 1)
    error = watcher.run(function, args)
    return "\n".join(page(text.splitlines(), tree, watcher)), error


def definition(given: Any, args: tuple) -> Any:
    """The function whose lines are to be shown; a RefusalError for none."""
    if isinstance(given, type):
        name = given.__name__
        raise RefusalError(
            f"{name} is a class: give an instance of it, as in "
            f"shapes({name}(...), x)"
        )
    function = given.forward if isinstance(given, nn.Module) else given
    # A method holds its function in __func__, and decorators that keep their
    # word (no_grad, jaxtyping) hold theirs in __wrapped__: go down to the def.
    plain = inspect.unwrap(getattr(function, "__func__", function))
    if not callable(plain) or not hasattr(plain, "__name__"):
        raise RefusalError(
            "shapes takes a function or a built module, and what to call it "
            f"with, as in shapes(head, x): {shorten(repr(given), 40)} is "
            "neither"
        )
    if plain.__name__ == "<lambda>":
        raise RefusalError(
            "a lambda has no lines of its own: give a function that is made "
            "with def"
        )
    try:
        inspect.signature(function).bind(*args)
    except TypeError as error:
        raise RefusalError(
            f"{plain.__name__} cannot be called so ({error}): give its inputs "
            "as well, as in shapes(head, x)"
        ) from None
    except ValueError:
        pass  # a function of C, whose text is missed in a moment
    return plain


def without_comments(text: str) -> str:
    """Program text with its comments taken out, every line kept."""
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return "\n".join(lines)


def statements(tree: ast.FunctionDef) -> dict[int, ast.stmt]:
    """The innermost statement that each line belongs to.

    A call over four lines is one statement, traced line by line.
    """
    found: dict[int, ast.stmt] = {}
    # ast.walk goes from the outside in, so an inner statement overwrites
    # the lines that its loop or condition had claimed.
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node is not tree:
            last = node.end_lineno or node.lineno
            inner = getattr(node, "body", None)
            if inner:  # of a loop or a condition only the head
                last = inner[0].lineno - 1
            for line in range(node.lineno, last + 1):
                found[line] = node
    return found


class Watcher:
    """Watches one function run, and keeps what each statement made."""

    def __init__(
        self, code: CodeType, owners: dict[int, ast.stmt], offset: int
    ) -> None:
        self.code, self.owners, self.offset = code, owners, offset
        self.made: dict[ast.stmt, str] = {}
        self.times: dict[ast.stmt, int] = {}
        self.given = ""
        self.current: ast.stmt | None = None

    @torch.no_grad()
    def run(
        self, function: Callable[..., Any], args: tuple
    ) -> Exception | None:
        """Call the function under this watch; the error it stopped with."""
        # A debugger or a coverage tool may be tracing: give it back after.
        before = sys.gettrace()
        sys.settrace(self.enter)
        try:
            function(*args)
        except Exception as error:
            return error
        finally:
            sys.settrace(before)
        return None

    def enter(self, frame: FrameType, event: str, _: Any) -> Any:
        """Follow the frame of the function itself and no other.

        Called at the start of every function that runs meanwhile; what is
        returned is called for each line of that frame, None leaves it alone.
        """
        if frame.f_code is not self.code:
            return None
        names = [n for n in inspect.getargs(self.code).args if n != "self"]
        self.given = described({n: frame.f_locals[n] for n in names}, True)
        self.current = None
        return self.step

    def step(self, frame: FrameType, event: str, value: Any) -> Any:
        """A line begins, so the one before it is done."""
        if event == "exception":
            # The current statement has made nothing, whether the function
            # catches the error and goes on or ends here.
            self.current = None
            return self.step
        node = self.owners.get(frame.f_lineno - self.offset)
        if event == "line" and node is self.current:
            return self.step  # the same statement goes on
        if self.current is not None:
            # On "return" the value is what the function gives back; on
            # "line" it means nothing.
            self.keep(
                self.current, frame, value if event == "return" else None
            )
        self.current = node
        return self.step

    def keep(self, node: ast.stmt, frame: FrameType, value: Any) -> None:
        """What a finished statement has made."""
        self.times[node] = self.times.get(node, 0) + 1
        if isinstance(node, ast.Return):
            self.made[node] = described({"": value}, False)
            return
        names = {
            name.id: frame.f_locals[name.id]
            for target in targets(node)
            for name in ast.walk(target)
            if isinstance(name, ast.Name) and name.id in frame.f_locals
        }
        self.made[node] = described(names, len(names) > 1)


def targets(node: ast.stmt) -> list[ast.expr]:
    """What a statement assigns to."""
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
        return [node.target]
    return []


def described(values: dict[str, Any], named: bool) -> str:
    """Values by their shapes; names with equal shapes share one."""
    groups: dict[str, list[str]] = {}
    for name, value in values.items():
        groups.setdefault(shape(value), []).append(name)
    if not named:
        return ", ".join(groups)
    return "; ".join(
        f"{', '.join(names)} {found}" for found, names in groups.items()
    )


def shape(value: Any) -> str:
    """The shape of a tensor, the value of a number, or a kind."""
    if isinstance(value, Tensor):
        kind = " of bool" if value.dtype == torch.bool else ""
        return f"{tuple(value.shape)}{kind}"
    if isinstance(value, bool | int | float | str | None):
        return repr(value)
    if isinstance(value, list | tuple) and value:
        return f"{len(value)} x {shape(value[0])}"
    return type(value).__name__


def page(
    lines: list[str], tree: ast.FunctionDef, watcher: Watcher
) -> list[str]:
    """The lines that ran, each with what it made."""
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    head = lines[tree.lineno - 1 : tree.body[0].lineno - 1]
    out = [*head[:-1], *noted(head[-1], watcher.given)]
    for number in range(body[0].lineno, len(lines) + 1):
        node = watcher.owners.get(number)
        if node is None or node not in watcher.times:
            continue
        last = number == max(n for n, o in watcher.owners.items() if o is node)
        note = watcher.made.get(node, "") if last else ""
        times = watcher.times[node]
        if note and times > 1:
            note += f", {times} times"
        out += noted(lines[number - 1], note)
    return [line for line in out if line.strip()]


def noted(line: str, note: str) -> list[str]:
    """A line with a note behind it, or below where it is too long."""
    if not note:
        return [line]
    if len(f"{line}  # {note}") <= WIDTH:
        return [f"{line}  # {note}"]
    indent = " " * (len(line) - len(line.lstrip()))
    if line.startswith("def "):
        indent = "    "
    return [line, f"{indent}# {note}"]
