"""Chapter 12. Somebody else's weights in our own classes."""

from tutorgpt.pretrained.adapters import adapt, merge, train_last
from tutorgpt.pretrained.conversation import chat, reply
from tutorgpt.pretrained.folder import load_safetensors
from tutorgpt.pretrained.gguf_file import load_gguf
from tutorgpt.pretrained.gpt2 import GPT2, GPT2Config
from tutorgpt.pretrained.incoming import from_transformers
from tutorgpt.pretrained.llama import Llama, LlamaConfig
from tutorgpt.pretrained.onnx_file import to_onnx
from tutorgpt.pretrained.opening import load_pretrained
from tutorgpt.pretrained.outgoing import to_transformers

__all__ = [
    "GPT2",
    "GPT2Config",
    "Llama",
    "LlamaConfig",
    "adapt",
    "chat",
    "from_transformers",
    "load_gguf",
    "load_pretrained",
    "load_safetensors",
    "merge",
    "reply",
    "to_onnx",
    "to_transformers",
    "train_last",
]
