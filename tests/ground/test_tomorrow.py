"""One line above a widget, where the server does not know what to do."""

import builtins
from pathlib import Path

import pytest

from tutorgpt.ground import tomorrow
from tutorgpt.ground.tomorrow import (
    AT_DESK,
    CLASS,
    living_script,
    say_what_to_do_tomorrow,
)


class Shell:
    """A notebook's IPython that remembers what it was given to show."""

    kernel = True

    def __init__(self):
        self.display_pub, self.shown = self, []

    def publish(self, data):
        self.shown.append(data)


@pytest.fixture
def shell(monkeypatch):
    """As in a notebook that somebody looks at, without the desk."""
    made = Shell()
    monkeypatch.setattr(builtins, "get_ipython", lambda: made, raising=False)
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setenv("TUTORGPT_PROGRESS", "1")
    monkeypatch.delenv(AT_DESK, raising=False)
    return made


def test_a_reader_is_told_what_to_do_tomorrow(shell):
    """One line, in words and as a page, by the class that hides it."""
    say_what_to_do_tomorrow()

    (shown,) = shell.shown
    assert f'class="{CLASS}"' in shown["text/html"]
    assert shown["text/plain"] in shown["text/html"]
    assert "nothing is lost" in shown["text/plain"]
    assert "Shift+Enter" in shown["text/plain"]
    assert f'querySelectorAll(".{CLASS}")' in living_script()


def test_the_ground_names_no_widget():
    """Which widgets there are is for the rooms above to know."""
    ground = Path(tomorrow.__file__).parent
    text = "".join(p.read_text("utf-8") for p in ground.glob("*.[pj]*"))

    assert "tg-quiz" not in text
    assert "tg-ui" not in text


@pytest.mark.parametrize(
    ("name", "value"), [(AT_DESK, "1"), ("TUTORGPT_PROGRESS", "0")]
)
def test_nobody_is_told_who_needs_no_telling(shell, monkeypatch, name, value):
    """The desk's server takes care, and what is stored holds no such line."""
    monkeypatch.setenv(name, value)
    say_what_to_do_tomorrow()

    assert not shell.shown
