"""Chapter 10's figure says what the numbers say."""

from figure_tools import (
    colour,
    heading,
    legend,
    lines,
    panel_titles,
    ticks,
    words,
)

from tutorgpt.view.style import BLUE, ORANGE
from tutorgpt.view.tokens import plot_alphabets


def cell(text: str, alphabet: str, ruler: str, *seeds: float) -> dict:
    return {
        "text": text,
        "alphabet": alphabet,
        "ruler": ruler,
        "bits_per_byte": sum(seeds) / len(seeds),
        "runs": [{"bits_per_byte": bits} for bits in seeds],
    }


def test_alphabets_stand_below_each_other_in_bits_per_byte():
    """A panel a text: small marks for the seeds, a large one for the mean."""
    figure = plot_alphabets(
        [
            cell("plays", "characters", "price", 2.5, 3.0),
            cell("plays", "bytes", "price", 2.0, 2.5),
            cell("plays", "bytes", "size", 1.0, 2.0),
            cell("poems", "bytes", "size", 4.0, 5.0),
        ],
        texts={"plays": "The plays", "poems": "The poems"},
        title="Bits",
    )
    plays, poems = figure.axes

    assert lines(plays) == [
        ([2.5, 3.0], [-0.16] * 2),
        ([2.0, 2.5], [0.84] * 2),
        ([2.75, 2.25], [-0.16, 0.84]),
        ([1.0, 2.0], [1.16] * 2),
        ([1.5], [1.16]),
    ]
    assert lines(poems) == [
        ([], []),
        ([4.0, 5.0], [1.16] * 2),
        ([4.5], [1.16]),
    ]
    assert [colour(drawn) for drawn in plays.get_lines()] == (
        [BLUE] * 3 + [ORANGE] * 2
    )
    assert ticks(plays.yaxis) == ["characters", "bytes"]
    low, high = plays.get_ylim()
    assert low > high  # the first one stands on top
    assert words(poems)[0] == "bits per byte of held-out text; less is better"
    assert legend(figure) == {
        "equal arithmetic": BLUE,
        "equal parameters": ORANGE,
    }
    assert panel_titles(figure) == ["The plays", "The poems"]
    assert heading(figure) == "Bits"
