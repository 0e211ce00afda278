"""A model of chapter 12 is kept as every other: in a checkpoint, in a run."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
import torch
from llama_files import reference, write_gguf

from tutorgpt import (
    GPT,
    CharTokenizer,
    LanguageModel,
    ModelConfig,
    TrainConfig,
    load_checkpoint,
    save_checkpoint,
    train,
)
from tutorgpt.cli import main
from tutorgpt.pretrained import (
    GPT2,
    GPT2Config,
    Llama,
    LlamaConfig,
    adapt,
    chat,
    from_transformers,
    load_gguf,
    merge,
    to_transformers,
)
from tutorgpt.text.split import Corpus
from tutorgpt.text.token_file import open_token_file, write_token_file
from tutorgpt.tokens import PretrainedTokenizer
from tutorgpt.training.runs import RunFolder, RunSettings

TEXT = "the cat sat on the mat and the dog sat on the log. " * 20
TOKENIZER = CharTokenizer.from_text(TEXT)
NUMBERS = torch.tensor(TOKENIZER.encode(TEXT))
CORPUS = Corpus("cats", TEXT, TOKENIZER, NUMBERS[:800], NUMBERS[800:])
TOKENS = NUMBERS[None, :8]
SHAPE = {
    "vocab_size": TOKENIZER.vocab_size,
    "block_size": 8,
    "n_embed": 16,
    "n_head": 4,
    "n_layer": 2,
    "dropout": 0.1,
}
TURNED = {"n_key_head": 2, "hidden": 21, "rotary_base": 99.0, "epsilon": 0.01}
MODELS: dict[str, Callable[[], LanguageModel]] = {
    "GPT2": lambda: GPT2(GPT2Config(**SHAPE, epsilon=0.02)),
    "Llama": lambda: Llama(LlamaConfig(**SHAPE, **TURNED)),
    "not tied": lambda: Llama(LlamaConfig(**SHAPE, **TURNED, tied=False)),
}
SIZES = fields(ModelConfig)
MADE = "made from Tiny by Somebody, licence apache-2.0"
every_model = pytest.mark.parametrize("name", MODELS)


def drawn(name: str) -> LanguageModel:
    """A model, the same for every call."""
    torch.manual_seed(5)
    return MODELS[name]()


def table_of(model: LanguageModel) -> torch.Tensor:
    """The weights of a model's embeddings."""
    name = "token" if isinstance(model, Llama) else "embedding.token"
    return model.get_parameter(f"{name}.weight")


@every_model
def test_a_model_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    """Its class, all of its config, its logits, and what is tied."""
    model = drawn(name)
    loaded, tokenizer = load_checkpoint(
        save_checkpoint(tmp_path, model, TOKENIZER)
    )

    assert type(loaded) is type(model)
    assert loaded.config == model.config
    assert type(loaded.config) is type(model.config)
    assert tokenizer == TOKENIZER
    assert torch.equal(loaded(TOKENS), model.eval()(TOKENS))
    scored = loaded.get_parameter("lm_head.weight")
    assert (scored is table_of(loaded)) == (name != "not tied")


def test_a_model_of_a_file_is_kept_with_its_tokenizer(tmp_path: Path) -> None:
    """Its numbers, its whole tokens, where it ends, how it is asked."""
    model, tokenizer = load_gguf(write_gguf(tmp_path / "a", reference()))
    loaded, known = load_checkpoint(
        save_checkpoint(tmp_path / "kept", model, tokenizer)
    )
    text = chat(tokenizer, [{"role": "user", "content": "The cat, 12?"}])
    tokens = torch.tensor([tokenizer.encode(text)[:40]])

    assert isinstance(known, PretrainedTokenizer)
    assert known == tokenizer
    assert known.encode(text) == tokenizer.encode(text)
    assert chat(known, [{"role": "user", "content": "The cat, 12?"}]) == text
    assert torch.equal(loaded(tokens), model(tokens))


def test_a_text_is_numbered_with_a_files_tokenizer(tmp_path: Path) -> None:
    """In a token file, as in the memory, and read back."""
    _, tokenizer = load_gguf(write_gguf(tmp_path / "a", reference()))
    text = "the cat sat, 12 times\n" * 30
    (tmp_path / "a.txt").write_text(text)
    tokens = tmp_path / "a.tokens"
    corpus = open_token_file(
        write_token_file(tmp_path / "a.txt", tokens, tokenizer)
    )

    assert corpus.tokenizer == tokenizer
    assert [*corpus.train.tolist(), *corpus.val.tolist()] == (
        tokenizer.encode(text)
    )


def test_a_character_that_a_file_has_no_token_for_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Though some of its tokens are no text by themselves."""
    model, tokenizer = load_gguf(write_gguf(tmp_path / "a", reference()))
    kept = save_checkpoint(tmp_path / "kept", model, tokenizer)
    assert main(["sample", str(kept), "--prompt", "a\x04"]) == 2

    said = capsys.readouterr().err
    assert "has characters that the model never saw: '\\x04'" in said


@pytest.mark.parametrize(
    "build",
    [*MODELS.values(), lambda: GPT(ModelConfig(**SHAPE))],
    ids=[*MODELS, "GPT"],
)
def test_adapters_are_merged_before_a_model_is_kept(
    build: Callable[[], LanguageModel], tmp_path: Path
) -> None:
    """One sentence names the first; merged, the model is kept."""
    model = build()
    adapt(model, rank=2)
    says = rf"^this {type(model).__name__} has an adapter at blocks\.0\..*: "
    with pytest.raises(ValueError, match=says + "merge the adapters first"):
        save_checkpoint(tmp_path / "kept", model, TOKENIZER)
    assert not list(tmp_path.rglob("*.safetensors"))

    merge(model)
    save_checkpoint(tmp_path / "kept", model, TOKENIZER)


@every_model
def test_a_run_goes_on_to_where_it_would_have_ended(
    name: str, tmp_path: Path
) -> None:
    """Weights that are tied are stored once, and trained as one again."""
    settings = TrainConfig(max_steps=6, eval_interval=3, batch_size=4)
    whole, resumed = drawn(name), drawn(name)
    train(whole, CORPUS, settings, out=tmp_path)
    shutil.rmtree(RunFolder(tmp_path).checkpoints[-1])
    train(resumed, CORPUS, settings, out=tmp_path)
    loaded, _ = load_checkpoint(RunFolder(tmp_path).checkpoints[-1])

    for model in (resumed, loaded):
        assert table_of(model).equal(table_of(whole))
        assert torch.equal(model.eval()(TOKENS), whole.eval()(TOKENS))


@pytest.mark.parametrize("kind", ["GPT2", "Llama"])
def test_a_command_trains_one(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """A preset's shape becomes one of its own config; then all goes on."""
    (tmp_path / "cats.txt").write_text(TEXT)
    run = str(tmp_path / "run")
    quick = ["--preset", "small", "--steps", "2", "--threads", "1"]
    where = ["--corpus", str(tmp_path / "cats.txt"), "--out", run]
    assert main(["train", *quick, *where, "--model", kind]) == 0
    assert main(["train", "--resume", run, "--steps", "4"]) == 0
    capsys.readouterr()
    assert main(["sample", run, "--prompt", "the", "--tokens", "3"]) == 0
    assert re.fullmatch(r"the(.|\n){4}", capsys.readouterr().out)

    shape = RunSettings.read(tmp_path / "run").shape
    model, _ = load_checkpoint(RunFolder(tmp_path / "run").checkpoints[-1])
    assert type(model).__name__ == kind
    assert type(shape) is type(model).config_class
    assert model.config == shape
    plain = ModelConfig(
        **{field.name: getattr(shape, field.name) for field in SIZES}
    )
    both = model, GPT(plain)
    ours, theirs = (
        sum(weights.numel() for weights in blocks.parameters())
        for blocks in (each.get_submodule("blocks") for each in both)
    )
    assert ours == pytest.approx(theirs, rel=0.03)


def test_credit_goes_with_what_is_made_of_a_file(tmp_path):
    """Finetuned, merged and kept, it says whose weights it began with."""
    said = {
        "name": "Tiny",
        "organization": "Somebody",
        "license": "apache-2.0",
    }
    more = {f"general.{name}": value for name, value in said.items()}
    file = write_gguf(tmp_path / "tiny.gguf", reference(), more=more)
    model, tokenizer = load_gguf(file)
    adapt(model, rank=1)
    merge(model)
    save_checkpoint(tmp_path / "kept", model, tokenizer)
    again, _ = load_checkpoint(tmp_path / "kept")

    assert model.credit == again.credit == MADE
    weights = (tmp_path / "kept" / "model.safetensors").read_bytes()
    assert MADE.encode() in weights


def test_a_model_of_ones_own_needs_no_credit(tmp_path):
    """And a file that does not say whose it is gives what it has."""
    own = MODELS["Llama"]()
    save_checkpoint(tmp_path / "own", own, TOKENIZER)
    nameless, _ = load_gguf(write_gguf(tmp_path / "tiny.gguf", reference()))

    assert load_checkpoint(tmp_path / "own")[0].credit == ""
    assert nameless.credit == "made from a model whose file has no name"


def test_credit_goes_into_a_folder_of_transformers(tmp_path):
    """And comes back; of a folder that has none the name is told."""
    model = MODELS["GPT2"]().eval()
    model.credit = MADE
    folder = to_transformers(model, tmp_path / "folder")
    back = from_transformers(folder)

    assert back.credit == MADE
    told = json.loads((folder / "config.json").read_text("utf-8"))
    del told["credit"]
    (folder / "config.json").write_text(json.dumps(told), "utf-8")
    said = "made from the weights in the folder folder"
    assert from_transformers(folder).credit == said
