"""Chapter 12. Somebody else's weights in our own classes."""

from tutorgpt.pretrained.adapters import adapt, merge, train_last
from tutorgpt.pretrained.gpt2 import GPT2, GPT2Config
from tutorgpt.pretrained.incoming import from_transformers
from tutorgpt.pretrained.onnx_file import to_onnx
from tutorgpt.pretrained.outgoing import to_transformers

__all__ = [
    "GPT2",
    "GPT2Config",
    "adapt",
    "from_transformers",
    "merge",
    "to_onnx",
    "to_transformers",
    "train_last",
]
