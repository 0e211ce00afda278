"""Sources: one object for each text, whatever the way it comes."""

import argparse
from pathlib import Path

import pytest

from tutorgpt import load_corpus
from tutorgpt.cli.arguments import add_corpus
from tutorgpt.text import load_tokenizer
from tutorgpt.text.corpus import CORPORA, find_source
from tutorgpt.text.source import Source, TextFile
from tutorgpt.tokens.characters import CharTokenizer


class Haiku(Source):
    """A fourth corpus, as somebody would add it: one class, in one file."""

    name, summary = "haiku", "an old pond, three lines"

    def read(self) -> str:
        """The whole text."""
        return "an old silent pond\na frog jumps in\nsplash\n"

    def where(self) -> str:
        """The place that holds it."""
        return "this test"


@pytest.mark.parametrize("source", CORPORA.values(), ids=list(CORPORA))
def test_every_source_says_what_it_is(source: Source) -> None:
    """A name, a summary, whether it is here, and where."""
    assert CORPORA[source.name] is source
    assert source.summary
    assert source.where()
    assert isinstance(source.is_cached(), bool)


def test_a_fourth_corpus_is_one_object(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the list, it is read by name like the others."""
    monkeypatch.setitem(CORPORA, "haiku", Haiku())
    corpus = load_corpus("haiku")

    assert corpus.name == "haiku"
    assert corpus.text.startswith("an old silent pond")


def test_a_path_is_a_source_too(tmp_path: Path) -> None:
    """A file of the reader's own, under its own name."""
    file = tmp_path / "my poems.txt"
    source = find_source(file)
    before = source.is_cached()
    file.write_text("春江潮水\n", encoding="utf-8")

    assert isinstance(source, TextFile)
    assert not before
    assert source.is_cached()
    assert (source.name, source.read()) == ("my poems", "春江潮水\n")
    assert source.where() == str(file)


def test_the_option_names_every_corpus() -> None:
    """--corpus lists them, although it does not load what reads them."""
    parser = argparse.ArgumentParser()
    add_corpus(parser)
    words = " ".join(parser.format_help().split())
    listed = words.partition("NAME_OR_PATH ")[2].partition(", the path")[0]

    assert listed.rpartition("NAME_OR_PATH ")[2].split(", ") == [*CORPORA]


def test_a_tokenizer_comes_back_from_its_description() -> None:
    """Whatever its kind, the description is enough."""
    tokenizer = CharTokenizer.from_text("一二 abc\n")

    assert load_tokenizer(tokenizer.describe()) == tokenizer


def test_a_strange_kind_of_tokenizer_is_named() -> None:
    """With what this version knows."""
    with pytest.raises(ValueError, match=r"kind 'runes'.*'characters'"):
        load_tokenizer({"kind": "runes"})
