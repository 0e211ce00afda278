"""Somebody else's weights in our own classes."""

from tutorgpt.pretrained.conversation import chat, reply
from tutorgpt.pretrained.folder import load_safetensors
from tutorgpt.pretrained.gguf_file import load_gguf
from tutorgpt.pretrained.llama import Llama, LlamaConfig
from tutorgpt.pretrained.opening import load_pretrained

__all__ = [
    "Llama",
    "LlamaConfig",
    "chat",
    "load_gguf",
    "load_pretrained",
    "load_safetensors",
    "reply",
]
