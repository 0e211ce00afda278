"""The answer of another library, from the same file."""

import gc
import sys
import weakref

import pytest
import torch
from gguf import GGMLQuantizationType as Packing
from llama_files import packed, reference, write_gguf

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.pretrained.reference import (
    empty_model,
    halves_from_neighbours,
    logits_of_transformers,
)


@pytest.mark.parametrize("tied", [True, False])
def test_it_is_what_their_model_gives(tmp_path, tied):
    """The model that the file was written from, whose numbers are packed."""
    theirs = reference(tied=tied)
    packed(theirs, Packing.Q4_1)
    file = write_gguf(tmp_path / "tiny.gguf", theirs, packing=Packing.Q4_1)
    torch.manual_seed(1)
    tokens = torch.randint(theirs.config.vocab_size, (2, 30))
    with torch.inference_mode():
        expected = theirs(tokens).logits

    found = logits_of_transformers(file, tokens)

    assert torch.allclose(found, expected, atol=1e-5)
    assert not found.requires_grad


def test_their_model_does_not_stay(tmp_path, monkeypatch):
    """Two models of this size would not fit into a small memory."""
    made = []

    def remembered(config):
        model = empty_model(config)
        made.append(weakref.ref(model))
        return model

    monkeypatch.setattr(
        "tutorgpt.pretrained.reference.empty_model", remembered
    )
    file = write_gguf(tmp_path / "tiny.gguf", reference())
    logits_of_transformers(file, torch.tensor([[1, 2]]))
    gc.collect()

    assert [model() for model in made] == [None]


def test_halves_are_put_in_order_head_by_head():
    """Two heads of four rows: 0, 2, 1, 3 in each."""
    rows = torch.arange(8.0)[:, None]

    assert halves_from_neighbours(rows, 2).flatten().tolist() == [
        *(0, 2, 1, 3),
        *(4, 6, 5, 7),
    ]


def test_without_the_library_there_is_a_sentence(tmp_path, monkeypatch):
    """It names the package, and how to have it."""
    file = write_gguf(tmp_path / "tiny.gguf", reference())
    monkeypatch.setitem(sys.modules, "transformers", None)

    with pytest.raises(RefusalError, match=r"transformers.*models"):
        logits_of_transformers(file, torch.tensor([[1, 2]]))
