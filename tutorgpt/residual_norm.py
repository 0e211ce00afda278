"""Chapter 5. Residual paths and LayerNorm: what makes depth trainable."""

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.feed_forward import FeedForward
from tutorgpt.language_model import LanguageModel
from tutorgpt.multi_head import MultiHead


class Block(nn.Module):
    """One layer of a GPT: look back, then think, each added to the input.

    x (B, T, C) -> (B, T, C). Both parts read a normalised copy of x and add
    their result to x itself (pre-norm), so the input reaches the output on
    a path that nothing interrupts.
    Source: He et al. 2015 (residual), Ba et al. 2016 (LayerNorm); this
    order: Baevski and Auli 2018, studied by Xiong et al. 2020.
    """

    def __init__(self, n_embed: int, n_head: int, block_size: int) -> None:
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        x = x + self.multi_head(self.norm_1(x))
        return x + self.feed_forward(self.norm_2(x))


class ResidualNormModel(LanguageModel):
    """Scores the next token with n_layer blocks on one residual path."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        block_size = config.block_size
        self.embedding = TokenAndPositionEmbedding(V, C, block_size)
        self.blocks = nn.Sequential(
            *(
                Block(C, config.n_head, block_size)
                for _ in range(config.n_layer)
            )
        )
        self.norm = nn.LayerNorm(C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        x = self.embedding(tokens)
        x = self.blocks(x)
        x = self.norm(x)
        return self.lm_head(x)
