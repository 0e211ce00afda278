"""The six models of the tutorial, each one idea above the one before."""

from tutorgpt.bigram import BigramModel
from tutorgpt.feed_forward import FeedForwardModel
from tutorgpt.language_model import LanguageModel
from tutorgpt.multi_head import MultiHeadModel
from tutorgpt.residual_norm import ResidualNormModel
from tutorgpt.scaling import GPT
from tutorgpt.single_head import SingleHeadModel

LADDER: tuple[type[LanguageModel], ...] = (
    BigramModel,
    SingleHeadModel,
    MultiHeadModel,
    FeedForwardModel,
    ResidualNormModel,
    GPT,
)
