"""The arrows between the rooms of tutorgpt/learn, read from the imports.

check knows the package and no exercise, an exercise knows check and the
chapters up to its own, what is known of the chapters' classes speaks as the
exercises do, the record knows nothing of learn, the quiz knows the record, and
what a learner calls knows them all.
"""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEARN = ROOT / "tutorgpt" / "learn"
STEMS = (
    "gradients",
    "bigram",
    "single_head",
    "multi_head",
    "feed_forward",
    "residual_norm",
    "scaling",
    "looking_inside",
    "decoding",
    "encoder_decoder",
    "tokens",
    "modern",
    "pretrained",
)
KNOWS = {
    "check": set(),
    "record": set(),
    "quiz": {"record"},
    "exercises": {"check"},
    "classes": {"check", "exercises"},
}
"""Which other rooms of learn a room may know."""


def module_name(path):
    """The full name of a module below the repository."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


SOURCES = {module_name(p): p for p in sorted(LEARN.rglob("*.py"))}
every_module = pytest.mark.parametrize("name", SOURCES)


def imported(name):
    """The modules of tutorgpt that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(SOURCES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the package in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in SOURCES else node.module)
    return {module for module in found if module.startswith("tutorgpt")}


def room(name):
    """The room of learn that a module stands in; empty for learn itself."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 and parts[2] in KNOWS else ""


@every_module
def test_a_room_knows_only_what_stands_below_it(name):
    """check and record know no other room, quiz the record alone."""
    if not room(name):
        return
    ours = {m for m in imported(name) if m.startswith("tutorgpt.learn")}
    others = {room(module) for module in ours} - {room(name)}

    assert others <= KNOWS[room(name)]


@pytest.mark.parametrize(
    "name", [n for n in SOURCES if n.startswith("tutorgpt.learn.exercises.")]
)
def test_an_exercise_knows_no_later_chapter(name):
    """Its own folder, and the package's chapters up to it."""
    stem = name.split(".")[3]
    up_to_here = STEMS[: STEMS.index(stem) + 1]
    modules = imported(name)
    chapters = {module.split(".")[1] for module in modules} & {*STEMS}
    folders = {
        module.split(".")[3]
        for module in modules
        if module.startswith("tutorgpt.learn.exercises.")
    }

    assert chapters <= {*up_to_here}
    assert folders <= {stem}


def test_no_imports_go_round_in_a_circle():
    """The modules of learn can be put into an order of reading."""
    order = TopologicalSorter(
        {name: imported(name) & SOURCES.keys() for name in SOURCES}
    )

    assert set(order.static_order()) == set(SOURCES)


def test_every_exercise_has_a_file_and_every_file_one_exercise():
    """One file an exercise; what two of them share makes none."""
    makes = {
        name: SOURCES[name].read_text("utf-8").count("= Exercise(")
        for name in SOURCES
        if name.startswith("tutorgpt.learn.exercises.")
    }
    shared = {
        module
        for name in makes
        for module in imported(name)
        if module.startswith("tutorgpt.learn.exercises.")
    }
    rooms = {f"tutorgpt.learn.exercises.{stem}" for stem in STEMS}

    for name, count in makes.items():
        assert count == (0 if name in shared | rooms else 1), name
