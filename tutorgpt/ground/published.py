"""Where tutorgpt can be had: the one place that README, book and messages use.

It has no address yet. Once the repository has one, REPOSITORY names it, and
once the package is on PyPI, ON_PYPI becomes True; tests say which lines of
the README, the book and the settings change with them.
"""

from tutorgpt.ground.shipped import PACKAGE, in_checkout

REPOSITORY = ""
"""Its address on GitHub; empty while there is none: then no button and no
link leads there."""
ON_PYPI = False
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""torch's own builds for processors; PyPI's for Linux bring CUDA."""
LEAVE = "cd .."
"""What comes between installing and opening the chapters while the package
is installed from the folder of its README: a desk inside of that one would
go with it, and a newer download would begin an empty one."""
CPU_TORCH = f"pip install torch --index-url {CPU_INDEX}"
"""What comes first on Linux without an NVIDIA GPU."""


def archive() -> str:
    """The repository as one file, which pip installs without git."""
    return f"{REPOSITORY}/archive/refs/heads/main.zip"


def requirement(extra: str) -> str:
    """The package with one of its extras, as pip and uv read it.

    Without an address it is the folder that holds the README.
    """
    if ON_PYPI:
        return f"tutorgpt[{extra}]"
    if REPOSITORY:
        return f"tutorgpt[{extra}] @ {archive()}"
    return f".[{extra}]"


def install(extra: str) -> str:
    """The command that installs the package with one of its extras.

    In double quotes, which every shell knows, that of Windows too.
    """
    return f'pip install "{requirement(extra)}"'


def without_installing() -> str:
    """The command that opens the chapters with uv, whatever is installed."""
    source = requirement("lab")
    outside = " ../my-tutorgpt" if source.startswith(".") else ""
    return f'uvx --torch-backend cpu --from "{source}" tutorgpt lab{outside}'


def install_here(extra: str) -> str:
    """The same for a reader who has the package; a checkout stays one.

    An installed one is found by pip under its name, wherever it came from.
    """
    if in_checkout():
        return f'pip install -e "{PACKAGE.parent}[{extra}]"'
    return f'pip install "tutorgpt[{extra}]"'
