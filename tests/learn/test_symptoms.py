"""The broken models' records, and how they are shown."""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import torch

from tutorgpt.ground.refusal import RefusalError
from tutorgpt.learn.check.suspects import SUSPECTS
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.learn.symptoms import symptoms
from tutorgpt.view.records import read_record

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "records"))

sys.path.insert(0, str(ROOT / "scripts" / "chapters"))

import bugs  # noqa: E402
import exercises  # noqa: E402

HUNTS = {n: e for n, e in EXERCISES.items() if e.suspect}
RECORD = read_record("bugs")["hunts"]


def ends(number):
    """The last losses of the broken model and of its twin."""
    return [run["curve"][-1][1] for run in RECORD[number].values()]


def test_every_hunt_has_its_record_and_its_own_bug():
    """At least six hunts, each with another suspect of the list."""
    suspects = {exercise.suspect for exercise in HUNTS.values()}

    assert set(RECORD) == set(HUNTS)
    assert len(suspects) == len(HUNTS) >= 6
    assert suspects <= set(SUSPECTS)


def test_the_record_is_made_hunt_by_hunt():
    """python scripts/records/bugs.py knows how to train each of them."""
    assert list(bugs.HUNTS) == list(HUNTS)
    assert list(bugs.HUNTS) == list(RECORD)


def sharpness(run):
    """The mean of each row's largest weight."""
    return torch.tensor(run["map"]).max(dim=-1).values.mean()


@pytest.mark.parametrize("number", HUNTS)
def test_the_symptoms_are_shown(number, capsys):
    """A few lines, a sample behind its bar, and a figure."""
    symptoms(number)
    lines = capsys.readouterr().out.splitlines()
    panels = len(plt.gcf().axes)
    plt.close("all")

    assert lines[0].startswith("learned numbers: ")
    assert any(line.startswith("│ ") for line in lines)
    assert len(lines) <= 6
    # Two panels and the colour bar of the map, where there is one.
    assert panels == (3 if "map" in RECORD[number]["broken"] else 1)


def test_an_exercise_without_symptoms_is_refused():
    """The error names the bug hunts, in one sentence."""
    with pytest.raises(RefusalError, match=r"1\.6"):
        symptoms("1.1")


def test_a_hunt_may_be_asked_for_as_a_number(capsys):
    """As check takes it."""
    symptoms(1.6)

    assert capsys.readouterr().out.startswith("learned numbers")


def test_what_the_stories_claim_is_recorded():
    """Each symptom that the words describe is there in the numbers."""
    stuck = [loss for _, loss in RECORD["1.6"]["broken"]["curve"]]
    attention = torch.tensor(RECORD["2.6"]["broken"]["map"])
    frozen = RECORD["3.5"]["broken"]
    restless = RECORD["6.6"]

    assert len(set(stuck)) == 1
    assert attention.diagonal(1).min() > 0.9
    assert ends("2.6")[0] < 0.5
    assert sharpness(frozen) < 0.8 * sharpness(RECORD["3.5"]["mended"])
    assert RECORD["3.5"]["mended"]["parameters"] - frozen["parameters"] == 3072
    assert abs(ends("5.4")[0] - 3.3) < 0.1
    assert ends("5.5")[0] is None
    assert ends("5.5")[1] is not None
    assert restless["broken"]["again"] != ends("6.6")[0]
    assert restless["mended"]["again"] == ends("6.6")[1]
    surplus = [run["parameters"] for run in RECORD["6.7"].values()]
    assert surplus[0] - surplus[1] == 7152


def test_what_is_said_of_todays_block_is_recorded():
    """A twin that is level, one that is not even, and who parts from whom."""
    curves = {
        number: [
            torch.tensor([loss for _, loss in run["curve"]])
            for run in RECORD[number].values()
        ]
        for number in ("11.3", "11.4", "11.5", "11.6")
    }
    restless, level = curves["11.3"]
    even, odd = curves["11.5"]
    reads, twin = curves["11.6"]

    assert level.tolist() == pytest.approx([2.017] * len(level))
    assert restless.min() >= 2.07
    assert 2.11 < restless.max() < 2.12
    assert [round(loss, 2) for loss in ends("11.4")] == [1.91, 2.22]
    assert torch.equal(even, even.flip(0))
    assert abs(even[-1] - odd[-1]) < 2e-3
    assert odd[0].item() == pytest.approx(3.153)
    assert (reads - twin)[:2].abs().max() < 0.02
    assert 2.55 < reads[2:].min() < reads[2:].max() < 2.67
    assert round(twin[-1].item(), 2) == 2.23


def test_what_is_said_of_the_bend_is_recorded():
    """Level losses, logits apart in the middle, and a twin that is exact."""
    broken, twin = RECORD["12.5"].values()
    apart = dict(broken["curve"])
    said = f"up to {apart[1.0]:.1f} ten-thousandths apart"

    assert broken["loss"] == twin["loss"]
    assert said in HUNTS["12.5"].symptom
    assert apart[0.0] < 0.1 < 20 < max(apart.values())
    assert apart[16.0] < 6
    assert not any(loss for _, loss in twin["curve"])


def test_what_is_said_of_the_tie_is_recorded():
    """One table too many; what is read again does not improve."""
    broken, twin = RECORD["12.6"].values()
    symptom, loss = HUNTS["12.6"].symptom, dict(broken["curve"])
    surplus = broken["parameters"] - twin["parameters"]

    assert surplus == 69 * 32
    assert symptom.startswith(f"{surplus:,} numbers too many")
    assert broken["curve"][0] == twin["curve"][0]
    assert min(loss.values()) > loss[0] - 0.03
    assert f"ends at {loss[600]:.3f}, where the twin" in symptom
    assert f"comes to {twin['curve'][-1][1]:.3f}" in symptom
    assert f"stands at {broken['loss']:.3f}" in symptom
    assert twin["loss"] == twin["curve"][-1][1]


def test_what_is_said_of_short_vectors_is_recorded():
    """Alike where vectors are long, and each climbs at a place of its own."""
    broken, twin = (dict(run["curve"]) for run in RECORD["12.7"].values())
    symptom = HUNTS["12.7"].symptom
    runs = RECORD["12.7"].values()

    for power in (-1.0, -0.5, 0.0):
        assert f"{twin[power]:.3f}" == f"{broken[power]:.3f}" == "2.224"
    assert f"is at {twin[-3.0]:.3f} and" in symptom
    assert f"still at {broken[-3.0]:.3f}:" in symptom
    assert broken[-4.0] < 2.25 < 2.7 < broken[-5.0]
    assert len({run["sample"] for run in runs}) == 1
    assert {run["loss"] for run in runs} == {2.224}


def test_another_measure_than_the_loss_has_its_name(capsys):
    """In the line above the figure, on its axis, and in its description."""
    symptoms("12.5")
    printed, label = capsys.readouterr().out, plt.gca().get_ylabel()
    plt.close("all")

    assert "ends of the curves: 5.515 (healthy twin 0.000)" in printed
    assert " ".join(label.split()) == (
        "largest difference of logits (ten-thousandths)"
    )
    assert exercises.alt(HUNTS["12.5"]).startswith(
        "Largest difference of logits by factor of what the layers are "
        "handed in ten-thousandths"
    )
    assert exercises.alt(HUNTS["1.6"]).startswith("Held-out loss by step in")


def test_what_is_said_of_weights_from_elsewhere_is_recorded():
    """One width of nine at which the two part; all but one pair and two."""
    (filled, twin), (read, right) = (
        [dict(run["curve"]) for run in RECORD[number].values()]
        for number in ("12.3", "12.4")
    )
    apart = [loss for pairs, loss in read.items() if pairs > 2]

    assert len(filled) == len(read) == 9
    assert [w for w in twin if filled[w] != twin[w]] == [32]
    assert 2.26 < min(twin.values()) < max(twin.values()) < 2.31
    assert [round(run[32], 2) for run in (filled, twin)] == [3.57, 2.29]
    assert [n for n in right if read[n] == right[n]] == [1, 2]
    assert 2.69 < min(apart) < max(apart) < 3.40
    assert f"{right[9]:.2f}" == "2.00"


def test_what_is_said_of_the_maps_is_recorded():
    """The numbers in the descriptions of the four maps."""
    text = read_record("bugs")["text"]
    maps = {
        number: torch.tensor(RECORD[number]["broken"]["map"])
        for number in exercises.MAPS
    }
    same = torch.tensor([[a == b for a in text] for b in text]).tril()
    ahead = maps["2.6"].diagonal(1)
    even = maps["5.4"]

    assert text == "the thing he"
    assert set(maps) == {n for n in RECORD if "map" in RECORD[n]["broken"]}
    assert (maps["2.4"] * same).sum(dim=1).min() > 0.9
    assert maps["2.4"][-1, [2, 11]].sub(0.48).abs().max() < 5e-3
    assert ahead.min() >= 0.94 - 5e-3
    assert not maps["2.6"].triu(2).any()
    assert maps["3.5"][3:].max() == pytest.approx(0.57, abs=5e-3)
    assert even[5, :6].sub(0.17).abs().max() < 5e-3
    for row in even:
        given = row[row > 0]
        assert given.max() - given.min() < 0.01


def test_places_forgotten_show_in_the_map():
    """Copies of one character get one weight, wherever they stand."""
    attention = torch.tensor(RECORD["2.4"]["broken"]["map"])
    text = read_record("bugs")["text"]
    row = attention[len(text) - 1]
    copies = [n for n, c in enumerate(text) if c == text[-1]]

    assert len(copies) > 1
    assert len({round(row[n].item(), 2) for n in copies}) == 1
