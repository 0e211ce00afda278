"""The learner's record: kept whole, never lost silently."""

import json
import os
import sys
from pathlib import Path

import pytest

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn import progress
from tutorgpt.learn.asking import check, hint
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.record.kept import (
    Answer,
    Exercise,
    Progress,
    progress_file,
    record_exercise,
    record_help,
    record_quiz,
    start_clock,
    summary,
)
from tutorgpt.learn.report import report


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for one test's record, in a folder that is not there yet."""
    place = tmp_path / "data" / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(place))
    return place


def test_the_default_place_is_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without the variable the file has a place of its own, not made yet."""
    monkeypatch.delenv("TUTORGPT_PROGRESS_FILE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert progress_file().name == "progress.json"
    assert "tutorgpt" in str(progress_file().parent)
    assert not progress_file().parent.exists()


def test_nothing_is_known_at_first(file: Path) -> None:
    """Asking writes nothing."""
    assert summary() == Progress()
    assert not file.exists()


def test_a_passed_exercise_stays_passed() -> None:
    """A later wrong try counts as a try and takes nothing away."""
    record_exercise("2.3", False)
    record_exercise("2.3", True)
    record_exercise("2.3", False)

    kept = summary().exercises["2.3"]
    assert (kept.tries, kept.passed) == (3, True)


def test_the_newest_answer_counts() -> None:
    """A question answered again keeps the last choice and the tries."""
    record_quiz("1.2", "b", False)

    assert record_quiz("1.2", "c", True) == ""
    kept = summary().quiz["1.2"]
    assert (kept.choice, kept.right, kept.tries) == ("c", True, 2)


OLD = Path(__file__).parent / "old_record.json"
"""Written by the version before the rooms of learn were rebuilt."""


def test_a_record_of_an_older_version_still_counts(file: Path) -> None:
    """What was passed, tried and answered then is so now."""
    file.parent.mkdir()
    file.write_bytes(OLD.read_bytes())
    record_exercise("2.1", True)

    kept = summary()
    assert kept.exercises["1.1"] == Exercise(tries=1, passed=True)
    assert (kept.exercises["2.1"].tries, kept.exercises["2.1"].passed) == (
        2,
        True,
    )
    assert kept.quiz["1.q1"] == Answer("a", True, 1)
    assert kept.quiz["2.q1"] == Answer("b", False, 1)
    assert f"2 of {len(EXERCISES)} exercises, 2 of" in report(kept)


def test_an_older_record_is_written_back_unchanged(file: Path) -> None:
    """Keys and format are those of the old file; only the clock moves."""
    file.parent.mkdir()
    file.write_bytes(OLD.read_bytes())
    start_clock()
    before, after = json.loads(OLD.read_text()), json.loads(file.read_text())
    before.pop("clock")
    after.pop("clock")

    assert list(after) == list(before)
    assert after == before


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.minutes = 1000.0

    def __call__(self) -> float:
        return self.minutes * 60


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    own = Clock()
    record = sys.modules[record_exercise.__module__]
    monkeypatch.setattr(record, "time", own)
    return own


def test_minutes_run_from_one_answer_to_the_next(clock: Clock) -> None:
    """Each belongs to the exercise that was answered at its end."""
    record_exercise("1.1", True)
    clock.minutes += 4
    record_exercise("1.2", False)
    clock.minutes += 2.5
    record_exercise("1.2", True)
    clock.minutes += 3
    record_quiz("1.q1", "a", True)
    clock.minutes += 1
    record_exercise("1.3", False)

    kept = summary().exercises
    assert [kept[n].minutes for n in ("1.1", "1.2", "1.3")] == [0, 6.5, 1]


def test_pauses_and_what_follows_a_pass_do_not_count(clock: Clock) -> None:
    """Dinner, a clock set back, and playing with what has passed."""
    record_exercise("1.1", False)
    clock.minutes += 31
    record_exercise("1.1", False)
    clock.minutes -= 60
    record_exercise("1.1", False)
    clock.minutes += 5
    record_exercise("1.1", True)
    clock.minutes += 7
    record_exercise("1.1", True)

    assert summary().exercises["1.1"].minutes == 5


def test_the_clock_starts_at_the_empty_cell_and_help_keeps_it(
    clock: Clock,
) -> None:
    """An untouched starter is no try; a hint belongs to its exercise."""
    check("1.1", ...)
    clock.minutes += 3
    hint("1.1")
    clock.minutes += 2
    record_exercise("1.1", True)

    kept = summary().exercises["1.1"]
    assert (kept.tries, kept.minutes) == (1, 5)


def test_a_name_off_the_list_is_no_try(clock: Clock) -> None:
    """Whoever names a bug in other words is shown the list; time runs on."""
    check("1.6", "zeroed too early", EXERCISES["1.6"].reference())
    clock.minutes += 2
    check("1.6", "zeroed too early", EXERCISES["1.6"].reference())

    kept = summary().exercises["1.6"]
    assert (kept.tries, kept.minutes, kept.passed) == (0, 2, False)


BROKEN = {
    "not JSON": b'{"format": 1, "exer',
    "empty": b"",
    "not UTF-8": b"\xff\xfe",
    "another format": b'{"format": 99}',
    "a list": b"[]",
    "no exercises": b'{"format": 1}',
    "wrong kind": b'{"format": 1, "exercises": {"1.1": 3}, "quiz": {}}',
    "wrong minutes": (
        b'{"format": 1, "exercises": {"1.1": {"minutes": "x"}}, "quiz": {}}'
    ),
    "no time": (
        b'{"format": 1, "exercises": {"1.1": {"minutes": NaN}}, "quiz": {}}'
    ),
    "wrong clock": (
        b'{"format": 1, "exercises": {}, "quiz": {}, "clock": "noon"}'
    ),
    "wrong value": (
        b'{"format": 1, "exercises": {"1.1": {"tries": "x"}}, "quiz": {}}'
    ),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_corrupt_file_is_set_aside(
    content: bytes, file: Path, capsys: pytest.CaptureFixture
) -> None:
    """Its bytes are kept under another name, and a notice says where."""
    file.parent.mkdir()
    file.write_bytes(content)

    record_exercise("1.1", True)

    aside = file.with_name("progress.aside-1")
    assert aside.read_bytes() == content
    assert str(aside) in capsys.readouterr().err
    assert summary().exercises["1.1"].passed


def test_two_corrupt_files_are_both_kept(file: Path) -> None:
    """The second does not replace the first."""
    file.parent.mkdir()
    for content in ("one", "two"):
        file.write_text(content)
        summary()

    kept = {p.read_text() for p in file.parent.glob("progress.aside-*")}
    assert kept == {"one", "two"}


def test_an_interrupted_write_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the middle, the file is the one before, and nothing else."""
    record_exercise("1.1", True)
    before = file.read_bytes()

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        record_exercise("1.2", True)

    assert file.read_bytes() == before
    assert {p.name for p in file.parent.iterdir()} == {
        file.name,
        f".{file.name}.lock",
    }


def test_a_place_that_cannot_be_written_stops_nobody(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """The learner goes on; a notice names the place and the remedy."""
    (tmp_path / "a_file").write_text("")
    place = tmp_path / "a_file" / "progress.json"
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", str(place))

    record_exercise("1.1", True)
    trouble = record_quiz("1.1", "a", True)

    said = capsys.readouterr().err
    assert trouble
    assert said.count(trouble) == 2
    assert said.count(str(place)) == 2
    assert "TUTORGPT_PROGRESS_FILE" in said


def test_a_home_folder_of_nobody_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """The variable's own words are named, as for a place that is full."""
    monkeypatch.setenv("TUTORGPT_PROGRESS_FILE", "~nobody-at-all/p.json")

    record_exercise("1.1", True)
    said = capsys.readouterr().err
    assert "be read in ~nobody-at-all/p.json (" in said
    assert "home folder of nobody known" in said
    with pytest.raises(RefusalError, match="be read in ~nobody-at-all"):
        progress()


def test_the_file_is_readable_json(file: Path, clock: Clock) -> None:
    """What is kept can be read, and carried away, by anyone."""
    record_exercise("1.1", True)

    assert json.loads(file.read_text()) == {
        "format": 1,
        "exercises": {"1.1": {"tries": 1, "passed": True, "minutes": 0.0}},
        "quiz": {},
        "clock": clock.minutes * 60,
    }


def test_a_key_that_stands_twice_loses_nothing(file: Path) -> None:
    """An older hint(2.2) wrote a second "2.2": what passed stays passed."""
    record_exercise("2.2", True)
    text = file.read_text()
    begin = text.index('"2.2"')
    again = '"2.2": {"tries": 1, "passed": false, "minutes": 0.5}, '
    file.write_text(text[:begin] + again + text[begin:])
    first = summary().exercises["2.2"]
    file.write_text(
        text.replace('"2.2": {', '"2.2": {', 1).replace(
            "}\n }", "}, " + again.rstrip(", ") + "\n }", 1
        )
    )
    second = summary().exercises["2.2"]

    assert (first.passed, first.tries) == (True, 2)
    assert second.passed


def test_an_older_version_reads_a_record_with_hints(file: Path) -> None:
    """They stand beside the exercises, whose entries it knows."""
    record_help("1.1", 1)
    kept = json.loads(file.read_text("utf-8"))

    assert kept["hints"] == {"1.1": 1}
    assert set(kept["exercises"]["1.1"]) == {"tries", "passed", "minutes"}


def test_hints_that_are_no_numbers_are_not_understood(file: Path) -> None:
    """The file is set aside, as for any other entry."""
    record_help("1.1", 1)
    file.write_text(file.read_text("utf-8").replace('"1.1": 1', '"1.1": "a"'))

    assert summary() == Progress()
    assert not file.exists()
