"""Exercise 10.6. How many bytes may be shown, and how many must wait."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.tokens.listed import any_text, as_one_number

SOLVED = """\
    end = len(spelled)
    for place in range(max(0, end - 3), end):
        first = spelled[place]
        wanted = 1 + (first >= 192) + (first >= 224) + (first >= 240)
        if place + wanted > end:
            return place
    return end"""


def streams() -> list[tuple]:
    """Texts cut at every byte of characters of one byte to four."""
    cut = []
    for text in ("a", "aé", "é谁", "谁雷", "雷a", "x🦉", "🦉😀", "雷", "🦉"):
        spelled = list(text.encode())
        last = len(text[-1].encode())
        cut += [(spelled[: len(spelled) - n],) for n in range(last + 1)]
    limits = "\x7f\x80߿ࠀ￿\U00010000\U0010ffff"
    for character in limits:
        spelled = list(("雷" + character).encode())
        cut += [(spelled[:n],) for n in range(3, len(spelled) + 1)]
    return cut


def any_stream(draw: random.Random) -> tuple:
    """The bytes of any text, cut anywhere."""
    spelled = list(any_text(draw, 6).encode())
    return (spelled[: draw.randint(0, len(spelled))],)


def one_count(attempt: Any, spelled: list[int]) -> Any:
    """What comes back, if it is neither a text nor bytes."""
    return as_one_number(attempt(spelled), "ready", "bytes")


def where_it_stands(again: Any, args: tuple, expected: int) -> str | None:
    """A rule: what is given out, and what is waiting."""
    (spelled,) = args
    found = int(again(spelled))
    if not 0 <= found <= len(spelled):
        return (
            f"of the bytes {spelled} it gives out {found}: fewer than none, "
            "or more than there are"
        )
    shown = bytes(spelled[:found]).decode(errors="replace")
    if "\ufffd" in shown:
        return (
            f"of {spelled} the first {found} are given out, and they show "
            f"{shown!r}: at the end there is only part of a character"
        )
    whole = bytes(spelled[found:expected]).decode(errors="replace")
    return (
        f"of {spelled} the first {found} are given out, and {whole!r}, which "
        "is complete, is kept waiting"
    )


EXERCISE = Exercise(
    number="10.6",
    title="Wait for the rest",
    kind="write",
    difficulty="hard",
    importance=4,
    task="""\
A model that reads bytes has written `spelled`, a list of bytes so far.
It may have stopped in the middle of a character, whose other bytes come
with the next calls.
Write `ready(spelled)`: how many of these bytes may be shown, as one number:
all but the beginning of a character that is not complete.
A byte below 128 is a whole character, one from 128 to 191 goes on with a
character, and one from 192, 224 or 240 on begins a character of two, three
or four bytes.
Apart from its end the text is right.""",
    starter='''\
def ready(spelled):
    """How many of the bytes spell characters that are complete."""
    return ...''',
    target="ready",
    solution=f'''\
def ready(spelled):
    """How many of the bytes spell characters that are complete."""
{SOLVED}''',
    cases=streams,
    domain=any_stream,
    run=one_count,
    rules=(where_it_stands,),
    wrong=(
        slip(
            "everything is shown, complete or not",
            "Look at the last three bytes: does one begin a character that "
            "wants more bytes than there are?",
            "place + wanted > end",
            "False",
        ),
        slip(
            "characters are counted, and the incomplete one too",
            "How many *bytes* may be shown: 雷 is three.",
            SOLVED,
            '    return len(bytes(spelled).decode(errors="replace"))',
        ),
        slip(
            "the complete characters are counted, not their bytes",
            "How many *bytes* may be shown: 雷 is three.",
            SOLVED,
            '    return len(bytes(spelled).decode(errors="ignore"))',
        ),
        slip(
            "everything from the last byte below 128 on waits, also "
            "characters that are complete",
            "A character of several bytes is complete when the last of them "
            "has come.",
            SOLVED,
            "    end = len(spelled)\n"
            "    while end > 0 and spelled[end - 1] >= 128:\n"
            "        end -= 1\n"
            "    return end",
        ),
        slip(
            "every character is taken for three bytes",
            "The first byte says how many there are: one to four.",
            SOLVED,
            "    return len(spelled) - len(spelled) % 3",
        ),
        slip(
            "the last character of several bytes always waits, also when "
            "it is complete",
            "Compare how many bytes its first one asks for with how many "
            "have come.",
            "place + wanted > end",
            "wanted > 1",
            "for place in range(max(0, end - 3), end)",
            "for place in range(max(0, end - 4), end)",
        ),
        slip(
            "the last character of several bytes always waits, also when "
            "it is complete and nothing else follows",
            "Compare how many bytes its first one asks for with how many "
            "have come.",
            SOLVED,
            "    end = len(spelled)\n"
            "    while end and 128 <= spelled[end - 1] < 192:\n"
            "        end -= 1\n"
            "    if end and spelled[end - 1] >= 192:\n"
            "        end -= 1\n"
            "    return end",
        ),
        slip(
            "a character of three bytes is shown when two have come: only "
            "the very last byte is looked at, or one from 224 on is taken "
            "for the first of two",
            "From 224 on a character has three bytes, from 240 on four; its "
            "beginning may stand up to three bytes from the end.",
            "range(max(0, end - 3), end)",
            "range(max(0, end - 1), end)",
        ),
        slip(
            "a character of four bytes is shown when three have come: only "
            "the last two are looked at, or one from 240 on is taken for the "
            "first of three",
            "From 240 on a character has four bytes; its beginning may stand "
            "up to three bytes from the end.",
            "range(max(0, end - 3), end)",
            "range(max(0, end - 2), end)",
        ),
        slip(
            "the characters that are complete are given, not how many bytes "
            "they are",
            "A number: how many of the bytes may be shown.",
            SOLVED,
            '    return bytes(spelled).decode(errors="ignore")',
        ),
        slip(
            "how many bytes wait is given, not how many are ready",
            "All bytes less those that wait.",
            "return place",
            "return end - place",
            "    return end",
            "    return 0",
            "return 0 - place",
            "return end - place",
        ),
        slip(
            "nothing is shown until everything is complete",
            "Show the characters before the last one: return its place.",
            "return place",
            "return 0",
        ),
        slip(
            "a byte from 128 to 191 is taken for a beginning",
            "Those go on with a character; one begins from 192 on.",
            "first >= 192",
            "first >= 128",
        ),
        slip(
            "a text that ends in the middle of a character is decoded as if "
            "it did not: that stops with an error",
            "Find the beginning of the last character before you decode.",
            SOLVED,
            "    return len(bytes(spelled).decode().encode())",
        ),
        slip(
            "the character before the last one is shown without its last byte",
            "All bytes before the place where the last character begins: "
            "return place.",
            "return place",
            "return max(0, place - 1)",
        ),
    ),
    hints=(
        "Where can a character begin that is not complete? Try 雷 after one, "
        "two and three of its bytes.",
        "Look at the last three bytes. If one of them is 192 or more, how "
        "many bytes does it ask for?",
        "It waits where `place + wanted > len(spelled)`; then `place` bytes "
        "are ready.",
    ),
    why="""\
An incomplete character has at most three bytes, so its first one is among
the last three; bytes from 128 to 191 ask for nothing and never stop the
loop.
Decoding with `errors="ignore"` would do it here, too, but with a model that
writes bytes that spell nothing it would swallow them without a word.
The package's `StreamDecoder` leaves this to Python's incremental decoder,
and shows `\\ufffd` only where no further byte can mend it.""",
)
