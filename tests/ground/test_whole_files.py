"""The one writer: a file is whole or not there, whatever fails."""

import errno
import hashlib
import json
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
import safetensors.torch
import torch

from tutorgpt import (
    GPT,
    CharTokenizer,
    ModelConfig,
    TrainConfig,
    load_checkpoint,
    save_checkpoint,
)
from tutorgpt.cli import cards as cards_command
from tutorgpt.cli import main
from tutorgpt.ground import whole_files
from tutorgpt.ground.provenance import write_record
from tutorgpt.ground.whole_files import (
    SUMS,
    CannotWriteError,
    is_sound,
    whole_file,
    whole_folder,
    write_whole,
)
from tutorgpt.learn.record import kept
from tutorgpt.text import download
from tutorgpt.text.tinyshakespeare import FILE, TINYSHAKESPEARE
from tutorgpt.text.token_file import open_token_file, write_token_file
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.resume import restore_state, save_state
from tutorgpt.training.runs import RunFolder
from tutorgpt.training.steps import begin
from tutorgpt.view.playground.page import export_html

TOKENIZER = CharTokenizer.from_text("abcdefg")
SHAPE = ModelConfig(vocab_size=7, block_size=4, n_embed=8, n_head=2, n_layer=1)
ROOT = Path(__file__).resolve().parents[2]
FULL = OSError(errno.ENOSPC, "No space left on device")


def model(version: int) -> GPT:
    """Another model for each version, always the same for one."""
    torch.manual_seed(version)
    return GPT(SHAPE)


# --------------------------------------- every place that writes a file


def checkpoint(folder: Path, version: int) -> None:
    save_checkpoint(folder / "model", model(version), TOKENIZER)


def run_state(folder: Path, version: int) -> None:
    state = begin(model(version), TrainConfig(batch_size=2), World())
    save_state(RunFolder(folder / "run"), state, TOKENIZER)


def record(folder: Path, version: int) -> None:
    write_record(folder / "record.json", {"version": version})


def tokens(folder: Path, version: int) -> None:
    text = folder.with_name(f"text-{version}.txt")
    descriptor = os.open(text, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(descriptor, b"abcdefg" * (version + 3))  # not what is tested
    os.close(descriptor)
    write_token_file(text, folder / "text.tokens")


def page(folder: Path, version: int) -> None:
    export_html(model(version), TOKENIZER, folder / "page.html")


def cards(folder: Path, version: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cards_command, "write_cards", lambda: f"{version}\n" * 9)
        if main(["cards", str(folder / "cards.txt"), "--force"]):
            raise OSError("cannot be written, said the command")


def fetched(folder: Path, version: int) -> None:
    content = b"text %d" % version
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTORGPT_CACHE", str(folder))
        digest = hashlib.sha256(content).hexdigest()
        patch.setitem(download.REGISTRY, FILE, digest)
        TINYSHAKESPEARE.keep(FILE, content)


def learner(folder: Path, version: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        file = folder / "progress.json"
        patch.setenv("TUTORGPT_PROGRESS_FILE", str(file))
        kept.record_quiz(f"{version}.q1", "a", True)
        known = file.read_text("utf-8") if file.exists() else ""
        if f"{version}.q1" not in known:
            raise OSError("cannot be kept, the record said, and went on")


WRITERS: dict[str, Callable[[Path, int], None]] = {
    writer.__name__: writer
    for writer in (
        checkpoint,
        run_state,
        record,
        tokens,
        page,
        cards,
        fetched,
        learner,
    )
}
every_writer = pytest.mark.parametrize("name", WRITERS)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def means(folder: Path) -> object:
    """What the files of a folder say, for a program that reads them.

    Two writes of one model differ in seconds and in the order of bytes, not
    in this; a file that is damaged says nothing and raises.
    """
    said: dict[str, object] = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.suffix == ".safetensors":
            tensors = safetensors.torch.load_file(file)
            said[path] = {k: t.tolist() for k, t in tensors.items()}
        elif file.name == "progress.json":
            said[path] = sorted(json.loads(file.read_text("utf-8"))["quiz"])
        elif file.name == "state.json":
            said[path] = json.loads(file.read_text("utf-8"))["step"]
        elif file.name == SUMS:
            assert is_sound(file.parent), path
        elif file.is_file() and file.suffix != ".lock":
            said[path] = file.read_bytes()
    return said


# ------------------------------------------- every call that may fail


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, call: int) -> Iterator[list]:
    """The call with this number, of all that reach the disk, fails.

    Counted are renames, waits for the disk, and writes; the list holds the
    names of those that were made. A write fails as on a full disk: half of
    it is there.
    """
    made: list[str] = []

    def fails(name: str) -> bool:
        made.append(name)
        return len(made) - 1 == call

    def watch(owner: object, name: str) -> None:
        before = getattr(owner, name)

        def watched(*args: object, **kwargs: object) -> object:
            if not fails(name):
                return before(*args, **kwargs)
            if name == "write_bytes":
                before(args[0], args[1][: len(args[1]) // 2])
            elif name == "write_text":
                before(args[0], args[1][: len(args[1]) // 2], **kwargs)
            elif name == "serialize_file":
                Path(str(args[1])).write_bytes(b"half")
            raise FULL

        patch.setattr(owner, name, watched)

    opened = Path.open

    def open_watched(path: Path, mode: str = "r", *args, **kwargs) -> object:
        if "w" not in mode:
            return opened(path, mode, *args, **kwargs)
        if fails("open"):
            raise FULL
        file = opened(path, mode, *args, **kwargs)
        write = file.write

        def half(data: bytes) -> int:
            if fails("write"):
                write(data[: len(data) // 2])
                raise FULL
            return write(data)

        return patched(file, half)

    with monkeypatch.context() as patch:
        for owner, name in (
            (Path, "replace"),
            (Path, "rename"),
            (os, "fsync"),
            (Path, "write_bytes"),
            (Path, "write_text"),
            (Path, "mkdir"),
            (safetensors.torch, "serialize_file"),
        ):
            watch(owner, name)
        patch.setattr(Path, "open", open_watched)
        yield made


def patched(file: IO, write: Callable) -> IO:
    """An opened file whose writes go through a function of ours."""

    class Watched:
        def __enter__(self) -> "Watched":
            return self

        def __exit__(self, *error: object) -> None:
            file.close()

        def __getattr__(self, name: str) -> object:
            return write if name == "write" else getattr(file, name)

    return Watched()  # type: ignore[return-value]


def complaint(write: Callable[[Path, int], None], folder: Path) -> str | None:
    """What is said when the new version cannot be written; None if it is."""
    try:
        write(folder, 2)
    except OSError as error:
        return str(error)
    return None


@every_writer
@pytest.mark.parametrize("first", [False, True], ids=["again", "first"])
def test_whatever_fails_all_is_old_or_all_is_new(
    name: str,
    first: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each rename, fsync and write fails once, half done: nothing is half.

    first: nothing was there before, so that a failure leaves nothing.
    """
    write, new = WRITERS[name], tmp_path / "new" / "files"
    new.mkdir(parents=True)
    if not first:
        write(new, 1)
    write(new, 2)
    failed = 0
    for call in range(100):
        folder = tmp_path / str(call) / "files"
        folder.mkdir(parents=True)
        if not first:
            write(folder, 1)
        before = means(folder)
        with failing(monkeypatch, call) as made:
            said = complaint(write, folder)
        failed += said is not None
        assert said is None or "cannot be" in said
        assert means(folder) in (before, means(new)), made[call]
        assert not list(folder.rglob("*.partial")), made[call]
        if len(made) <= call:
            break

    assert means(folder) == means(new) != before
    assert failed >= 3


def test_new_weights_never_stand_beside_an_old_vocabulary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call fails, the model that loads belongs together."""
    other = CharTokenizer.from_text("tuvwxyz")
    save_checkpoint(tmp_path, model(1), TOKENIZER)
    pairs = {
        "".join(vocabulary.characters): model(version)
        for version, vocabulary in ((1, TOKENIZER), (2, other))
    }
    for call in range(100):
        with failing(monkeypatch, call) as made, suppress(OSError):
            save_checkpoint(tmp_path, model(2), other)
        loaded, tokenizer = load_checkpoint(tmp_path)
        right = pairs[tokenizer.characters].state_dict()["lm_head.bias"]
        assert torch.equal(loaded.state_dict()["lm_head.bias"], right)
        if len(made) <= call:
            break

    assert tokenizer == other


def test_a_run_goes_on_from_a_sound_checkpoint_whatever_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each failure the newest checkpoint is whole and opens."""
    run_state(tmp_path, 1)
    for call in range(100):
        with failing(monkeypatch, call) as made, suppress(OSError):
            state = begin(model(1), TrainConfig(batch_size=2), World())
            state.step = 7
            save_state(RunFolder(tmp_path / "run"), state, TOKENIZER)
        state = begin(model(3), TrainConfig(batch_size=2), World())
        restored = restore_state(RunFolder(tmp_path / "run"), state, TOKENIZER)
        assert restored
        assert state.step in (0, 7)
        if len(made) <= call:
            break

    assert state.step == 7


# ------------------------------------------------------- the writer itself


def test_a_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    """The folder is made, the text is UTF-8, line ends stay."""
    write_whole(tmp_path / "new" / "file.txt", "一\r\nb")

    assert content(tmp_path) == {"new/file.txt": "一\r\nb".encode()}


def test_a_block_that_raises_leaves_the_old_file(tmp_path: Path) -> None:
    """Any error, also the reader's Ctrl-C, and it is passed on."""
    file = tmp_path / "file.txt"
    file.write_text("old")

    def interrupted() -> None:
        with whole_file(file) as partial:
            partial.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert content(tmp_path) == {"file.txt": b"old"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it points to is replaced, as an editor would do it."""
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_whole(tmp_path / "link.txt", "new")

    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """`tutorgpt cards /dev/stdout | head` prints them, with no file at all."""
    done = subprocess.run(
        [sys.executable, "-m", "tutorgpt", "cards", "/dev/stdout"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("#separator:tab")


def test_a_reader_who_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    """A pipe that is closed at its other end is passed on as such."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def closed_half_way() -> None:
        with whole_file(pipe) as end, end.open("wb", buffering=0) as file:
            os.close(reading)
            file.write(b"x" * 10)

    with pytest.raises(BrokenPipeError):
        closed_half_way()


def test_a_missing_folder_is_named_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of the command, and what is to be done first."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(
        CannotWriteError, match=r"^'no/x' .*: make its folder first"
    ):
        write_whole(Path("no/x"), "", parents=False)


def test_a_folder_that_cannot_be_waited_for_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems refuse it; the file is there all the same."""
    before = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        before(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    write_whole(tmp_path / "file.txt", "new")

    assert (tmp_path / "file.txt").read_text() == "new"


@pytest.mark.parametrize("name", ["x" * 300, "loop"])
def test_a_name_that_leads_nowhere_is_one_sentence(
    name: str, tmp_path: Path
) -> None:
    """Too long, or links that point at each other: the reason, a remedy."""
    (tmp_path / "loop").symlink_to("pool")
    (tmp_path / "pool").symlink_to("loop")

    with pytest.raises(CannotWriteError, match=r"\(.+\): free some space"):
        write_whole(tmp_path / name, "new")


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    """The name in between is not longer than the file's own."""
    write_whole(tmp_path / ("x" * 255), "new")

    assert (tmp_path / ("x" * 255)).read_text() == "new"


def test_an_older_files_rights_stay(tmp_path: Path) -> None:
    """A file that only its owner may read is not opened up."""
    secret = tmp_path / "secret"
    secret.write_text("old")
    secret.chmod(0o600)
    write_whole(secret, "new")

    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_the_sentence_goes_from_process_to_process(tmp_path: Path) -> None:
    """A worker's error arrives whole, with its reason."""
    error = CannotWriteError(tmp_path, "no space", "free some")
    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.reason) == (str(error), "no space")


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`tutorgpt cards /dev/null` must not take the device away."""
    write_whole(Path("/dev/null"), "gone")

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_file_has_the_rights_that_files_have(tmp_path: Path) -> None:
    """As if it had been opened and written, not a secret file's."""
    plain = tmp_path / "plain"
    plain.write_text("")
    write_whole(tmp_path / "ours", "")

    assert (tmp_path / "ours").stat().st_mode == plain.stat().st_mode


def test_the_reason_is_said_once(tmp_path: Path) -> None:
    """The file's name, the system's words, and what to do."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(
        OSError, match=r"taken/x' cannot be written \(.+\): free some space"
    ) as raised:
        write_whole(tmp_path / "taken" / "x", "")

    assert str(raised.value).count("cannot be written") == 1


def test_what_a_block_says_itself_is_not_said_again(tmp_path: Path) -> None:
    """A sentence about another file is no sentence about this one."""
    with (
        pytest.raises(OSError, match=r"^'text' cannot be read$"),
        whole_file(tmp_path / "x"),
    ):
        raise OSError("'text' cannot be read")


def test_a_folder_is_whole_and_says_so(tmp_path: Path) -> None:
    """Its sums are those that sha256sum checks; a changed byte shows."""
    with whole_folder(tmp_path / "step") as folder:
        (folder / "a").write_text("a")
    sums = (tmp_path / "step" / whole_files.SUMS).read_text()
    sound = is_sound(tmp_path / "step")
    (tmp_path / "step" / "a").write_text("b")

    assert sums == f"{hashlib.sha256(b'a').hexdigest()}  a\n"
    assert sound
    assert not is_sound(tmp_path / "step")


def test_a_token_file_that_was_cut_off_is_not_there(tmp_path: Path) -> None:
    """The text is gone half-way: no file, and the old one still opens."""
    text = tmp_path / "text.txt"
    text.write_text("abcdefg" * 5)
    write_token_file(text, tmp_path / "text.tokens")
    text.write_bytes(b"abc" + b"\xff" * 4)
    with pytest.raises(ValueError, match="not UTF-8"):
        write_token_file(text, tmp_path / "text.tokens")
    kept = open_token_file(tmp_path / "text.tokens", check_all=True)

    assert len(kept.train) + len(kept.val) == 35
    assert not list(tmp_path.glob(".*"))


# ---------------------------------------------------------------- Windows


class Held:
    """A file or folder that another program has open for a while."""

    def __init__(self, patch: pytest.MonkeyPatch, tries: int) -> None:
        self.tries, self.waits = tries, []
        self._replace = Path.replace
        patch.setattr(Path, "replace", lambda *two: self.replace(*two))
        patch.setattr(whole_files.time, "sleep", self.waits.append)

    def replace(self, new: Path, target: Path) -> Path:
        self.tries -= 1
        if self.tries >= 0:
            raise PermissionError(errno.EACCES, "Access is denied")
        return self._replace(new, target)


def test_on_windows_an_open_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scanner opens every new file, and closes it soon."""
    monkeypatch.setattr(whole_files, "ON_WINDOWS", True)
    held = Held(monkeypatch, tries=3)
    write_whole(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"
    assert held.waits == [0.05, 0.1, 0.2]

    held.tries = 2
    with whole_folder(tmp_path / "b") as folder:
        (folder / "c").write_text("new")
    assert is_sound(tmp_path / "b")


def test_on_windows_a_file_that_stays_open_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After less than a second, with the reason; nothing is left beside."""
    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(whole_files, "ON_WINDOWS", True)
    held = Held(monkeypatch, tries=99)
    with pytest.raises(CannotWriteError, match="Access is denied"):
        write_whole(tmp_path / "a", "new")

    assert sum(held.waits) < 1
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_linked_folder_is_replaced_behind_its_link(tmp_path: Path) -> None:
    """As a file is; once and again."""
    real, link = tmp_path / "disk" / "real", tmp_path / "link"
    real.mkdir(parents=True)
    link.symlink_to(real)
    for said in ("first", "second", "third"):
        with whole_folder(link) as folder:
            (folder / "c").write_text(said)
        assert link.is_symlink()
        assert (real / "c").read_text() == said

    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "link"]
    assert [path.name for path in real.parent.iterdir()] == ["real"]


def test_ctrl_c_between_two_renames_brings_the_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one has stepped aside by then."""
    with whole_folder(tmp_path / "a") as folder:
        (folder / "c").write_text("old")
    take_place = whole_files.take_place

    def stopped(new: Path, target: Path) -> None:
        if new.name.endswith(".partial"):
            raise KeyboardInterrupt
        take_place(new, target)

    monkeypatch.setattr(whole_files, "take_place", stopped)
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "a") as now:
        (now / "c").write_text("new")

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a" / "c").read_text() == "old"


def test_elsewhere_a_refusal_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it is one of rights, which waiting does not change."""
    held = Held(monkeypatch, tries=1)
    with pytest.raises(CannotWriteError, match="Access is denied"):
        write_whole(tmp_path / "a", "new")

    assert held.waits == []


def test_windows_waits_for_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot open one; its files are waited for all the same."""
    synced = []
    monkeypatch.setattr(whole_files, "ON_WINDOWS", True)
    monkeypatch.setattr(whole_files.os, "fsync", synced.append)
    with whole_folder(tmp_path / "b") as folder:
        (folder / "c").write_text("new")

    assert len(synced) == 2  # the file, and the list of sums
