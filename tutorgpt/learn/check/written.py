"""Numbers as people write them: 1.39, 1,39, 20 %, 1/3, ln 69, 3 072 numbers.

The quiz's pages read them too, in quiz/assets/numbers.js, by the same rules:
tests/learn/check/written_numbers.toml is the table that both are held to.
"""

import math
import re
import unicodedata
from collections.abc import Callable

LONGEST = 100
"""So many signs a number has at most; brackets nest no deeper than that."""
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


def readings(text: str, unit: str = "", about: str = "") -> list[float]:
    """What a text may mean as a number: nothing, one number, or several.

    unit: what is asked for, "nats" or "%". about: the question; words behind
    a number are accepted if they stand there or in the unit.
    """
    text = text.translate(LOOKALIKES)
    text = unicodedata.normalize("NFKC", text).translate(LOOKALIKES).lower()
    text = re.sub(r"\d", lambda m: str(unicodedata.decimal(m[0])), text)
    text = ABOUT.sub("", text.strip()).replace("**", "^")
    text = SPACED.sub(lambda m: re.sub(r"[ _']", "", m[0]), text)
    tokens = _tokens(text) if len(text) <= LONGEST else None
    if tokens is None or not _strip_words(tokens, f"{unit} {about}".lower()):
        return []
    factor = 1.0
    if tokens and tokens[-1] == "%":
        tokens.pop()
        factor = 1.0 if re.search(r"%|percent", unit) else 0.01
    values = (
        _compute(tokens, number, log)
        for number in (_with_point, _with_comma)
        for log in (math.log, math.log10)
    )
    found = [value * factor for value in values if value is not None]
    return list(dict.fromkeys(found))


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
) -> float | None:
    """The value of an expression, if it is one."""
    parser = _Parser(list(tokens), number, log)
    try:
        value = parser.sum()
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return None if parser.tokens else value


def _finite(value: float) -> float:
    """A value that can be computed with; 1 / 1e999 would be 0."""
    if not math.isfinite(value):
        raise ValueError("too large")
    return value


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
            value = _finite(value + other if sign == "+" else value - other)
        return value

    def product(self) -> float:
        value = self.signed()
        while sign := self.next("* /"):
            other = self.signed()
            value = _finite(value * other if sign == "*" else value / other)
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
        return _finite(float(plain))
