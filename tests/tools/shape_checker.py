"""How the tests check the types in signatures: at every call, and once.

jaxtyping's own decorator looks at the parameters twice, before a call and
again with its result, and makes its checker anew whenever a function inside
a function is defined. Most of the suite's time went into that. Here one
checker looks at both, and it serves every function that one `def` makes.
"""

import dataclasses
import functools
import inspect
import typing
from collections.abc import Callable
from functools import partial
from inspect import Parameter
from types import CodeType
from typing import Any

import jaxtyping
from beartype import BeartypeConf, beartype
from beartype import __file__ as beartype_file

# Python allows train(..., learning_rate=1); so does this checker.
check = beartype(
    conf=BeartypeConf(
        is_pep484_tower=True, violation_type=jaxtyping.TypeCheckError
    )
)

AXES = jaxtyping.jaxtyped("context")
"""Inside it an axis's name means one length, and outside it another."""
FUNCTION = "__function__"
"""The first parameter of a checker: what it calls with all the others."""


@dataclasses.dataclass(frozen=True)
class Checker:
    """What checks the functions of one `def`, and for which it was made.

    through: takes a function and its arguments, checks these, calls it and
    checks what it gives; None where the signature leaves nothing to check.
    """

    annotations: dict[str, Any]
    defaults: tuple[Any, ...]
    through: Callable[..., Any] | None

    def serves(self, function: Any) -> bool:
        """Whether the annotations and defaults are the same once more."""
        given = _defaults(function)
        return (
            len(given) == len(self.defaults)
            and all(map(lambda a, b: a is b, given, self.defaults))
            and function.__annotations__ == self.annotations
        )


_checkers: dict[tuple[str, CodeType], Checker] = {}
"""By module and code: all that one `def` makes have the same."""


def jaxtyped(*, typechecker: Any = check) -> Callable[[Any], Any]:
    """Takes the place of jaxtyping's own, which its import hook calls."""
    return checked


def checked(thing: Any) -> Any:
    """A function whose arguments and result are checked at every call.

    Of a dataclass the values that it is made with are.
    """
    if inspect.isclass(thing):
        made_by = thing.__init__
        if dataclasses.is_dataclass(thing) and inspect.isfunction(made_by):
            thing.__init__ = checked(made_by)
        return thing
    if hasattr(thing, "__wrapped__"):  # an __init__ that is checked already
        return thing
    call = _call(thing)
    if call is thing:  # its signature leaves nothing to check
        return thing

    @functools.wraps(thing)
    def wrapped(*args: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        if jaxtyping.config.jaxtyping_disable:
            return thing(*args, **named)
        with AXES:
            return call(*args, **named)

    # The checks of exercises look for the learner's own line in a traceback:
    # this one is no more theirs than that of jaxtyping's decorator would be.
    wrapped.__code__ = wrapped.__code__.replace(co_filename=beartype_file)
    return wrapped


def _call(function: Any) -> Callable[..., Any]:
    """The function with its checks, or as it is where there are none.

    beartype checks most functions itself. It gets a stand-in for those that
    are defined again and again, for generators, which it would read, and for
    annotations in quotation marks, which it reads in its own way.
    """
    if not (
        "<locals>" in function.__qualname__
        or inspect.isgeneratorfunction(function)
        or any(isinstance(a, str) for a in function.__annotations__.values())
    ):
        return check(function)
    through = _checker(function).through
    return function if through is None else partial(through, function)


def _checker(function: Any) -> Checker:
    """The one that serves this function already, or a new one."""
    place = (function.__module__, function.__code__)
    found = _checkers.get(place)
    if found is None or not found.serves(function):
        found = Checker(
            function.__annotations__,
            _defaults(function),
            _through(function) if function.__annotations__ else None,
        )
        _checkers[place] = found
    return found


def _defaults(function: Any) -> tuple[Any, ...]:
    named = function.__kwdefaults__ or {}
    return (*(function.__defaults__ or ()), *named.values())


def _through(function: Any) -> Callable[..., Any] | None:
    """A checked function with the same signature that calls what it is given.

    Its text is written here: beartype reads real parameters only.
    """
    signature = inspect.signature(function)
    scope: dict[str, Any] = {}
    parameters = {kind: [] for kind in _KINDS}
    given = []
    for name, parameter in signature.parameters.items():
        text, passes = _KINDS[parameter.kind]
        text = text.format(name)
        if parameter.annotation is not Parameter.empty:
            scope[f"type_{name}"] = _read(parameter.annotation, function)
            text += f": type_{name}"
        if parameter.default is not Parameter.empty:
            scope[f"default_{name}"] = parameter.default
            text += f" = default_{name}"
        parameters[parameter.kind].append(text)
        given.append(passes.format(name))
    positional, either, rest, named, more = parameters.values()
    star = ["*"] if named and not rest else []
    listed = ", ".join(
        [FUNCTION, *positional, "/", *either, *rest, *star, *named, *more]
    )
    result = ""
    if signature.return_annotation is not inspect.Signature.empty:
        scope["result"] = _read(signature.return_annotation, function)
        result = " -> result"
    exec(
        f"def through({listed}){result}:\n"
        f"    __tracebackhide__ = True\n"
        f"    return {FUNCTION}({', '.join(given)})",
        scope,
    )
    through = scope["through"]
    through.__module__ = function.__module__
    through.__name__ = function.__name__
    through.__qualname__ = function.__qualname__
    with_checks = check(through)
    return None if with_checks is through else with_checks


_KINDS = {
    Parameter.POSITIONAL_ONLY: ("{}", "{}"),
    Parameter.POSITIONAL_OR_KEYWORD: ("{}", "{}"),
    Parameter.VAR_POSITIONAL: ("*{}", "*{}"),
    Parameter.KEYWORD_ONLY: ("{}", "{0}={0}"),
    Parameter.VAR_KEYWORD: ("**{}", "**{}"),
}
"""How each kind of parameter is written, and how it is passed on."""


def _read(annotation: Any, function: Any) -> Any:
    """What an annotation in quotation marks means, where that is known yet."""

    def holder(value: annotation) -> None: ...

    try:
        hints = typing.get_type_hints(
            holder, function.__globals__, include_extras=True
        )
    except NameError:
        return Any  # the class that is being written
    return hints["value"]
