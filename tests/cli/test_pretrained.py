"""tutorgpt pretrained: where a model lies, what it is, and its answer."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from llama_files import reference, write_folder, write_gguf

from tutorgpt.cli import main
from tutorgpt.pretrained import chat, load_gguf, load_pretrained, reply
from tutorgpt.pretrained.opening import locate


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    return write_gguf(folder / "tiny.gguf", reference())


def test_without_a_question_it_says_what_there_is(file, capsys):
    """Where it lies, how large it is, of what shape."""
    assert main(["pretrained", str(file)]) == 0
    out, err = capsys.readouterr()
    weights = sum(p.numel() for p in load_gguf(file)[0].parameters())

    assert f"lies in:  {file}" in out
    assert f"{weights:,} weights" in out
    assert "2 layers, 64 channels, 4 heads, 2 of keys" in out
    assert "context:  48 tokens" in out
    assert err == ""


def test_a_prompt_is_continued(file, capsys):
    """The text alone goes to the standard output."""
    argv = ["pretrained", str(file), "--prompt", "the cat", "--tokens", "9"]
    assert main([*argv, "--greedy"]) == 0
    out, err = capsys.readouterr()
    model, tokenizer = load_gguf(file)
    written = reply(model, tokenizer, "the cat", 9, greedy=True)

    assert out == f"the cat{written}\n"
    assert "lies in:" in err


def test_a_question_is_asked_as_the_template_says(file, capsys, monkeypatch):
    """Between the tokens that the model was taught."""
    asked = []

    def noted(model, tokenizer, text, *args, **settings):
        asked.append((text, args, settings["greedy"]))

    monkeypatch.setattr("tutorgpt.pretrained.conversation.reply", noted)
    assert main(["pretrained", str(file), "the cat?", "--tokens", "3"]) == 0
    _, tokenizer = load_gguf(file)
    text = chat(tokenizer, [{"role": "user", "content": "the cat?"}])

    assert asked == [(text, (3,), False)]


def test_the_same_seed_writes_the_same_text(file, capsys):
    """And another one another."""
    texts = []
    for seed in "1", "1", "2":
        argv = ["pretrained", str(file), "--prompt", "the", "--seed", seed]
        assert main([*argv, "--tokens", "20"]) == 0
        texts.append(capsys.readouterr().out)

    assert texts[0] == texts[1] != texts[2]


def test_a_folder_and_a_file_in_it_are_one_model(tmp_path, capsys):
    """As transformers writes it."""
    folder = write_folder(tmp_path / "model", reference())
    assert main(["pretrained", str(folder)]) == 0
    first = capsys.readouterr().out
    assert main(["pretrained", str(folder / "model.safetensors")]) == 0

    assert capsys.readouterr().out == first
    assert load_pretrained(folder)[0].config.n_layer == 2


def test_a_name_is_fetched(file, capsys, monkeypatch):
    """Its licence and whose it is are said."""
    monkeypatch.setattr("tutorgpt.pretrained.opening.fetch", lambda n: file)
    assert main(["pretrained", "smollm2"]) == 0
    out = capsys.readouterr().out

    assert "model:    SmolLM2-135M-Instruct of Hugging Face" in out
    assert "licence:  Apache-2.0" in out
    assert f"lies in:  {file}" in out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["smolm2"], "no file or folder 'smolm2'.*did you mean 'smollm2'"),
        (["."], r"no 'config\.json'|no '.*/config\.json'"),
        (["FILE", "why", "--prompt", "the"], "give one of them"),
        (["FILE", " "], "the question is empty"),
        (["FILE", "--prompt", ""], "--prompt is empty"),
        (["FILE", "--tokens", "-1"], "--tokens: -1 is out of range"),
        (["FILE", "--temperature", "0"], "0 is out of range.*--greedy"),
        (["FILE", "--tokens", "9"], "--tokens is for what .*: ask a question"),
        (["FILE", "--greedy"], "--greedy is for what the model writes"),
        (["FILE", "q", "--greedy", "--temperature", "2"], "leave one of the"),
        (["FILE", "--prompt", "q" * 48], "no room for an answer"),
        (["FILE", "--prompt", "a\x04"], "has bytes that the model has no"),
        ([], "the following arguments are required: MODEL"),
        ([""], "the path is empty"),
        (["a\0b"], "has a zero character"),
    ],
)
def test_bad_input_is_one_sentence(
    file, tmp_path, monkeypatch, capsys, words, named
):
    """Exit code 2, nothing on the standard output."""
    monkeypatch.chdir(tmp_path)
    words = [str(file) if word == "FILE" else word for word in words]
    assert main(["pretrained", *words]) == 2
    out, err = capsys.readouterr()

    assert out == ""
    assert err.count("\n") == 1
    assert re.search(named, err), err


def test_its_help_needs_no_torch():
    """It is printed at once."""
    code = (
        "import sys; from tutorgpt.cli import main\n"
        "try: main(['pretrained', '--help'])\n"
        "except SystemExit: pass\n"
        "assert 'torch' not in sys.modules and 'gguf' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "smollm2" in done.stdout


def test_a_path_with_a_home_folder_is_found(file, monkeypatch):
    """~ is written out."""
    monkeypatch.setenv("HOME", str(file.parent))

    assert locate("~/tiny.gguf") == file
