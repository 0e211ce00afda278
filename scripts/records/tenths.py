"""Records how hard each tenth of a text is for pairs counted in the others.

    python scripts/records/tenths.py            # half a minute

A gap between training and held-out loss can be memory, or a last tenth that
is harder to guess. So each tenth of *songci* is held out in turn, and pairs
are counted in the other nine: nobody has seen it, whichever it is. Writes
results/tenths.json.
"""

from dataclasses import replace
from pathlib import Path

import torch

from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.text.corpus import load_corpus
from tutorgpt.text.floors import measure_floors

OUT = Path(__file__).resolve().parents[2] / "results" / "tenths.json"


def main() -> None:
    """Hold out every tenth once; the last one is the book's own split."""
    corpus = load_corpus("songci")
    text, size = torch.cat([corpus.train, corpus.val]), len(corpus.val)
    starts = [*range(0, 9 * size, size), len(corpus.train)]
    losses = []
    for start in starts:
        rest = torch.cat([text[:start], text[start + size :]])
        held_out = text[start : start + size]
        floors = measure_floors(replace(corpus, train=rest, val=held_out))
        losses.append(round(floors.bigram, 4))
        print(f"characters from {start:,}: {losses[-1]}", flush=True)
    record = {
        "command": "python scripts/records/tenths.py",
        "machine": machine() | {"threads": 1},
        "versions": versions(),
        "corpus": corpus.name,
        "bigram": losses,
    }
    write_record(OUT, record)


if __name__ == "__main__":
    main()
