"""No figure outlives its test, and none opens a window."""

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _figures_are_closed() -> Iterator[None]:
    plt.close("all")  # those of tests elsewhere
    yield
    plt.close("all")
