"""Draws the lines of the blind test: a GPT's, and Shakespeare's own.

    python scripts/records/blind_test.py        # half an hour

Trains LAPTOP on the plays, in pairs of 2,048.
"""

from pathlib import Path

import torch

from tutorgpt import GPT, LAPTOP, load_corpus, train
from tutorgpt.training.recipes import good

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "runs" / "blind_test"
SEED = 1337
STEPS = 2500
TOKENIZER = "pairs:2048"

torch.set_num_threads(1)
corpus = load_corpus("shakespeare", TOKENIZER)
torch.manual_seed(SEED)
model = GPT(LAPTOP.model(vocab_size=corpus.tokenizer.vocab_size))
settings = good(LAPTOP.training(max_steps=STEPS, seed=SEED))
train(model, corpus, settings, out=RUN)
