"""Exercise 8.1. What happens to the odds of two tokens."""

from tutorgpt.learn.check.exercise import Exercise, slip

EXERCISE = Exercise(
    number="8.1",
    title="Half the temperature",
    kind="explain",
    difficulty="easy",
    importance=5,
    task="""\
At temperature 1 the model gives one token three times the probability of
another: their odds are 3 to 1.
What are their odds, as one number, at temperature 0.5?
Then check it on two scores of the model.""",
    starter="odds = ...",
    target="odds",
    solution="""\
gap = torch.tensor(3.0).log()  # of their scores, since e^gap is 3
odds = (gap / 0.5).exp()""",
    wrong=(
        slip(
            "e is raised to the power of 6: the 3 is odds already, not a gap",
            "The gap between the scores is ln 3.",
            "torch.tensor(3.0).log()",
            "torch.tensor(3.0)",
        ),
        slip(
            "the odds stay as they are",
            "The scores are divided, so their gap grows.",
            "gap / 0.5",
            "gap",
        ),
        slip(
            "the odds are divided by the temperature, not the scores",
            "The temperature stands inside the power of e.",
            "(gap / 0.5).exp()",
            "gap.exp() / 0.5",
        ),
        slip(
            "the scores are multiplied by the temperature, not divided",
            "A low temperature makes the likely likelier.",
            "gap / 0.5",
            "gap * 0.5",
        ),
        slip(
            "the odds are multiplied by the temperature",
            "The scores are divided by it, inside the power of e.",
            "(gap / 0.5).exp()",
            "gap.exp() * 0.5",
        ),
        slip(
            "this is the gap between the scores, not the odds",
            "Odds are e to the power of the gap.",
            ".exp()",
            "",
        ),
        slip(
            "this is the probability if there were only these two",
            "Odds are one probability divided by the other.",
            "(gap / 0.5).exp()",
            "(gap / 0.5).sigmoid()",
        ),
        slip(
            "the odds are upside down",
            "The likelier token comes first, so they are above 1.",
            "(gap / 0.5).exp()",
            "(-gap / 0.5).exp()",
        ),
        slip(
            "3 and 1 were taken for the scores themselves",
            "They are probabilities; the gap of the scores is ln 3.",
            "torch.tensor(3.0).log()",
            "torch.tensor(3.0 - 1.0)",
        ),
        slip(
            "e is raised to the power of 3: the 3 is odds, not a gap",
            "The gap between the scores is ln 3, and it is divided by "
            "the temperature.",
            "torch.tensor(3.0).log()",
            "torch.tensor(1.5)",
        ),
        slip(
            "the odds were taken to the power of 3",
            "Dividing the scores by 0.5 doubles the gap: the odds to "
            "the power of 2.",
            "gap / 0.5",
            "gap * 3",
        ),
        slip(
            "the odds were divided by the temperature twice",
            "The temperature stands inside the power of e.",
            "(gap / 0.5).exp()",
            "gap.exp() / 0.5**2",
        ),
        slip(
            "this is the probability of the likelier one at temperature 1",
            "Odds are asked for, at temperature 0.5.",
            "(gap / 0.5).exp()",
            "gap.sigmoid()",
        ),
    ),
    landmarks=(
        (1.0, "the odds of two tokens that are equally likely"),
        (3.0, "their odds at temperature 1"),
    ),
    hints=(
        "Write $p_a / p_b$ without the sum that softmax divides by.",
        "$p_a / p_b = e^{(a - b) / \\tau}$, and at $\\tau = 1$ that is 3.",
        "`(torch.tensor(3.0).log() / 0.5).exp()`.",
    ),
    why="""\
$p_a / p_b = e^{(a - b)/\\tau}$, so halving $\\tau$ squares it: odds of 3 to
1 become 9 to 1.
`F.softmax(scores / 0.5, -1)` has the ratios of `F.softmax(scores, -1) ** 2`,
and after sharing out to a sum of 1 they are equal.""",
)
