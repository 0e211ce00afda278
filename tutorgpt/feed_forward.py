"""Chapter 4. Think about what was gathered, at every position alone."""

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.language_model import LanguageModel
from tutorgpt.multi_head import MultiHead


class FeedForward(nn.Module):
    """Widen four times, cut the negatives off, and come back.

    x (B, T, C) -> (B, T, C); no position sees another one here.
    Source: Vaswani et al. 2017, equation 2.
    """

    def __init__(self, n_embed: int) -> None:
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.relu = nn.ReLU()
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        return self.contract(self.relu(self.expand(x)))


class FeedForwardModel(LanguageModel):
    """Scores the next token with attention and a feed-forward layer."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        block_size = config.block_size
        self.embedding = TokenAndPositionEmbedding(V, C, block_size)
        self.multi_head = MultiHead(C, config.n_head, block_size)
        self.feed_forward = FeedForward(C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.embedding(tokens)
        x = self.multi_head(x)
        x = self.feed_forward(x)
        return self.lm_head(x)
