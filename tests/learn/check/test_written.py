"""Numbers as people write them, by the table that the pages are held to."""

import tomllib
from pathlib import Path

import pytest

from tutorgpt.learn.check.written import readings

ROWS = tomllib.loads(
    (Path(__file__).parent / "written_numbers.toml").read_text("utf-8")
)["row"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_a_number_is_read_as_it_may_be_meant(row):
    """Nothing, one number, or several."""
    found = readings(row["text"], row.get("unit", ""), row.get("about", ""))

    assert found == pytest.approx(row["values"], rel=1e-6)


def test_what_is_endless_is_no_number():
    """Brackets without end are no error of ours, and 100 signs are read."""
    assert readings("(" * 3000) == []
    assert readings("(" * 49 + "12" + ")" * 49) == [12]
    assert readings("(" * 50 + "1" + ")" * 50) == []
