"""A GGUF file as a Llama: equal to transformers' model, or refused."""

import re
import sys

import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType as Packing
from gguf import GGUFEndian
from llama_files import gguf_weights, packed, reference, write_gguf

from tutorgpt.pretrained import filling, gguf_file, load_gguf, memory
from tutorgpt.pretrained.llama import Llama

PACKINGS = (
    Packing.F32,
    Packing.F16,
    Packing.BF16,
    Packing.Q8_0,
    Packing.Q4_0,
    Packing.Q4_1,
)


@pytest.fixture(scope="module")
def theirs() -> torch.nn.Module:
    return reference()


@pytest.fixture
def file(tmp_path, theirs):
    return write_gguf(tmp_path / "tiny.gguf", theirs)


def differ(ours: Llama, theirs: torch.nn.Module) -> float:
    """The largest difference of logits, on two texts of a full context."""
    torch.manual_seed(1)
    tokens = torch.randint(ours.config.vocab_size, (2, 48))
    with torch.inference_mode():
        return (ours(tokens) - theirs(tokens).logits).abs().max().item()


@pytest.mark.parametrize("packing", PACKINGS, ids=lambda p: p.name)
@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
def test_the_logits_are_those_of_transformers(tmp_path, packing, tied):
    """With the rows in llama.cpp's order, whatever the numbers' packing."""
    theirs = reference(tied=tied)
    file = write_gguf(tmp_path / "tiny.gguf", theirs, packing=packing)
    packed(theirs, packing)
    ours, _ = load_gguf(file)

    assert ours.config.tied == tied
    assert not ours.training
    assert differ(ours, theirs) < 3e-5


@pytest.mark.parametrize("heads", [(4, 4), (4, 1), (8, 2)])
def test_any_number_of_key_heads_fits(tmp_path, heads):
    """As many as queries have, a single one, and a group."""
    H, G = heads
    theirs = reference(num_attention_heads=H, num_key_value_heads=G)
    ours, _ = load_gguf(write_gguf(tmp_path / "tiny.gguf", theirs))

    assert differ(ours, theirs) < 3e-5


def test_the_order_of_the_rows_matters(tmp_path, theirs):
    """Queries and keys in transformers' order would be another model."""

    def unordered(weights):
        for name, weight in theirs.named_parameters():
            if "q_proj" in name or "k_proj" in name:
                number = name.split(".")[2]
                part = f"attn_{name.split('.')[4][0]}"
                weights[f"blk.{number}.{part}.weight"] = weight.numpy()
        return weights

    with torch.no_grad():
        file = write_gguf(
            tmp_path / "tiny.gguf", theirs, change_weights=unordered
        )
    assert differ(load_gguf(file)[0], theirs) > 0.01


def test_the_weights_are_the_models_own(file):
    """They are trainable, not the mapped file, and tied ones are one."""
    model, _ = load_gguf(file)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(1.0)  # a mapped file could not be written to

    assert all(weight.requires_grad for weight in model.parameters())
    assert model.lm_head.weight is model.token.weight
    assert not any(p.is_meta for p in model.parameters())
    assert not any(b.is_meta for b in model.buffers())
    before = file.read_bytes()
    model.token.weight.data.zero_()
    assert file.read_bytes() == before


# ------------------------------------------------------------------ refused


def refused(file) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011, the callers look
        load_gguf(file)
    said = str(caught.value)
    assert "\n" not in said
    assert file.name in said
    return said


@pytest.mark.parametrize("family", ["gpt2", "qwen2", "mamba"])
def test_another_family_is_named(tmp_path, theirs, family):
    """What it is, and what is read."""
    file = write_gguf(tmp_path / "tiny.gguf", theirs, family=family)

    assert f"family '{family}', not 'llama'" in refused(file)


def test_what_is_no_gguf_file_is_refused(tmp_path):
    """A file of another kind, an empty one, a folder, nothing."""
    file = tmp_path / "other"
    for content in (b"", b"GGU", b"PK\3\4" * 99):
        file.write_bytes(content)
        assert "does not begin as a GGUF file" in refused(file)
    with pytest.raises(ValueError, match="is a folder"):
        load_gguf(tmp_path)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_gguf(tmp_path / "missing.gguf")


def test_a_file_cut_off_anywhere_is_refused(tmp_path, file):
    """In the header, in the fields, in the list of tables, in the last."""
    content = file.read_bytes()
    cut = tmp_path / "cut.gguf"
    lengths = [*range(4, 400, 37), *range(400, len(content), 3001)]
    for length in (*lengths, len(content) - 1):
        cut.write_bytes(content[:length])
        assert "damaged or not complete" in refused(cut), length


def test_a_byte_changed_anywhere_ends_in_a_sentence(tmp_path, file):
    """Or in a model: a changed weight is a weight."""
    content = file.read_bytes()
    generator, said = np.random.default_rng(0), []
    for place in generator.integers(4, 9000, 150):
        damaged = bytearray(content)
        damaged[place] ^= int(generator.integers(1, 256))
        (tmp_path / "changed.gguf").write_bytes(bytes(damaged))
        try:
            load_gguf(tmp_path / "changed.gguf")
        except ValueError as error:
            said.append(str(error))

    assert said
    assert all("changed.gguf" in each and "\n" not in each for each in said)


def test_a_list_without_end_is_not_read(tmp_path, file):
    """The library would count to any number that is written there."""
    content = file.read_bytes()
    place = content.index(b"tokenizer.ggml.token_type") + 25 + 4 + 4
    longer = content[:place] + (2**21).to_bytes(8, "little")
    (tmp_path / "long.gguf").write_bytes(longer + content[place + 8 :])

    assert "2,097,152 entries" in refused(tmp_path / "long.gguf")


def test_a_packing_that_is_not_read_is_named(tmp_path, theirs):
    """Integers, say, which the library does not turn into numbers."""

    def whole(weights):
        name = "blk.0.ffn_up.weight"
        return weights | {name: weights[name].astype(np.int32)}

    file = write_gguf(tmp_path / "tiny.gguf", theirs, change_weights=whole)

    assert "blk.0.ffn_up.weight is packed as I32" in refused(file)


NORM = "blk.1.attn_norm.weight"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda w: {n: v for n, v in w.items() if n != NORM}, NORM),
        (lambda w: w | {"blk.0.attn_q.bias": w[NORM]}, "has no place"),
        (lambda w: w | {NORM: w[NORM][:32]}, r"is \(32,\), and .* \(64,\)"),
        (
            lambda w: w | {"token_embd.weight": w["token_embd.weight"][1:]},
            "token_embd.weight is",
        ),
        (
            lambda w: w | {"output_norm.weight": w[NORM] * np.nan},
            "output_norm.weight has numbers that are not finite",
        ),
    ],
    ids=["missing", "unknown", "short", "one token fewer", "nan"],
)
def test_weights_that_do_not_fit_are_named(tmp_path, theirs, change, named):
    """Missing, without a place, of another shape, no numbers."""
    file = write_gguf(tmp_path / "tiny.gguf", theirs, change_weights=change)

    assert re.search(named, refused(file))


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("llama_block_count", 3, "3 layers and has no blk.2"),
        ("llama_block_count", 9_999, "9999 layers"),
        ("llama_block_count", 2**31, "n_layer is 2147483648"),
        ("llama_block_count", 1, "blk.1.*has no place"),
        ("llama_embedding_length", 128, "it should be"),
        ("llama_attention_head_count", 3, "n_embed 64 cannot be shared"),
        ("llama_attention_head_count_kv", 4, "attn_k.weight is"),
        ("llama_context_length", 0, "block_size is 0"),
        ("llama_context_length", None, "lacks 'context_length'"),
        ("general_architecture", None, "lacks 'general.architecture'"),
        ("tokenizer_ggml_model", "llama", "kind 'llama'"),
        ("tokenizer_ggml_pre", "qwen2", "as 'qwen2' does"),
        ("tokenizer_ggml_pre", None, "as None does"),
        ("tokenizer_ggml_eos_token_id", 10**6, "token 1000000"),
        ("tokenizer_ggml_add_bos_token", True, "a token before every text"),
    ],
)
def test_what_a_file_states_must_fit(tmp_path, theirs, field, value, named):
    """Sizes that its tables have, and a tokenizer that is known."""
    file = write_gguf(tmp_path / "tiny.gguf", theirs, **{field: value})

    assert re.search(named, refused(file))


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"llama.rope.scaling.type": "yarn"}, "rope.scaling.type is 'yarn'"),
        ({"llama.expert_count": 8}, "expert_count is 8"),
        ({"llama.rope.dimension_count": 8}, "rope.dimension_count is 8"),
        ({"llama.attention.key_length": 32}, "key_length is 32"),
        ({"llama.attention.sliding_window": 9}, "sliding_window is 9"),
    ],
)
def test_what_a_llama_here_does_not_do_is_refused(
    tmp_path, theirs, more, named
):
    """It would compute something else without a word."""
    assert named in refused(
        write_gguf(tmp_path / "tiny.gguf", theirs, more=more)
    )


def test_what_changes_nothing_is_read(tmp_path, theirs):
    """No scaling, no experts, all channels of a head turned."""
    more = {
        "llama.rope.scaling.type": "none",
        "llama.expert_count": 0,
        "llama.rope.dimension_count": 16,
    }
    file = write_gguf(tmp_path / "tiny.gguf", theirs, more=more)

    assert differ(load_gguf(file)[0], theirs) < 3e-5


def test_the_high_byte_first_is_refused(tmp_path, theirs):
    """The library would unpack such numbers wrongly."""
    file = write_gguf(tmp_path / "t.gguf", theirs, endian=GGUFEndian.BIG)

    assert "high byte first" in refused(file)


def test_a_file_cut_off_between_two_entries_is_refused(tmp_path, file):
    """The library reads entries of no bytes beyond the end."""
    content = file.read_bytes()
    place = content.index(b"tokenizer.ggml.token_type") + 25 + 16
    (tmp_path / "cut.gguf").write_bytes(content[: place + 40])

    assert "it ends at byte" in refused(tmp_path / "cut.gguf")


def test_a_number_of_tables_without_end_is_not_read(tmp_path, file):
    """Zeros would be as many tables without a name."""
    content = bytearray(file.read_bytes())
    content[8:16] = (2**21).to_bytes(8, "little")
    (tmp_path / "many.gguf").write_bytes(bytes(content))

    assert "2,097,152 entries" in refused(tmp_path / "many.gguf")


def test_tokens_without_a_kind_are_refused(tmp_path, theirs):
    """A list that is too short would make tokens of the rest."""
    few = [3] * 3 + [1] * 9
    file = write_gguf(
        tmp_path / "tiny.gguf", theirs, tokenizer_ggml_token_type=few
    )

    assert "278 tokens and says of 12" in refused(file)


def test_nothing_large_is_made_before_all_is_checked(
    file, theirs, monkeypatch, tmp_path
):
    """Too little memory is said with both numbers, before a table is read."""
    read = []
    ours = filling.read
    monkeypatch.setattr(
        filling, "read", lambda *a: read.append(a[1]) or ours(*a)
    )
    monkeypatch.setattr(memory, "free_memory", lambda: 1000)
    said = refused(file)
    weights = sum(p.numel() for p in theirs.parameters())
    needed = f"needs {weights * 4 * memory.ROOM / 1e6:.2f} MB"

    assert needed in said
    assert "0.00 MB are free" in said
    assert read == []
    monkeypatch.setattr(memory, "free_memory", lambda: None)
    load_gguf(file)
    assert len(read) == len(gguf_weights(theirs))


def test_free_memory_is_a_number_of_bytes():
    """Between nothing and a petabyte, where this machine says it."""
    free = memory.free_memory()

    assert free is None or 1e6 < free < 1e15


def test_a_missing_package_is_named(file, monkeypatch):
    """With the extra that brings it."""
    monkeypatch.setitem(sys.modules, "gguf", None)

    with pytest.raises(ValueError, match=r"package gguf.*models"):
        gguf_file.load_gguf(file)
