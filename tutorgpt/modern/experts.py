"""Chapter 11. A mixture of experts: many weights, few used for a token."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.ground.checks import at_least
from tutorgpt.modern.feed_forward import SwiGLU


class Experts(nn.Module):
    """Several feed-forward layers, of which each token enters a few.

    x (B, T, C) -> (B, T, C). A router scores the experts for each token;
    the n_active likeliest answer, and their answers are weighted by the
    softmax over their scores. With one, that weight is always 1, and no
    gradient reaches the router. Source: Shazeer et al. 2017, section 2;
    softmax over the chosen: Jiang et al. 2024 (Mixtral).
    """

    def __init__(
        self, n_embed: int, hidden: int, n_expert: int, n_active: int
    ) -> None:
        super().__init__()
        check_active(n_expert, n_active)
        self.n_active = n_active
        self.router = nn.Linear(n_embed, n_expert, bias=False)
        self.experts = nn.ModuleList(
            SwiGLU(n_embed, hidden) for _ in range(n_expert)
        )

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        tokens = x.flatten(0, 1)  # (N, C): each is sent on its own
        scores, chosen = self.router(tokens).topk(self.n_active)
        weights = scores.softmax(dim=-1)  # (N, n_active), as chosen
        out = torch.zeros_like(tokens)
        for number, expert in enumerate(self.experts):
            row, place = torch.where(chosen == number)
            answer = expert(tokens[row]) * weights[row, place, None]
            out = out.index_add(0, row, answer.to(out.dtype))
        return out.view_as(x)


def shares(
    scores: Float[Tensor, "*B E"], n_active: int
) -> Float[Tensor, " E"]:
    """The share of the choices that each expert gets; all add up to 1.

    scores: what the router says, experts.router(x).
    """
    E = scores.shape[-1]
    check_active(E, n_active)
    chosen = scores.topk(n_active).indices.flatten()
    counts = torch.bincount(chosen, minlength=E)
    return counts.to(scores.dtype) / chosen.numel()


def balance(scores: Float[Tensor, "*B E"], n_active: int) -> float:
    """How evenly tokens are spread: 1, or 1/E if one expert gets them all.

    It is 1 / (E · sum of the squared shares): of E experts, the part that
    would do the same work if they shared it evenly.
    """
    squares = shares(scores, n_active).square().sum()
    return 1 / (scores.shape[-1] * squares.item())


def balance_loss(
    scores: Float[Tensor, "*B E"], n_active: int
) -> Float[Tensor, ""]:
    """What to add to the loss, times 0.01, so that all experts have work.

    E · sum of share · mean probability: 1 if tokens are spread evenly, more
    if the experts with the most tokens are thought likely too. Shares are
    counts and have no slope, the router's probabilities have.
    Source: Fedus et al. 2021, equation 4.
    """
    E = scores.shape[-1]
    likely = F.softmax(scores, dim=-1).reshape(-1, E).mean(dim=0)
    return E * shares(scores, n_active) @ likely


def check_active(n_expert: int, n_active: int) -> None:
    """Refuse to send a token to more experts than there are."""
    at_least(1, n_expert=n_expert, n_active=n_active)
    if n_active > n_expert:
        raise ValueError(
            f"n_active {n_active} is more than n_expert {n_expert}: choose "
            f"at most {n_expert}"
        )
