"""Exercise 4.4. How many neurons are never on."""

import random
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
    return [*cases, *one_place_each()]


def one_place_each() -> list[tuple]:
    """For every place a neuron that is on there alone, and a few dead."""
    cases = []
    for B, T, dead, height in (
        (2, 3, 2, 1.0),
        (3, 1, 1, 1e-9),
        (4, 4, 3, 7.0),
    ):
        on = torch.zeros(B, T, B * T + dead)
        # Every other neuron first, so that the dead stand among the living.
        living = [*range(0, B * T + dead, 2), *range(1, B * T + dead, 2)]
        for place in range(B * T):
            on[place // T, place % T, living[place]] = height
        cases.append((on,))
    g = torch.Generator().manual_seed(19)
    square = torch.rand(4, 4, 4, generator=g) + 1e-6
    square[..., 1] = 0
    square[2, :, 2] = square[:, 3, 3] = 0
    return [
        *cases,
        (square,),
        (torch.zeros(1, 1, 1),),
        (torch.zeros(3, 2, 6),),
        (torch.full((2, 1, 12), 0.5),),
    ]


def any_activations(draw: random.Random) -> tuple:
    """What neurons gave, (B, T, N): nearly all off, or nearly all on."""
    shape = [draw.randint(1, 5) for _ in range(2)] + [draw.randint(1, 12)]
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    height = draw.choice((1e-8, 1e-3, 1.0, 50.0))
    on = height * torch.randn(shape, generator=g).relu()
    share = draw.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    on[torch.rand(shape, generator=g) < share] = 0
    on[..., torch.rand(shape[-1:], generator=g) < draw.choice((0, 0.3))] = 0
    return (on,)


def plain_layers(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: one neuron of three off everywhere, or none, or all."""
    for dead, words in ((0, "all are on"), (3, "none is ever on")):
        on = torch.ones(2, 4, 3)
        on[..., :dead] = 0
        found = float(again(on))
        if found != dead:
            return f"of 3 neurons where {words} it counts {found:g}"
    for height in (1.0, 1e-6):
        for b, t in ((0, 0), (0, 2), (1, 0), (1, 3)):
            on = torch.ones(2, 4, 3)
            on[..., 0] = 0
            on[b, t, 0] = height
            found = float(again(on))
            if found:
                return (
                    f"of 3 neurons, of which one is on at the place ({b}, "
                    f"{t}) alone, with {height:g}, and two are on everywhere, "
                    f"it counts {found:g}"
                )
            on = 1 - on
            on[..., 1:] = 1
            found = float(again(on))
            if height == 1 and found:
                return (
                    f"of 3 neurons, of which one is off at the place ({b}, "
                    f"{t}) alone, it counts {found:g}"
                )
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
    domain=any_activations,
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
            "only the last sequence is looked at",
            "A neuron may be on in another sequence: both axes, B and T.",
            "(on > 0).flatten(0, 1).any(dim=0)",
            "(on[-1] > 0).any(dim=0)",
        ),
        slip(
            "only the last position is looked at",
            "A neuron may be on earlier: both axes, B and T.",
            "(on > 0).flatten(0, 1).any(dim=0)",
            "(on[:, -1] > 0).any(dim=0)",
        ),
        slip(
            "a neuron counts once for each sequence in which it is off",
            "Dead means off in all of them: any over both axes, B and T.",
            "(on > 0).flatten(0, 1).any(dim=0)",
            "(on > 0).any(dim=1)",
        ),
        slip(
            "a neuron counts once for each position at which it is off in "
            "every sequence",
            "Dead means off at all positions: any over both axes, B and T.",
            "(on > 0).flatten(0, 1).any(dim=0)",
            "(on > 0).any(dim=0)",
        ),
        slip(
            "positions are counted at which no neuron is on",
            "The neurons are the last axis; ask any over the first two.",
            ".flatten(0, 1).any(dim=0)",
            ".any(dim=-1)",
        ),
        slip(
            "it says which neurons are dead, and not how many",
            "Count the True: sum.",
            "(~ever).sum()",
            "~ever",
        ),
        slip(
            "the numbers of the dead neurons are given back, not how many "
            "they are",
            "Count the True: sum.",
            "(~ever).sum()",
            "(~ever).nonzero().flatten()",
        ),
        slip(
            "single zeros are counted and divided by the number of places",
            "First ask for each neuron whether it is ever on.",
            "    ever = (on > 0).flatten(0, 1).any(dim=0)\n"
            "    return (~ever).sum()",
            "    return (on == 0).sum() // (on.shape[0] * on.shape[1])",
        ),
        slip(
            "a neuron counts as dead when it is nearly off",
            "On is anything above 0, however little: on > 0.",
            "on > 0",
            "on > 0.1",
        ),
        slip(
            "a zero counts as on",
            "On is above 0: on > 0, not on >= 0.",
            "on > 0",
            "on >= 0",
        ),
        slip(
            "the share is given back, not the number",
            "Count them: sum, not mean.",
            "(~ever).sum()",
            "(~ever).float().mean()",
        ),
        slip(
            "it says whether all numbers are 0, and not how many "
            "neurons are dead",
            "A yes or no for each of the N neurons, then their sum.",
            "    ever = (on > 0).flatten(0, 1).any(dim=0)\n"
            "    return (~ever).sum()",
            "    return (on == 0).all()",
        ),
        slip(
            "this is the share of single zeros among all numbers",
            "A neuron is dead if it is 0 everywhere: any over the "
            "first two axes.",
            "    ever = (on > 0).flatten(0, 1).any(dim=0)\n"
            "    return (~ever).sum()",
            "    return (on == 0).float().mean()",
        ),
        slip(
            "all the numbers above 0 are taken from the number of neurons",
            "A neuron that is on at several places is one neuron.",
            "    return (~ever).sum()",
            "    return on.shape[-1] - (on > 0).sum()",
        ),
        slip(
            "the numbers of the dead neurons are given back in a "
            "column, not how many they are",
            "Count the True: sum.",
            "(~ever).sum()",
            "(~ever).nonzero()",
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
