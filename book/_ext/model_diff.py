"""The `{model-diff}` and `{definition}` directives: code from the package.

    {model-diff} tutorgpt.multi_head.Head tutorgpt.multi_head.MultiHead

shows the whole first class turning into the second one, line by line, and

    {definition} tutorgpt.single_head.Head

shows one of them. A name that does not exist fails the build.
"""

import difflib

from docutils import nodes
from package_source import find, module_path
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective


def diff_lines(before: str, after: str) -> list[str]:
    """A unified diff with every line of both texts, without its headers."""
    old, new = before.splitlines(), after.splitlines()
    whole = max(len(old), len(new))
    lines = difflib.unified_diff(old, new, lineterm="", n=whole)
    return list(lines)[3:]


def tally(lines: list[str], mark: str) -> str:
    """How many lines of a diff carry this mark, in words: "1 line"."""
    n = sum(line.startswith(mark) for line in lines)
    return "1 line" if n == 1 else f"{n} lines"


class CodeDirective(SphinxDirective):
    """What both directives share: errors that name the page and the line."""

    def source_of(self, name: str) -> str:
        try:
            source = find(name)[2]
        except ValueError as error:
            place = f"{self.env.docname}, line {self.lineno}"
            raise ExtensionError(f"{place}: {error}") from None
        self.env.note_dependency(str(module_path(name.rpartition(".")[0])))
        return source

    def block(self, text: str, language: str, kind: str) -> nodes.Node:
        block = nodes.literal_block(text, text, classes=[kind])
        block["language"] = language
        self.set_source_info(block)
        return block


class ModelDiff(CodeDirective):
    """Two classes' source as one diff, under a line that counts it."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        before, after = self.arguments
        lines = diff_lines(self.source_of(before), self.source_of(after))
        summary = nodes.paragraph(classes=["tg-diff-summary"])
        old, new = before.rpartition(".")[2], after.rpartition(".")[2]
        summary += [
            nodes.literal(old, old),
            nodes.Text(" becomes "),
            nodes.literal(new, new),
            nodes.Text(
                f": {tally(lines, '-')} out, {tally(lines, '+')} in, "
                f"{tally(lines, ' ')} untouched."
            ),
        ]
        return [summary, self.block("\n".join(lines), "diff", "tg-diff")]


class ShowDefinition(CodeDirective):
    """One class or function as it stands in its module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        source = self.source_of(self.arguments[0])
        return [self.block(source, "python", "tg-definition")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("model-diff", ModelDiff)
    app.add_directive("definition", ShowDefinition)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
