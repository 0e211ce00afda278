"""Exercise 4.4. How many neurons are never on."""

from typing import Any

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def activations() -> list[tuple]:
    """What neurons gave, (B, T, N), some of them never above zero."""
    g = torch.Generator().manual_seed(9)
    cases = []
    for B, T, N, dead in ((1, 4, 5, 1), (3, 6, 9, 4), (2, 8, 16, 0)):
        on = torch.randn(B, T, N, generator=g).relu()
        on[0, 0] = 0  # everything is off somewhere
        on[..., : dead + 1] = 0
        on[-1, -1, dead:] = 1
        cases.append((on,))
    return cases


def plain_layers(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: one neuron of three off everywhere, or none, or all."""
    for dead, words in ((0, "all are on"), (3, "none is ever on")):
        on = torch.ones(2, 4, 3)
        on[..., :dead] = 0
        found = float(again(on))
        if found != dead:
            return f"of 3 neurons where {words} it counts {found:g}"
    on = torch.ones(2, 4, 3)
    on[0, 0, 0] = 0
    if float(again(on)):
        return "a neuron that is off at a single position counts as dead"
    on[..., 0] = 0
    on[1, 3, 0] = 1
    if float(again(on)):
        return "a neuron that is on at a single position counts as dead"
    return None


EXERCISE = Exercise(
    number="4.4",
    title="Dead neurons",
    kind="write",
    difficulty="medium",
    importance=3,
    task="""\
Write `dead_neurons(on)`: `on` $(B, T, N)$ is what $N$ neurons gave after
their ReLU; count those that are zero at every position of every sequence.
Try it on the trained model too: how many of its 128 are dead?""",
    starter='''\
def dead_neurons(on):
    """How many neurons are never on."""
    return ...''',
    target="dead_neurons",
    solution='''\
def dead_neurons(on):
    """How many neurons are never on."""
    ever = (on > 0).flatten(0, 1).any(dim=0)
    return (~ever).sum()''',
    cases=activations,
    rules=(plain_layers,),
    wrong=(
        slip(
            "neurons count that are off at one position already",
            "Dead is who is *never* on: any over the positions, then not.",
            ".any(dim=0)",
            ".all(dim=0)",
        ),
        slip(
            "the living are counted",
            "Count where `ever` is False.",
            "(~ever).sum()",
            "ever.sum()",
        ),
        slip(
            "single zeros are counted, not neurons",
            "First ask for each neuron whether it is ever on.",
            "    ever = (on > 0).flatten(0, 1).any(dim=0)\n"
            "    return (~ever).sum()",
            "    return (on == 0).sum()",
        ),
        slip(
            "only the first sequence is looked at",
            "A neuron may be on in another sequence: both axes, B and T.",
            "(on > 0).flatten(0, 1).any(dim=0)",
            "(on[0] > 0).any(dim=0)",
        ),
        slip(
            "only the first position is looked at",
            "A neuron may be on later: both axes, B and T.",
            "(on > 0).flatten(0, 1).any(dim=0)",
            "(on[:, 0] > 0).any(dim=0)",
        ),
        slip(
            "the share is given back, not the number",
            "Count them: sum, not mean.",
            "(~ever).sum()",
            "(~ever).float().mean()",
        ),
    ),
    hints=(
        "Two questions: was a neuron ever on, and how many were not?",
        "`(on > 0)`, then `any` over batch and time.",
        "`(on > 0).flatten(0, 1).any(dim=0)` is True for the living.",
    ),
    why="""\
`flatten(0, 1)` makes one long list of positions, `any(dim=0)` asks each
neuron whether one of them switched it on.
A dead neuron gets no gradient: where it is off, its input does not matter,
and its output is not there to be scaled.""",
)
