"""A blind test: of two lines, which one has the model written?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from statistics import NormalDist

from tutorgpt.originality.suffixes import TextIndex

CONFIDENCE = 0.95


def wilson(
    right: int, asked: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Between which shares the true one lies, after so many answers.

    Wilson's score interval (1927): all shares p from which the share that
    was seen is less than z standard deviations away. It stays within 0 and
    1, and holds for few answers too.
    Raises ValueError if nothing was asked, or more was right than asked.
    """
    if not 0 <= right <= asked or asked == 0:
        raise ValueError(
            f"{right} right answers of {asked}: pass at least one question, "
            "and no more right answers than questions"
        )
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = right / asked
    middle = share + z * z / (2 * asked)
    half = z * math.sqrt(share * (1 - share) / asked + (z / 2 / asked) ** 2)
    whole = 1 + z * z / asked
    # Rounding may take the ends a little beyond 0 and 1.
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def lines_to_judge(
    texts: Sequence[str],
    learned: TextIndex,
    number: int,
    *,
    shortest: int = 30,
    longest: int = 50,
    seed: int = 1337,
) -> list[str]:
    """Whole lines of texts, drawn by a rule that does not read them.

    A line has from shortest to longest characters, is no speaker's name,
    which ends in a colon, and does not stand in the training text word for
    word. The first and the last line of each text are left out: they may be
    cut. Each line is taken once.
    Raises ValueError if there are fewer than number such lines.
    """
    lines = [line for text in texts for line in text.split("\n")[1:-1]]
    known = dict.fromkeys(
        line
        for line in lines
        if shortest <= len(line) <= longest and not line.endswith(":")
    )
    shuffled = Random(seed).sample(list(known), len(known))
    new = (line for line in shuffled if line not in learned.text)
    drawn = list(islice(new, number))
    if len(drawn) < number:
        raise ValueError(
            f"{len(drawn)} lines fit, fewer than {number}: pass more text, "
            "or allow shorter and longer lines"
        )
    return drawn


@dataclass(frozen=True)
class BlindTest:
    """Pairs of lines, A and B, of which the model wrote one.

    print shows them; score takes the answers.
    key: for each pair the letter of the model's line.
    """

    pairs: tuple[tuple[str, str], ...]
    key: str

    def __str__(self) -> str:
        return "\n".join(
            f"{n:>2}  A  {a}\n    B  {b}"
            for n, (a, b) in enumerate(self.pairs, start=1)
        )

    def score(self, answers: str) -> str:
        """How many answers are right, in words, with what that is worth.

        answers: a letter a pair, A or B for the line that you take for the
            model's, such as "ABBA"; blanks do not count.
        Raises ValueError for other letters, and for more or fewer of them.
        """
        given = "".join(answers.upper().split())
        if len(given) != len(self.key) or set(given) - {"A", "B"}:
            raise ValueError(
                f"the answers are {answers!r}: write one letter, A or B, for "
                f"each of the {len(self.key)} pairs"
            )
        right = sum(a == b for a, b in zip(given, self.key, strict=True))
        low, high = wilson(right, len(given))
        return (
            f"{right} of {len(given)} right; the share of a reader like you "
            f"lies between {100 * low:.0f} % and {100 * high:.0f} % (95 % "
            "interval), and guessing gives 50 %"
        )


def blind_test(
    own_lines: Sequence[str], real_lines: Sequence[str], *, seed: int = 1337
) -> BlindTest:
    """A test of lines of your model's and of a real text's, in pairs.

        test = blind_test(mine, real)
        print(test)
        print(test.score("ABBA"))

    seed: of which line stands first.
    Raises ValueError for lists of different lengths, and for empty ones.
    """
    if not own_lines or len(own_lines) != len(real_lines):
        raise ValueError(
            f"{len(own_lines)} lines of the model and {len(real_lines)} real "
            "ones: pass as many of one as of the other, at least one"
        )
    random = Random(seed)
    key = "".join(random.choice("AB") for _ in own_lines)
    pairs = tuple(
        (own, real) if letter == "A" else (real, own)
        for own, real, letter in zip(own_lines, real_lines, key, strict=True)
    )
    return BlindTest(pairs, key)
