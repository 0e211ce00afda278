"""Bug hunts: name what is wrong from its symptoms, then repair it."""

import difflib
from typing import Any

from tutorgpt.learn.check.checking import examine
from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.check.verdict import UNTOUCHED, Verdict, not_yet

SUSPECTS = {
    "weights never updated": (
        "the loss stays where it began, to the last digit"
    ),
    "targets not shifted": (
        "even a model that reads the current character alone reaches a loss "
        "near 0, and what it writes repeats one character"
    ),
    "gradients never erased": (
        "the loss falls at first, then turns and climbs, while the gradients "
        "of all the steps so far are added up"
    ),
    "softmax taken twice": (
        "the loss hardly falls, and with 69 characters it cannot pass below "
        "3.26: scores between 0 and 1 become nearly equal shares"
    ),
    "logarithm of zero": (
        "the loss falls as usual and then turns to inf or nan at one step"
    ),
    "sees the future": (
        "the loss falls far below that of any honest model, what it writes "
        "is nonsense, and the attention map has weight above the diagonal"
    ),
    "positions forgotten": (
        "equal characters get equal weights wherever they stand, and most "
        "of what attention gains is gone"
    ),
    "scale missing": (
        "before any training the attention map is sharper than with the "
        "scale, and the wider the head the sharper"
    ),
    "heads not registered": (
        "fewer numbers are learned than should be, and the attention maps "
        "stay more blurred than those of heads that learn"
    ),
    "ReLU missing": (
        "the feed-forward layer costs its parameters and gains nothing: the "
        "loss is that of the model without it"
    ),
    "no residual path": (
        "the deep model stops at the loss of single letters' frequencies, "
        "3.30, while a shallow one learns more"
    ),
    "dropout left on": (
        "two evaluations of one model differ, and both are worse than they "
        "should be"
    ),
    "heads and layers swapped": (
        "the number of parameters and of attention maps is that of another "
        "depth"
    ),
    "place lost in the cache": (
        "a text that is read at once scores as it should, and one that is "
        "read token by token gets worse from the second token on"
    ),
    "source never read": (
        "what is written has the right form, and does not depend on what "
        "was to be translated"
    ),
    "length of what was decoded": (
        "bits per byte are right on English, and up to three times too low "
        "on a text whose characters take several bytes"
    ),
    "nats taken for bits": (
        "every loss is 0.69 times what it should be, on English as well"
    ),
    "merges out of order": (
        "a text comes back as it was, and its tokens are more than it needs, "
        "or others than those that were learned from"
    ),
    "angles in another order than pairs": (
        "a text costs more or less when its first position is another one, "
        "though every distance is the same"
    ),
    "all pairs turn alike": (
        "two tokens whose positions differ by a whole turn look as if they "
        "stood at one place"
    ),
    "norm over the positions": (
        "the loss falls far below that of a twin which reads as much, no "
        "attention looks ahead, and what is written is no better for it"
    ),
    "gate without an activation": (
        "the layer gives the same for x and for -x, and four times as much "
        "for 2x"
    ),
    "heads with others' keys": (
        "what was trained with shared keys loses much when it is read, and "
        "nothing with one head of keys, or with one for each head"
    ),
    "matrix on its side": (
        "a model into which weights were copied computes what it should where "
        "no matrix is square, and something else where one is"
    ),
    "rows ordered for other pairs": (
        "where a head has one pair of channels nothing is lost; elsewhere a "
        "text costs more than it should, wherever it is said to begin"
    ),
    "GELU in its other form": (
        "logits are a little apart wherever the feed-forward layers are "
        "handed middling numbers, and agree for tiny and for huge ones"
    ),
    "output not tied to the table": (
        "more numbers are learned than should be, by one table; nothing else "
        "shows until the model was trained, stored and read again"
    ),
    "epsilon outside of the root": (
        "norms give what they should for all but short vectors, and those "
        "come out too long, until they are about as short as epsilon itself"
    ),
    "epsilon of another size": (
        "norms give what they should for all but short vectors, and what is "
        "divided by is, for a vector of zeros, the root of another number"
    ),
    "window too short": (
        "the loss falls over the first places of a text and no further"
    ),
    "sign reversed": (
        "the loss climbs from the first step on: some slope points the other "
        "way"
    ),
    "slopes overwritten": (
        "a number that is used once gets the right slope, and one that is "
        "used in several places gets what one of them hands it"
    ),
    "tape out of order": (
        "chains come out right, and a number that leads to the loss on a "
        "short way and on a long one hands on before all has arrived"
    ),
}
"""What may be wrong with a model, and what one would see."""

SINCE = {
    "weights never updated": 0,
    "gradients never erased": 0,
    "sign reversed": 0,
    "slopes overwritten": 0,
    "tape out of order": 0,
    "sees the future": 2,
    "positions forgotten": 2,
    "scale missing": 2,
    "heads not registered": 3,
    "ReLU missing": 4,
    "no residual path": 5,
    "dropout left on": 6,
    "heads and layers swapped": 6,
    "place lost in the cache": 8,
    "source never read": 9,
    "length of what was decoded": 10,
    "nats taken for bits": 10,
    "merges out of order": 10,
    "angles in another order than pairs": 11,
    "all pairs turn alike": 11,
    "norm over the positions": 11,
    "gate without an activation": 11,
    "heads with others' keys": 11,
    "window too short": 11,
    "matrix on its side": 12,
    "rows ordered for other pairs": 12,
    "GELU in its other form": 12,
    "output not tied to the table": 12,
    "epsilon outside of the root": 12,
    "epsilon of another size": 12,
}
"""The chapter that brings what a suspect is about, where not the first."""
OF_VALUES = {"sign reversed", "slopes overwritten", "tape out of order"}
"""About chapter 0's own class, which no later chapter's reader need know."""


def suspects(chapter: int) -> list[str]:
    """The names that a reader of this chapter has met."""
    return [
        name
        for name in SUSPECTS
        if SINCE.get(name, 1) <= chapter
        and (chapter == 0 or name not in OF_VALUES)
    ]


def examine_bug(exercise: Exercise, name: Any, repair: Any) -> Verdict:
    """Judge both halves of a bug hunt: the name and the repair.

    A wrong name is answered by what one would see if it were right, and a
    repair that passes is said to pass in every case.
    """
    mended = examine(exercise, repair)
    repaired = "Your repair passes its checks." if mended.passed else ""
    unnamed = name is ... or name is None
    if unnamed and not mended.passed:
        return UNTOUCHED
    if not isinstance(name, str) or name not in SUSPECTS:
        near = difflib.get_close_matches(str(name), SUSPECTS, n=1)
        guess = f"; perhaps you mean {near[0]!r}" if near else ""
        return not_yet(
            "not a suspect",
            "the bug has no name"
            if unnamed
            else f"{name!r} is not one of the suspects{guess}",
            "They are: " + "; ".join(suspects(exercise.chapter)) + ".",
            repaired,
        )
    if name != exercise.suspect:
        return not_yet(
            "named",
            f"it is not {name!r}. In that case {SUSPECTS[name]}",
            f"Here, {exercise.symptom}.",
            repaired,
        )
    if mended.passed:
        return Verdict("passed", f"the name is right, and it {mended.says}")
    return Verdict(
        mended.outcome, "the name is right; now the repair:", mended.text
    )
