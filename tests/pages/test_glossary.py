"""The glossary points to the chapter that first uses a term."""

import json
import re

import pytest
from book_tools import ROOT, extension
from first_use import NO_PROSE

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
TIPS = extension("glossary_tips")
IN_PASSING = {
    "GPT": (1, "where the ladder leads"),
    "byte": (6, "what a model's numbers take up in memory"),
    "decoder": (6, "what comes in chapter 9"),
    "encoder": (6, "what comes in chapter 9"),
    "residual path": (2, "an exercise that looks ahead to chapter 5"),
    "temperature": (1, "an exercise that looks ahead to chapter 8"),
}
"""Terms that a chapter names before theirs: where, and what it says."""

SAID_AS = {
    "AdamW": "AdamW",
    "attention weights": r"attention weights|weights = F\.softmax",
    "autoregressive": "appends it",
    "backpropagation": r"\.backward\(",
    "bias": r"\bbias\b",
    "block": r"class Block",
    "block size": "block_size",
    "broadcasting": r"broadcast|keepdim",
    "corpus": r"corpus\.",
    "cross-entropy": "cross_entropy",
    "depth": r"\b[Dd]epth\b",
    "equivalence test": "allclose",
    "initialisation": r"random numbers|weights are random",
    "key": r"\*\*key",
    "learning rate": r"learning_rate|learning rate|lr=",
    "memory": r"\*\*memory",
    "non-linearity": r"\bbend\b",
    "output layer": "lm_head",
    "position embedding": "TokenAndPositionEmbedding",
    "query": r"\*\*query",
    "saturation": r"saturat",
    "scaling": r"Step 3, scale",
    "score": "every query with every key",
    "self-attention": "self-attention",
    "sinusoidal positions": r"[Ss]inusoid",
    "step": r"\bsteps\b",
    "streaming": r"streaming|as soon as it is chosen",
    "tokenizer": r"tokenizer\.",
    "top-k sampling": r"[Tt]op-k",
    "top-p sampling": r"[Tt]op-p",
    "training split": r"corpus\.train|training text",
    "unigram": "unigram",
    "validation split": r"held[ -]out|corpus\.val",
    "value": r"\*\*value",
    "window": r"last `?block_size`? |sliding|moves on",
}
"""Terms that the chapters show under another word, or only in code."""


def prose(path) -> str:
    """A chapter's running text, without code, formulas, headings and links."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n\n".join(
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "markdown"
    )
    return NO_PROSE.sub(" ", text)


def everything(path) -> str:
    """A chapter's cells as they are written, code and headings included."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


ALL = {int(path.stem[:2]): everything(path) for path in CHAPTERS}
TEXTS = {int(path.stem[:2]): prose(path) for path in CHAPTERS}


def uses(term) -> re.Pattern[str]:
    """Finds a term as people write it, one of it or many."""
    name = re.escape(term.name).replace(r"\ ", r"\s+")
    if term.name[0].islower():
        name = f"[{name[0].upper()}{name[0]}]{name[1:]}"
    many = f"{name}(?:s|es)?"
    if name.endswith("y"):
        many = f"{name[:-1]}(?:y|ies)"
    return re.compile(rf"(?<![\w-]){many}(?![\w-])")


def first_use(term) -> int:
    """The first chapter that uses it, or shows it as SAID_AS says; or -1."""
    said = SAID_AS.get(term.name)
    found, texts = (re.compile(said), ALL) if said else (uses(term), TEXTS)
    return next(
        (number for number, text in texts.items() if found.search(text)),
        TIPS.NOWHERE,
    )


TERMS = {
    term.name: term for term in TIPS.terms() if term.chapter != TIPS.NOWHERE
}


@pytest.mark.parametrize("name", TERMS)
def test_a_term_points_to_its_first_use(name):
    """The first chapter of the entry is the first that uses the term."""
    term, first = TERMS[name], first_use(TERMS[name])
    if name in IN_PASSING:
        passing, why = IN_PASSING[name]
        assert first == passing < term.chapter
        assert len(why) > 10
    else:
        assert first == term.chapter


def test_every_word_of_these_lists_is_a_term():
    """A term that left the glossary leaves these lists, too."""
    assert set(IN_PASSING) | set(SAID_AS) <= set(TERMS)
