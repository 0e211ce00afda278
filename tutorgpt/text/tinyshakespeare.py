"""The field's yardstick: Karpathy's 1,115,394 characters of Shakespeare."""

from pathlib import Path

from tutorgpt.text.download import FetchedText

FILE = "tinyshakespeare/input.txt"


def whole_text(files: list[Path]) -> str:
    """The one file's text."""
    (file,) = files
    return file.read_text(encoding="utf-8")


TINYSHAKESPEARE = FetchedText(
    name="tinyshakespeare",
    summary="1.1 MB, the text of Karpathy's char-rnn",
    upstream=(
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/"
        "data/tinyshakespeare"
    ),
    files=lambda: [FILE],
    compose=whole_text,
)
