"""To and from folders of transformers: the library itself is the judge."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from tutorgpt import GPT, ModelConfig, ResidualNormModel, generate
from tutorgpt.config import CHAPTER
from tutorgpt.modern import ModernGPT
from tutorgpt.pretrained import (
    GPT2,
    GPT2Config,
    from_transformers,
    to_transformers,
)
from tutorgpt.tokens import BytePairTokenizer, ByteTokenizer, CharTokenizer

TOKENIZER = CharTokenizer.from_text("the quick, brown fox.\nJUMPS")
V = TOKENIZER.vocab_size
SHAPE = {"vocab_size": V, "block_size": 16, "n_embed": 32, "n_head": 4}
TOKENS = torch.arange(48).view(3, 16) % V
CLOSE = {"rtol": 0, "atol": 1e-5}


@pytest.fixture(autouse=True)
def offline_and_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library asks no server, and draws no bar."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TQDM_DISABLE", "1")


def awake(model: nn.Module, by: float = 0.2) -> nn.Module:
    """The model with all its numbers moved, biases and norms too."""
    torch.manual_seed(1)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * by)
    return model.eval()


def theirs(**changes) -> nn.Module:
    """transformers' GPT-2, at random."""
    import transformers

    shape = {"n_positions": 16, "n_embd": 32, "n_head": 4, "n_layer": 3}
    ends = {"bos_token_id": None, "eos_token_id": None}
    config = {"vocab_size": V} | shape | ends | changes
    made = transformers.GPT2LMHeadModel(transformers.GPT2Config(**config))
    return awake(made)


def opened(folder: Path) -> nn.Module:
    """What the library makes of a folder."""
    import transformers

    return transformers.AutoModelForCausalLM.from_pretrained(folder).eval()


MODELS = {
    "gpt2": lambda: GPT2(GPT2Config(**SHAPE, n_layer=3, epsilon=1e-3)),
    "gpt": lambda: GPT(ModelConfig(**SHAPE, n_layer=3)),
    "chapter": lambda: GPT(CHAPTER.model(vocab_size=V)),
    "chapter 5": lambda: ResidualNormModel(ModelConfig(**SHAPE, n_layer=2)),
    "one head": lambda: GPT(
        ModelConfig(**(SHAPE | {"n_embed": 7, "n_head": 1}), n_layer=1)
    ),
    "heads of one channel": lambda: GPT(
        ModelConfig(**(SHAPE | {"n_embed": 6, "n_head": 6}), n_layer=2)
    ),
}


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_a_model_goes_out(name: str, tmp_path: Path) -> None:
    """With the library's logits, for texts of every length."""
    ours = awake(MODELS[name]())
    folder = to_transformers(ours, tmp_path / "out")
    back = opened(folder)

    for length in (1, 2, 16):
        tokens = TOKENS[:, :length]
        torch.testing.assert_close(back(tokens).logits, ours(tokens), **CLOSE)
    assert back.config.model_type == "gpt2"
    assert back.config.eos_token_id is back.config.bos_token_id is None


@torch.no_grad()
def test_the_library_writes_on_as_we_do(tmp_path: Path) -> None:
    """With its own cache."""
    ours = awake(GPT(ModelConfig(**SHAPE, n_layer=3)))
    back = opened(to_transformers(ours, tmp_path / "out"))
    prompt = TOKENS[:, :4]
    text = back.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=12,
        do_sample=False,
        pad_token_id=0,
    )

    assert torch.equal(text, generate(ours, prompt, 12, greedy=True))


@torch.no_grad()
@pytest.mark.parametrize("changes", [{}, {"layer_norm_epsilon": 1e-3}])
def test_a_folder_of_the_library_comes_in(changes, tmp_path: Path) -> None:
    """Its model and ours score alike."""
    their = theirs(**changes)
    their.save_pretrained(tmp_path)
    ours = from_transformers(tmp_path)

    assert type(ours) is GPT2
    assert not ours.training
    assert ours.lm_head.weight is ours.embedding.token.weight
    torch.testing.assert_close(ours(TOKENS), their(TOKENS).logits, **CLOSE)


@torch.no_grad()
def test_openais_own_names_come_in(tmp_path: Path) -> None:
    """Without a prefix, with masks, the table twice, half precision."""
    their = theirs().half().float()
    their.half().transformer.save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    weights = load_file(file)
    masks = {
        f"h.{n}.attn.bias": torch.ones(1, 1, 16, 16).tril() for n in range(3)
    }
    twice = {"lm_head.weight": weights["wte.weight"].clone()}
    save_file(weights | masks | twice, file, {"format": "pt"})
    ours = from_transformers(str(tmp_path))

    assert "wte.weight" in weights
    assert ours.embedding.token.weight.dtype == torch.float32
    expected = their.float()(TOKENS).logits
    torch.testing.assert_close(ours(TOKENS), expected, **CLOSE)


def test_a_gpt2_comes_back_to_the_bit(tmp_path: Path) -> None:
    """Config and weights, and it can be trained on."""
    config = GPT2Config(**SHAPE, n_layer=2, dropout=0.25, epsilon=1e-4)
    ours = awake(GPT2(config))
    back = from_transformers(to_transformers(ours, tmp_path / "out"))

    assert back.config == config
    for name, weights in ours.named_parameters():
        again = back.get_parameter(name)
        assert torch.equal(again, weights)
        assert again.requires_grad


@torch.no_grad()
def test_a_matrix_read_the_wrong_way_round_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A square one fits both ways: only the logits tell."""
    from tutorgpt.pretrained import incoming

    their = theirs()
    their.save_pretrained(tmp_path)
    right = incoming.is_turned
    monkeypatch.setattr(
        incoming, "is_turned", lambda n: right(n) and "head.proj" not in n
    )
    ours = from_transformers(tmp_path)

    assert (ours(TOKENS) - their(TOKENS).logits).abs().max() > 0.1


# ------------------------------------------------------------ tokenizers

TEXT = "the  fox\n\n JUMPS.,\nxt "
ANY = "\r\n\tit’s 12 <the> <unknown> 東京 e\u0301é \u200b\ufeff "


@pytest.mark.parametrize(
    ("tokenizer", "text"),
    [
        (TOKENIZER, TEXT),
        (CharTokenizer.from_text(ANY), ANY),
        (ByteTokenizer(), TEXT + ANY),
        (BytePairTokenizer.train((TEXT + ANY) * 3, 300), TEXT + ANY),
    ],
    ids=["characters", "others", "bytes", "pairs"],
)
def test_its_tokenizer_goes_with_it(tokenizer, text, tmp_path: Path) -> None:
    """The same numbers, and the text again."""
    import transformers

    shape = SHAPE | {"vocab_size": tokenizer.vocab_size, "block_size": 200}
    model = GPT(ModelConfig(**shape, n_layer=1))
    folder = to_transformers(model, tmp_path / "out", tokenizer)
    back = transformers.AutoTokenizer.from_pretrained(folder)
    numbers = back(text)["input_ids"]

    assert numbers == tokenizer.encode(text)
    assert back.decode(numbers) == text
    assert len(back) == tokenizer.vocab_size
    assert back.model_max_length == 200


def test_a_character_that_it_lacks_is_refused_there_too(
    tmp_path: Path,
) -> None:
    """It is not silently left out."""
    import transformers

    model = GPT(ModelConfig(**SHAPE, n_layer=1))
    folder = to_transformers(model, tmp_path / "out", TOKENIZER)
    back = transformers.AutoTokenizer.from_pretrained(folder)

    with pytest.raises(Exception, match="UNK"):
        back("fox & fox")


def test_a_pipeline_writes_with_the_folder(tmp_path: Path) -> None:
    """Model and tokenizer, found by nothing but the folder's name."""
    import transformers

    model = awake(GPT(ModelConfig(**SHAPE, n_layer=2)))
    folder = to_transformers(model, tmp_path / "out", TOKENIZER)
    write = transformers.pipeline(
        "text-generation", model=str(folder), device="cpu"
    )
    (said,) = write("the ", max_new_tokens=5, do_sample=False)
    tokens = torch.tensor([TOKENIZER.encode("the ")])
    ours = generate(model, tokens, 5, greedy=True)[0].tolist()

    assert said["generated_text"] == TOKENIZER.decode(ours)


# ------------------------------------------------------------- bad input


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_folder_without_one_of_the_two_is_refused(
    name: str, tmp_path: Path
) -> None:
    """Named by the file that it lacks."""
    theirs().save_pretrained(tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(FileNotFoundError, match=f"no {name} in .*: name a"):
        from_transformers(tmp_path)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"model_type": "llama"}, "its model_type is 'llama', where GPT2"),
        ({"activation_function": "relu"}, "its activation_function is 'relu'"),
        ({"activation_function": "gelu"}, "its activation_function is 'gelu'"),
        ({"n_inner": 64}, "its n_inner is 64"),
        ({"scale_attn_weights": False}, "its scale_attn_weights is False"),
        ({"tie_word_embeddings": False}, "its tie_word_embeddings is False"),
        ({"scale_attn_by_inverse_layer_idx": True}, "inverse_layer_idx is T"),
        ({"n_head": 5}, "n_embed 32 cannot be shared by n_head 5"),
        ({"n_layer": 2}, r"has h\.2\..*, which GPT2 has not"),
        ({"n_layer": 4}, r"has no h\.3\.ln_1\.weight"),
        ({"n_layer": 10**12}, "choose at most 10,000"),
        ({"n_layer": "3"}, "n_layer must be a whole number, not '3'"),
        ({"n_positions": 10**12}, r"wpe\.weight has the shape \(16, 32\)"),
        ({"vocab_size": 5}, r"wte\.weight has the shape .*it has \(5, 32\)"),
        ({"n_embd": None}, "n_embd must be a whole number, not None"),
        ({"layer_norm_epsilon": 0}, "epsilon is 0"),
        ({"resid_pdrop": 1.0}, "dropout is 1.0"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(
    changes: dict, why: str, tmp_path: Path
) -> None:
    """In one sentence, and no room is taken for its weights."""
    theirs().save_pretrained(tmp_path)
    file = tmp_path / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))

    with pytest.raises(ValueError, match="cannot be read") as refused:
        from_transformers(tmp_path)
    assert refused.match(why)
    assert refused.match("name a folder with a GPT-2")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("left_out", ["vocab_size", "n_embd", "n_layer"])
def test_a_config_that_lacks_something_is_refused(
    left_out: str, tmp_path: Path
) -> None:
    """By its name."""
    theirs().save_pretrained(tmp_path)
    file = tmp_path / "config.json"
    told = json.loads(file.read_text())
    del told[left_out]
    file.write_text(json.dumps(told))

    with pytest.raises(ValueError, match=f"lacks '{left_out}'"):
        from_transformers(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"7"])
@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_damaged_file_is_refused(
    name: str, content: bytes, tmp_path: Path
) -> None:
    """In one sentence."""
    theirs().save_pretrained(tmp_path)
    (tmp_path / name).write_bytes(content)

    with pytest.raises(ValueError, match="cannot be read") as refused:
        from_transformers(tmp_path)
    assert "\n" not in str(refused.value)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    """At every place where it may end."""
    theirs().save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    whole = file.read_bytes()
    for length in (7, 8, 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="cannot be read"):
            from_transformers(tmp_path)


@pytest.mark.parametrize("broken", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(
    broken: float, tmp_path: Path
) -> None:
    """By the name of the weight."""
    theirs().save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    weights = load_file(file)
    weights["transformer.h.1.ln_2.bias"][3] = broken
    save_file(weights, file)

    with pytest.raises(ValueError, match=r"h\.1\.ln_2\.bias is not all fin"):
        from_transformers(tmp_path)


def test_the_folder_one_is_in_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal would stand in a folder that is no more."""
    monkeypatch.chdir(tmp_path)
    model = GPT(ModelConfig(**SHAPE, n_layer=1))
    with pytest.raises(ValueError, match="the folder that you are in"):
        to_transformers(model, Path())

    assert list(tmp_path.iterdir()) == []


def test_another_model_has_no_such_form(tmp_path: Path) -> None:
    """It is named, and nothing is written."""
    model = ModernGPT(ModelConfig(**SHAPE, n_layer=1))

    with pytest.raises(ValueError, match=r"ModernGPT has no form .*: write a"):
        to_transformers(model, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_model_with_a_part_replaced_is_refused(tmp_path: Path) -> None:
    """Its weights have no names there."""
    model = GPT2(GPT2Config(**SHAPE, n_layer=1))
    model.blocks[0].feed_forward.expand = nn.Sequential(nn.Linear(32, 128))

    with pytest.raises(ValueError, match=r"other parts .*expand\.0\.weight"):
        to_transformers(model, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_tokenizer_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    """Both sizes are named, and nothing is written."""
    model = GPT(ModelConfig(**SHAPE, n_layer=1))

    with pytest.raises(ValueError, match=f"{V} but the tokenizer knows 256"):
        to_transformers(model, tmp_path / "out", ByteTokenizer())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Even if it may be replaced."""
    model = GPT(ModelConfig(**SHAPE, n_layer=1))
    (tmp_path / "my thesis.txt").write_text("all of it")

    for replace in (False, True):
        with pytest.raises(ValueError, match=r"holds other files.*my thesis"):
            to_transformers(model, tmp_path, replace=replace)
    assert [p.name for p in tmp_path.iterdir()] == ["my thesis.txt"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """And kept."""
    (tmp_path / "out").write_text("mine")

    with pytest.raises(ValueError, match="is a file: name a folder"):
        to_transformers(GPT(ModelConfig(**SHAPE, n_layer=1)), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_its_own_folder_is_replaced_if_asked(tmp_path: Path) -> None:
    """An empty one always; one with another file in it never."""
    first, second = (
        awake(GPT2(GPT2Config(**SHAPE, n_layer=n))) for n in (1, 2)
    )
    folder = tmp_path / "out"
    folder.mkdir()
    to_transformers(first, folder, TOKENIZER)
    with pytest.raises(ValueError, match="name a folder that is new or emp"):
        to_transformers(second, folder)
    assert from_transformers(folder).config.n_layer == 1
    to_transformers(second, folder, replace=True)

    assert from_transformers(folder).config.n_layer == 2
    assert not (folder / "tokenizer.json").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"notes\.txt|holds other files"):
        to_transformers(first, folder, replace=True)


def test_a_folder_of_the_library_is_never_replaced(tmp_path: Path) -> None:
    """Its two files have the same names as ours."""
    theirs().save_pretrained(tmp_path)

    with pytest.raises(ValueError, match="holds other files already"):
        to_transformers(
            GPT(ModelConfig(**SHAPE, n_layer=1)), tmp_path, replace=True
        )


def test_the_folder_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves nothing behind."""
    from tutorgpt.pretrained import outgoing

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outgoing, "save_file", full)
    with pytest.raises(OSError, match=r"cannot be written .No space left"):
        to_transformers(GPT(ModelConfig(**SHAPE, n_layer=1)), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
