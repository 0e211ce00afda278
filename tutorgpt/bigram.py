"""Chapter 1. The next token guessed from the current one alone."""

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import check_length
from tutorgpt.language_model import LanguageModel


class BigramModel(LanguageModel):
    """Scores the next token from the current token and nothing before it."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        V, C = config.vocab_size, config.n_embed
        self.embedding = nn.Embedding(V, C)
        self.lm_head = nn.Linear(C, V)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        check_length(tokens.shape[1], self.config.block_size)
        x = self.embedding(tokens)
        return self.lm_head(x)
