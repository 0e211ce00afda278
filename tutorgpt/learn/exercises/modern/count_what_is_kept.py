"""Exercise 11.7. The bytes that shared heads and a window leave to keep."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.patterns import short

NAMES = (
    "n_layer",
    "n_key_head",
    "head_size",
    "length",
    "window",
    "bytes_a_number",
)


def any_model(draw: random.Random) -> tuple:
    """Any sizes, and a text that is shorter or longer than the window."""
    window = draw.choice((1, 2, draw.randint(1, 300)))
    near = (window - 1, window, window + 1, 2 * window)
    length = max(1, draw.choice((*near, 1, draw.randint(1, 600))))
    sizes = (draw.randint(1, 12), draw.randint(1, 8), draw.randint(1, 128))
    return *sizes, length, window, draw.choice((1, 2, 4, 8))


def tokens_counted(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: of how many tokens the keys and values are counted."""
    seen = {}
    for length, window in ((5, 8), (8, 8), (9, 8), (100, 8), (100, 1)):
        numbers = 2 * 3 * 2 * 16  # of one token
        found = float(again(3, 2, 16, length, window, 4))
        seen[length, window] = found / (numbers * 4)
    factors = {n / min(pair) for pair, n in seen.items()}
    if max(factors) - min(factors) < 1e-3 * max(factors):
        return None  # it is not the tokens that are counted wrongly
    said = []
    for (length, window), found in seen.items():
        if abs(found - min(length, window)) > 1e-3:
            said.append(
                f"of a text of {length} tokens and a window of {window}, "
                f"{short(found)} tokens seem to be counted"
            )
    return "; ".join(said[:2]) or None


def in_proportion(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: twice as much of one thing takes twice the memory."""
    for n, name in enumerate(NAMES):
        doubled = tuple(2 * a if i == n else a for i, a in enumerate(args))
        if name in ("length", "window"):
            continue
        factor = float(again(*doubled)) / float(again(*args))
        if abs(factor - 2) > 1e-3:
            return (
                f"twice the {name}, with the rest as it is, should take 2 "
                f"times the bytes, and takes {short(factor)} times"
            )
    return None


EXERCISE = Exercise(
    number="11.7",
    title="Fewer heads, shorter sight",
    kind="explain",
    difficulty="medium",
    importance=4,
    task="""\
Write `kept_bytes`, with the six arguments below: the bytes that the cache
takes for one text, when its `length` tokens are read.
Each layer has `n_key_head` heads of keys and of values, `head_size` numbers
a token in each, and `bytes_a_number` bytes a number; a token sees `window`
tokens, itself included.
The cache holds what the last token has looked at, and nothing else.
When it passes, use it: a model of 6 layers has 6 heads of 64 numbers, 2 bytes
each, and sees all of a text of 4,096 tokens.
How many times fewer bytes does it keep with 2 key heads and a window of 256?
The solution has the number to compare yours with.""",
    starter='''\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    """Bytes that are kept of one text of this length."""
    return ...''',
    target="kept_bytes",
    solution='''\
def kept_bytes(n_layer, n_key_head, head_size, length, window, bytes_a_number):
    """Bytes that are kept of one text of this length."""
    tokens = min(length, window)
    keys = n_key_head * head_size * tokens
    values = n_key_head * head_size * tokens
    return n_layer * (keys + values) * bytes_a_number''',
    cases=lambda: [
        (6, 6, 64, 256, 1024, 4),
        (6, 2, 64, 4096, 256, 2),
        (3, 4, 10, 17, 17, 4),
        (12, 8, 128, 1000, 4096, 2),
        (2, 3, 5, 7, 6, 4),
        (5, 7, 3, 11, 12, 8),
        (4, 2, 16, 1, 1, 2),
        (3, 5, 6, 10, 1, 1),
    ],
    domain=any_model,
    labels=tuple(f"{name} =" for name in NAMES),
    rules=(tokens_counted, in_proportion),
    wrong=(
        slip(
            "only the keys are kept, not the values",
            "A later token asks for both: two tensors in each layer.",
            "(keys + values)",
            "keys",
        ),
        slip(
            "the window has no say",
            "What lies further back than window tokens is never seen again: "
            "min(length, window).",
            "min(length, window)",
            "length",
        ),
        slip(
            "the length has no say",
            "A text that is shorter than the window has only length tokens: "
            "min(length, window).",
            "min(length, window)",
            "window",
        ),
        slip(
            "the larger of length and window is counted",
            "No more tokens than there are, and no more than are seen: min.",
            "min(length, window)",
            "max(length, window)",
        ),
        slip(
            "length and window are multiplied: the attention weights are "
            "kept, one for each token and each that it sees",
            "They belong to one query; what is asked again are keys and "
            "values.",
            "min(length, window)",
            "length * window",
        ),
        slip(
            "every token's weights are kept, tokens x tokens for each number",
            "Keys and values grow with the tokens, not with their square.",
            "min(length, window)",
            "min(length, window) ** 2",
        ),
        slip(
            "length and window are added",
            "The window holds the last tokens of the text: min.",
            "min(length, window)",
            "(length + window)",
        ),
        slip(
            "what has left the window is counted, not what is in it",
            "The last window tokens are kept: min(length, window).",
            "min(length, window)",
            "(length - window)",
        ),
        slip(
            "what has left the window is counted, and nothing while it is "
            "not full",
            "The last window tokens are kept: min(length, window).",
            "min(length, window)",
            "max(0, length - window)",
        ),
        slip(
            "the window starts from nothing whenever it is full",
            "It moves on token by token, and stays full: min(length, window).",
            "min(length, window)",
            "(length % window)",
        ),
        slip(
            "whole windows are counted, and what is left over is not",
            "Count tokens: min(length, window).",
            "min(length, window)",
            "(length // window)",
        ),
        slip(
            "the text is cut into windows, and all of them are kept whole",
            "There is one window, and it moves: min(length, window).",
            "min(length, window)",
            "-(-length // window) * window",
        ),
        slip(
            "the window has a token too few: it does not count the token "
            "itself",
            "window counts the token itself: min(length, window).",
            "min(length, window)",
            "min(length, window - 1)",
        ),
        slip(
            "the window has a token too many: it counts the token itself once "
            "more",
            "window counts the token itself already: min(length, window).",
            "min(length, window)",
            "min(length, window + 1)",
        ),
        slip(
            "the last token is not kept",
            "It has looked at its own key too: all of min(length, window).",
            "min(length, window)",
            "(min(length, window) - 1)",
        ),
        slip(
            "the last token of the text is not counted",
            "The text has length tokens, and all have keys and values.",
            "min(length, window)",
            "min(length - 1, window)",
        ),
        slip(
            "what was kept after each token is added up",
            "Only what is kept now takes memory, not what was kept before.",
            "min(length, window)",
            "sum(min(t, window) for t in range(1, length + 1))",
        ),
        slip(
            "what was kept before each token is added up",
            "Only what is kept now takes memory: min(length, window) tokens.",
            "min(length, window)",
            "sum(min(t, window) for t in range(length))",
        ),
        slip(
            "only one layer is counted",
            "Every layer has keys and values of its own.",
            "n_layer * (",
            "(",
        ),
        slip(
            "only one head is counted",
            "Times n_key_head: each has keys and values of its own.",
            "n_key_head * head_size * tokens",
            "head_size * tokens",
        ),
        slip(
            "a head keeps one number a token",
            "A key has head_size numbers, and a value too.",
            "n_key_head * head_size * tokens",
            "n_key_head * tokens",
        ),
        slip(
            "these are numbers, not bytes",
            "One number takes bytes_a_number bytes.",
            " * bytes_a_number",
            "",
        ),
        slip(
            "these are bits",
            "bytes_a_number is in bytes already.",
            " * bytes_a_number",
            " * bytes_a_number * 8",
        ),
        slip(
            "it divides by the bytes of a number",
            "Each number takes so many: multiply.",
            " * bytes_a_number",
            " / bytes_a_number",
        ),
        slip(
            "the queries are kept as well",
            "No later token asks for an old query.",
            "(keys + values)",
            "(keys + values + keys)",
        ),
        slip(
            "the key heads share the values of one head",
            "Keys and values have as many heads: n_key_head each.",
            "values = n_key_head *",
            "values = 1 *",
        ),
        slip(
            "the key heads share head_size among them",
            "head_size is what one head has.",
            "n_key_head * head_size * tokens",
            "n_key_head * (head_size // n_key_head) * tokens",
        ),
        slip(
            "keys and values are multiplied",
            "They lie side by side: add them.",
            "(keys + values)",
            "(keys * values)",
        ),
    ),
    hints=(
        "What does a later token ask an earlier one for, in each layer and "
        "from each key head? And which earlier tokens does it ask?",
        "For one token and one layer: a key and a value of `head_size` "
        "numbers for each key head. Of a long text only the last `window` "
        "tokens are asked, of a short one all.",
        "`min(length, window)` tokens, times key heads, head size, 2, "
        "layers, and bytes.",
    ),
    why="""\
The heads of the queries do not appear: no later token asks for an old
query, so only the number of key heads counts.
The 6 heads keep 37,748,736 bytes,
$2 \\cdot 6 \\cdot 6 \\cdot 64 \\cdot 4096 \\cdot 2$, and with 2 key heads
and a window of 256 it is 786,432: 48 times fewer, 3 times by the heads and 16
times by the window.
Once the text is longer than the window, no further token costs any memory.""",
)
