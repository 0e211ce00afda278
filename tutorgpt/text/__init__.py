"""Texts to learn from: their sources, splits, batches and floors."""

from tutorgpt.text.tokenizers import load_tokenizer

__all__ = ["load_tokenizer"]
