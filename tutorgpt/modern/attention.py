"""Chapter 11. Attention whose heads share keys, and that may look less far."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import check_dropout, check_heads
from tutorgpt.ground.checks import at_least
from tutorgpt.modern.past import NO_PAST, NoPast
from tutorgpt.modern.rotary import Unturned


def look_back(
    q: Float[Tensor, "B H N D"],
    k: Float[Tensor, "B G S D"],
    v: Float[Tensor, "B G S D"],
    window: int,
    dropout: float,
) -> Float[Tensor, "B H N D"]:
    """For each query, the mean of the values that its keys weight.

    Query head h looks with key head h // (H / G), as if each key head were
    repeated H / G times before the next one. A query sees its own token and
    the window - 1 before it; a query alone sees all S.
    """
    N, S = q.shape[2], k.shape[2]
    band = None  # where queries may look, if not at the whole past
    if N > 1 and window < S:
        everywhere = torch.ones(N, S, dtype=torch.bool, device=q.device)
        band = everywhere.tril().triu(1 - window)
    return F.scaled_dot_product_attention(
        q,
        k,
        v,
        attn_mask=band,
        dropout_p=dropout,
        is_causal=N > 1 and band is None,
        enable_gqa=q.shape[1] > k.shape[1],
    )


class GroupedQueryAttention(nn.Module):
    """H heads of queries share G heads of keys and values: less to keep.

    x (B, N, C) -> (B, N, C). Source: Shazeer 2019; Ainslie et al. 2023.
    """

    def __init__(
        self,
        n_embed: int,
        n_head: int,
        n_key_head: int,
        window: int,
        *,
        head_size: int | None = None,
        position: nn.Module | None = None,
        norm_q: nn.Module | None = None,
        norm_k: nn.Module | None = None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_looking(n_head, n_key_head, window, dropout)
        D = size_of_heads(n_embed, n_head, head_size)
        self.heads = (n_head, n_key_head, n_key_head)  # of q, k and v
        self.head_size, self.window, self.dropout = D, window, dropout
        self.qkv = nn.Linear(n_embed, sum(self.heads) * D, bias=False)
        self.proj = nn.Linear(n_head * D, n_embed, bias=False)
        self.position = position or Unturned()
        self.norm_q = norm_q or nn.Identity()
        self.norm_k = norm_k or nn.Identity()

    def forward(
        self, x: Float[Tensor, "B N C"], past: NoPast = NO_PAST
    ) -> Float[Tensor, "B N C"]:
        by_head = self.qkv(x).unflatten(-1, (-1, self.head_size))
        q, k, v = by_head.transpose(1, 2).split(self.heads, dim=1)
        q = self.position(self.norm_q(q), past.length)
        k, v = past.keep(self.position(self.norm_k(k), past.length), v)
        dropout = self.dropout if self.training else 0.0
        out = look_back(q, k, v, self.window, dropout)
        return self.proj(out.transpose(1, 2).flatten(2))


def size_of_heads(n_embed: int, n_head: int, head_size: int | None) -> int:
    """D, as it was asked for, or the channels shared out."""
    at_least(1, n_embed=n_embed)
    if head_size is None:
        check_heads(n_embed, n_head)
        return n_embed // n_head
    at_least(1, head_size=head_size)
    return head_size


def check_looking(
    n_head: int, n_key_head: int, window: int, dropout: float
) -> None:
    """Refuse heads that cannot share, and a window that shows nothing."""
    at_least(1, n_head=n_head, n_key_head=n_key_head, window=window)
    if n_head % n_key_head:
        raise ValueError(
            f"n_head {n_head} cannot share n_key_head {n_key_head} heads of "
            "keys evenly: choose n_key_head as a divisor of n_head"
        )
    check_dropout(dropout)
