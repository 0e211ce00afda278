"""The playground's models are those of their records."""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

from scripts.records import demo
from scripts.records.demo import (
    BITS,
    FORM,
    PLANS,
    VOCABULARY,
    frequent_characters,
    in_form,
    line_lengths,
)
from tutorgpt import load_corpus
from tutorgpt.config import ModelConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.split import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.view.playground.pack import pack_tokenizer
from tutorgpt.view.playground.page import asset

RESULTS = Path(__file__).resolve().parents[2] / "results"
WHOSE = ("corpus", "all_tunes", "model")
RECORDS = {"shakespeare": "demo.json", "songci": "demo_songci.json"}


def record(corpus: str) -> dict:
    return json.loads((RESULTS / RECORDS[corpus]).read_text("utf-8"))


def packed(corpus: str) -> dict:
    """What the asset gives to a page."""
    name = PLANS[corpus].asset
    text = asset(f"{name}.js").partition(f"{name} = ")[2]
    return json.loads(text.rstrip("\n;"))


@pytest.fixture(scope="module")
def poems() -> Corpus:
    """The Song ci in the tokens of the model."""
    corpus = load_corpus("songci")
    tokenizer = frequent_characters(corpus, VOCABULARY)
    return Corpus.from_text("songci", corpus.text, tokenizer=tokenizer)


def unpacked(corpus: str) -> LanguageModel:
    """The model of the last snapshot, with its eight bits."""
    told = packed(corpus)
    data = base64.b64decode(told["snapshots"][-1]["weights"])
    model = PLANS[corpus].kind(ModelConfig(**told["config"]))
    weights, at = {}, 0
    for name, shape in told["tensors"]:
        if len(shape) == 1:
            row = np.frombuffer(data, "<f2", shape[0], at)
            weights[name] = torch.tensor(row.astype("f4"))
            at += 2 * shape[0]
            continue
        form = np.dtype([("scale", "<f2"), ("whole", "i1", shape[1])])
        rows = np.frombuffer(data, form, shape[0], at)
        scale = rows["scale"].astype("f4")[:, None]
        weights[name] = torch.tensor(scale * rows["whole"])
        at += form.itemsize * shape[0]
    assert at == len(data)
    model.load_state_dict(weights)
    return model.eval()


@pytest.mark.parametrize("corpus", PLANS)
def test_a_record_is_that_of_its_asset(corpus: str) -> None:
    """Same shape, steps and losses; the weights are those of the sum."""
    told, made = packed(corpus), record(corpus)
    shown = {step["step"]: step["loss"] for step in told["snapshots"]}
    shape = {n: v for n, v in made["config"].items() if n != "dropout"}

    assert made["corpus"] == corpus
    assert told["config"] == shape
    assert {str(step): loss for step, loss in shown.items()} == made[
        "val_loss"
    ]
    for each in told["snapshots"]:
        data = base64.b64decode(each["weights"])
        assert each["bits"] == made["bits_per_weight"] == BITS
        assert each["crc32"] == zlib.crc32(data)


@pytest.mark.parametrize("corpus", PLANS)
def test_a_record_is_that_of_its_plan(corpus: str) -> None:
    """The script as it stands would train this model, with this command."""
    plan, made = PLANS[corpus], record(corpus)
    steps = str(plan.settings.max_steps)

    assert plan.shape.items() <= made["config"].items()
    assert packed(corpus)["kind"] == plan.kind.__name__
    assert packed(corpus)["note"] == plan.note
    assert made["training"]["batch_size"] == plan.settings.batch_size
    assert list(made["val_loss"]) == [*map(str, plan.early), steps]
    assert made["command"].endswith(f"--steps {steps}")


def test_the_model_of_the_poems_has_at_most_500_kb() -> None:
    """As a file, since it is loaded from disk as it stands."""
    assert len(asset("songci.js").encode()) <= 500_000


def test_the_poems_model_has_the_loss_of_its_record(poems: Corpus) -> None:
    """Computed again from the eight bits of the asset, and per character."""
    made = record("songci")
    loss = exact_loss(unpacked("songci"), poems.val)
    held_out = poems.text[len(poems.text) * 9 // 10 :]
    each = (len(poems.val) - 1) / (len(held_out) - 1)

    assert loss == pytest.approx(*made["val_loss"].values(), abs=1e-3)
    assert loss * each == pytest.approx(
        made["val_loss_per_character"], abs=1e-3
    )
    assert made["tokenizer"]["tokens_per_character"] == round(each, 4)


def test_the_poems_model_is_better_than_counting() -> None:
    """And than chapter 6's SMALL, which reads eight characters."""
    made = record("songci")
    small = json.loads((RESULTS / "quality_songci.json").read_text("utf-8"))
    loss = made["val_loss_per_character"]

    assert loss < made["floors"]["bigram"]
    assert loss < small["mean"]["rare recipe"]["val_loss"]


def test_the_floors_are_those_of_characters() -> None:
    """Of all 6,148, so that the losses are of the same text."""
    floors = measure_floors(load_corpus("songci"))

    assert record("songci")["floors"] == pytest.approx(vars(floors))


def test_the_poems_model_knows_something_of_the_form() -> None:
    """Far from what the poets do, and twice what knowing no tune gives."""
    text = load_corpus("songci").text
    poems = [poem for poem in text.split("\n\n") if "\n" in poem]
    theirs = [poem for poem in poems if poem.startswith("浣溪沙 ")]
    forms = record("songci")["forms"]
    lines = {whose: forms[whose]["lines"] for whose in WHOSE}

    assert forms["corpus"] == in_form(theirs)
    assert forms["all_tunes"] == in_form(poems)
    assert lines["corpus"] > lines["model"] > 2 * lines["all_tunes"]
    assert forms["model"]["poems"] == demo.POEMS


def test_line_lengths_by_hand() -> None:
    """The line with tune and poet does not count, and neither do marks."""
    poem = "浣溪沙 晏殊\n一曲新词酒一杯。\n无可奈何，归来。\n\n"

    assert line_lengths(poem) == (7, 4, 2)
    assert in_form([poem, "浣溪沙\n" + "一二三四五六七，" * len(FORM)]) == {
        "poems": 2,
        "whole": 0.5,
        "lines": round(7 / 9, 4),
    }


def test_frequent_characters_are_a_token_each() -> None:
    """Of 256 bytes and six joins: two characters of three bytes whole, and
    of a third its first two bytes, which it shares with them."""
    text = "花花花月月月a芳\n" * 5
    tokenizer = frequent_characters(Corpus.from_text("abc", text), 260)
    lengths = {c: len(tokenizer.encode(c)) for c in "花月a芳\n"}

    assert tokenizer.vocab_size == 260
    assert lengths == {"花": 1, "月": 1, "a": 1, "芳": 2, "\n": 1}
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_no_token_of_the_poems_joins_two_characters(poems: Corpus) -> None:
    """Each is a character, or bytes of one; the page has the same ones."""
    spelled = poems.tokenizer.bytes_of
    one = [len(b.decode(errors="ignore")) for b in spelled]

    assert max(one) == 1
    assert max(map(len, spelled)) == 3
    assert sum(one) == record("songci")["tokenizer"]["characters"] + sum(
        poems.text.count(chr(n)) == 0 for n in range(128)
    )
    assert packed("songci")["tokenizer"] == pack_tokenizer(poems.tokenizer)
