"""Numbers as people write them: 1.39, 1,39, 20 %, 1/3, ln 69, 3 072 numbers.

The quiz's pages read them too, in quiz/assets/numbers.js, by the same rules:
tests/learn/check/written_numbers.toml is the table that both are held to.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

DIGITS, DECIMALS = 3, 2
"""A number that is rounded to so many digits, or decimals, counts as it."""
LOOKALIKES = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "∙": "*", "÷": "/", "⁄": "/"}
    | {"²": "^2", "³": "^3", "√": "sqrt ", "π": "pi", "’": "'", "٫": "."}
)
ABOUT = re.compile(r"^(?:[≈~=]|(?:about|approximately|approx\.?|ca\.?)\s)\s*")
SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ _']\d{3})+(?!\d)")
TOKEN = re.compile(
    r"\s*(?:((?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)?)"
    r"|(log10|log2|ln|log|sqrt|exp|pi|e)(?![a-z])|([a-zµ]+)|([-+*/^()%]))"
)
POINT = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
GROUPS = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3}){2,})")
COMMA = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+(?:e[+-]?\d+)?")
FUNCTIONS = {
    "ln": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "exp": math.exp,
}
CONSTANTS = {"e": math.e, "pi": math.pi}


@dataclass(frozen=True)
class Written:
    """A number that somebody wrote.

    decimals: how many stand behind its point; None if it was computed.
    digits: how many it has, without zeros in front.
    """

    value: float
    decimals: int | None = None
    digits: int = 0

    def rounds(self, exact: float) -> bool:
        """Whether this is the exact number, rounded to enough digits.

        Whole numbers are no rounded ones: a count is right or wrong.
        """
        if not self.decimals:
            return False
        if self.decimals < DECIMALS and self.digits < DIGITS:
            return False
        half = 0.5 * 10.0**-self.decimals
        return abs(self.value - exact) <= half * (1 + 1e-9)


def readings(text: str, unit: str = "", about: str = "") -> list[Written]:
    """What a text may mean as a number: nothing, one number, or several.

    unit: what is asked for, "nats" or "%". about: the question; words behind
    a number are accepted if they stand there or in the unit.
    """
    text = text.translate(LOOKALIKES)
    text = unicodedata.normalize("NFKC", text).translate(LOOKALIKES).lower()
    text = ABOUT.sub("", text.strip()).replace("**", "^")
    text = SPACED.sub(lambda m: re.sub(r"[ _']", "", m[0]), text)
    tokens = _tokens(text)
    if tokens is None or not _strip_words(tokens, f"{unit} {about}".lower()):
        return []
    factor = 1.0
    if tokens and tokens[-1] == "%":
        tokens.pop()
        factor = 1.0 if re.search(r"%|percent", unit) else 0.01
    found: dict[float, Written] = {}
    for number in (_with_point, _with_comma):
        for log in (math.log, math.log10):
            written = _compute(tokens, number, log, factor)
            if written is not None:
                found.setdefault(written.value, written)
    return list(found.values())


def _tokens(text: str) -> list[str] | None:
    """Numbers, names, words and signs; None where something else stands."""
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            return None
        found.append(token[0].strip())
        place = token.end()
    return found


def _strip_words(tokens: list[str], known: str) -> bool:
    """Take a unit off the end; False where it is not the question's."""
    words = {_singular(word) for word in re.findall(r"[a-zµ]+", known)}
    while len(tokens) > 1:
        word = tokens[-1]
        if word == "percent":
            tokens[-1] = "%"
            return True
        if not re.fullmatch(r"[a-zµ]+", word) or word in CONSTANTS:
            return True
        if word in FUNCTIONS or word == "log":
            return False
        if word != "per" and _singular(word) not in words:
            return False
        tokens.pop()
        if len(tokens) > 2 and tokens[-1] == "/" and tokens[-2].isalpha():
            tokens.pop()
    return True


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") else word


def _with_point(token: str) -> str | None:
    """A number with a decimal point, whatever parts its thousands."""
    if GROUPS.fullmatch(token):
        if "," not in token:
            return token.replace(".", "")
        return token.replace(",", "")
    return token if POINT.fullmatch(token) else None


def _with_comma(token: str) -> str | None:
    """A number with a decimal comma."""
    if COMMA.fullmatch(token):
        return token.replace(".", "").replace(",", ".")
    return None if "," in token else _with_point(token)


def _compute(
    tokens: list[str],
    number: Callable[[str], str | None],
    log: Callable[[float], float],
    factor: float,
) -> Written | None:
    """The value of an expression, if it is one and finite."""
    parser = _Parser(list(tokens), number, log)
    try:
        value = parser.sum()
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    if parser.tokens or not math.isfinite(value):
        return None
    signs = [token for token in tokens if token in "+-"]
    if len(tokens) - len(signs[:1]) > 1 or "e" in tokens[-1]:
        return Written(value * factor)
    plain = number(tokens[-1]) or ""
    _, _, behind = plain.partition(".")
    digits = plain.replace(".", "").lstrip("0")
    decimals = len(behind) + (0 if factor == 1 else 2)
    return Written(value * factor, decimals, len(digits))


class _Parser:
    """Sums, products, powers and functions, as in school."""

    def __init__(
        self,
        tokens: list[str],
        number: Callable[[str], str | None],
        log: Callable[[float], float],
    ) -> None:
        self.tokens, self.number, self.log = tokens, number, log

    def next(self, among: str) -> str:
        """The next token if it is one of these signs, and then gone."""
        if self.tokens and self.tokens[0] in among.split():
            return self.tokens.pop(0)
        return ""

    def sum(self) -> float:
        value = self.product()
        while sign := self.next("+ -"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> float:
        value = self.signed()
        while sign := self.next("* /"):
            other = self.signed()
            value = value * other if sign == "*" else value / other
        return value

    def signed(self) -> float:
        return -self.power() if self.next("+ -") == "-" else self.power()

    def power(self) -> float:
        value = self.atom()
        if self.next("^"):
            power = value ** self.signed()
            if isinstance(power, complex):
                raise ValueError("no real number")
            return power
        return value

    def atom(self) -> float:
        if not self.tokens:
            raise ValueError("it ends too early")
        token = self.tokens.pop(0)
        if token == "(":
            value = self.sum()
            if not self.next(")"):
                raise ValueError("a bracket is open")
            return value
        if token in CONSTANTS:
            return CONSTANTS[token]
        if token == "log":
            return self.log(self.atom())
        if token in FUNCTIONS:
            return FUNCTIONS[token](self.atom())
        plain = self.number(token)
        if plain is None:
            raise ValueError(f"{token} is no number")
        return float(plain)
