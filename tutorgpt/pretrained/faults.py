"""What is wrong with the files of a model, in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

from tutorgpt.ground.whole_files import reason

DAMAGE = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    SafetensorError,
    TypeError,
    ValueError,
)
"""What reading stumbles over in a file that is damaged, or another one."""


@contextmanager
def faults_named(place: Path, fault: str, remedy: str) -> Iterator[None]:
    """Inside, whatever is wrong with a file or folder is one sentence.

    fault: what it then is, such as "cannot be used".
    Raises ValueError for what is damaged or does not fit, OSError for what
    cannot be read, FileNotFoundError for what is not there.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"there is no {str(error.filename)!r}: {remedy}"
        ) from None
    except OSError as error:
        raise OSError(
            f"{str(place)!r} cannot be read ({reason(error)}): check its "
            "permissions, or choose another one"
        ) from None
    except DAMAGE as error:
        why = " ".join(reason(error).splitlines())
        why = f"it lacks {why}" if isinstance(error, KeyError) else why
        raise ValueError(f"{str(place)!r} {fault} ({why}): {remedy}") from None
