"""What the extra [models] brings, asked for where it is used."""

from collections.abc import Iterator
from contextlib import contextmanager

from tutorgpt.ground.published import install_here
from tutorgpt.ground.refusal import RefusalError


@contextmanager
def models_needed(what: str) -> Iterator[None]:
    """Inside, a package that is not installed is refused in one sentence.

    what: what it is needed for.
    """
    try:
        yield
    except ImportError as error:
        raise RefusalError(
            f"{what} needs the package {error.name}, which is not installed "
            f"here: {install_here('models')}"
        ) from error
