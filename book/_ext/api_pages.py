"""The `{api}` directive: a module's public names, from its own text.

    {api} tutorgpt.single_head

lists every public class, function and constant that the module defines:
its signature exactly as written (so shapes stay `Float[Tensor, "B T C"]`)
and its docstring. `[Head](#api-head)` links to an entry from any page.
"""

import ast
import inspect
import re
from collections import Counter
from functools import lru_cache

from docutils import nodes
from package_source import constant, module_path
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

WIDTH = 76
ARGUMENT = re.compile(r"([a-z_]\w*(?:, \w+)*): (.*)")
Function = ast.FunctionDef


def signature(text: str, function: Function, name: str) -> str:
    """`name(x: Float[Tensor, "B T C"]) -> …`, one line if it fits."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(every) - len(arguments.defaults))
    parts = [
        parameter(text, argument, default)
        for argument, default in zip(
            every, [*defaults, *arguments.defaults], strict=True
        )
        if argument.arg not in ("self", "cls")
    ]
    if arguments.kwonlyargs:
        parts.append("*")
    parts += [
        parameter(text, argument, default)
        for argument, default in zip(
            arguments.kwonlyargs, arguments.kw_defaults, strict=True
        )
    ]
    if arguments.kwarg:
        parts.append(f"**{arguments.kwarg.arg}")
    returned = ""
    if function.returns is not None and name != "__init__":
        returned = f" -> {segment(text, function.returns)}"
    return call(name, parts, returned)


def call(name: str, parts: list[str], returned: str = "") -> str:
    """A call's text, with one part a line where one line is too long."""
    line = f"{name}({', '.join(parts)}){returned}"
    if len(line) <= WIDTH or not parts:
        return line
    inner = "".join(f"    {part},\n" for part in parts)
    return f"{name}(\n{inner}){returned}"


def parameter(text: str, argument: ast.arg, default: ast.expr | None) -> str:
    """`dropout: float = 0.0`, as the module writes it."""
    written = argument.arg
    if argument.annotation is not None:
        written += f": {segment(text, argument.annotation)}"
    if default is not None:
        equals = " = " if argument.annotation is not None else "="
        written += f"{equals}{segment(text, default)}"
    return written


def segment(text: str, node: ast.AST) -> str:
    """A node's own text, on one line."""
    return " ".join(source(text, node).split())


def source(text: str, node: ast.AST) -> str:
    """A node's own text, as it stands in its module.

    ast.get_source_segment cuts the whole module into lines for every node,
    which was a seventh of the time of building the book.
    """
    first, last = node.lineno - 1, node.end_lineno
    lines = list(lines_of(text)[first:last])
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode()


@lru_cache(maxsize=1)  # a page goes through one module after another
def lines_of(text: str) -> list[bytes]:
    """A module's lines; the places in a tree count bytes."""
    return text.encode().split(b"\n")


def is_dataclass(node: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(d) for d in node.decorator_list)


def class_signature(text: str, node: ast.ClassDef) -> str:
    """How an object of the class is made."""
    name = f"class {node.name}"
    if is_dataclass(node):
        keywords = any(
            "kw_only" in ast.unparse(d) for d in node.decorator_list
        )
        fields = [
            segment(text, field)
            for field in node.body
            if isinstance(field, ast.AnnAssign)
            and not segment(text, field.target).startswith("_")
        ]
        return call(name, ["*", *fields] if keywords else fields)
    for method in methods(node):
        if method.name == "__init__":
            return signature(text, method, name)
    return name


def methods(node: ast.ClassDef) -> list[Function]:
    return [part for part in node.body if isinstance(part, Function)]


def is_property(method: Function) -> bool:
    return any("property" in ast.unparse(d) for d in method.decorator_list)


def describe(docstring: str) -> list[nodes.Node]:
    """Paragraphs, and `name: meaning` lines as a list of definitions."""
    found: list[nodes.Node] = []
    items: nodes.definition_list | None = None
    for line in inspect.cleandoc(docstring).splitlines():
        match = ARGUMENT.match(line)
        if match:
            if items is None:
                items = nodes.definition_list(classes=["tg-arguments"])
                found.append(items)
            term = nodes.term("", "", nodes.literal(match[1], match[1]))
            meaning = nodes.paragraph(match[2], match[2])
            items += nodes.definition_list_item(
                "", term, nodes.definition("", meaning)
            )
        elif items is not None and line.startswith(" "):
            meaning = items[-1][1][0]
            meaning += nodes.Text(" " + line.strip())
        elif not line.strip():
            items = None
            found.append(nodes.paragraph())
        else:
            items = None
            if not found or not isinstance(found[-1], nodes.paragraph):
                found.append(nodes.paragraph())
            if len(found[-1]):
                found[-1] += nodes.Text(" ")
            found[-1] += nodes.Text(line)
    return [node for node in found if len(node)]


class Api(SphinxDirective):
    """Every public name that a module defines, in the module's order."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module = self.arguments[0]
        try:
            path = module_path(module)
        except ValueError as error:
            place = f"{self.env.docname}, line {self.lineno}"
            raise ExtensionError(f"{place}: {error}") from None
        self.env.note_dependency(str(path))
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        docstring = (ast.get_docstring(tree) or "").split("\n\n")[0]
        out: list[nodes.Node] = [
            nodes.paragraph("", " ".join(docstring.split()))
        ]
        body = tree.body
        for node, after in zip(body, [*body[1:], None], strict=True):
            if isinstance(node, ast.ClassDef) and public(node.name):
                out.append(self.class_entry(text, node))
            elif isinstance(node, Function) and public(node.name):
                out.append(self.function_entry(text, node))
            elif (name := constant_name(node)) and public(name):
                out.append(self.constant_entry(text, name, node, after))
        return out

    def class_entry(self, text: str, node: ast.ClassDef) -> nodes.Node:
        entry = self.entry(node.name, class_signature(text, node))
        entry += describe(ast.get_docstring(node) or "")
        for method in methods(node):
            if not public(method.name):
                continue
            if is_property(method):
                written = method.name
                if method.returns is not None:
                    written += f": {segment(text, method.returns)}"
            else:
                written = signature(text, method, method.name)
            member = nodes.container(classes=["tg-member"])
            member += self.code(written)
            member += describe(ast.get_docstring(method) or "")
            entry += member
        return entry

    def function_entry(self, text: str, node: Function) -> nodes.Node:
        entry = self.entry(node.name, signature(text, node, node.name))
        entry += describe(ast.get_docstring(node) or "")
        return entry

    def constant_entry(
        self, text: str, name: str, node: ast.AST, after: ast.AST | None
    ) -> nodes.Node:
        entry = self.entry(name, source(text, node))
        if isinstance(after, ast.Expr) and isinstance(
            after.value, ast.Constant
        ):
            entry += describe(str(after.value.value))
        return entry

    def entry(self, name: str, written: str) -> nodes.container:
        """A box with the signature, and a label to link to.

        Of several entries with one name, the first has the plain label.
        """
        taken = self.env.temp_data.setdefault("tg-api", Counter())
        taken[name.lower()] += 1
        number = taken[name.lower()]
        label = f"api-{name.lower()}" + (f"-{number}" if number > 1 else "")
        labels = self.env.get_domain("std").data
        labels["labels"][label] = (self.env.docname, label, name)
        labels["anonlabels"][label] = (self.env.docname, label)
        entry = nodes.container(classes=["tg-entry"], ids=[label])
        entry += self.code(written)
        return entry

    def code(self, written: str) -> nodes.Node:
        block = nodes.literal_block(written, written)
        block["language"] = "python"
        block["classes"].append("tg-signature")
        return block


class PublicNames(SphinxDirective):
    """What `from tutorgpt import …` offers, each linked to its entry."""

    def run(self) -> list[nodes.Node]:
        path = module_path("tutorgpt.__init__")
        self.env.note_dependency(str(path))
        names = constant("tutorgpt.__init__.__all__")
        line = nodes.paragraph(classes=["tg-names"])
        for name in filter(public, names):
            label = f"api-{name.lower()}"
            link = pending_xref(
                "",
                nodes.literal(name, name),
                refdomain="std",
                reftype="ref",
                reftarget=label,
                refexplicit=True,
                refdoc=self.env.docname,
                refwarn=True,
            )
            line += [link, nodes.Text(" ")]
        return [line]


def public(name: str) -> bool:
    return not name.startswith("_")


def constant_name(node: ast.AST) -> str | None:
    """The name of a module's constant, or None for anything else."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign):
        target = node.target
    else:
        return None
    if isinstance(target, ast.Name) and target.id.isupper():
        return target.id
    return None


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("api", Api)
    app.add_directive("public-names", PublicNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
