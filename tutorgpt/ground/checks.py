"""Refuses numbers that a config cannot hold, with the value and a remedy."""


class NewerError(ValueError):
    """What a newer tutorgpt has written; the remedy is to update."""


def at_least(minimum: int, **values: int) -> None:
    """Refuse what is not a whole number, or too small."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} must be a whole number, not {value!r}")
        if value < minimum:
            raise ValueError(
                f"{name} is {value}: choose a whole number, {minimum} or more"
            )


def one_of(known: tuple[str, ...], **values: str) -> None:
    """Refuse a word that is not among the known ones."""
    for name, value in values.items():
        if value not in known:
            raise ValueError(
                f"{name} is {value!r}: choose one of {', '.join(known)}"
            )


def between(lowest: float, highest: float, **values: float) -> None:
    """Refuse a number outside a range, and what is not a number."""
    for name, value in values.items():
        if not lowest <= value <= highest:
            raise ValueError(
                f"{name} is {value}: choose a number from {lowest} to "
                f"{highest}"
            )


def above(limit: float, **values: float) -> None:
    """Refuse a number that is not above a limit, and what is not finite."""
    for name, value in values.items():
        if not limit < value < float("inf"):
            raise ValueError(
                f"{name} is {value}: choose a number above {limit}"
            )
