"""Fetching, against a real server on this machine."""

import errno
import shutil
import tarfile
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tutorgpt import load_corpus
from tutorgpt.text.songci import SONGCI, import_songci
from tutorgpt.text.tinyshakespeare import TINYSHAKESPEARE

TINY_SONGCI = "".join(
    f"{name} 某\n一\n二\n\n" for name in ("甲", "乙", "丙", "丁", "戊")
)
"""The poems of the tiny mirror, in the order of their numbers."""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder; sends half of what the test says, and no log."""

    cut_off: ClassVar[set[str]]
    asked_for: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked_for.append(self.path)
        name = Path(self.path).name
        if name not in self.cut_off:
            return super().do_GET()
        content = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


Serve = Callable[[Path], type[Handler]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve a folder over HTTP and make it the mirror."""
    servers = []

    def start(folder: Path) -> type[Handler]:
        handler = type(
            "OneTestsHandler", (Handler,), {"asked_for": [], "cut_off": set()}
        )
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0),
            lambda *args: handler(*args, directory=str(folder)),
        )
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv(
            "TUTORGPT_DATA_MIRROR",
            f"http://127.0.0.1:{server.server_address[1]}/",
        )
        return handler

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def files_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def test_the_real_files_come_over_http(
    real_mirror: str, cache: Path, serve: Serve
) -> None:
    """Every pinned SHA-256 fits the real text, through the real code."""
    if "://" in real_mirror:
        pytest.skip(f"TUTORGPT_DATA_MIRROR is {real_mirror}, not a folder")
    serve(Path(real_mirror))
    corpora = [load_corpus("tinyshakespeare"), load_corpus("songci")]

    assert [len(c.text) for c in corpora] == [1_115_394, 2_063_345]
    assert [c.tokenizer.vocab_size for c in corpora] == [65, 6148]
    assert len(files_in(cache)) == 25


def test_poems_are_read_in_the_order_of_their_numbers(
    tiny_mirror: Path, serve: Serve
) -> None:
    """0, 10000, then 2019y, then the neighbours; laid out as promised."""
    serve(tiny_mirror)

    assert SONGCI.read() == TINY_SONGCI


def test_a_fetched_text_is_not_fetched_again(
    tiny_mirror: Path, serve: Serve
) -> None:
    """The second reading asks the server for nothing."""
    handler = serve(tiny_mirror)
    SONGCI.fetch()
    before = len(handler.asked_for)
    SONGCI.fetch()

    assert before == len(handler.asked_for) == 4


@pytest.mark.parametrize("form", ["path", "url"])
def test_a_folder_serves_as_a_mirror(
    tiny_mirror: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """By its path, or by a file URL, with spaces in it."""
    folder = tiny_mirror.rename(tiny_mirror.with_name("my mirror"))
    mirror = str(folder) if form == "path" else folder.as_uri()
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", mirror)

    assert SONGCI.read() == TINY_SONGCI


def test_a_cut_off_transfer_goes_on_when_run_again(
    tiny_mirror: Path, cache: Path, serve: Serve
) -> None:
    """What came whole is kept, the half is not, and only it is asked for."""
    handler = serve(tiny_mirror)
    handler.cut_off = {"ci.song.10000.json"}
    with pytest.raises(ConnectionError, match=r"cut off.*try again"):
        SONGCI.fetch()
    kept = files_in(cache)
    handler.cut_off = set()
    handler.asked_for.clear()
    text = SONGCI.read()

    assert kept == ["ci.song.0.json"]
    assert text == TINY_SONGCI
    assert len(handler.asked_for) == 3


def test_a_file_with_other_content_is_not_kept(
    tiny_mirror: Path, cache: Path, serve: Serve
) -> None:
    """Its SHA-256 tells; the sentence names the file and a remedy."""
    serve(tiny_mirror)
    (tiny_mirror / "tinyshakespeare/input.txt").write_text("<html>Log in")

    with pytest.raises(
        ValueError, match=r"tinyshakespeare/input\.txt .* SHA-256 .*try again"
    ):
        TINYSHAKESPEARE.fetch()
    assert files_in(cache) == []


def test_a_damaged_file_in_the_cache_is_fetched_again(
    tiny_mirror: Path, cache: Path
) -> None:
    """What lies in the cache is checked as well."""
    (file,) = TINYSHAKESPEARE.fetch()
    file.write_text("damaged")
    damaged = TINYSHAKESPEARE.is_cached()
    TINYSHAKESPEARE.fetch()

    assert not damaged
    assert TINYSHAKESPEARE.is_cached()


def test_a_server_without_the_file_is_named(
    tiny_mirror: Path, cache: Path, serve: Serve
) -> None:
    """404, the mirror's address, and what to do instead."""
    serve(tiny_mirror / "chinese-poetry")

    with pytest.raises(
        ConnectionError, match=r"127\.0\.0\.1.*answered 404.*shakespeare"
    ):
        TINYSHAKESPEARE.fetch()
    assert files_in(cache) == []


def test_no_network_is_one_sentence_with_three_ways_out(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens: the offline corpus, a file, or the mirror."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", "http://127.0.0.1:1")

    with pytest.raises(ConnectionError) as caught:
        TINYSHAKESPEARE.fetch()
    message = str(caught.value)
    assert "(no connection)" in message
    assert "use the corpus shakespeare" in message
    assert "a text file of your own" in message
    assert "set TUTORGPT_DATA_MIRROR" in message


@pytest.mark.parametrize("mirror", ["/nowhere", "file:///nowhere"])
def test_a_mirror_that_is_nowhere_is_named(
    cache: Path, monkeypatch: pytest.MonkeyPatch, mirror: str
) -> None:
    """The variable, its value and what is missing there."""
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", mirror)

    with pytest.raises(
        FileNotFoundError,
        match=f"TUTORGPT_DATA_MIRROR is '{mirror}', where .*input.txt.*unset",
    ):
        TINYSHAKESPEARE.fetch()


def test_a_mirror_of_another_kind_is_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only http, https, file and folders are understood."""
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", "ftp://example.org")

    with pytest.raises(ValueError, match=r"ftp://example\.org.*folder"):
        TINYSHAKESPEARE.fetch()


def test_a_cache_that_cannot_be_a_folder_is_named(
    tiny_mirror: Path, cache: Path
) -> None:
    """The place, and the variable that moves it."""
    cache.write_text("in the way")

    with pytest.raises(OSError, match=r"cannot be kept .*TUTORGPT_CACHE"):
        TINYSHAKESPEARE.fetch()


def test_a_reason_is_told_without_what_surrounds_it(
    tiny_mirror: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pooch puts its own words, and the system's number, around it."""
    import pooch

    def refuse(**options: object) -> None:
        raise PermissionError(
            "[Errno 13] Permission denied: '/a' | Pooch could not write to"
        )

    monkeypatch.setattr(pooch, "retrieve", refuse)
    with pytest.raises(OSError, match=r"\(Permission denied\): free"):
        TINYSHAKESPEARE.fetch()


def test_a_full_disk_leaves_nothing_half_written(
    tiny_mirror: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No space left: one sentence, and no file, whole or partial."""

    def copy_half(source: str, target: str) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", copy_half)

    with pytest.raises(OSError, match=r"No space left on device.*free some"):
        TINYSHAKESPEARE.fetch()
    assert files_in(cache) == []


def npm_package(mirror: Path, folder: Path) -> Path:
    """The tiny mirror's poems, laid out as npm does."""
    poems = mirror / "chinese-poetry"
    dist = folder / "package" / "dist"
    shutil.copytree(poems / "宋词", dist / "songci")
    shutil.copytree(poems / "五代诗词", dist / "wudaishici")
    return folder / "package"


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_songci_comes_from_the_npm_package(
    tiny_mirror: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    """Packed or unpacked, without any network."""
    source = npm_package(tiny_mirror, tmp_path / "npm")
    if form == "archive":
        archive = tmp_path / "chinese-poetry-2.0.1.tgz"
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(source, "package")
        source = archive
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", "http://127.0.0.1:1")
    import_songci(source)

    assert SONGCI.read() == TINY_SONGCI


def test_a_package_that_lacks_a_file_leaves_the_cache_empty(
    tiny_mirror: Path, tmp_path: Path, cache: Path
) -> None:
    """All or nothing; the sentence names what is missing."""
    source = npm_package(tiny_mirror, tmp_path / "npm")
    (source / "dist/wudaishici/nantang/poetrys.json").unlink()

    with pytest.raises(ValueError, match=r"no nantang/poetrys\.json.*npm pac"):
        import_songci(source)
    assert files_in(cache) == []


def test_another_version_of_the_package_is_refused(
    tiny_mirror: Path, tmp_path: Path, cache: Path
) -> None:
    """All or nothing, again: one poem changed is another corpus."""
    source = npm_package(tiny_mirror, tmp_path / "npm")
    (source / "dist/songci/ci.song.2019y.json").write_text("[]")

    with pytest.raises(ValueError, match=r"ci\.song\.2019y\.json .*SHA-256"):
        import_songci(source)
    assert files_in(cache) == []


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08cut"])
def test_a_damaged_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    """One sentence, whatever tarfile and gzip make of it."""
    archive = tmp_path / "package.tgz"
    archive.write_bytes(content)

    with pytest.raises(ValueError, match=r"^'.*package\.tgz' is damaged .*$"):
        import_songci(archive)


def test_a_source_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """With the command that gets the archive."""
    with pytest.raises(FileNotFoundError, match=r"gone\.tgz.*npm pack"):
        import_songci(tmp_path / "gone.tgz")


def test_the_registry_names_each_corpus_whole() -> None:
    """23 files of poems in order, their neighbours last."""
    files = SONGCI.files()

    assert len(files) == 24
    assert files[0].endswith("ci.song.0.json")
    assert files[-2].endswith("ci.song.2019y.json")
    assert files[-1].endswith("nantang/poetrys.json")
