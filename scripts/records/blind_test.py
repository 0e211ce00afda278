"""Draws the lines of the blind test: a GPT's, and Shakespeare's own.

    python scripts/records/blind_test.py        # a quarter of an hour

Trains LAPTOP on the plays, cut into 2,048 byte pairs, for 1,000 steps, and
lets it write. From what it wrote and from the held-out tenth of the plays,
20 lines each are drawn by one rule, which reads none of them: whole lines of
30 to 44 characters that are no speaker's name, stand nowhere in the training
text, and are taken once. Writes results/blind_test.json, and the script of
the interactive figure. The run stays in runs/blind_test: where it is whole,
the lines are drawn from it again.
"""

import argparse
import os
from pathlib import Path

import torch

from tutorgpt import GPT, LAPTOP, load_checkpoint, load_corpus, train
from tutorgpt.ground.provenance import (
    as_script,
    machine,
    versions,
    write_record,
)
from tutorgpt.ground.whole_files import write_whole
from tutorgpt.originality import (
    TextIndex,
    blind_test,
    lines_to_judge,
    written,
)
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.shakespeare import plain_dialogue, play_files
from tutorgpt.training.recipes import good
from tutorgpt.training.runs import RunFolder

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "runs" / "blind_test"
ASSET = ROOT / "tutorgpt/view/interactive/assets/blind_lines.js"
SEED = 1337
TOKENIZER, STEPS = "pairs:2048", 1000
PAIRS, SHORTEST, LONGEST = 20, 30, 44
TEXTS, TOKENS, TEMPERATURE = 24, 240, 0.8


def train_model(corpus: Corpus) -> None:
    """Leave a trained model in RUN, if there is none yet."""
    torch.manual_seed(SEED)
    model = GPT(LAPTOP.model(vocab_size=corpus.tokenizer.vocab_size))
    settings = good(LAPTOP.training(max_steps=STEPS, seed=SEED))
    train(model, corpus, settings, out=RUN)


def plays_of(lines: list[str]) -> list[str]:
    """The title of the play in which each line stands."""
    title_of = {}
    for file in play_files():
        markdown = file.read_text(encoding="utf-8")
        title = markdown.partition("\n")[0].removeprefix("# ")
        for line in plain_dialogue(markdown).split("\n"):
            title_of.setdefault(line, title)
    return [title_of[line] for line in lines]


def asset(record: dict) -> str:
    """What the figure needs."""
    kept = {name: record[name] for name in ("pairs", "key", "plays")}
    return as_script("scripts/records/blind_test.py", "blindLines", kept)


def main() -> None:
    """Train, write, draw; then the record and the figure's script."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.environ["TUTORGPT_PROGRESS"] = "0"
    torch.set_num_threads(1)
    corpus = load_corpus("shakespeare", TOKENIZER)
    train_model(corpus)
    run = RunFolder(RUN)
    model, tokenizer = load_checkpoint(run.choose().folder)
    best = run.newest_record()[1].best
    learned = TextIndex(tokenizer.decode(corpus.train.tolist()))
    held_out = tokenizer.decode(corpus.val.tolist())
    settings = {"temperature": TEMPERATURE, "seed": SEED}
    texts = written(model, tokenizer, TEXTS, TOKENS, **settings)
    rule = {"shortest": SHORTEST, "longest": LONGEST, "seed": SEED}
    own = lines_to_judge(texts, learned, PAIRS, **rule)
    real = lines_to_judge([held_out], learned, PAIRS, **rule)
    test = blind_test(own, real, seed=SEED)
    record = {
        "command": "python scripts/records/blind_test.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "model": {"preset": LAPTOP.name, "tokenizer": TOKENIZER}
        | {"recipe": "good", "max_steps": STEPS, "seed": SEED},
        "step": best.step,
        "val_loss": best.val_loss,
        "written": {"texts": TEXTS, "tokens": TOKENS} | settings,
        "rule": rule,
        "pairs": test.pairs,
        "key": test.key,
        "plays": plays_of(real),
    }
    write_record(ROOT / "results" / "blind_test.json", record)
    write_whole(ASSET, asset(record))


if __name__ == "__main__":
    main()
