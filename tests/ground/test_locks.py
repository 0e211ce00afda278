"""One process at a time, and who is in the way is named."""

import json
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tutorgpt.ground import locks
from tutorgpt.ground.locks import (
    HOLDER,
    LOCK,
    HeldError,
    alone,
    held,
    holder_of,
    is_held,
    sign_of_life,
)
from tutorgpt.ground.whole_files import CannotWriteError


def sign(folder: Path, host: str, process: int = 4321) -> None:
    """The mark of a process that has not left."""
    mark = {"host": host, "process": process}
    (folder / HOLDER).write_text(json.dumps(mark))


def test_the_second_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    """In the same process, too; when the first is done, there is no trace."""
    with held(tmp_path):
        assert is_held(tmp_path)
        with pytest.raises(HeldError, match=f"by process {os.getpid()} on th"):
            held(tmp_path).__enter__()

    assert not is_held(tmp_path)
    assert not (tmp_path / HOLDER).exists()
    with held(tmp_path):
        pass


def test_another_process_is_refused(tmp_path: Path) -> None:
    """What it says names this process."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tutorgpt.ground.locks import held, HeldError\n"
        "try:\n    held(Path(sys.argv[1])).__enter__()\n"
        "except HeldError as error: print(error)"
    )
    with held(tmp_path):
        said = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert f"is in use by process {os.getpid()} on this machine" in said


def hold_and_die(folder: Path) -> None:
    """A process that is killed while it holds a folder."""
    with held(folder):
        os._exit(9)


def test_a_dead_process_of_this_machine_is_no_obstacle(tmp_path: Path) -> None:
    """Its lock went with it; its mark is written over."""
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=hold_and_die, args=(tmp_path,))
    process.start()
    process.join()
    left = holder_of(tmp_path)

    assert left is not None
    assert left.process == process.pid
    assert not is_held(tmp_path)
    with held(tmp_path):
        now = holder_of(tmp_path)
        assert now is not None
        assert now.process == os.getpid()


def test_another_machine_is_named_with_its_age(tmp_path: Path) -> None:
    """It cannot be asked from here: host, age, and the command that helps."""
    sign(tmp_path, "far-away")
    long_ago = time.time() - 3 * 3600
    os.utime(tmp_path / HOLDER, (long_ago, long_ago))
    with pytest.raises(HeldError) as caught:
        held(tmp_path).__enter__()

    said = str(caught.value)
    assert "process 4321 on 'far-away'" in said
    assert "3 hours ago" in said
    command = said.rpartition("with ")[2]
    subprocess.run(command, shell=True, check=True)
    with held(tmp_path):
        pass


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute "), (119, "119 min"), (3000, "2 days")],
)
def test_an_age_is_told_in_words(
    minutes: int, words: str, tmp_path: Path
) -> None:
    """In the unit that says it best."""
    sign(tmp_path, "far-away")
    then = time.time() - minutes * 60 - 5
    os.utime(tmp_path / HOLDER, (then, then))
    holder = holder_of(tmp_path)

    assert holder is not None
    assert holder.age().startswith(words)


def test_a_sign_of_life_makes_the_mark_young(tmp_path: Path) -> None:
    """As a run gives one with each checkpoint."""
    with held(tmp_path):
        os.utime(tmp_path / HOLDER, (1, 1))
        sign_of_life(tmp_path)
        holder = holder_of(tmp_path)

        assert holder is not None
        assert holder.age() == "0 minutes ago"


@pytest.mark.parametrize("mark", ["", "[]", '{"host": 1}', "\udcff"])
def test_a_mark_that_says_nothing_is_no_obstacle(
    mark: str, tmp_path: Path
) -> None:
    """A power cut may leave half of it."""
    (tmp_path / HOLDER).write_bytes(mark.encode("utf-8", "surrogateescape"))
    with held(tmp_path):
        pass


def test_without_the_right_to_write_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not that somebody holds it."""

    def refuse(lock, *args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks.FileLock, "acquire", refuse)
    with pytest.raises(CannotWriteError, match="Permission denied"):
        held(tmp_path).__enter__()


def test_a_file_system_without_locks_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some network folders are; the mark still tells other machines."""

    def refuse(lock, *args, **options):
        raise OSError(next(iter(locks.NO_LOCKS)), "no locks available")

    monkeypatch.setattr(locks.FileLock, "acquire", refuse)
    with held(tmp_path):
        holder = holder_of(tmp_path)
        assert holder is not None
        assert holder.host == socket.gethostname()


def test_turns_are_taken_one_after_the_other(tmp_path: Path) -> None:
    """Whoever waits too long is told what for."""
    with (
        alone(tmp_path / LOCK),
        pytest.raises(HeldError, match="another process has held"),
    ):
        alone(tmp_path / LOCK, 0.05).__enter__()
    with alone(tmp_path / LOCK):
        pass


def test_of_another_users_lock_the_process_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not open the lock still sees whether its holder lives."""

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks, "alone", refuse)
    sign(tmp_path, socket.gethostname(), os.getpid())
    assert is_held(tmp_path)
    sign(tmp_path, socket.gethostname(), 2**22 + 1)  # no such process
    assert not is_held(tmp_path)
    monkeypatch.setattr(locks.os, "name", "nt")
    assert locks._lives(2**22 + 1)  # there it would be ended by the question
