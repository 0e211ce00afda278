"""Which names a notebook's cell sets, and which it has from others."""

import ast


def bound(tree):
    """The names that a cell sets at its top level."""
    names = set()
    for node in walk_outside(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
    return names


def used(tree):
    """The names that a cell reads and did not set itself before."""
    own: set[str] = set()
    found: set[str] = set()
    for statement in tree.body:
        nodes = list(ast.walk(statement))
        names = [node for node in nodes if isinstance(node, ast.Name)]
        inner = {node.arg for node in nodes if isinstance(node, ast.arg)}
        for node in nodes:
            if isinstance(node, ast.comprehension):
                inner |= stored(ast.walk(node.target))
        if not isinstance(statement, ast.Assign | ast.AugAssign):
            inner |= stored(names)
        reads = {n.id for n in names if isinstance(n.ctx, ast.Load)}
        if isinstance(statement, ast.AugAssign):
            reads |= stored(names)
        found |= reads - own - inner
        own |= bound(ast.Module([statement], []))
    return found


def stored(nodes):
    """The names that are set among these nodes."""
    return {
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def walk_outside(tree):
    """All nodes but those inside of functions, classes and comprehensions."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(
            node,
            ast.FunctionDef
            | ast.ClassDef
            | ast.Lambda
            | ast.ListComp
            | ast.SetComp
            | ast.DictComp
            | ast.GeneratorExp,
        ):
            waiting += ast.iter_child_nodes(node)
