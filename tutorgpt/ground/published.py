"""Where tutorgpt can be had: the one place that README, book and messages use.

Once it is on PyPI, ON_PYPI becomes True, and tests say which lines of the
README and of the book change with it.
"""

from tutorgpt.ground.shipped import PACKAGE, in_checkout

REPOSITORY = "https://github.com/tutorgpt/tutorgpt"
ON_PYPI = False
ARCHIVE = f"{REPOSITORY}/archive/refs/heads/main.zip"
"""The repository as one file, which pip installs without git."""
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""torch's own builds for processors; PyPI's for Linux bring CUDA."""
CPU_TORCH = f"pip install torch --index-url {CPU_INDEX}"
"""What comes first on Linux without an NVIDIA GPU."""


def requirement(extra: str) -> str:
    """The package with one of its extras, as pip and uv read it."""
    name = f"tutorgpt[{extra}]"
    return name if ON_PYPI else f"{name} @ {ARCHIVE}"


def install(extra: str) -> str:
    """The command that installs the package with one of its extras.

    In double quotes, which every shell knows, that of Windows too.
    """
    return f'pip install "{requirement(extra)}"'


def without_installing() -> str:
    """The command that opens the chapters with uv, whatever is installed."""
    wanted = f'--torch-backend cpu --from "{requirement("lab")}"'
    return f"uvx {wanted} tutorgpt lab"


def install_here(extra: str) -> str:
    """The same for a reader who has the package; a checkout stays one."""
    if in_checkout():
        return f'pip install -e "{PACKAGE.parent}[{extra}]"'
    return install(extra)
