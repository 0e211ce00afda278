"""Module paths of version 0.1 that chapters or pages named; gone in 0.3.

A notebook that somebody wrote with the old version goes on working: its
imports find the module where it lives now, with a notice. This is the one
place, besides the two lazy front doors, that imports by name.
"""

import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_ENGINE = (
    "distributed",
    "dropout",
    "output_layer",
    "precision",
    "sharing",
    "step_loss",
    "threads",
)
_CHECK = (
    "checking",
    "comparing",
    "exercise",
    "limits",
    "modules",
    "numbers",
    "patterns",
    "trying",
    "verdict",
    "words",
)
MOVED = {
    "checks": "ground.checks",
    "decoding_cache": "decoding.cache",
    "decoding_choice": "decoding.choice",
    "looking_inside_scores": "looking_inside.scores",
    "progress": "ground.watching",
    "text.tokenizer": "tokens.characters",
    "train_config": "config",
    "training.checkpoint": "training.checkpoints",
    "training.prepare": "training.steps",
    "training.provenance": "ground.provenance",
    "training.run_folder": "training.runs",
    "training.sound_files": "ground.whole_files",
    "translation": "encoder_decoder.translation",
    **{f"training.{name}": f"training.engine.{name}" for name in _ENGINE},
    "learn.bugs": "learn.check.suspects",
    "learn.cards": "learn.quiz.cards",
    "learn.chapters": "learn.exercises",
    "learn.overview": "learn.report",
    "learn.pace": "learn.record.pace",
    "learn.progress": "learn.record.kept",
    **{f"learn.{name}": f"learn.check.{name}" for name in _CHECK},
    "view.attention": "view.single_head",
    "view.bugs": "view.symptoms",
    "view.cost": "view.scaling",
    "view.depth": "view.residual_norm",
    "view.heads": "view.multi_head",
    "view.inside": "view.looking_inside",
    "view.neurons": "view.feed_forward",
    "view.translation": "view.encoder_decoder",
}
"""Old path -> new path, both below tutorgpt."""

NAMES_MOVED = {
    "tutorgpt.scaling": dict.fromkeys(
        ("SMALL", "LAPTOP", "LARGE"), "tutorgpt.config"
    ),
}
"""A module that stays -> names that have left it -> where they are now."""


class OldPaths(MetaPathFinder, Loader):
    """Answers an import of an old path with the module's new place."""

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """A spec for the paths in MOVED; None for all others."""
        package, _, name = fullname.partition(".")
        if package != "tutorgpt" or name not in MOVED:
            return None
        return ModuleSpec(fullname, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module itself, under its old name too, and a notice."""
        new = f"tutorgpt.{MOVED[spec.name.partition('.')[2]]}"
        _notice(spec.name, new)
        package, _, name = spec.name.rpartition(".")
        function = vars(sys.modules[package]).get(name)
        module = import_module(new)
        if callable(function):
            module = ModuleAndFunction(module, function)
        # Python is about to give it the old path's spec: keep its own.
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module has run at its own place."""
        module.__spec__ = self._own_spec


class ModuleAndFunction(ModuleType):
    """An old path whose package has a function of the same name.

    Python gives the package's name to what is imported, so the module must
    do what the function did: `tutorgpt.learn.progress` is both.
    """

    def __init__(
        self, module: ModuleType, function: Callable[..., Any]
    ) -> None:
        super().__init__(module.__name__, module.__doc__)
        self.__dict__.update(vars(module))
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)


def find_old_paths() -> None:
    """Let imports of old paths be answered, from now on."""
    if not any(isinstance(finder, OldPaths) for finder in sys.meta_path):
        sys.meta_path.append(OldPaths())


def names_moved(module: str) -> Callable[[str], Any]:
    """The __getattr__ of a module that some names have left."""
    homes = NAMES_MOVED[module]

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(
                f"module {module!r} has no attribute {name!r}"
            )
        _notice(f"{module}.{name}", f"{homes[name]}.{name}")
        return getattr(import_module(homes[name]), name)

    return find


def _notice(old: str, new: str) -> None:
    warnings.warn(
        f"{old} is now {new}: change the import; the old name goes in "
        "tutorgpt 0.3",
        FutureWarning,
        stacklevel=3,  # the import's line: Python's own frames do not count
    )
