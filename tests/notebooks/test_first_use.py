"""No term and no construct stands in a chapter before it is explained."""

import first_use
import pytest
from first_use import Place, early_constructs, early_terms, places

TERMS_ELSEWHERE = {
    "GPT": "the preface",
    "Transformer": "the preface",
    "mixture of experts": "chapter 11, on a side path",
    "router": "chapter 11, on a side path",
    "scaling": "chapter 2 says scale, in the six steps and in claim 3",
    "streaming": "chapter 8 shows it: each character as soon as it is chosen",
    "top-k sampling": "chapter 8 says top-k",
    "top-p sampling": "chapter 8 says top-p",
}
"""Terms that the preface explains, or that chapters say in other words."""
CONSTRUCTS_PLAIN: dict[str, str] = {}
"""Names that need no explanation, and why."""


def test_no_term_stands_before_its_explanation():
    """Each term of the glossary is in bold where it first occurs."""
    early = [
        f"{place} {term}: {says}"
        for term, place, says in early_terms(set(first_use.TIPS.EVERYDAY))
        if term not in TERMS_ELSEWHERE
    ]

    assert early == []


def test_no_construct_stands_before_its_explanation():
    """The prose or a comment names what a cell of the path uses."""
    early = [
        f"{place} {name}"
        for name, place in early_constructs()
        if name not in CONSTRUCTS_PLAIN
    ]

    assert early == []


def cell(number, text, *, is_prose=True, kind="path"):
    """A cell of a made-up chapter 1."""
    return Place(1, number, kind, text, is_prose, False)


@pytest.fixture
def chapter(monkeypatch):
    """Puts a made-up chapter in the place of all others."""

    def put(*cells):
        monkeypatch.setattr(first_use, "places", lambda: cells)

    return put


@pytest.mark.parametrize(
    ("texts", "is_early"),
    [
        (("A **gradient** is a slope.", "The gradient falls."), False),
        (("Gradients fall.", "A **gradient** is a slope."), True),
        (("The gradient, or: a **gradient** is a slope.",), True),
        (("`gradient` is code.", "A **gradient** is a slope."), False),
    ],
)
def test_a_term_that_comes_too_early_is_noticed(chapter, texts, is_early):
    """Also within one paragraph, and in the plural."""
    chapter(*(cell(n, text) for n, text in enumerate(texts)))
    found = {term for term, _, _ in early_terms(set())}
    never = {t for t, _, says in early_terms(set()) if "never" in says}

    assert ("gradient" in found) == is_early
    assert "attention" in never


@pytest.mark.parametrize(
    ("prose", "code", "early"),
    [
        ("`einsum` sums products.", "torch.einsum('ij->i', x)", []),
        ("Nothing.", "torch.einsum('ij->i', x)", ["einsum"]),
        ("Nothing.", "# einsum sums\ntorch.einsum('ij->i', x)", []),
        ("Nothing.", "x.view(2, 3).sum(dim=1)", ["view", "dim"]),
        ("Nothing.", "corpus.encode(', '.join(words))", []),
        ("Nothing.", "getattr(x, 'y')", ["getattr"]),
    ],
)
def test_a_construct_that_comes_too_early_is_noticed(
    chapter, prose, code, early
):
    """Functions, methods and keywords of torch, and a few of Python."""
    chapter(cell(0, prose), cell(1, code, is_prose=False))

    assert sorted(name for name, _ in early_constructs()) == sorted(early)


def test_all_chapters_are_read():
    """The tests above look at something."""
    assert {place.chapter for place in places()} >= set(range(1, 13))
