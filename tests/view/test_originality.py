"""The figure of copying says what the numbers say."""

from figure_tools import (
    colour,
    colours,
    heading,
    legend,
    lines,
    panel_titles,
    words,
)
from matplotlib.patches import Rectangle

from tutorgpt.view.originality import plot_copying
from tutorgpt.view.style import BLUE, GREY, ORANGE

STEPS = [50, 100]


def run(train, val, longest, share, held_out):
    """A seed's moments; held-out text shares a hundredth of its longest."""
    return {
        "moments": [
            {
                "step": step,
                "train_loss": train[n],
                "val_loss": val[n],
                "longest": {"model": longest[n], "held_out": held_out},
                "shares": {
                    "8": {"model": 0.5, "held_out": [0.5]},
                    "16": {
                        "model": share[n],
                        "held_out": [x / 128 for x in held_out],
                    },
                },
            }
            for n, step in enumerate(STEPS)
        ]
    }


RUNS = [
    run([2.0, 1.0], [3.0, 4.0], [10, 40], [0.25, 0.5], [16, 8, 12]),
    run([2.5, 1.5], [3.5, 4.5], [20, 60], [0.5, 1.0], [24, 16, 32]),
]


def test_losses_stand_above_the_longest_stretch():
    """Seeds and their means; the training text's loss is dashed."""
    figure = plot_copying(RUNS, title="Copied")
    above, below = figure.axes

    assert lines(above) == [
        (STEPS, [2, 1]),
        (STEPS, [2.5, 1.5]),
        (STEPS, [2.25, 1.25]),
        (STEPS, [3, 4]),
        (STEPS, [3.5, 4.5]),
        (STEPS, [3.25, 4.25]),
    ]
    assert lines(below) == [
        (STEPS, [10, 40]),
        (STEPS, [20, 60]),
        (STEPS, [15, 50]),
    ]
    styles = [line.get_linestyle() for line in above.get_lines()]
    assert styles == ["--"] * 3 + ["-"] * 3
    assert colours(above) == [BLUE] * 6
    assert colours(below) == [ORANGE] * 3
    assert legend(above) == {"training text": BLUE, "held-out text": BLUE}
    assert legend(below) == {"held-out text": GREY, "the model": ORANGE}
    assert words(above) == ("", "loss (nats per character)")
    assert words(below) == ("training step", "characters")
    assert panel_titles(figure) == ["", "longest copied stretch"]
    assert above.get_xlim() == below.get_xlim()
    assert heading(figure) == "Copied"


def test_the_band_holds_every_draw_of_held_out_text():
    """From the lowest to the highest, over all seeds and moments."""
    (band,) = [
        patch
        for patch in plot_copying(RUNS, title="Copied").axes[1].patches
        if isinstance(patch, Rectangle)
    ]

    assert (band.get_y(), band.get_y() + band.get_height()) == (8, 32)
    assert colour(band) == GREY


def test_shares_are_drawn_in_per_cent():
    """Those of the asked length, and the band with them."""
    figure = plot_copying(RUNS, n=16, title="Copied")
    _, below = figure.axes
    (band,) = [p for p in below.patches if isinstance(p, Rectangle)]

    assert lines(below) == [
        (STEPS, [25, 50]),
        (STEPS, [50, 100]),
        (STEPS, [37.5, 75]),
    ]
    assert (band.get_y(), band.get_y() + band.get_height()) == (6.25, 25)
    assert words(below) == ("training step", "share (%)")
    assert panel_titles(figure)[1] == (
        "stretches of 16 characters that are copied"
    )
