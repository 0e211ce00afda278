"""What torch can compute on here, in one short sentence."""

import torch

from tutorgpt.ground.refusal import did_you_mean

ANY_ACCELERATOR = ("gpu", "tpu", "npu", "auto", "nvidia", "amd")
"""What people write who want the fast one, whatever it is called."""


def offered() -> list[str]:
    """The kinds of device that this torch finds on this computer."""
    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    xpu = getattr(torch, "xpu", None)
    if xpu is not None and xpu.is_available():
        found.append("xpu")
    return found


def check_device(name: str) -> str:
    """The name itself, if torch can compute there.

    Raises ValueError that names what is offered here.
    """
    known = offered()
    kind, _, number = name.partition(":")
    if kind not in known:
        guess = did_you_mean(kind, known)
        if kind.casefold() in ANY_ACCELERATOR:
            fast = known[-1]
            guess = "" if fast == "cpu" else f"; did you mean {fast!r}?"
        raise ValueError(
            f"device {name!r} cannot be used: torch offers "
            f"{' and '.join(known)} here{guess}"
        )
    count = how_many(kind)
    if ":" in name and not (number.isdecimal() and int(number) < count):
        last = f" to {kind}:{count - 1}" if count > 1 else ""
        raise ValueError(
            f"device {name!r} cannot be used: choose {kind}:0{last}"
        )
    return name


def how_many(kind: str) -> int:
    """How many devices of a kind that is offered there are."""
    counted = getattr(torch, kind, None)
    return counted.device_count() if kind != "cpu" and counted else 1
