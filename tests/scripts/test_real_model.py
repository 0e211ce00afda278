"""The real model is there before the first test, or it is said why not."""

import pytest

from scripts import real_model


def cannot(name):
    """In the place of fetch, where there is no network."""
    raise ConnectionError(f"{name} could not be fetched")


def test_it_says_where_the_model_lies(capsys, monkeypatch):
    """Fetched by its name."""
    monkeypatch.setattr(real_model, "fetch", lambda name: f"/there/{name}")

    assert real_model.main() == 0
    assert capsys.readouterr().out == "model: /there/smollm2\n"


@pytest.mark.parametrize(
    ("ci", "code"), [("true", 1), ("1", 1), ("", 0), ("false", 0)]
)
def test_without_it_only_the_gate_ends(capsys, monkeypatch, ci, code):
    """A reader without a network can run the other tests."""
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(real_model, "fetch", cannot)

    assert real_model.main() == code
    assert "smollm2 could not be fetched" in capsys.readouterr().out
