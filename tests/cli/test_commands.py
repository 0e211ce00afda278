"""The tutorgpt command, in this process and as a reader starts it."""

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import tutorgpt
from tutorgpt import LADDER, load_checkpoint
from tutorgpt.cli import COMMANDS, doctor, extras, main
from tutorgpt.cli import ladder as ladder_command
from tutorgpt.ground.locks import LOCK
from tutorgpt.ground.published import install_here

START = "import sys; from tutorgpt.cli import main; sys.exit(main())"
TEXT = "the cat sat on the mat; the dog sat on the log.\n" * 12


@pytest.fixture(scope="module")
def climbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the ladder was climbed on a tiny text."""
    folder = tmp_path_factory.mktemp("climbed")
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path("cats.txt").write_text(TEXT)
        argv = ["ladder", "--corpus", str(folder / "cats.txt")]
        assert main([*argv, "--steps", "3", "--seeds", "2"]) == 0
    torch.set_num_threads(threads)
    return folder


@pytest.fixture
def record(climbed: Path) -> dict:
    file = climbed / "results/mine/ladder_cats.json"
    return json.loads(file.read_text("utf-8"))


def test_version_is_the_packages(capsys: pytest.CaptureFixture) -> None:
    """tutorgpt --version says what is imported."""
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])

    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"tutorgpt {tutorgpt.__version__}\n"


@pytest.mark.parametrize("wanted", [None, "active"])
def test_a_commands_threads_sleep_while_they_wait(
    wanted: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decided before torch is read, unless the reader has decided."""
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    if wanted:
        monkeypatch.setenv("OMP_WAIT_POLICY", wanted)
    program = (
        "import os, sys, tutorgpt.cli as cli\n"
        "def run(argv): print(os.environ['OMP_WAIT_POLICY'], 'torch' in "
        "sys.modules)\n"
        "cli.run = run\n"
        "cli.main(['doctor'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [wanted or "PASSIVE", "False"]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_reads_like_documentation(
    command: str, capsys: pytest.CaptureFixture
) -> None:
    """A description, examples, and nothing wider than 80 columns."""
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help"])
    text = capsys.readouterr().out

    assert stopped.value.code == 0
    assert "examples:" in text
    assert f"tutorgpt {command}".strip() in text.partition("examples:")[2]
    assert max(map(len, text.splitlines())) <= 80


def test_every_option_states_its_default(
    capsys: pytest.CaptureFixture,
) -> None:
    """No reader has to guess what happens without an option."""
    for command in ("ladder", "sample"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        words = " ".join(capsys.readouterr().out.split())
        with_value = re.findall(r"--[a-z-]+ [A-Z{]", words.split("options")[1])

        assert words.count("(default: ") >= len(set(with_value))


def test_ladder_writes_the_record_that_the_book_reads(record: dict) -> None:
    """The keys, the rungs in order, the floors, and each run's history."""
    assert list(record) == [
        "command",
        "machine",
        "versions",
        "corpus",
        "preset",
        "steps",
        "floors",
        "rungs",
    ]
    assert record["corpus"] == {
        "name": "cats",
        "characters": len(TEXT),
        "unit": "character",
        "vocab_size": len(set(TEXT)),
        "fingerprint": record["corpus"]["fingerprint"],
    }
    assert list(record["floors"]) == ["uniform", "unigram", "bigram"]
    assert [r["model"] for r in record["rungs"]] == [
        m.__name__ for m in LADDER
    ]
    for rung in record["rungs"]:
        assert [run["seed"] for run in rung["runs"]] == [1337, 1338]
        for run in rung["runs"]:
            steps = [point["step"] for point in run["history"]]
            assert steps == [0, 1, 2, 3]
            assert run["val_loss"] == run["history"][-1]["val_loss"]


def test_a_record_names_no_place_on_this_machine(
    record: dict, climbed: Path
) -> None:
    """Whoever reads it learns the processor, not the owner."""
    assert record["command"] == (
        "tutorgpt ladder --corpus cats.txt --preset chapter --steps 3 "
        "--seeds 2 --out results/mine"
    )
    assert str(climbed) not in json.dumps(record)
    assert set(record["machine"]) == {"processor", "cores", "threads"}
    assert set(record["versions"]) == {"python", "torch", "numpy", "tutorgpt"}


def test_ladder_draws_a_figure_and_leaves_nothing_partial(
    climbed: Path,
) -> None:
    """An SVG beside the record; no file with another ending, but the lock."""
    mine = climbed / "results/mine"

    assert "<svg" in (mine / "ladder_cats.svg").read_text("utf-8")
    files = [path for path in mine.rglob("*") if path.is_file()]
    endings = {path.suffix for path in files if path.name != LOCK}
    assert endings == {".json", ".svg", ".safetensors"}


def test_every_rung_leaves_a_checkpoint_that_writes_its_sample(
    climbed: Path, record: dict
) -> None:
    """What was kept is the model that wrote the sample."""
    for rung in record["rungs"]:
        folder = climbed / "results/mine/ladder_cats" / rung["model"]
        model, tokenizer = load_checkpoint(folder)

        assert type(model).__name__ == rung["model"]
        assert ladder_command.write_sample(model, tokenizer) == rung["sample"]


def test_the_table_shows_floors_and_rungs(record: dict) -> None:
    """One line each, with the mean, the lowest and the highest loss."""
    record["rungs"][0]["runs"] = [
        {"val_loss": 2.0, "seconds": 1.0},
        {"val_loss": 3.0, "seconds": 3.0},
    ]
    lines = ladder_command.table(record).splitlines()

    row = next(line for line in lines if line.startswith("BigramModel"))
    assert row.split()[2:] == ["2.500", "2.000", "3.000", "2.0"]
    assert sum(line.startswith("counting: ") for line in lines) == 3


def test_sample_writes_the_same_text_for_the_same_seed(
    climbed: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The prompt, then as many characters as were asked for."""
    monkeypatch.chdir(climbed)
    argv = ["sample", "--prompt", "the", "--tokens", "20", "--seed"]
    texts = []
    for seed in ("7", "7", "8"):
        assert main([*argv, seed]) == 0
        texts.append(capsys.readouterr().out)

    assert texts[0] == texts[1] != texts[2]
    assert texts[0].startswith("the")
    assert len(texts[0]) == len("the") + 20 + len("\n")


def test_sample_reads_the_newest_model_and_says_which(
    climbed: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The GPT is trained last; the text alone goes to standard output."""
    monkeypatch.chdir(climbed)

    assert main(["sample", "--greedy"]) == 0
    assert "ladder_cats/GPT" in capsys.readouterr().err


def test_a_models_file_is_read_by_any_name(
    climbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """As a browser saves it a second time; what is no model is named."""
    models = climbed / "results/mine/ladder_cats"
    file = tmp_path / "model (1).safetensors"
    file.write_bytes((models / "GPT/model.safetensors").read_bytes())
    text = climbed / "cats.txt"
    assert main(["sample", str(file), "--seed", "3"]) == 0
    written = capsys.readouterr().out
    assert main(["sample", str(models / "GPT"), "--seed", "3"]) == 0
    assert capsys.readouterr().out == written
    assert main(["eval", str(file), "--corpus", str(text)]) == 0
    assert "loss" in capsys.readouterr().out

    file.write_bytes(b"no weights at all")
    assert main(["sample", str(file)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_sample_names_every_strange_character_of_a_prompt(
    climbed: Path, capsys: pytest.CaptureFixture
) -> None:
    """All of them at once, with some that can be used."""
    folder = str(climbed / "results/mine")

    assert main(["sample", folder, "--prompt", "the 猫é"]) == 2
    said = capsys.readouterr().err
    assert "'é' (U+00E9), '猫' (U+732B)" in said
    assert "leave them out" in said
    assert said.count("\n") == 1


def test_sample_refuses_an_empty_prompt(
    climbed: Path, capsys: pytest.CaptureFixture
) -> None:
    """A model continues something."""
    folder = str(climbed / "results/mine")

    assert main(["sample", folder, "--prompt", ""]) == 2
    assert "--prompt is empty: give" in capsys.readouterr().err


def test_data_lists_what_can_be_read_without_a_network(
    tiny_mirror: Path, capsys: pytest.CaptureFixture
) -> None:
    """Installed, in the cache, or not fetched yet."""
    main(["data", "tinyshakespeare"])
    capsys.readouterr()

    assert main(["data"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^shakespeare +installed$", out, re.M)
    assert re.search(r"^tinyshakespeare +in the cache$", out, re.M)
    assert re.search(r"^songci +not fetched yet$", out, re.M)


def test_data_shows_what_a_corpus_is(
    tiny_mirror: Path, cache: Path, capsys: pytest.CaptureFixture
) -> None:
    """Characters, vocabulary, place and first lines."""
    assert main(["data", "songci"]) == 0

    out = capsys.readouterr().out
    assert re.search(r"characters: +45$", out, re.M)
    assert re.search(r"vocabulary: +10$", out, re.M)
    assert str(cache) in out
    assert "  甲 某\n  一\n" in out


def test_data_imports_songci_from_a_folder(
    tiny_mirror: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """--from needs no network and no mirror."""
    monkeypatch.setenv("TUTORGPT_DATA_MIRROR", "http://127.0.0.1:1")
    source = shutil.move(tiny_mirror, tmp_path / "elsewhere")

    assert main(["data", "songci", "--from", str(source)]) == 0
    assert re.search(r"characters: +45$", capsys.readouterr().out, re.M)


@pytest.mark.slow
def test_doctor_reports_and_estimates(capsys: pytest.CaptureFixture) -> None:
    """Every line of the issue, six chapters with minutes, exit code 0."""
    threads = torch.get_num_threads()
    code = main(["doctor"])
    out = capsys.readouterr().out

    assert code == 0, out
    for label in ("Python", "torch", "device", "memory", "free disk", "cache"):
        assert re.search(rf"^{label} +\S", out, re.M), label
    assert re.findall(r"^chapter (\d)  (\w+) +[\d.]+ min$", out, re.M) == [
        (str(n), model.__name__) for n, model in enumerate(LADDER, start=1)
    ]
    assert torch.get_num_threads() == threads


def test_doctor_says_what_is_missing_and_how_to_mend_it(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1, the remedy, and no estimate."""
    monkeypatch.setattr(doctor, "LEAST_DISK", 1e30)

    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "missing: free some space" in out
    assert "chapter 1" not in out


def test_doctor_counts_absent_extras_as_optional(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command itself runs without JupyterLab and the book."""
    monkeypatch.setattr(extras, "is_installed", lambda name: name != "ipyw")
    monkeypatch.setattr(
        "importlib.metadata.requires",
        lambda name: ["torch>=2", "ipyw<9 ; extra == 'lab'"],
    )
    finding = doctor.packages("lab")

    assert not finding.is_missing
    assert str(finding).splitlines() == [
        "lab        not installed: ipyw",
        f"  optional: {install_here('lab')}",
    ]


def test_a_fault_of_ours_is_one_sentence_with_exit_code_1(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a bug shows a traceback unasked."""

    def fail(args: object) -> int:
        raise RuntimeError("boom\nin detail")

    monkeypatch.setattr("tutorgpt.cli.data.run", fail)

    assert main(["data"]) == 1
    assert capsys.readouterr().err == (
        "tutorgpt: unexpected RuntimeError (boom): run the command again "
        "with --debug to see where\n"
    )


def hear_ctrl_c() -> None:
    """A suite started in the background ignores the signal; undo that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_ctrl_c_is_one_line_and_130(tmp_path: Path) -> None:
    """In the middle of the training, as a reader would press it."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, "ladder"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    )
    assert process.stdout is not None
    process.stdout.readline()  # the text is read, training begins
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=600)

    assert process.returncode == 130
    assert err == "\ntutorgpt: stopped\n"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_closed_pipe_is_quiet() -> None:
    """tutorgpt data | head -1 ends without a word of complaint."""
    line = "exec 2>&1; tutorgpt data shakespeare | true; echo done"
    done = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(Path.home()),
        },
    )

    assert done.stdout == "done\n"


def test_help_does_not_load_torch() -> None:
    """It is there at once: torch alone would take a second."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\nfrom tutorgpt.cli import main\n"
            "try: main(['--help'])\nexcept SystemExit: pass\n"
            "assert 'torch' not in sys.modules",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
