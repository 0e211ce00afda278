"""Exercise 10.7. A bug hunt: a loss per byte that is better than it can be."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import any_text
from tutorgpt.tokens.byte_pairs import BytePairTokenizer
from tutorgpt.tokens.characters import CharTokenizer
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.tokens.utf_8_bytes import ByteTokenizer

BROKEN = '''\
def bits_a_byte(losses, tokens, tokenizer):
    """Bits for each byte that the tokens stand for."""
    bits = losses.sum() / math.log(2)
    length = 0
    for token in tokens.tolist():
        text = tokenizer.decode([token])
        length += len(text.encode())
    return bits / length'''

MENDED = BROKEN.replace(
    """\
        text = tokenizer.decode([token])
        length += len(text.encode())""",
    """\
        length += len(tokenizer.bytes_of[token])""",
)
COUNTED = "len(tokenizer.bytes_of[token])"
LOOP = MENDED.split("math.log(2)\n")[1].split("    return")[0]


def pairs_of(text: str, more: int) -> BytePairTokenizer:
    """A few pairs of a text, some of which end within a character."""
    return BytePairTokenizer.train(text, 256 + more)


def to_measure() -> list[tuple]:
    """Plain text and other, three tokenizers, texts cut in a character."""
    g = torch.Generator().manual_seed(107)
    chinese, plain = "谁雷雷谁谁雷\n", "to be or not to be"
    bytes_, few = ByteTokenizer(), pairs_of("雷谁雷谁é", 3)
    texts: list[tuple[Tokenizer, str, int, int]] = [
        (bytes_, plain, 0, 0),
        (bytes_, chinese, 0, 0),
        (bytes_, "é🦉a雷", 0, 0),
        (bytes_, chinese, 1, 2),
        (few, chinese + "aé", 0, 0),
        (few, "谁é雷", 0, 1),
        (CharTokenizer.from_text(chinese), chinese, 0, 0),
        (pairs_of(plain, 4), plain, 0, 0),
        (bytes_, "雷", 0, 1),
    ]
    cases = []
    for tokenizer, text, start, less in texts:
        tokens = torch.tensor(tokenizer.encode(text))
        tokens = tokens[start : len(tokens) - less]
        cases.append((torch.rand(len(tokens), generator=g) * 4, tokens))
        cases[-1] += (tokenizer,)
    return cases


def any_measure(draw: random.Random) -> tuple:
    """Any text of one token or more, cut anywhere, and any tokenizer."""
    text = "a" + any_text(draw, 8)
    kind = draw.choice(("bytes", "pairs", "characters"))
    if kind == "characters":
        tokenizer: Tokenizer = CharTokenizer.from_text(text)
    elif kind == "pairs":
        tokenizer = pairs_of(3 * text, draw.randint(1, 5))
    else:
        tokenizer = ByteTokenizer()
    tokens = torch.tensor(tokenizer.encode(text))
    start = draw.randrange(len(tokens))
    tokens = tokens[start : draw.randint(start + 1, len(tokens))]
    return (
        torch.rand(len(tokens)) * draw.choice((0.1, 3, 10)),
        tokens,
        tokenizer,
    )


def divided_by(
    again: Any, args: tuple, expected: Float[Tensor, ""]
) -> str | None:
    """A rule: what the bits were divided by, and how many bytes there are."""
    losses, tokens, tokenizer = args
    found = float(again(*args))
    length = sum(len(tokenizer.bytes_of[token]) for token in tokens.tolist())
    twice = float(again(2 * losses, tokens, tokenizer))
    if abs(twice - 2 * found) > 1e-4 * abs(found):
        return "losses that are twice as large should give twice as much"
    by = float(expected) * length / found
    unit = f"{len(tokens)} tokens of {tokenizer.name}"
    if abs(by - round(by)) < 1e-4 * by:
        return (
            f"the bits of these {unit}, which stand for {length} bytes, seem "
            f"to be divided by {round(by)}"
        )
    return (
        f"for these {unit}, which stand for {length} bytes, it gives "
        f"{found / float(expected):.3f} times what it should"
    )


EXERCISE = Exercise(
    number="10.7",
    title="Better than it can be",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
Losses per token cannot be compared, so this function makes them bits per
byte: `losses` are the losses in nats of all `tokens` of a held-out text, and
the text may begin and end in the middle of a character
(`tokenizer.bytes_of[token]` are a token's bytes).
It measures one and the same model of bytes, on Song ci, while that is
trained; the other curve is the right measure of the same model.
A model that gives all 256 bytes one probability pays 8 bits each, and on
Shakespeare the function agrees with the right one.
Read the curves, name the bug, and repair the function.""",
    starter=BROKEN,
    needs="import math",
    target="bits_a_byte",
    solution=MENDED,
    suspect="length of what was decoded",
    symptom=(
        "even before the first step the model seems to pay 2.8 bits for a "
        "byte, where it pays 8.2, and throughout the training about a third "
        "of what it does; on English nothing is wrong"
    ),
    cases=to_measure,
    domain=any_measure,
    labels=("losses", "tokens", "tokenizer ="),
    rules=(divided_by,),
    wrong=(
        slip(
            "a byte that is no character by itself is still decoded, to "
            "\\ufffd, which has three bytes",
            "tokenizer.bytes_of[token] are the token's bytes: nothing is to "
            "be decoded.",
            COUNTED,
            "len(tokenizer.decode([token]).encode())",
        ),
        slip(
            "the tokens are decoded together: where the text begins or ends "
            "within a character, \\ufffd still stands for its bytes",
            "tokenizer.bytes_of[token] are the token's bytes: nothing is to "
            "be decoded.",
            LOOP,
            "    length = len(tokenizer.decode(tokens.tolist()).encode())\n",
        ),
        slip(
            "it is divided by the number of characters",
            "Bits per *byte*: 雷 is one character and three bytes.",
            LOOP,
            "    length = len(tokenizer.decode(tokens.tolist()))\n",
        ),
        slip(
            "it is divided by the number of tokens",
            "A token may stand for several bytes, and then its bits are "
            "shared among them.",
            LOOP,
            "    length = len(tokens)\n",
        ),
        slip(
            "it is divided by the characters that each token shows by "
            "itself, \\ufffd included",
            "Bits per *byte*: count tokenizer.bytes_of[token].",
            COUNTED,
            "len(tokenizer.decode([token]))",
        ),
        slip(
            "the mean of the losses is divided by the number of bytes of all "
            "of them",
            "All losses over all bytes: losses.sum().",
            "losses.sum()",
            "losses.mean()",
        ),
        slip(
            "these are nats, not bits",
            "A bit is ln 2 nats: divide by math.log(2).",
            " / math.log(2)",
            "",
        ),
        slip(
            "it is multiplied by ln 2, where it should be divided",
            "A bit is 0.693 nats, so there are more bits than nats.",
            "/ math.log(2)",
            "* math.log(2)",
        ),
        slip(
            "it is divided by the number of bits, eight a byte",
            "Bits for each *byte*: divide by the number of bytes.",
            "bits / length",
            "bits / (8 * length)",
        ),
        slip(
            "every token is taken for three bytes",
            "A byte is one, and other tokens have lengths of their own.",
            COUNTED,
            "3",
        ),
        slip(
            "bytes that are only part of a character are not counted",
            "Every byte counts: tokenizer.bytes_of[token].",
            LOOP,
            "    text = tokenizer.decode(tokens.tolist())\n"
            '    length = len(text.replace("\\ufffd", "").encode())\n',
        ),
        slip(
            "the fraction is upside down: bytes for each bit",
            "Bits for each byte: the bits stand above.",
            "bits / length",
            "length / bits",
        ),
        slip(
            "it is divided by the number of different tokens",
            "Every token counts each time that it stands there.",
            LOOP,
            "    length = len(set(tokens.tolist()))\n",
        ),
        slip(
            "each token counts as many bytes as its number has digits",
            "tokenizer.bytes_of[token] is what it spells.",
            COUNTED,
            "len(str(token))",
        ),
        slip(
            "the loss of each token is divided by its own bytes, and the "
            "mean of that is taken",
            "A token of many bytes counts as all of them: sum both first.",
            LOOP + "    return bits / length",
            "    sizes = torch.tensor(\n"
            "        [len(tokenizer.bytes_of[token]) for token in tokens]\n"
            "    )\n"
            "    return (losses / sizes).mean() / math.log(2)",
        ),
        slip(
            "all bytes of the vocabulary are counted, not those of the text",
            "Only the tokens that stand in the text, as often as they do.",
            LOOP,
            "    length = sum(map(len, tokenizer.bytes_of))\n",
        ),
    ),
    hints=(
        "What does `ByteTokenizer().decode([233])` show, and how many bytes "
        "has that?",
        "A byte in the middle of a character is decoded to `\\ufffd`, the "
        "replacement character, which is three bytes itself.",
        "`len(tokenizer.bytes_of[token])`: nothing is decoded.",
    ),
    why="""\
Each of the three bytes of 雷 is decoded by itself, to `"\\ufffd"`, and that
has three bytes in UTF-8: nine are counted in place of three.
A third of 8 bits is 2.7, and a model that has learned nothing cannot know
that much.
In English every byte is a character, so nothing is seen there; the more
bytes a script needs, the better such a measure makes every model look.
Decoding all tokens together mends it but for the edges: a text that is cut
in the middle of a character ends in `\\ufffd` again.""",
)
