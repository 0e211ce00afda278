"""What a terminal shows: lines that fit, and no byte that steers it."""

import argparse
import os
import re
import shutil
import sys
import textwrap
import unicodedata

from tqdm import tqdm

_KEPT = "\N{WORD JOINER}"
_COMMAND = re.compile(
    r"\b(?:tutorgpt [a-z]+|iconv|rm|del)(?= [-'$/~.\w])"
    r"(?: (?:'[^']*'|\$'[^']*'|[^\s,;:()']+))*"
)
"""A command in a sentence, up to a comma, a bracket or the end."""
LEAST_COLUMN = 20
"""Columns in which a table's cell can still be read."""


def columns() -> int:
    """How wide the terminal is; 80 where there is none."""
    return shutil.get_terminal_size().columns


def cut(line: str, width: int) -> str:
    """The beginning of a line that takes at most this many columns.

    A Chinese character takes two, a mark on a letter none.
    """
    for n, character in enumerate(line):
        wide = unicodedata.east_asian_width(character) in "WF"
        width -= 0 if unicodedata.combining(character) else 1 + wide
        if width < 0:
            return line[:n]
    return line


def counted(number: int, noun: str) -> str:
    """A number and what it counts: 1 step, 2,000 steps."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def wrapped(sentence: str, width: int) -> str:
    """A sentence in lines of this width, never broken inside a word.

    A command is never broken either, so that it can be copied: it goes on
    over the edge, where the terminal breaks it without a line's end.
    """
    whole = _COMMAND.sub(lambda m: m[0].replace(" ", _KEPT), sentence)
    return "\n".join(
        textwrap.fill(
            line,
            width,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
        )
        for line in whole.splitlines()
    ).replace(_KEPT, " ")


def say(text: str) -> None:
    """Print on the way of longer work, which a closed pipe does not end.

    Above a progress bar, if there is one.
    """
    try:
        with tqdm.external_write_mode():
            print(text, flush=True)
    except BrokenPipeError:  # the reader has seen enough; the work goes on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def labelled(label: str, text: str, width: int = 8) -> str:
    """A line with a word in front; in a terminal, broken between words."""
    return fitted(f"{label:{width}}{text}", width)


def fitted(lines: str, indent: int) -> str:
    """Lines that fit the terminal; as they are where there is none.

    A table's widest gap shrinks first. What is still too long goes on in a
    line that is indented.
    """
    if not sys.stdout.isatty():
        return lines
    return "\n".join(
        _fitted_line(line, columns(), indent) for line in lines.split("\n")
    )


def _fitted_line(line: str, room: int, indent: int) -> str:
    excess = len(line) - room
    if excess <= 0:
        return line
    gap = max(re.findall(r"(?<=\S) +(?=\S)", line), key=len, default="")
    if len(gap) > excess + 1:
        return line.replace(gap, gap[excess:], 1)
    return textwrap.fill(
        line,
        room,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions as they stand in the source, where they fit.

    In a narrower terminal prose is filled anew, and a table or a command
    goes on in an indented line.
    """

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        room = columns()
        blocks = re.split(r"\n(?=\s*\n|[^\S\n])|(?<=\n)\n", text.rstrip())
        return "\n".join(_fitted(block, room) for block in blocks)

    def _split_lines(self, text: str, width: int) -> list[str]:
        words = " ".join(text.split())
        return textwrap.wrap(
            words, width, break_long_words=False, break_on_hyphens=False
        )

    def format_help(self) -> str:
        return "\n".join(
            _pulled_left(line, columns())
            for line in super().format_help().split("\n")
        )


def _pulled_left(line: str, room: int) -> str:
    """A line that is too long, such as one long option, with less indent."""
    indent = len(line) - len(line.lstrip(" "))
    return line[min(indent, max(0, len(line) - room)) :]


def _fitted(block: str, room: int) -> str:
    """A paragraph, or one indented line, in the room that there is."""
    if max(map(len, block.splitlines()), default=0) <= room:
        return block
    indent = block[: len(block) - len(block.lstrip(" "))]
    if not indent:
        return textwrap.fill(block, room, break_on_hyphens=False)
    is_command = "tutorgpt " in block and "  " not in block.strip()
    lines = textwrap.wrap(
        block,
        room - 2 * is_command,
        subsequent_indent=_second_column(block, room) or indent + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return (" \\\n" if is_command else "\n").join(lines)


def _second_column(line: str, room: int) -> str:
    """The spaces before a table's second column, if it is wide enough."""
    found = re.match(r" +\S+(?: \S+)*  +", line)
    if found is None or room - len(found[0]) < LEAST_COLUMN:
        return ""
    return " " * len(found[0])
