"""A sample of what scripts/reliability tries, drawn with another seed.

`python -m scripts.reliability` tries all of it, and takes half an hour.
"""

import importlib

import pytest

SAMPLES = {"kills": 12, "corruptions": 48, "full_disk": 24}
SAMPLES |= {"command_lines": 80}
SEED = 20


@pytest.mark.slow
@pytest.mark.parametrize("kind", SAMPLES)
def test_what_must_hold_holds(kind: str) -> None:
    """No traceback, no lost file, no exit code 0 on failure."""
    module = importlib.import_module(f"scripts.reliability.{kind}")
    tally = module.run(SEED, SAMPLES[kind])

    assert tally.faults == [], tally.report()
