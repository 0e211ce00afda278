"""A text as a string of JavaScript, in a file or inside of a page."""

import re

SPECIAL = re.compile(r"[\\`]|\$(?=\{)|\r")
"""What has a meaning between backticks."""
TAG = re.compile(r"<(?=[/!s])")
"""What could end a script inside a page, or begin another."""


def as_script(text: str) -> str:
    """The text between backticks: it stays readable, and hardly grows."""
    quoted = SPECIAL.sub(
        lambda found: r"\r" if found[0] == "\r" else f"\\{found[0]}", text
    )
    return f"`{TAG.sub(lambda _: '<' + chr(92), quoted)}`"
