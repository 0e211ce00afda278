"""What commands say: near words, narrow terminals, nothing overwritten."""

import os
import re
import shlex
import signal
import sys
from pathlib import Path

import pytest

from tutorgpt import GPT, CharTokenizer, ModelConfig, save_checkpoint
from tutorgpt.cli import COMMANDS, doctor, main, one_sentence, sample
from tutorgpt.cli.terminal import cut, fitted, wrapped
from tutorgpt.ground.places import visible
from tutorgpt.text.token_file import write_token_file

TEXT = "the cat sat on the mat; the dog sat on the log.\n" * 12
STRANGE = "a\x1b[31mb\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a text, a model, and a terminal of 60 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    Path("cats.txt").write_text(TEXT)
    tokenizer = CharTokenizer.from_text(TEXT)
    shape = ModelConfig(
        vocab_size=tokenizer.vocab_size,
        block_size=8,
        n_embed=8,
        n_head=2,
        n_layer=1,
    )
    save_checkpoint("my model", GPT(shape), tokenizer)
    return tmp_path


def use_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is watching."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


# ------------------------------------------------------------ 60 columns


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_narrow_terminal(
    command: str,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It breaks between words, and says the same words as a wide one."""
    texts = []
    for columns in ("60", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        with pytest.raises(SystemExit):
            main([*command.split(), "--help"])
        texts.append(capsys.readouterr().out)
    long = [line for line in texts[0].splitlines() if len(line) > 60]

    assert [line for line in long if " " in line.strip()] == []
    said = [text.replace("\\\n", "").split() for text in texts]
    assert said[0] == said[1]


def test_a_command_of_the_help_can_be_pasted_from_a_narrow_one(
    capsys: pytest.CaptureFixture,
) -> None:
    """Where it goes on in a second line, the first one says so."""
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    out = capsys.readouterr().out

    lines = re.findall(r"^ +tutorgpt train --preset(?:.*\\\n)*.*$", out, re.M)
    assert any("\n" in line for line in lines)
    for line in lines:
        words = shlex.split(line.replace("\\\n", ""))
        assert words[:2] == ["tutorgpt", "train"]
        assert "\n" not in "".join(words)


def test_an_error_breaks_between_words_in_a_terminal_alone(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a program that reads it, it is one line."""
    assert main(["ladr"]) == 2
    line = capsys.readouterr().err
    use_terminal(monkeypatch)
    assert main(["ladr"]) == 2
    lines = capsys.readouterr().err.splitlines()

    assert line.count("\n") == 1
    assert max(map(len, lines)) <= 60 < len(line)
    assert " ".join(lines) == line.strip()


def test_a_path_is_never_broken() -> None:
    """Neither at its hyphens nor at the end of the line."""
    path = "/" + "very-long-name/" * 9
    said = wrapped(f"there is no file {path!r}: check the path", 60)

    assert any(repr(path) in line for line in said.splitlines())


@pytest.mark.parametrize(
    "argv",
    [
        ["status"],
        ["status", "--times"],
        ["data", "cats.txt"],
        ["data"],
        ["tutor", "1"],
    ],
)
def test_what_a_command_prints_fits_a_narrow_terminal(
    argv: list[str],
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And a pipe gets it unchanged."""
    assert main(argv) == 0
    piped = capsys.readouterr().out
    use_terminal(monkeypatch)
    assert main(argv) == 0
    out = capsys.readouterr().out

    assert piped.split() == out.split()
    words = [word for word in out.split() if len(word) > 40]
    for line in out.splitlines():
        assert len(line) <= 60 or any(word in line for word in words), line


def test_the_doctor_fits_a_narrow_terminal(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lists of packages, for instance."""
    monkeypatch.setattr(doctor, "LEAST_DISK", 1e30)
    use_terminal(monkeypatch)
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out

    for line in out.splitlines():
        assert len(line) <= 60 or line.count(" ") < 12, line
    assert re.search(r"^lab +installed .*\n {11}\S", out, re.M)


def test_a_tables_gap_shrinks_before_a_line_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So its columns stay above each other."""
    use_terminal(monkeypatch)
    table = f"name{' ' * 60}loss\nGPT {' ' * 60} 1.5"

    assert fitted(table, 4) == f"name{' ' * 52}loss\nGPT {' ' * 52} 1.5"


def test_chinese_characters_take_two_columns() -> None:
    """And a mark on a letter none."""
    assert cut("春江潮水", 5) == "春江"
    assert cut("e\u0301" * 9, 3) == "e\u0301" * 3


# ------------------------------------------------- control characters


def test_control_characters_are_written_out() -> None:
    """But for line breaks and tabs."""
    assert visible("a\x1b[0m\t\x9b\x7f\r\n") == "a\\x1b[0m\t\\x9b\\x7f\\r\n"


def test_a_preview_steers_no_terminal(capsys: pytest.CaptureFixture) -> None:
    """tutorgpt data, with a text and with a token file."""
    Path("red.txt").write_text(STRANGE * 20)
    write_token_file(Path("red.txt"), Path("red.tokens"))
    for name in ("red.txt", "red.tokens"):
        assert main(["data", name]) == 0
        out = capsys.readouterr().out

        assert "\\x1b[31m" in out
        assert "\x1b" not in out
        assert f"characters:  {len(STRANGE) * 20}\n" in out


def test_a_sample_is_raw_in_a_pipe_alone(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file gets what the model wrote."""
    monkeypatch.setattr(
        sample, "generate", lambda model, tokens, *a, **k: tokens
    )
    monkeypatch.setattr(sample, "text_so_far", lambda tokenizer, ids: STRANGE)
    assert main(["sample", "my model"]) == 0
    assert capsys.readouterr().out == STRANGE + "\n"
    use_terminal(monkeypatch)
    assert main(["sample", "my model"]) == 0
    assert capsys.readouterr().out == visible(STRANGE) + "\n"


# -------------------------------------------------- files that are there

WRITING = {
    "cards cards.txt": "cards.txt",
    "export 'my model' page.html": "page.html",
    "data cats.txt --tokens cats.tokens": "cats.tokens",
    "tutor 3 --out help.md": "help.md",
    "status --report built.html": "built.html",
}


@pytest.mark.parametrize("line", WRITING)
def test_a_file_is_replaced_by_force_alone(
    line: str, capsys: pytest.CaptureFixture
) -> None:
    """Every command that is told what to write."""
    argv, file = shlex.split(line), Path(WRITING[line])
    assert main(argv) == 0
    first = file.read_bytes()
    file.write_bytes(b"mine")
    capsys.readouterr()

    assert main(argv) == 2
    err = capsys.readouterr().err
    assert f"there is a file {str(file)!r} already" in err
    assert "--force" in err
    assert file.read_bytes() == b"mine"
    assert main([*argv, "--force"]) == 0
    assert file.read_bytes() == first


@pytest.mark.parametrize("line", WRITING)
def test_a_file_is_written_where_it_was_said(
    line: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the home folder, with spaces, letters of all kinds, any bytes."""
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("USERPROFILE", str(here))
    *argv, file = shlex.split(line)
    ending = Path(file).suffix
    for name in ("a b", "春", "it's", os.fsdecode(b"caf\xe9"), "-x"):
        assert main([*argv, f"~/{name}{ending}"]) == 0
        assert (here / f"{name}{ending}").is_file()
    assert not Path("~").exists()


def test_the_next_command_can_be_pasted(
    capsys: pytest.CaptureFixture, here: Path
) -> None:
    """Its words are those that were meant."""
    assert main(["data", "cats.txt", "--tokens", "my $x's.tokens"]) == 0
    line = capsys.readouterr().out.partition("next:")[2]

    assert shlex.split(line)[-1] == "my $x's.tokens"


# ------------------------------------------------------- other sentences


def test_a_page_opens_with_what_its_model_can_read(
    capsys: pytest.CaptureFixture,
) -> None:
    """The sentence is that of tutorgpt sample."""
    said = []
    for argv in (["sample", "my model"], ["export", "my model", "p.html"]):
        for prompt in ("春", ""):
            assert main([*argv, "--prompt", prompt]) == 2
            said.append(capsys.readouterr().err)

    assert said[:2] == said[2:]
    assert "--prompt has characters that the model never saw: '春'" in said[0]
    assert not Path("p.html").exists()


def test_an_error_of_the_system_has_no_number() -> None:
    """Whatever is not caught elsewhere."""
    error = PermissionError(13, "Permission denied", "/home/x")

    assert one_sentence(error) == (
        "'/home/x' cannot be used (Permission denied)"
    )
    assert "Errno" not in one_sentence(OSError(28, "No space left on device"))


@pytest.mark.parametrize("by_torchrun", [True, False])
def test_sigterm_is_left_to_torchrun(
    by_torchrun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workers wait in C, where a handler of ours would never run."""
    seen = []
    monkeypatch.setattr(
        "tutorgpt.cli.data.run",
        lambda args: seen.append(signal.getsignal(signal.SIGTERM)) or 0,
    )
    if by_torchrun:
        monkeypatch.setenv("LOCAL_RANK", "0")
    assert main(["data"]) == 0

    assert (seen == [signal.SIG_DFL]) is by_torchrun
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize(
    "command",
    [
        "tutorgpt train --resume 'runs/a long name for my very first run'",
        "tutorgpt eval runs/one --corpus PATH",
        "iconv -f GB18030 -t UTF-8 'my poems.txt' > 'my poems.utf8.txt'",
        "rm '/shared/runs/two nodes/.holder.json'",
    ],
)
def test_a_command_in_a_sentence_stays_in_one_line(command: str) -> None:
    """Pasted from two lines, it would be two commands."""
    said = f"stopped after step 103, nothing is lost: continue with {command}"

    for width in (20, 40, 60, 80):
        lines = wrapped(f"{said}, or begin again", width).splitlines()
        assert any(command in line for line in lines), lines
