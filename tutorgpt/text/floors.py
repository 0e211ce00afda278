"""What counting alone can reach: the losses every model must beat."""

import math
from dataclasses import dataclass

import numpy as np

from tutorgpt.text.batches import check_enough
from tutorgpt.text.corpus import Corpus


@dataclass(frozen=True)
class Floors:
    """Validation losses, in nats per token, of three counting models.

    uniform: every token equally likely, ln V.
    unigram: each token as often as in the training split.
    bigram: each token as often as after the one before it.
    """

    uniform: float
    unigram: float
    bigram: float


def measure_floors(corpus: Corpus) -> Floors:
    """Count on the training split, measure on the validation split.

    Both counts are smoothed, so that nothing unseen is impossible: one
    more of every token, and, for pairs, k more drawn from the unigram
    frequencies, with the k that serves the validation split best.
    Raises ValueError if a split holds no pair of neighbours.
    """
    check_enough(len(corpus.train), 1)
    check_enough(len(corpus.val), 1)
    V = corpus.tokenizer.vocab_size
    train, val = corpus.train.long().numpy(), corpus.val.long().numpy()
    singles = np.bincount(train, minlength=V) + 1.0
    unigram = singles / singles.sum()

    pairs, counts = np.unique(train[:-1] * V + train[1:], return_counts=True)
    wanted = val[:-1] * V + val[1:]
    place = np.searchsorted(pairs, wanted).clip(max=len(pairs) - 1)
    seen = np.where(pairs[place] == wanted, counts[place], 0)
    before = np.bincount(train[:-1], minlength=V)[val[:-1]]
    bigram = min(
        -np.log((seen + k * unigram[val[1:]]) / (before + k)).mean()
        for k in (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
    )
    # Rounding can leave a certain token at -0.0, which prints its sign.
    return Floors(
        uniform=math.log(V),
        unigram=max(0.0, float(-np.log(unigram[val[1:]]).mean())),
        bigram=max(0.0, float(bigram)),
    )
