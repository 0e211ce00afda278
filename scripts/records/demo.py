"""Trains the small models that the book's playground shows.

    python scripts/records/demo.py                   # the plays
    python scripts/records/demo.py --corpus songci   # the Song ci

It writes the model, as it was at one or more moments of its training, to the
playground's assets, and how it was made to results/.
"""

import argparse
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from tutorgpt import GPT, ModelConfig, TrainConfig, generate, load_corpus
from tutorgpt.ground.provenance import (
    as_script,
    machine,
    versions,
    write_record,
)
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.language_model import LanguageModel
from tutorgpt.modern import ModernGPT
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.tokens.alphabet import NUMBER_OF_BYTE
from tutorgpt.tokens.byte_pairs import BytePairTokenizer
from tutorgpt.tokens.vocabulary import Vocabulary
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.recipes import rare
from tutorgpt.training.schedule import learning_rate_at
from tutorgpt.training.state import Schedule
from tutorgpt.training.steps import training_steps
from tutorgpt.view.playground.pack import pack, rounded, snapshot

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "tutorgpt/view/playground/assets"
SEED = 1337
BITS = 8
TUNE, PROMPT = "浣溪沙", "浣溪沙 晏殊\n"
FORM = (7,) * 6
"""Characters in each line of the tune."""
POEMS, LENGTH = 50, 120
"""How many poems the model writes to be measured, and their most tokens."""


def straight(step: int, config: TrainConfig) -> float:
    """A hundred steps up, then along a straight line down to a tenth."""
    way = step / config.max_steps
    return config.learning_rate * min(step / 100, 1 - 0.9 * way)


@dataclass(frozen=True)
class Plan:
    """A model of the playground, and how it is trained.

    asset: the file's name, and that of the value which it gives to a page.
    early: the steps, before the last, whose weights are kept too.
    rate: the learning rate, in words.
    """

    asset: str
    kind: Callable[[ModelConfig], LanguageModel]
    shape: dict[str, int]
    settings: TrainConfig
    note: str
    rate: str
    schedule: Schedule = learning_rate_at
    early: tuple[int, ...] = ()


PLANS = {
    "shakespeare": Plan(
        asset="demo",
        kind=GPT,
        shape={"block_size": 64, "n_embed": 40, "n_head": 4, "n_layer": 3},
        settings=TrainConfig(
            max_steps=6000, batch_size=32, learning_rate=4e-3, seed=SEED
        ),
        note="A model this small writes pseudo-Shakespeare: it has learned "
        "spelling, names and the layout of a play, and no sense.",
        rate="100 steps up, then down to a tenth",
        schedule=straight,
        early=(0, 100, 1000),
    ),
    "songci": Plan(
        asset="songci",
        kind=ModernGPT,
        shape={"block_size": 96, "n_embed": 40, "n_head": 4, "n_layer": 3},
        settings=rare(
            TrainConfig(
                max_steps=6000, batch_size=21, learning_rate=1e-2, seed=SEED
            )
        ),
        note="A model this small writes in the words and the layout of the "
        "poems; it often loses count of a line's characters, and makes no "
        "sense.",
        rate="recipe rare",
    ),
}
VOCABULARY = 3456
"""Tokens of the model of the Song ci."""


def main() -> None:
    """Train, keep the moments, write the asset and the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", choices=PLANS, default="shakespeare")
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    os.environ["TUTORGPT_PROGRESS"] = "0"
    torch.set_num_threads(1)
    plan = PLANS[options.corpus]
    settings = plan.settings
    if options.steps:
        settings = replace(settings, max_steps=options.steps)
    corpus = load_corpus(options.corpus)
    floors = asdict(measure_floors(corpus))
    if options.corpus == "songci":
        tokenizer = frequent_characters(corpus, VOCABULARY)
        text = corpus.text
        corpus = Corpus.from_text("songci", text, tokenizer=tokenizer)
    config = ModelConfig(vocab_size=corpus.tokenizer.vocab_size, **plan.shape)
    torch.manual_seed(SEED)
    model = plan.kind(config)
    moments, seconds = trained(model, corpus, plan, settings)
    packed = pack(model, corpus.tokenizer, note=plan.note)
    packed["snapshots"] = moments
    told = as_script("scripts/records/demo.py", plan.asset, packed)
    write_whole(ASSETS / f"{plan.asset}.js", told)
    named = "" if plan.asset == "demo" else f"--corpus {options.corpus} "
    steps = settings.max_steps
    record = {
        "command": f"python scripts/records/demo.py {named}--steps {steps}",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "seed": SEED,
        "config": asdict(config),
        "training": {
            "batch_size": settings.batch_size,
            "learning_rate": f"{settings.learning_rate}: {plan.rate}",
        },
        "bits_per_weight": BITS,
        "floors": floors,
        "val_loss": {m["step"]: m["loss"] for m in moments},
        "cpu_seconds": seconds,
    }
    if options.corpus == "songci":
        record |= {"kind": packed["kind"], "parameters": packed["parameters"]}
        record |= of_poems(model, corpus, moments[-1]["loss"])
    suffix = "" if plan.asset == "demo" else f"_{plan.asset}"
    write_record(ROOT / "results" / f"demo{suffix}.json", record)


def trained(
    model: LanguageModel, corpus: Corpus, plan: Plan, settings: TrainConfig
) -> tuple[list[dict], float]:
    """The model at the plan's moments, and the processor's seconds."""
    moments = [moment(model, corpus.val, 0)] if 0 in plan.early else []
    start = time.process_time()
    for state in training_steps(
        model, corpus, settings, schedule=plan.schedule
    ):
        if state.step in (*plan.early, settings.max_steps):
            moments.append(moment(model, corpus.val, state.step))
            print(state.step, moments[-1]["loss"], flush=True)
        elif state.step % 1000 == 0:
            print(state.step, round(state.loss, 3), flush=True)
    return moments, round(time.process_time() - start, 1)


def moment(model: LanguageModel, val: torch.Tensor, step: int) -> dict:
    """The weights as the page will use them, with their exact loss."""
    loss = exact_loss(rounded(model, bits=BITS), val)
    return snapshot(model, bits=BITS, step=step, loss=round(loss, 4))


# ----------------------------------------------------------- the Song ci


def frequent_characters(corpus: Corpus, size: int) -> BytePairTokenizer:
    """The most frequent characters as a token each, the others in two or more.

    Every character is spelled by its bytes, and they are joined from the
    left: so those of a frequent one become a single token, and a rare one
    remains as its first bytes and its last. Nothing joins two characters.
    size: how many tokens there are to be; the 256 bytes are among them.
    """
    learned = corpus.text[: len(corpus.text) * 9 // 10]
    vocabulary, merges = Vocabulary(), []
    numbers = {bytes([byte]): n for byte, n in NUMBER_OF_BYTE.items()}
    for character, _ in Counter(learned).most_common():
        spelled = character.encode()
        starts = [spelled[:n] for n in range(1, len(spelled) + 1)]
        new = [start for start in starts if start not in numbers]
        if len(vocabulary) + len(new) > size:
            break
        for start in new:
            pair = numbers[start[:-1]], numbers[start[-1:]]
            merges.append(pair)
            numbers[start] = vocabulary.join(pair)
    return BytePairTokenizer(tuple(merges))


def of_poems(model: LanguageModel, corpus: Corpus, loss: float) -> dict:
    """What else is said of the model of the Song ci.

    loss: in nats per token.
    """
    tokenizer = corpus.tokenizer
    held_out = corpus.text[len(corpus.text) * 9 // 10 :]
    per_character = (len(corpus.val) - 1) / (len(held_out) - 1)
    whole = [c for c in set(corpus.text) if len(tokenizer.encode(c)) == 1]
    as_one = sum(map(held_out.count, whole)) / len(held_out)
    return {
        "tokenizer": {
            "characters": len(whole),
            "share_of_text": round(as_one, 4),
            "tokens_per_character": round(per_character, 4),
        },
        "val_loss_per_character": round(loss * per_character, 4),
        "forms": forms(rounded(model, bits=BITS), corpus),
    }


def forms(model: LanguageModel, corpus: Corpus) -> dict:
    """How many poems keep the tune's line lengths: its own, those to all
    tunes together, which says what chance would give, and the model's."""
    tokens = torch.tensor([corpus.tokenizer.encode(PROMPT)] * POEMS)
    generator = torch.Generator().manual_seed(SEED)
    rows = generate(model, tokens, LENGTH, generator=generator).tolist()
    written = [corpus.tokenizer.decode(row) for row in rows]
    written = [text.partition("\n\n")[0] for text in written]
    poems = [poem for poem in corpus.text.split("\n\n") if "\n" in poem]
    theirs = [poem for poem in poems if poem.startswith(f"{TUNE} ")]
    return {
        "tune": TUNE,
        "prompt": PROMPT,
        "corpus": in_form(theirs),
        "all_tunes": in_form(poems),
        "model": in_form(written),
        "sample": written[0],
    }


def in_form(poems: list[str]) -> dict:
    """How many poems there are, and what share of them, and of their lines,
    have the lengths of the tune."""
    lengths = [line_lengths(poem) for poem in poems]
    lines = [length for poem in lengths for length in poem]
    return {
        "poems": len(poems),
        "whole": round(lengths.count(FORM) / len(poems), 4),
        "lines": round(lines.count(FORM[0]) / len(lines), 4),
    }


def line_lengths(poem: str) -> tuple[int, ...]:
    """The characters between two marks, below the line with tune and poet."""
    body = poem.partition("\n")[2]
    return tuple(map(len, filter(None, re.split(r"[，。、！？；：\s]", body))))


if __name__ == "__main__":
    main()
