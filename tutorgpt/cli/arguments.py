"""What several commands ask for, and numbers refused with a remedy."""

import argparse
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tutorgpt.cli.paths import text_to_read
from tutorgpt.ground.refusal import did_you_mean

if TYPE_CHECKING:
    import torch


def whole_number(minimum: int) -> Callable[[str], int]:
    """A reader of whole numbers that are not below the minimum."""

    def read(text: str) -> int:
        remedy = f"choose a whole number, {minimum} or more"
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number: {remedy}"
            ) from None
        if not minimum <= number < 2**63:
            most = " and less than 2 to the 63" if number > minimum else ""
            raise argparse.ArgumentTypeError(
                f"{number} is out of range: {remedy}{most}"
            )
        return number

    return read


def share(text: str) -> float:
    """A share above 0 and up to 1."""
    number = _number(text)
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(
            f"{text} is out of range: choose a share above 0 and up to 1"
        )
    return number


def positive(text: str) -> float:
    """A number above 0."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(
            f"{text} is out of range: choose a number above 0"
        )
    return number


def temperature(text: str) -> float:
    """A number above 0; who wants 0 wants the likeliest token."""
    try:
        return positive(text)
    except argparse.ArgumentTypeError as error:
        if text.strip("0.") == "":
            raise argparse.ArgumentTypeError(
                f"{error}, or --greedy for the likeliest token each time"
            ) from None
        raise


def one_of(known: Iterable[str]) -> Callable[[str], str]:
    """A reader of one of the known words; the nearest is named.

    Beside choices=, which then writes the help alone, because it is asked
    after this.
    """
    words = list(known)

    def read(text: str) -> str:
        if text not in words:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not known: choose one of {', '.join(words)}"
                f"{did_you_mean(text, words)}"
            )
        return text

    return read


def device(text: str) -> str:
    """A device that torch can compute on here."""
    from tutorgpt.ground.devices import check_device  # torch takes a second

    try:
        return check_device(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number: choose one such as 0.8"
        ) from None


def add_corpus(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
    *,
    default: str | None = "shakespeare",
    note: str = "default: shakespeare",
) -> None:
    """The option --corpus: a text by its name or its path.

    note: what stands in brackets at the end of the help.
    """
    parser.add_argument(
        "--corpus",
        type=text_to_read,
        default=default,
        metavar="NAME_OR_PATH",
        help="shakespeare, tinyshakespeare, songci, the path of a UTF-8 text, "
        f"or of a token file ({note})",
    )


def add_tokenizer(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
) -> None:
    """The option --tokenizer: what a text is cut into."""
    parser.add_argument(
        "--tokenizer",
        type=tokenizer_name,
        metavar="NAME",
        help="what the text is cut into: characters, bytes, or pairs:N, "
        "pieces of words, N different ones (default: characters)",
    )


def tokenizer_name(text: str) -> str:
    """characters, bytes or pairs:N."""
    from tutorgpt.text.tokenizers import vocabulary_asked  # pulls numpy

    try:
        vocabulary_asked(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def add_seed(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup, what: str
) -> None:
    """The option --seed, of all random numbers that a command draws.

    what: what the seed decides, and the default, for the help.
    """
    parser.add_argument("--seed", type=whole_number(0), metavar="S", help=what)


def add_temperature(parser: argparse.ArgumentParser) -> None:
    """The option --temperature, of a command that writes."""
    parser.add_argument(
        "--temperature",
        type=temperature,
        default=1.0,
        metavar="X",
        help="below 1 bolder, above 1 more varied (default: 1.0)",
    )


def add_greedy_and_seed(parser: argparse.ArgumentParser) -> None:
    """The options --greedy and --seed, of a command that writes."""
    parser.add_argument(
        "--greedy",
        action="store_true",
        help="always take the likeliest token",
    )
    add_seed(parser, "the same seed writes the same text (default: a new one)")


def given(args: argparse.Namespace, **usual: object) -> list[str]:
    """Which options have another value than the usual one, as written."""
    return [
        f"--{name.replace('_', '-')}"
        for name, value in usual.items()
        if getattr(args, name, value) != value
    ]


def check_greedy(args: argparse.Namespace) -> None:
    """Refuse options that change how tokens are drawn where none is drawn."""
    idle = given(args, temperature=1.0, top_k=None, top_p=None)
    if args.greedy and idle:
        raise ValueError(
            "--greedy takes the likeliest token each time, so "
            f"{idle[0]} would change nothing: leave one of the two out"
        )


def seeded(seed: int | None) -> "torch.Generator":
    """Where a command's chance comes from: its --seed, or a new one."""
    import torch  # takes a second

    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return generator
