"""What the records of copying and of the blind test say holds."""

from statistics import mean

import pytest

from tutorgpt.text.shakespeare import read_plays
from tutorgpt.view import read_record


@pytest.fixture(scope="module")
def plays() -> tuple[str, str]:
    """What is learned from, and what is held out."""
    text = read_plays()
    return text[: len(text) * 9 // 10], text[len(text) * 9 // 10 :]


def first(moments, holds) -> int:
    """The first step after which something holds."""
    return next(moment["step"] for moment in moments if holds(moment))


def exceeds(measure: dict) -> bool:
    """Whether the model's number exceeds every draw of held-out text."""
    return measure["model"] > max(measure["held_out"])


def test_copying_passes_the_yardstick_after_the_loss_turns_up():
    """In every run on the small text, by three measures."""
    for run in read_record("originality")["texts"]["small"]["runs"]:
        moments = run["moments"]
        lowest = min(moments, key=lambda moment: moment["val_loss"])["step"]
        passed = [
            first(moments, lambda m: exceeds(m["longest"])),
            *(
                first(moments, lambda m, n=n: exceeds(m["shares"][n]))
                for n in ("8", "16")
            ),
        ]

        assert lowest == 400
        assert all(700 < step <= 2000 for step in passed)


def test_what_learns_from_all_plays_copies_less_than_is_usual():
    """Its held-out loss still falls, and no measure exceeds the yardstick."""
    for run in read_record("originality")["texts"]["whole"]["runs"]:
        losses = [moment["val_loss"] for moment in run["moments"]]

        assert losses == sorted(losses, reverse=True)
        for moment in run["moments"]:
            measures = [moment["longest"], *moment["shares"].values()]
            assert not any(map(exceeds, measures))


def test_the_last_stretches_stand_in_the_training_text(plays):
    """Word for word, and as long as is said."""
    record = read_record("originality")
    learned, _ = plays
    for name, text in record["texts"].items():
        searched = learned[: text["learned_from"]]
        for run in text["runs"]:
            last = run["moments"][-1]
            assert len(last["stretch"]) == last["longest"]["model"]
            assert last["stretch"] in searched, name
    longest = [
        run["moments"][-1]["longest"]["model"]
        for run in record["texts"]["small"]["runs"]
    ]
    assert mean(longest) > 30


def test_lines_of_the_blind_test_keep_their_rule(plays):
    """Of the length, no names, no copies, each once; real ones held out."""
    record = read_record("blind_test")
    learned, held_out = plays
    rule = record["rule"]
    lines = [line for pair in record["pairs"] for line in pair]
    real = [
        pair[1 - "AB".index(letter)]
        for pair, letter in zip(record["pairs"], record["key"], strict=True)
    ]

    assert len(set(lines)) == 2 * len(record["key"]) == 40
    for line in lines:
        assert rule["shortest"] <= len(line) <= rule["longest"]
        assert not line.endswith(":")
        assert line not in learned
    assert set(real) <= set(held_out.split("\n"))
    assert len(record["plays"]) == 20
