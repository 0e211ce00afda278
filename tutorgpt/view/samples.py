"""Generated text, marked as such."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from tutorgpt.decoding import generate
from tutorgpt.language_model import LanguageModel
from tutorgpt.tokens.stream import text_so_far
from tutorgpt.tokens.tokenizer import Tokenizer
from tutorgpt.view.tables import MARK


def show_text(text: str) -> None:
    """Print a text behind a bar; your machine may write it otherwise."""
    for line in text.strip("\n").splitlines():
        print(f"│ {line}")


def show_sample(
    model: LanguageModel,
    tokenizer: Tokenizer,
    *,
    prompt: str = "\n",
    length: int = 160,
    seed: int = 1337,
) -> None:
    """Print what a model writes after a prompt."""
    tokens = torch.tensor([tokenizer.encode(prompt)])
    tokens = tokens.to(next(model.parameters()).device)
    generator = torch.Generator(tokens.device).manual_seed(seed)
    written = generate(model, tokens, length, generator=generator)
    show_text(text_so_far(tokenizer, written[0].tolist()))


def show_side_by_side(
    texts: Mapping[str, Mapping[str, str]],
    moments: Sequence[str],
    *,
    first: int,
    title: str,
    language: str,
) -> "SideBySide":
    """What several models wrote at the same moments, a column for each.

    texts: by the model's name its texts, by step, as records have them.
    moments: what the steps are called. first: characters of each text that
    are shown. language: of the texts, as HTML names it, such as "zh-Hans".
    """
    columns = {
        model: dict(
            zip(moments, [t[:first] for t in own.values()], strict=True)
        )
        for model, own in texts.items()
    }
    return SideBySide(columns, list(moments), title, language)


@dataclass(frozen=True)
class SideBySide:
    """What a notebook shows: a table in a page, lines in a terminal."""

    texts: Mapping[str, Mapping[str, str]]
    moments: list[str]
    title: str
    language: str

    def __repr__(self) -> str:
        lines = [self.title]
        for moment in self.moments:
            for model, texts in self.texts.items():
                lines.append(f"{moment}, {model}")
                lines += [f"│ {s}" for s in texts[moment].splitlines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        title = html.escape(self.title)
        head = "".join(
            f'<th scope="col">{html.escape(model)}</th>'
            for model in self.texts
        )
        body = "\n".join(map(self.row, self.moments))
        return (
            f'<figure class="{MARK} tg-texts">'
            f"<figcaption><strong>{title}</strong></figcaption>\n"
            f'<div class="tg-scroll" role="group" aria-label="{title}" '
            f'style="overflow-x: auto"><table>\n<thead><tr><td></td>{head}'
            f"</tr></thead>\n<tbody>{body}</tbody></table></div></figure>"
        )

    def row(self, moment: str) -> str:
        """What all models wrote at a moment."""
        cells = "".join(
            f'<td lang="{self.language}">{in_lines(texts[moment])}</td>'
            for texts in self.texts.values()
        )
        return f'<tr><th scope="row">{html.escape(moment)}</th>{cells}</tr>'


def in_lines(text: str) -> str:
    """A text as HTML, with its line breaks."""
    return "<br>".join(map(html.escape, text.splitlines()))
