"""Exercise 10.8. The longest stretch that was copied word for word."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import as_one_number

SOLVED = """\
    longest = 0
    for start in range(len(written)):
        while start + longest < len(written):
            if written[start : start + longest + 1] not in text:
                break
            longest += 1
    return longest"""


def copies() -> list[tuple]:
    """Copies at the start, in the middle, at the end, none, all of it."""
    plays = "to be or not to be, that is the question"
    return [
        ("and that is thy question", plays),
        ("to be happy or not to b", plays),
        ("what is the question", plays),
        ("To Be Or Not To Be", plays),
        ("not to be, that is", plays),
        ("xyz", "abc"),
        ("aaaa", "baab"),
        ("abcabd", "abdabc"),
        ("q", plays),
        ("", plays),
        ("ab ba ab", "ab  ba"),
        ("be not to or be", plays),
        ("zzto be or nozzzt to be, that zz", plays),
        ("雷雷谁", "谁雷雷"),
        (plays + plays, plays),
        ("abcd", "bcd"),
        ("or  not", plays),
        ("cabx", "abcab"),
        ("xyzabc", "abc"),
    ]


def any_copy(draw: random.Random) -> tuple:
    """Two texts of few letters, often with a piece in common."""
    letters = draw.choice(("ab", "abc ", "aAbB ", "abcdefgh"))
    written, text = (
        "".join(draw.choices(letters, k=draw.randint(0, 20))) for _ in "12"
    )
    if draw.random() < 0.5:
        start = draw.randint(0, len(text))
        piece = text[start : start + draw.randint(0, 9)]
        place = draw.randint(0, len(written))
        written = written[:place] + piece + written[place:]
    return written, text


def the_stretch_itself(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: a stretch that is longer, or that there is none so long."""
    written, text = args
    found = float(again(*args))
    if found != int(found):
        return f"a length is a whole number, and this gives {found:.3f}"
    found = int(found)
    if found < expected:
        starts = range(len(written) - expected + 1)
        runs = (written[s : s + expected] for s in starts)
        run = next(run for run in runs if run in text)
        return (
            f"{run!r} has {expected} characters and stands in both "
            f"{written!r} and {text!r}, and this gives {found}"
        )
    return (
        f"of {written!r} no stretch of {found} characters stands in {text!r}"
        f"; the longest has {expected}"
    )


def one_length(attempt: Any, written: str, text: str) -> Any:
    """What comes back, if it is no text."""
    found = attempt(written, text)
    return as_one_number(found, "longest_shared", "characters")


EXERCISE = Exercise(
    number="10.8",
    title="Poet or parrot",
    kind="extend",
    difficulty="medium",
    importance=3,
    task="""\
How much of what a model has written did it copy?
Write `longest_shared(written, text)`: the length, in characters, of the
longest stretch of `written` that stands in `text`, character for character.
Both are strings.
Then try it with 500 characters that a model of yours has written and
`corpus.text[: len(corpus.text) * 9 // 10]` as text, and with 500 held-out
characters in their place.""",
    starter='''\
def longest_shared(written, text):
    """Characters in the longest stretch of written found in text."""
    return ...''',
    target="longest_shared",
    solution=f'''\
def longest_shared(written, text):
    """Characters in the longest stretch of written found in text."""
{SOLVED}''',
    cases=copies,
    domain=any_copy,
    run=one_length,
    labels=("written =", "text ="),
    rules=(the_stretch_itself,),
    wrong=(
        slip(
            "only single words are looked for",
            "A stretch may be longer than a word, and begin within one.",
            SOLVED,
            "    words = written.split()\n"
            "    return max((len(w) for w in words if w in text), "
            "default=0)",
        ),
        slip(
            "only what `written` begins with is looked for",
            "A copy may begin at any place of what was written.",
            "range(len(written))",
            "range(min(1, len(written)))",
        ),
        slip(
            "only the end of `written` is looked for",
            "A copy may end at any place of what was written.",
            SOLVED,
            "    ends = (written[-n:] for n in range(1, len(written) + 1))\n"
            "    return max((len(e) for e in ends if e in text), default=0)",
        ),
        slip(
            "both are compared place by place: a copy that stands elsewhere "
            "in the text is missed",
            "Ask whether a stretch stands in the text at all: run in text.",
            SOLVED,
            "    longest = run = 0\n"
            "    for a, b in zip(written, text):\n"
            "        run = run + 1 if a == b else 0\n"
            "        longest = max(longest, run)\n"
            "    return longest",
        ),
        slip(
            "single characters are looked for: whether each occurs in the "
            "text, not whether they stand there in this order",
            "Look for the whole stretch: written[start:end] in text.",
            SOLVED,
            "    longest = run = 0\n"
            "    for a in written:\n"
            "        run = run + 1 if a in text else 0\n"
            "        longest = max(longest, run)\n"
            "    return longest",
        ),
        slip(
            "the last character of what was written never counts",
            "A slice written[start:end] ends before end: end may be "
            "len(written).",
            "start + longest < len(written)",
            "start + longest < len(written) - 1",
        ),
        slip(
            "the stretch itself is given, not its length",
            "One number: len of it.",
            SOLVED,
            "    runs = [\n"
            "        written[a:b]\n"
            "        for a in range(len(written))\n"
            "        for b in range(a, len(written) + 1)\n"
            "    ]\n"
            "    return max((r for r in runs if r in text), key=len, "
            'default="")',
        ),
        slip(
            "characters may be left out in between: this is a common "
            "subsequence, not a stretch",
            "A stretch is without a gap: begin anew where one does not fit.",
            SOLVED,
            "    row = [0] * (len(text) + 1)\n"
            "    for a in written:\n"
            "        new = [0]\n"
            "        for n, b in enumerate(text):\n"
            "            new.append(\n"
            "                row[n] + 1 if a == b else max(row[n + 1], "
            "new[n])\n"
            "            )\n"
            "        row = new\n"
            "    return row[-1]",
        ),
        slip(
            "it is all or nothing: the whole of `written`, or 0",
            "A part may be copied: try all stretches.",
            SOLVED,
            "    return len(written) if written in text else 0",
        ),
        slip(
            "the first stretch that is found is given, not the longest",
            "A later place may begin a longer one: try all.",
            "            longest += 1\n",
            "            longest += 1\n"
            "        if longest:\n            return longest\n",
        ),
        slip(
            "capital and small letters are taken for one",
            "Character for character: A is not a.",
            "    longest = 0\n",
            "    longest = 0\n"
            "    written, text = written.lower(), text.lower()\n",
        ),
        slip(
            "stretches are counted, not their length",
            "The length of the longest one.",
            SOLVED,
            "    return sum(\n"
            "        text[a:b] in written\n"
            "        for a in range(len(text))\n"
            "        for b in range(a, len(text) + 1)\n"
            "    )",
        ),
        slip(
            "words are counted, not characters",
            "The length in characters.",
            SOLVED,
            "    w = written.split()\n"
            "    return max(\n"
            "        (\n"
            "            b - a\n"
            "            for a in range(len(w))\n"
            "            for b in range(a + 1, len(w) + 1)\n"
            '            if " ".join(w[a:b]) in text\n'
            "        ),\n"
            "        default=0,\n"
            "    )",
        ),
        slip(
            "the share of `written` is given, not a number of characters",
            "The length itself.",
            "    return longest",
            "    return longest / max(1, len(written))",
        ),
        slip(
            "it is one too large: the stretch that no longer fits is counted",
            "Count a character only after its stretch was found.",
            "    return longest",
            "    return longest + 1",
        ),
        slip(
            "the two are exchanged in the search: all of `text` would have "
            "to stand in a stretch of `written`",
            "a in b asks whether a stands in b: the stretch comes first.",
            "written[start : start + longest + 1] not in text",
            "text not in written[start : start + longest + 1]",
        ),
        slip(
            "each place begins with a length of 0, and the last place decides",
            "Keep the longest so far, across all places.",
            "    for start in range(len(written)):\n",
            "    for start in range(len(written)):\n        longest = 0\n",
        ),
    ),
    hints=(
        "`run in text` says whether a string stands in another. Which runs "
        "are there to try?",
        "A stretch of 10 is in the text only if its first 9 are. So at each "
        "place try only whether there is one that is longer than the longest "
        "so far.",
        "At each `start`: as long as `written[start : start + longest + 1]` "
        "stands in the text, `longest += 1`.",
    ),
    why="""\
Only stretches longer than the longest so far are tried, so `in` is asked
about as often as `written` has characters, and not once for each of its
many stretches.
The number alone proves no theft: held-out text has long stretches in common
with the training text, too, formulas and names; only what goes beyond that
is the model's memory.""",
)
