"""Tokens that no model can read: one sentence, from every rung."""

import subprocess
import sys

import pytest
import torch

from tutorgpt import GPT, LADDER, ModelConfig
from tutorgpt.language_model import check_tokens

TRY = """
import torch
from tutorgpt import LADDER, ModelConfig, generate
from tutorgpt.decoding import generate_batch
tokens = torch.tensor([[1, 2, 3]])
wrong = {
    "1-D": tokens[0], "0-D": tokens[0, 0], "float": tokens.float(),
    "bool": tokens > 1, "list": [[1, 2]], "V": tokens + 8, "-1": tokens - 2,
}
config = ModelConfig(
    vocab_size=11, block_size=4, n_embed=8, n_head=2, n_layer=1
)
for rung in LADDER:
    model = rung(config)
    assert model(tokens).shape == (1, 3, 11)
    for name, bad in wrong.items():
        for call in (
            lambda: model(bad),
            lambda: generate(model, bad, 1),
            lambda: generate_batch(model, bad, 1) if name in "V -1" else 1 / 0,
        ):
            try:
                call()
            except ValueError as error:
                print(rung.__name__, name, error, sep="|")
            except ZeroDivisionError:
                pass
    try:
        model(torch.zeros(1, 5, dtype=torch.int64))
    except ValueError as error:
        assert "block_size is 4" in str(error)
"""
OTHERS = """
import torch
from tutorgpt import GPT, ModelConfig, generate
config = ModelConfig(
    vocab_size=11, block_size=4, n_embed=8, n_head=2, n_layer=1
)
tokens = torch.tensor([[1, 2, 3]])
for length, settings in (1.5, {}), ("2", {}), (1, {"top_k": 1.5}):
    try:
        generate(GPT(config), tokens, length, **settings)
    except ValueError as error:
        print(error)
"""
SAID = {
    "1-D": "the tokens have the shape (3,), which is not (B, T): ",
    "0-D": "the tokens have the shape (), which is not (B, T): ",
    "float": "the tokens are float32 numbers: pass whole numbers, ",
    "bool": "the tokens are bool numbers: pass whole numbers, ",
    "list": "the tokens are of type list: ",
    "V": "token 11 is outside the vocabulary of 11: tokens go from 0 to 10",
    "-1": "token -1 is outside the vocabulary of 11: tokens go from 0 to 10",
}


def test_every_rung_names_the_tokens_at_fault() -> None:
    """Called itself and by generate, as a reader calls them: unchecked."""
    done = subprocess.run(
        [sys.executable, "-c", TRY], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split("|") for line in done.stdout.splitlines()]

    for rung in LADDER:
        for name, said in SAID.items():
            found = [w for r, n, w in lines if (r, n) == (rung.__name__, name)]
            assert len(found) == 2 + (name in ("V", "-1")), (rung, name)
            assert all(words.startswith(said) for words in found)


def test_generate_names_a_number_that_is_not_whole() -> None:
    """As a reader calls it: unchecked."""
    done = subprocess.run(
        [sys.executable, "-c", OTHERS], capture_output=True, text=True
    )

    assert done.stdout.splitlines() == [
        "max_new_tokens is 1.5: choose a whole number, 0 or more",
        "max_new_tokens is '2': choose a whole number, 0 or more",
        "top_k is 1.5: choose a whole number, 1 or more, or None",
    ], done.stderr


def test_another_fault_of_a_model_is_left_as_it_is() -> None:
    """Tokens that can be read are not blamed."""

    class Broken(GPT):
        def forward(self, tokens):
            raise RuntimeError("mine")

    shape = ModelConfig(
        vocab_size=9, block_size=4, n_embed=8, n_head=2, n_layer=1
    )
    with pytest.raises(RuntimeError, match=r"^mine$"):
        Broken(shape)(torch.tensor([[1]]))


def test_no_token_at_all_is_in_no_vocabulary() -> None:
    """(B, 0) is a table, and generate has its own sentence for it."""
    check_tokens(torch.zeros(1, 0, dtype=torch.int64), 9)
