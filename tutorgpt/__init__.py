"""From bigram to GPT, one module per chapter."""

from tutorgpt.bigram import BigramModel
from tutorgpt.config import ModelConfig, TrainConfig
from tutorgpt.decoding import generate
from tutorgpt.decoding_cache import read_with_cache as read_with_cache
from tutorgpt.feed_forward import FeedForward, FeedForwardModel
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel
from tutorgpt.multi_head import MultiHead, MultiHeadModel
from tutorgpt.residual_norm import Block, ResidualNormModel
from tutorgpt.scaling import GPT, LAPTOP, LARGE, SMALL, count_parameters
from tutorgpt.single_head import Head, SingleHeadModel
from tutorgpt.text.corpus import load_corpus
from tutorgpt.text.tokenizer import CharTokenizer
from tutorgpt.training.checkpoint import load_checkpoint, save_checkpoint
from tutorgpt.training.loop import train
from tutorgpt.training.loss import next_token_loss

__version__ = "0.1.0"

__all__ = [
    "GPT",
    "LADDER",
    "LAPTOP",
    "LARGE",
    "SMALL",
    "BigramModel",
    "Block",
    "CharTokenizer",
    "FeedForward",
    "FeedForwardModel",
    "Head",
    "LanguageModel",
    "ModelConfig",
    "MultiHead",
    "MultiHeadModel",
    "ResidualNormModel",
    "SingleHeadModel",
    "TrainConfig",
    "__version__",
    "count_parameters",
    "generate",
    "load_checkpoint",
    "load_corpus",
    "next_token_loss",
    "save_checkpoint",
    "train",
]
