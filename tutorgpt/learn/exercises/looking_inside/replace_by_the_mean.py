"""Exercise 7.4. Ablating a head with its mean in place of zero."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.patterns import short


def joined_heads() -> list[tuple]:
    """Joined heads (B, T, C), a head's number, and how many there are."""
    g = torch.Generator().manual_seed(72)
    return [
        (torch.randn(B, T, C, generator=g) + 1, h, H)
        for B, T, C, h, H in (
            (2, 3, 6, 1, 3),
            (3, 4, 8, 0, 4),
            (1, 5, 8, 1, 2),
            (2, 2, 12, 3, 4),
            (2, 3, 5, 0, 1),
            (3, 2, 9, 2, 9),
        )
    ]


def any_heads(draw: random.Random) -> tuple:
    """1 to 4 heads of 1 to 4 channels, and one of them."""
    H, D = draw.randint(1, 4), draw.randint(1, 4)
    joined = torch.randn(draw.randint(1, 3), draw.randint(1, 5), H * D) + 1
    return joined, draw.randrange(H), H


def other_heads_stay(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: only the channels of head h may change."""
    joined, h, H = args
    D = joined.shape[-1] // H
    same = torch.isclose(again(joined, h, H), joined).all(dim=(0, 1))
    same[h * D : (h + 1) * D] = True
    if not same.all():
        return "channels of other heads have changed too"
    return None


def each_its_own_mean(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: what stands in the head's channels, beside their means."""
    joined, h, H = args
    D = joined.shape[-1] // H
    found, means = again(joined, h, H), joined.mean(dim=(0, 1))
    for channel in range(h * D, (h + 1) * D):
        column, mean = found[..., channel], means[channel].item()
        least, most = column.min().item(), column.max().item()
        if most - least > 1e-4:
            return (
                f"channel {channel} of head {h} should hold one number "
                f"everywhere, and holds some from {number(least)} to "
                f"{number(most)}"
            )
        if abs(most - mean) < 1e-4:
            continue
        says = f"channel {channel} holds {number(most)}, and its mean is "
        says += number(mean)
        others = (means - most).abs().lt(1e-5).nonzero().flatten().tolist()
        times = short(most / mean)
        if others:
            return f"{says}: that is the mean of channel {others[0]}"
        return says if "." in times else f"{says}: it is {times} times that"
    return None


EXERCISE = Exercise(
    number="7.4",
    title="A head's mean instead of zero",
    kind="extend",
    difficulty="medium",
    importance=4,
    task="""\
Zero may be a value that a head never takes.
Write `mean_instead(joined, h, H)` for the joined heads $(B, T, C)$: in a
copy, each channel of head `h` (counted from 0, of `H`) becomes its own mean
over all positions of all texts.""",
    starter='''\
def mean_instead(joined, h, H):
    """The joined heads, with one that says the same everywhere."""
    return ...''',
    target="mean_instead",
    solution='''\
def mean_instead(joined, h, H):
    """The joined heads, with one that says the same everywhere."""
    D = joined.shape[-1] // H
    own = slice(h * D, (h + 1) * D)
    changed = joined.clone()
    changed[..., own] = joined[..., own].mean(dim=(0, 1))
    return changed''',
    cases=joined_heads,
    domain=any_heads,
    rules=(other_heads_stay, each_its_own_mean),
    wrong=(
        slip(
            "the mean of the first text alone was taken",
            "One mean over all texts: dim=(0, 1).",
            "joined[..., own].mean(dim=(0, 1))",
            "joined[0, :, own].mean(dim=0)",
        ),
        slip(
            "the head is set to zero",
            "Its channels become their means, which need not be zero.",
            "joined[..., own].mean(dim=(0, 1))",
            "0",
        ),
        slip(
            "the input itself was changed",
            "Work on a copy: clone().",
            "joined.clone()",
            "joined",
        ),
        slip(
            "each text has its own mean",
            "One mean over all texts: dim=(0, 1).",
            "mean(dim=(0, 1))",
            "mean(dim=1, keepdim=True)",
        ),
        slip(
            "each position has its own mean",
            "One mean over all positions: dim=(0, 1).",
            "mean(dim=(0, 1))",
            "mean(dim=0)",
        ),
        slip(
            "all channels of the head share one mean",
            "Each of the D channels keeps its own: do not average over them.",
            "mean(dim=(0, 1))",
            "mean()",
        ),
        slip(
            "each position has the mean of its own channels",
            "The mean goes over texts and positions, not over channels.",
            "mean(dim=(0, 1))",
            "mean(dim=-1, keepdim=True)",
        ),
        slip(
            "the mean of all heads was taken",
            "Each channel of head h has its own mean.",
            "joined[..., own].mean(dim=(0, 1))",
            "joined.mean()",
        ),
        slip(
            "the sum was taken, not the mean",
            "mean(dim=(0, 1)).",
            "mean(dim=(0, 1))",
            "sum(dim=(0, 1))",
        ),
        slip(
            "the median was taken, not the mean",
            "mean(dim=(0, 1)).",
            "mean(dim=(0, 1))",
            "flatten(0, 1).median(dim=0).values",
        ),
        slip(
            "the head's channels are taken to begin at h, not at h * D",
            "Heads 0 to h - 1 have D channels each in front of it.",
            "slice(h * D, (h + 1) * D)",
            "slice(h, h + D)",
        ),
        slip(
            "a head is taken to have H channels, not D",
            "H heads share C channels: D = C / H each.",
            "slice(h * D, (h + 1) * D)",
            "slice(h * H, (h + 1) * H)",
        ),
        slip(
            "the other heads are set to zero",
            "They stay as they are: begin with a copy, clone().",
            "joined.clone()",
            "torch.zeros_like(joined)",
        ),
        slip(
            "the channels are dealt out like cards: h, h + H, h + 2H",
            "The heads are joined one after the other, D channels each.",
            "slice(h * D, (h + 1) * D)",
            "slice(h, None, H)",
        ),
        slip(
            "heads are counted from 1",
            "Head 0 has the first D channels.",
            "slice(h * D, (h + 1) * D)",
            "slice((h - 1) * D, h * D)",
        ),
        slip(
            "all heads were replaced",
            "Only the channels from h * D to (h + 1) * D.",
            "slice(h * D, (h + 1) * D)",
            "slice(None)",
        ),
        slip(
            "the mean is taken away from the head's channels, where it "
            "should stand in their place",
            "The channel becomes its mean: = and not -=.",
            "changed[..., own] =",
            "changed[..., own] -=",
        ),
        slip(
            "all heads from h on are replaced",
            "Only the channels from h * D to (h + 1) * D.",
            "slice(h * D, (h + 1) * D)",
            "slice(h * D, None)",
        ),
        slip(
            "all heads up to h are replaced",
            "Only the channels from h * D to (h + 1) * D.",
            "slice(h * D, (h + 1) * D)",
            "slice(None, (h + 1) * D)",
        ),
        slip(
            "one channel alone is replaced, number h",
            "A head has D channels: h * D to (h + 1) * D.",
            "slice(h * D, (h + 1) * D)",
            "slice(h, h + 1)",
        ),
        slip(
            "the head's last channel is left out",
            "The end of a slice does not belong to it: (h + 1) * D.",
            "(h + 1) * D",
            "(h + 1) * D - 1",
        ),
        slip(
            "positions are cut out, not channels",
            "The channels are the last axis: [..., own].",
            "changed[..., own] = joined[..., own]",
            "changed[:, own] = joined[:, own]",
        ),
        slip(
            "the head gets the mean of the other heads",
            "Its own mean, over all positions of all texts.",
            "    changed[..., own] = joined[..., own].mean(dim=(0, 1))\n",
            "    B, T, C = joined.shape\n"
            "    split = joined.view(B, T, H, D)\n"
            "    others = [n for n in range(H) if n != h]\n"
            "    changed[..., own] = split[:, :, others].mean(dim=2)\n",
        ),
        slip(
            "the means alone come back",
            "All of the joined heads come back, with this one replaced.",
            "return changed",
            "return joined[..., own].mean(dim=(0, 1))",
        ),
        slip(
            "the median of all the head's numbers stands for the means",
            "Each channel becomes its own mean: mean(dim=(0, 1)).",
            "joined[..., own].mean(dim=(0, 1))",
            "joined[..., own].median()",
        ),
        slip(
            "the mean goes over the heads as well",
            "The head's own channels alone: joined[..., own].",
            "joined[..., own].mean(dim=(0, 1))",
            "joined.unflatten(-1, (H, D)).mean(dim=(0, 1, 2))",
        ),
    ),
    hints=(
        "Which D of the C channels belong to head h?",
        "`joined.clone()` first; a mean over two axes is `dim=(0, 1)`.",
        "`changed[..., own] = joined[..., own].mean(dim=(0, 1))`.",
    ),
    why="""\
A head that says its mean everywhere still adds the constant that later
parts are used to; what is gone is all that depended on the text.
So this ablation measures what the head *tells*, with less of the shock of
a value never met.""",
)
