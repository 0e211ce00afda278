"""What solutions say came out, is what comes out or what a record holds."""

import re
from pathlib import Path

import nbformat
import pytest
import torch

from tutorgpt import load_corpus
from tutorgpt.learn.check.exercise import ALWAYS_THERE
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.view.records import mean_loss, read_record

ROOT = Path(__file__).resolve().parents[3]
VARIANTS = read_record("look_back")["variants"]


def mean(name, *keys):
    """A number of the record, the mean over its seeds."""
    found = VARIANTS[name]["runs"]
    for key in keys:
        found = [run[key] for run in found]
    return sum(found) / len(found)


def prose(stem):
    """The Markdown of a chapter, in one line."""
    notebook = nbformat.read(
        ROOT / "notebooks" / f"{stem}.ipynb", as_version=4
    )
    texts = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    return " ".join("\n".join(texts).split())


def test_triples_score_what_their_solution_says():
    """With each way of smoothing that it names."""
    exercise = EXERCISES["1.4"]
    corpus = load_corpus("shakespeare")
    said = [float(n) for n in re.findall(r"\d\.\d{3}", exercise.why)]
    found = []
    for k in ("20.0", "3.0", "100.0"):
        names = ALWAYS_THERE | {"corpus": corpus}
        exec(exercise.solution.replace("20.0", k), names)
        found.append(round(names["loss_of_triples"].item(), 3))
    V, triples = names["V"], names["triples"]
    plus_one = triples.view(V, V, V) + 1
    p = plus_one / plus_one.sum(2, keepdim=True)
    numbers = names["numbers_of"](corpus.val)
    found.insert(1, round(-p.flatten()[numbers].log().mean().item(), 3))

    assert said == found
    assert f"{(triples > 0).float().mean():.1%}" == "4.8%"
    assert "Only 4.8 %" in exercise.why


def test_doubled_logits_cost_what_their_solution_says():
    """Exercise 1.B, on the table of counts that the model comes to."""
    corpus = load_corpus("shakespeare")
    V = corpus.tokenizer.vocab_size
    counts, held_out = (
        torch.bincount(split[:-1] * V + split[1:], minlength=V * V).view(V, V)
        for split in (corpus.train, corpus.val)
    )

    def loss(factor):
        log_p = (factor * (counts + 1).log()).log_softmax(dim=1)
        return -(held_out * log_p).sum().item() / held_out.sum().item()

    said = re.search(r"rises, from (\S+) to (\S+) in", prose("01_bigram"))

    assert said
    assert [loss(1), loss(2)] == pytest.approx(
        [float(number) for number in said.groups()], abs=0.02
    )


def test_a_way_past_the_head_is_worth_what_is_said():
    """Exercise 2.5: the loss, and where the head then looks."""
    past = "one head, and a way past it"
    alone, by_the_way = (
        [run["trained"][key] for run in VARIANTS[past]["runs"]]
        for key in ("itself", "before")
    )

    assert round(mean(past, "val_loss"), 2) == EXERCISES["2.5"].expected
    assert max(alone) < 0.3
    assert min(by_the_way) > 0.5


@pytest.mark.parametrize(
    ("stem", "name", "said"),
    [
        ("01_bigram", "bigram, 69 channels", "no lower: {:.3f} after"),
        ("01_bigram", "bigram, 10,000 steps", "reaches {:.3f} after 10,000"),
        ("02_single_head", "mean of the past", "it stands at {:.2f} (three"),
        ("02_single_head", "one head, no scale", "About {:.2f} instead"),
        ("02_single_head", "one head, no places", "About {:.2f} (mean of"),
    ],
)
def test_a_chapters_comparisons_are_recorded(stem, name, said):
    """Means of three seeds, as they stand in the prose."""
    assert len(VARIANTS[name]["runs"]) == 3
    assert said.format(mean(name, "val_loss")) in prose(stem)


def test_what_training_does_to_a_head_is_recorded():
    """Where it looks, and how far its scores and queries spread."""
    head, loud = (
        VARIANTS[name]["runs"] for name in ("one head", "one head, no scale")
    )
    itself = [run["trained"]["itself"] for run in head]
    text = prose("02_single_head")

    assert f"({min(itself):.2f} to {max(itself):.2f} over three seeds)" in text
    for run in head:
        assert run["fresh"]["scores"] < 1 < 4 < run["trained"]["scores"]
        assert 1.6 < run["trained"]["queries"] < 2.0
        halved, kept, doubled = run["rescaled"].values()
        assert kept + 0.05 < min(halved, doubled)
    for run in loud:
        assert 0.6 < run["fresh"]["queries"] < 0.75
        assert 11 < run["fresh"]["scores"] < 15
        assert abs(run["trained"]["queries"] - 0.3) < 0.05


def test_the_ladders_numbers_are_those_of_the_prose():
    """The mean of three seeds and the chapter's own seed."""
    bigram, head = read_record("ladder_shakespeare")["rungs"][:2]
    text = prose("02_single_head")

    assert (
        f"{bigram['runs'][0]['val_loss']:.3f} nats per character in the"
        in (text)
    )
    assert f"({mean_loss(bigram):.3f} in the mean of three seeds)" in text
    assert (
        f"from {mean_loss(bigram):.2f} to {mean_loss(head):.2f} nats" in text
    )
