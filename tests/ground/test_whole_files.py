"""The one writer: a file is whole or not there, whatever fails."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
from tutorgpt.cli import main
from tutorgpt.ground import whole_files
from tutorgpt.ground.provenance import write_record
from tutorgpt.ground.whole_files import (
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
    folder.mkdir(exist_ok=True)
    text = folder.with_name("text.txt")
    text.write_text("abcdefg" * (version + 3), encoding="utf-8")
    write_token_file(text, folder / "text.tokens")


def page(folder: Path, version: int) -> None:
    export_html(model(version), TOKENIZER, folder / "page.html")


def cards(folder: Path, version: int) -> None:
    folder.mkdir(exist_ok=True)
    if main(["cards", str(folder / "cards.txt")]):
        raise OSError("the command failed")


def fetched(folder: Path, version: int) -> None:
    content = b"text %d" % version
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTORGPT_CACHE", str(folder))
        digest = hashlib.sha256(content).hexdigest()
        patch.setitem(download.REGISTRY, FILE, digest)
        TINYSHAKESPEARE.keep(FILE, content)


def learner(folder: Path, version: int) -> None:
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        file = folder / "progress.json"
        patch.setenv("TUTORGPT_PROGRESS_FILE", str(file))
        kept.record_quiz(f"{version}.q1", "a", True)
        if f"{version}.q1" not in file.read_text("utf-8"):
            raise OSError("the record said so, and went on")


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


# ------------------------------------------- every call that may fail


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, call: int) -> Iterator[list]:
    """The call with this number, of all that reach the disk, fails.

    Counted are renames, waits for the disk, and writes; the list holds the
    names of those that were made.
    """
    made: list[str] = []

    def watch(owner: object, name: str) -> None:
        before = getattr(owner, name)

        def watched(*args: object, **kwargs: object) -> object:
            made.append(name)
            if len(made) - 1 == call:
                raise FULL
            return before(*args, **kwargs)

        patch.setattr(owner, name, watched)

    with monkeypatch.context() as patch:
        for owner, name in (
            (Path, "replace"),
            (Path, "rename"),
            (os, "fsync"),
            (Path, "write_bytes"),
            (Path, "write_text"),
            (Path, "mkdir"),
            (safetensors.torch, "serialize_file"),
            (Path, "open"),
        ):
            watch(owner, name)
        yield made


@every_writer
def test_whatever_fails_what_was_there_stays(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rename, fsync and write fails once: the old files, to the bit."""
    folder, write = tmp_path / "files", WRITERS[name]
    write(folder, 1)
    before = content(folder)
    for call in range(100):
        with failing(monkeypatch, call) as made:
            try:
                write(folder, 2)
            except OSError:
                assert len(made) > call
        after = content(folder)
        if len(made) <= call:
            break
        assert only_whole(before, after, name), made[call]

    assert 3 < call < 99
    assert name == "cards" or after != before


def only_whole(before: dict, after: dict, name: str) -> bool:
    """Whether the files are the old ones, or all of the new ones."""
    if after == before:
        return True
    # The content may be there in full although the wait for it failed.
    partial = [path for path in after if ".partial" in path]
    return not partial and after.keys() == before.keys()


@every_writer
def test_a_first_write_that_fails_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half file and no file under another name."""
    for call in range(100):
        folder = tmp_path / str(call) / "files"
        folder.mkdir(parents=True)
        with failing(monkeypatch, call) as made:
            try:
                WRITERS[name](folder, 1)
            except OSError:
                assert len(made) > call
        if len(made) <= call:
            break
        left = content(folder)
        assert not [path for path in left if ".partial" in path], made[call]

    assert 2 < call < 99


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
    ):
        write_whole(tmp_path / "taken" / "x", "")


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
