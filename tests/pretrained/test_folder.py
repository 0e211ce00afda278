"""A folder of transformers as a Llama: equal to its model, or refused."""

import json
import shutil

import pytest
import torch
from llama_files import TEMPLATE, reference, write_folder, write_gguf
from safetensors.torch import load_file, save_file
from transformers import LlamaForCausalLM

from tutorgpt.pretrained import load_gguf, load_safetensors
from tutorgpt.pretrained.opening import locate


def differ(ours, theirs) -> float:
    torch.manual_seed(1)
    tokens = torch.randint(ours.config.vocab_size, (2, 48))
    with torch.inference_mode():
        return (ours(tokens) - theirs(tokens).logits).abs().max().item()


@pytest.fixture(scope="module")
def theirs():
    return reference()


@pytest.fixture
def folder(tmp_path, theirs):
    return write_folder(tmp_path / "model", theirs)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("heads", [(4, 2), (4, 4), (8, 1)])
def test_the_logits_are_those_of_transformers(tmp_path, tied, heads):
    """With halves turned there and neighbours here."""
    H, G = heads
    theirs = reference(tied=tied, num_attention_heads=H, num_key_value_heads=G)
    ours, _ = load_safetensors(write_folder(tmp_path / "model", theirs))

    assert differ(ours, theirs) < 3e-5


def test_weights_in_several_files_are_one_model(tmp_path, theirs):
    """As large models are stored."""
    folder = write_folder(tmp_path / "m", theirs, max_shard_size="60KB")
    assert len(list(folder.glob("model-*.safetensors"))) > 1

    assert differ(load_safetensors(folder)[0], theirs) < 3e-5


def test_the_file_that_is_named_is_the_file_that_is_read(folder):
    """Another one beside it is not taken for it."""
    file = folder / "model.safetensors"
    assert locate(file) == folder
    shutil.copy(file, folder / "tuned.safetensors")
    with pytest.raises(ValueError, match=r"tuned.* is not read, .*model\.saf"):
        locate(folder / "tuned.safetensors")


def test_what_older_files_hold_besides_is_left_out(tmp_path, theirs):
    """Angles, and the table of embeddings a second time."""
    folder = write_folder(tmp_path / "model", theirs)
    weights = load_file(folder / "model.safetensors")
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"].clone()
    angles = "model.layers.0.self_attn.rotary_emb.inv_freq"
    weights[angles] = torch.ones(8)
    save_file(weights, folder / "model.safetensors")

    assert differ(load_safetensors(folder)[0], theirs) < 3e-5


def test_whole_numbers_are_no_weights(folder):
    """As quantised models hold them, in a form of their own."""
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"] = weights["model.norm.weight"].to(torch.int8)
    save_file(weights, folder / "model.safetensors")

    with pytest.raises(ValueError, match=r"model\.norm\.weight is of I8"):
        load_safetensors(folder)


@pytest.mark.parametrize(("told", "end"), [([1, 2], 1), (None, None), (0, 0)])
def test_an_answer_ends_where_the_folder_says(folder, told, end):
    """The first token, if it names several."""
    changed(folder, "config.json", eos_token_id=told)

    assert load_safetensors(folder)[1].end == end


def test_sixteen_bits_become_thirty_two(tmp_path):
    """The model computes with what the file holds, widened."""
    halved = reference().to(torch.bfloat16)
    folder = write_folder(tmp_path / "model", halved)
    ours, _ = load_safetensors(folder)
    theirs = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)

    assert {p.dtype for p in ours.parameters()} == {torch.float32}
    assert differ(ours, theirs.eval()) < 3e-5


def test_both_kinds_of_file_give_one_model(tmp_path, theirs, folder):
    """Weights to the bit, and the same tokenizer."""
    ours, tokenizer = load_safetensors(folder)
    other, other_tokenizer = load_gguf(write_gguf(tmp_path / "g", theirs))

    assert tokenizer == other_tokenizer
    assert (tokenizer.end, tokenizer.template) == (2, TEMPLATE)
    for name, weight in ours.state_dict().items():
        assert torch.equal(weight, other.state_dict()[name]), name


def test_a_template_may_lie_in_a_file_of_its_own(folder):
    """So transformers writes it today."""
    (folder / "tokenizer_config.json").write_text("{}")
    assert load_safetensors(folder)[1].template is None
    (folder / "chat_template.jinja").write_text(TEMPLATE)

    assert load_safetensors(folder)[1].template == TEMPLATE


def changed(folder, name, **changes):
    path = folder / name
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(told | changes), "utf-8")


TURNED = {"rope_type": "llama3", "rope_theta": 1.0}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"model_type": "mistral"}, "family 'mistral', not 'llama'"),
        ({"hidden_act": "gelu"}, "hidden_act is 'gelu'"),
        ({"attention_bias": True}, "attention_bias is True"),
        ({"rope_parameters": TURNED}, "rope_type is 'llama3'"),
        ({"rope_parameters": [1.0]}, "'list' object has no"),
        ({"head_dim": 32}, "head_dim is 32"),
        ({"num_hidden_layers": 3}, "3 layers"),
        ({"hidden_size": "64"}, "'64'"),
        ({"intermediate_size": 97}, r"it should be \(97, 64\)"),
        ({"vocab_size": 5}, "numbered from 0 to 4"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_another_model_is_refused(folder, change, named):
    """In one sentence, with the folder and what is wrong."""
    changed(folder, "config.json", **change)

    with pytest.raises(ValueError, match=named) as caught:
        load_safetensors(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_followed_is_refused(folder):
    """A file of brackets alone is no other error than a damaged one."""
    (folder / "config.json").write_text("[" * 200_000)

    with pytest.raises(ValueError, match="cannot be used"):
        load_safetensors(folder)


BYTES = {"type": "ByteLevel", "add_prefix_space": True}
SPLIT = {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"version": "2.0"}, "version is '2.0'"),
        ({"normalizer": {"type": "NFC"}}, "changes a text"),
        ({"pre_tokenizer": BYTES}, "in another way than GPT-2"),
        ({"pre_tokenizer": SPLIT}, "in another way than GPT-2"),
        ({"pre_tokenizer": None}, "in another way than GPT-2"),
        ({"model": {"type": "Unigram"}}, "type 'Unigram', not BPE"),
        ({"model": {"type": "BPE"}}, "lacks 'vocab'"),
    ],
)
def test_another_tokenizer_is_refused(folder, change, named):
    """What would cut a text differently is never read as if it did not."""
    changed(folder, "tokenizer.json", **change)

    with pytest.raises(ValueError, match=named):
        load_safetensors(folder)


@pytest.mark.parametrize(
    "name", ["config.json", "tokenizer.json", "model.safetensors"]
)
def test_a_missing_or_damaged_file_is_named(folder, name):
    """Half of it, none of it, and no such folder."""
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="cannot be used"):
        load_safetensors(folder)
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        load_safetensors(folder)
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        load_safetensors(folder / "nowhere")
