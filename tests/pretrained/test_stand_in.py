"""What stands in for the chapter's model, where that one cannot be had."""

import pytest
import torch
from gguf import GGUFReader

from tutorgpt.pretrained import chat, load_gguf, reply
from tutorgpt.pretrained.stand_in import model_file, write_stand_in


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Written once: it is ten megabytes."""
    return write_stand_in(tmp_path_factory.mktemp("stand_in") / "a.gguf")


def test_it_is_of_the_kind_that_it_stands_in_for(file):
    """SmolLM2's layers and heads, so that the chapter's numbers exist."""
    model, tokenizer = load_gguf(file)
    config = model.config
    packings = {t.name: t.tensor_type.name for t in GGUFReader(file).tensors}

    assert (config.n_layer, config.n_head, config.n_key_head) == (30, 9, 3)
    assert config.tied
    assert packings["blk.0.attn_q.weight"] == "Q4_1"
    assert packings["token_embd.weight"] == "Q8_0"
    assert packings["output_norm.weight"] == "F32"
    assert tokenizer.decode(tokenizer.encode("naïve 猫\n")) == "naïve 猫\n"


def test_it_reads_conversations_and_says_something(file):
    """Its template is the one that is known, with words of its own."""
    model, tokenizer = load_gguf(file)
    text = chat(tokenizer, [{"role": "user", "content": "Hello"}])
    said = reply(model, tokenizer, text, 5, greedy=True)

    assert "stand in for another model" in text
    assert tokenizer.encode(text)[0] == tokenizer.whole["<|im_start|>"]
    assert said
    with torch.inference_mode():
        logits = model(torch.tensor([tokenizer.encode(text)]))
    assert logits.isfinite().all()
    assert logits.std() > 0.1


def test_it_is_the_same_every_time(file, tmp_path):
    """To the last byte, so that a page is the same, too."""
    again = write_stand_in(tmp_path / "b.gguf")

    assert again.read_bytes() == file.read_bytes()


def test_the_chapter_gets_the_real_file_where_it_is(tmp_path, monkeypatch):
    """Then nothing is written."""
    real = tmp_path / "SmolLM2.gguf"
    monkeypatch.setattr(
        "tutorgpt.pretrained.stand_in.fetch", lambda name: real
    )

    assert model_file("smollm2") == real
    assert not real.exists()


@pytest.mark.parametrize(
    "error",
    [
        ConnectionError("no network"),
        ValueError("a wrong sum"),
        OSError("full"),
    ],
)
def test_otherwise_it_says_why_and_stands_in(
    error, tmp_path, monkeypatch, capsys
):
    """The reason, and that the page will show other numbers."""

    def refuse(name):
        raise error

    monkeypatch.setenv("TUTORGPT_CACHE", str(tmp_path))
    monkeypatch.setattr("tutorgpt.pretrained.stand_in.fetch", refuse)

    found = model_file("smollm2")
    said = capsys.readouterr().out

    assert str(error) in said
    assert "random model stands in" in said
    assert found.parent == tmp_path / "models"
    assert [each.name for each in found.parent.iterdir()] == [found.name]
    assert load_gguf(found)[0].config.n_layer == 30
