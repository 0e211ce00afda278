"""Exercise 2.1. Scores to weights, weights and values to an output."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="2.1",
    title="Attention on paper",
    kind="explain",
    difficulty="easy",
    importance=3,
    task="""\
A row of scores is $(2, 0, 0)$ and the values are the numbers 10, 20, 50.
What is the output of attention at this position, to one decimal or more?
The check takes this one number; before you look at the solution, say what
the scores $(102, 100, 100)$ would give.""",
    starter="output = ...",
    target="output",
    tolerance=3e-3,
    solution="""\
weights = torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)
output = weights @ torch.tensor([10.0, 20.0, 50.0])""",
    wrong=(
        slip(
            "all three values got the same weight",
            "The scores go through the softmax first.",
            "torch.tensor([2.0, 0.0, 0.0])",
            "torch.zeros(3)",
        ),
        slip(
            "the scores themselves are the weights",
            "Softmax: e to the power of each, divided by their sum.",
            ".softmax(dim=0)",
            "",
        ),
        slip(
            "the scores are divided by their sum without the powers of e",
            "e^0 is 1, so the zeros still take their part.",
            "torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "torch.tensor([1.0, 0.0, 0.0])",
        ),
        slip(
            "the powers of e are not divided by their sum",
            "The weights must sum to 1.",
            ".softmax(dim=0)",
            ".exp()",
        ),
        slip(
            "the powers are those of 2, not of e",
            "Softmax uses e = 2.718...",
            ".softmax(dim=0)",
            ".mul(math.log(2)).softmax(dim=0)",
        ),
        slip(
            "the weights met the values in the opposite order",
            "The first score belongs to the first value, 10.",
            "[10.0, 20.0, 50.0]",
            "[50.0, 20.0, 10.0]",
        ),
        slip(
            "the values are added up, whatever the scores",
            "Each value is multiplied by its weight first.",
            "output = weights @ torch",
            "output = torch.ones(3) @ torch",
        ),
        slip(
            "only the first value was weighted, and the others left out",
            "A score of 0 still gets a weight: e^0 is 1.",
            "[10.0, 20.0, 50.0]",
            "[10.0, 0.0, 0.0]",
        ),
        slip(
            "this is the first weight, not yet the output",
            "Multiply each value by its weight and add up.",
            "[10.0, 20.0, 50.0]",
            "[1.0, 0.0, 0.0]",
        ),
        slip(
            "only the first score went through e, and the others count 1 "
            "whole",
            "All three weights are divided by one sum, e^2 + 1 + 1.",
            "weights = torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "weights = torch.tensor([2.0, 1.0, 1.0])",
        ),
        slip(
            "the scores were divided by a root once more",
            "What is given are scores already: they go into the softmax.",
            ".softmax(dim=0)",
            ".div(math.sqrt(3)).softmax(dim=0)",
        ),
        slip(
            "each score went through a sigmoid by itself",
            "Softmax: e to the power of each, divided by their sum.",
            ".softmax(dim=0)",
            ".sigmoid()",
        ),
        slip(
            "the first value was multiplied by e^2, and the others left out",
            "All three powers of e are divided by their sum, and a score of "
            "0 still gets a weight.",
            "torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "torch.tensor([math.exp(2), 0.0, 0.0])",
        ),
        slip(
            "the first score was divided by 3, the number of scores, and "
            "taken for its weight",
            "Softmax: e to the power of each score, divided by their sum.",
            "torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "torch.tensor([2.0, 0.0, 0.0]) / 3",
        ),
        slip(
            "the weights are in the proportion 2 to 1 to 1: the first score "
            "did not go through e",
            "e to the power of each score, of 2 as well: 7.389 to 1 to 1.",
            "torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "torch.tensor([2.0, 1.0, 1.0]) / 4",
        ),
        slip(
            "the first value was left out: only the others were weighted",
            "The output is the sum of all three values, each by its weight.",
            "[10.0, 20.0, 50.0]",
            "[0.0, 20.0, 50.0]",
        ),
        slip(
            "the sum of powers times values was divided by e^2 alone",
            "Divide by the sum of all three powers of e.",
            "torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "torch.tensor([2.0, 0.0, 0.0]).exp() / torch.tensor(2.0).exp()",
        ),
        slip(
            "the mean of 20 and 50 is taken, the values whose score is 0",
            "All three values are weighted, the first most: e^2 "
            "against 1 and 1.",
            "torch.tensor([2.0, 0.0, 0.0]).softmax(dim=0)",
            "torch.tensor([0.0, 0.5, 0.5])",
        ),
    ),
    landmarks=(
        (10.0, "the smallest value, whose score is the largest"),
        (80 / 3, "the plain mean of the values, as if all scores were alike"),
        (50.0, "the largest value, which no mean of them can pass"),
    ),
    hints=(
        "Two steps: scores to weights, weights and values to the output.",
        "$e^2 \\approx 7.389$ and $e^0 = 1$; divide each by their sum.",
        "`0.787 * 10 + 0.107 * 20 + 0.107 * 50`, with a few more digits.",
    ),
    why="""\
$e^2 \\approx 7.389$, so the weights are $7.389 / 9.389 \\approx 0.787$
and twice $1 / 9.389 \\approx 0.107$; the output is 15.326.
With 100 added to every score it is the same: only differences count.""",
)
