"""A build looks for circular garbage less often, and takes a sixth less time.

Sphinx makes and keeps millions of small objects, and Python would go through
all of them again and again; hardly any are garbage before the end.
"""

import gc

from sphinx.application import Sphinx

THRESHOLDS = 100_000, 20, 100
"""Far above Python's own; five megabytes more are kept."""


def setup(app: Sphinx) -> dict[str, bool]:
    gc.set_threshold(*THRESHOLDS)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
