"""Exercise 9.2. What the decoder reads, and what it should say to that."""

import random
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip


def to_teach() -> list[tuple]:
    """Words of different lengths, and the numbers of the three marks."""
    return [
        ([[7, 8, 9], [5], [6, 6]], 1, 2, 0),
        ([[4, 3], [9, 8]], 1, 2, 0),
        ([[3, 3, 4, 8], [5, 9, 1, 0]], 20, 10, 30),
        ([[2], [0, 1, 4, 2, 1], [3, 3]], 8, 9, 7),
        ([[11, 12]], 68, 0, 1),
        ([[5, 5, 5], [10, 5, 10], [5]], 3, 4, 0),
    ]


def any_words(draw: random.Random) -> tuple:
    """1 to 5 words of 1 to 7 letters, and three marks that are no letters."""
    numbers = draw.sample(range(40), 12)
    start, end, pad, *letters = numbers
    words = [
        [draw.choice(letters) for _ in range(draw.randint(1, 7))]
        for _ in range(draw.randint(1, 5))
    ]
    return words, start, end, pad


def where_it_counts(
    attempt: Any, words: list, start: int, end: int, pad: int
) -> Any:
    """What is read and said; what is read for no answer does not count."""
    pair = attempt(words, start, end, pad)
    if pair is ... or pair is None:
        return pair
    try:
        reads, says = map(torch.as_tensor, pair)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ComplaintError(
            "two tensors are wanted, what is read and what is said, each "
            "with rows of one length"
        ) from error
    if reads.shape != says.shape or reads.ndim != 2:
        raise ComplaintError(
            "two tensors of one shape (B, T) are wanted, and these are "
            f"{tuple(reads.shape)} and {tuple(says.shape)}"
        )
    if len(reads) == len(words):
        # By the words, not by what this answer says: that may be wrong.
        lengths = torch.tensor([len(word) for word in words])
        asked = torch.arange(reads.shape[1]) <= lengths[:, None]
        reads = reads.where(asked, pad)
    return torch.stack([reads, says])


def one_step_behind(
    again: Any, args: tuple, expected: Int[Tensor, "2 B N"]
) -> str | None:
    """A rule: what is said at one place is read at the next."""
    reads, says = again(*args)
    words, start, end, pad = args
    if says.shape == expected[1].shape:
        rows, wanted = says.tolist(), expected[1].tolist()
        if rows != wanted and sorted(rows) == sorted(wanted):
            return (
                "the rows stand in another order than the words: row 0 says "
                f"{rows[0]}, and word 0 is {words[0]}"
            )
    if (reads[:, 0] != start).any():
        row = int((reads[:, 0] != start).nonzero()[0])
        return (
            f"the first token read should be START, {start}, and row {row} "
            f"begins with {int(reads[row, 0])}"
        )
    counts = (says == end).sum(dim=1)
    if (counts != 1).any():
        row = int((counts != 1).nonzero()[0])
        return (
            f"row {row} of the answers says END, {end}, "
            f"{int(counts[row])} times, not once"
        )
    for row, (line, word) in enumerate(zip(says.tolist(), words, strict=True)):
        place = line.index(end)
        if place != len(word):
            return (
                f"row {row} says END at place {place}, and its word has "
                f"{len(word)} letters, at places 0 to {len(word) - 1}"
            )
        behind = [token for token in line[place + 1 :] if token != pad]
        if behind:
            return (
                f"behind END nothing is to be said: PAD, {pad}, and row "
                f"{row} has {behind[0]} there"
            )
    if says.shape != expected[1].shape:
        return None
    halves = (("read", reads, expected[0]), ("said", says, expected[1]))
    right = [torch.equal(found, wanted) for _, found, wanted in halves]
    for n, (what, found, wanted) in enumerate(halves):
        if not right[n]:
            row, place = (found != wanted).nonzero()[0].tolist()
            alone = f"what is {halves[1 - n][0]} is right, and " * right[1 - n]
            return (
                f"{alone}what is {what} is wrong in row {row}, at place "
                f"{place}: {int(found[row, place])} stands there, and the "
                f"word is {words[row]}"
            )
    return None


EXERCISE = Exercise(
    number="9.2",
    title="A lesson for the writer",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `lesson(words, start, end, pad)`: `words` is a list of lists of
tokens, of different lengths, and the three marks are numbers.
Give back two tensors of one shape $(B, T)$: what the decoder reads, and
what it should say at each place, with END behind each word and PAD for
"nothing".
$T$ should be no larger than the longest word needs; what is read where
nothing is to be said does not matter.""",
    starter='''\
def lesson(words, start, end, pad):
    """What the decoder reads, and what it should say to that."""
    return ...''',
    target="lesson",
    solution='''\
def lesson(words, start, end, pad):
    """What the decoder reads, and what it should say to that."""
    longest = max(map(len, words))
    rows = []
    for word in words:
        gap = [pad] * (longest - len(word))
        rows.append([start, *word, end, *gap])
    target = torch.tensor(rows)
    return target[:, :-1], target[:, 1:]''',
    cases=to_teach,
    domain=any_words,
    run=where_it_counts,
    axes=("tensor", "word", "place"),
    labels=("words", "start =", "end =", "pad ="),
    rules=(one_step_behind,),
    wrong=(
        slip(
            "START is forgotten: the first token is read before it was said",
            "The first letter has to be said too, after reading START.",
            "[start, *word",
            "[*word",
        ),
        slip(
            "END is forgotten: nobody learns when to stop",
            "Behind the last letter the answer is END.",
            "*word, end, *gap",
            "*word, *gap",
        ),
        slip(
            "END stands behind the padding",
            "A word ends where its last letter stands.",
            "*word, end, *gap",
            "*word, *gap, end",
        ),
        slip(
            "END is never said, and PAD stands in its place",
            "Behind the last letter the answer is END.",
            "    return target[:, :-1], target[:, 1:]",
            "    says = target[:, 1:].clone()\n"
            "    says[says == end] = pad\n"
            "    return target[:, :-1], says",
        ),
        slip(
            "START is said too, in place of the first letter",
            "START is only read; the answer to it is the first letter.",
            "    return target[:, :-1], target[:, 1:]",
            "    says = target[:, 1:].clone()\n"
            "    says[:, 0] = start\n"
            "    return target[:, :-1], says",
        ),
        slip(
            "START is said behind END, where nothing is to be said",
            "PAD means nothing: the loss leaves it out.",
            "    return target[:, :-1], target[:, 1:]",
            "    says = target[:, 1:].clone()\n"
            "    says[says == pad] = start\n"
            "    return target[:, :-1], says",
        ),
        slip(
            "the words are sorted by their length",
            "Row n belongs to word n: keep their order.",
            "for word in words:",
            "for word in sorted(words, key=len):",
        ),
        slip(
            "END stands at the end of the row as well as behind the word",
            "It is said once, behind the last letter.",
            "    return target[:, :-1], target[:, 1:]",
            "    says = target[:, 1:].clone()\n"
            "    says[:, -1] = end\n"
            "    return target[:, :-1], says",
        ),
        slip(
            "the longest words have no END",
            "T is one more than the longest word has letters.",
            "    return target[:, :-1], target[:, 1:]",
            "    says = target[:, 1:].clone()\n"
            "    says[says[:, -1] == end, -1] = pad\n"
            "    return target[:, :-1], says",
        ),
        slip(
            "nothing is shifted: the decoder reads what it should say",
            "At each place it reads up to one token before the answer.",
            "target[:, :-1], target[:, 1:]",
            "target[:, 1:], target[:, 1:]",
        ),
        slip(
            "nothing is shifted: the decoder should say what it reads, "
            "START first",
            "The answer to START is the first letter.",
            "target[:, :-1], target[:, 1:]",
            "target[:, :-1], target[:, :-1]",
        ),
        slip(
            "it is shifted the wrong way: the future is read, the past said",
            "Read all but the last token; say all but the first.",
            "target[:, :-1], target[:, 1:]",
            "target[:, 1:], target[:, :-1]",
        ),
        slip(
            "both are whole rows, one token too long and not shifted",
            "Read target[:, :-1], say target[:, 1:].",
            "target[:, :-1], target[:, 1:]",
            "target, target",
        ),
        slip(
            "what is read and what is said are exchanged",
            "The decoder reads START first, and says END last.",
            "rows.append([start, *word, end, *gap])\n"
            "    target = torch.tensor(rows)\n"
            "    return target[:, :-1], target[:, 1:]",
            "rows.append([start, *word, *gap, *word, end, *gap])\n"
            "    both = torch.tensor(rows)\n"
            "    return both[:, longest + 1 :], both[:, : longest + 1]",
        ),
        slip(
            "the padding stands in front of the word",
            "Fill up at the end: START is at place 0 in every row.",
            "*word, end, *gap",
            "*gap, *word, end",
        ),
        slip(
            "the rows are filled up with 0, not with pad",
            "0 may be a letter here: use the number that is given.",
            "[pad] *",
            "[0] *",
        ),
        slip(
            "the rows are filled up with END",
            "Then it would have to say END again and again: use pad.",
            "[pad] *",
            "[end] *",
        ),
        slip(
            "a place for nothing is left at the end of every row",
            "The longest word needs no padding.",
            "(longest - len(word))",
            "(longest + 1 - len(word))",
        ),
        slip(
            "START is said in the place of END",
            "Behind the last letter the answer is END.",
            "    return target[:, :-1], target[:, 1:]",
            "    said = target[:, 1:]\n"
            "    return target[:, :-1], said.where(said != end, "
            "torch.tensor(start))",
        ),
        slip(
            "START and END are exchanged",
            "START is read first, END is said last.",
            "[start, *word, end, *gap]",
            "[end, *word, start, *gap]",
        ),
        slip(
            "the word is read backwards",
            "In its own order: only the source may be read as one likes.",
            "    return target[:, :-1], target[:, 1:]",
            "    read = torch.tensor([[start, *w[::-1], *[pad] * "
            "(longest - len(w))] for w in words])\n"
            "    return read, target[:, 1:]",
        ),
        slip(
            "the answers are shifted by two places: the first letter "
            "is never said",
            "At START the answer is the first letter.",
            "    return target[:, :-1], target[:, 1:]",
            "    late = [[*w[1:], end, *[pad] * (longest - len(w) + "
            "1)] for w in words]\n"
            "    return target[:, :-1], torch.tensor(late)",
        ),
        slip(
            "texts and places are exchanged",
            "(B, T): a row for each word.",
            "    return target[:, :-1], target[:, 1:]",
            "    return target[:, :-1].T, target[:, 1:].T",
        ),
        slip(
            "what should be said is what is read: START first, and no END",
            "At each place the answer is the token that is read next.",
            "    return target[:, :-1], target[:, 1:]",
            "    read = target[:, :-1]\n"
            "    return read, read.where(read != end, pad)",
        ),
    ),
    hints=(
        "Write one row on paper: START, the letters, END. What is read, "
        "and what is said to it?",
        "Make all rows equally long with PAD behind END, then one tensor.",
        "`target[:, :-1]` is read, `target[:, 1:]` is said.",
    ),
    why="""\
One row holds both: all but the last token is read, all but the first is
said, so each answer is the token that comes next.
START gives the first letter something to follow, END is an answer like any
other, and PAD is left out of the loss with `ignore_index`.""",
)
