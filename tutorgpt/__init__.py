"""From bigram to GPT, one module per chapter."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tutorgpt.ground.moved import find_old_paths

if TYPE_CHECKING:  # for editors; at run time a name is imported when asked for
    from tutorgpt.bigram import BigramModel
    from tutorgpt.config import LAPTOP, LARGE, SMALL, ModelConfig, TrainConfig
    from tutorgpt.decoding.generate import generate
    from tutorgpt.feed_forward import FeedForward, FeedForwardModel
    from tutorgpt.ladder import LADDER
    from tutorgpt.language_model import LanguageModel
    from tutorgpt.multi_head import MultiHead, MultiHeadModel
    from tutorgpt.residual_norm import Block, ResidualNormModel
    from tutorgpt.scaling import GPT, count_parameters
    from tutorgpt.single_head import Head, SingleHeadModel
    from tutorgpt.text.corpus import load_corpus
    from tutorgpt.tokens.characters import CharTokenizer
    from tutorgpt.training.checkpoints import load_checkpoint, save_checkpoint
    from tutorgpt.training.loop import train
    from tutorgpt.training.loss import next_token_loss

__version__ = "0.2.0"

find_old_paths()

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

_HOMES = {
    "bigram": {"BigramModel"},
    "config": {"LAPTOP", "LARGE", "SMALL", "ModelConfig", "TrainConfig"},
    "decoding.generate": {"generate"},
    "feed_forward": {"FeedForward", "FeedForwardModel"},
    "ladder": {"LADDER"},
    "language_model": {"LanguageModel"},
    "multi_head": {"MultiHead", "MultiHeadModel"},
    "residual_norm": {"Block", "ResidualNormModel"},
    "scaling": {"GPT", "count_parameters"},
    "single_head": {"Head", "SingleHeadModel"},
    "text.corpus": {"load_corpus"},
    "tokens.characters": {"CharTokenizer"},
    "training.checkpoints": {"load_checkpoint", "save_checkpoint"},
    "training.loop": {"train"},
    "training.loss": {"next_token_loss"},
}
"""Where the public names live. Loading all of them loads torch, a second
that `tutorgpt --help` does not have."""


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"tutorgpt.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'tutorgpt' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
