"""Somebody else's weights in our own classes."""

from tutorgpt.pretrained.folder import load_safetensors
from tutorgpt.pretrained.gguf_file import load_gguf
from tutorgpt.pretrained.llama import Llama, LlamaConfig
from tutorgpt.pretrained.tokenizer import PretrainedTokenizer

__all__ = [
    "Llama",
    "LlamaConfig",
    "PretrainedTokenizer",
    "load_gguf",
    "load_safetensors",
]
