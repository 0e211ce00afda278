"""HTML that a notebook or a page holds, written so that it is XML, too.

A piece may open what another one closes, so nothing is closed here but what
has no end, such as <br>.
"""

from html import escape
from html.parser import HTMLParser

from tutorgpt.learn.quiz.elements import VOID


def as_xhtml(text: str) -> str:
    """The same piece of a page with quoted attributes and closed <br/>.

    Drawings are left as they are, since their names have capitals.
    """
    if "<svg" in text:
        return text
    writer = _Writer()
    writer.feed(text)
    writer.close()
    return "".join(writer.written)


class _Writer(HTMLParser):
    """Writes down what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        told = "".join(f' {n}="{escape(v or "")}"' for n, v in attrs)
        self.written.append(f"<{tag}{told}{'/' * (tag in VOID)}>")

    def handle_startendtag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(escape(data, quote=False))
