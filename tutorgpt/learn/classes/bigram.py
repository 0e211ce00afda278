"""The class of chapter 1."""

from tutorgpt.bigram import BigramModel
from tutorgpt.learn.check.exercise import slip
from tutorgpt.learn.check.taught import taught
from tutorgpt.learn.classes.models import NO_FUTURE, SCORES, texts

CLASSES = (
    taught(
        BigramModel,
        "a row of scores for each character",
        *SCORES,
        slip(
            "the embeddings of all characters so far are added up",
            "Each position has the row of its own character.",
            "self.embedding(tokens)",
            "self.embedding(tokens).cumsum(dim=1)",
        ),
        slip(
            "each position is scored by the character before it",
            "The row of tokens[t] scores what comes at t + 1: no roll.",
            "self.embedding(tokens)",
            "self.embedding(tokens.roll(1, dims=1))",
        ),
        slip(
            "each position is scored by the character that is to be guessed",
            "tokens come in as they are: the shift is in the targets.",
            "self.embedding(tokens)",
            "self.embedding(tokens.roll(-1, dims=1))",
        ),
        slip(
            "the table has a row for each position, not for each character",
            "nn.Embedding(V, C): one row a character.",
            "nn.Embedding(V, C)",
            "nn.Embedding(config.block_size, C)",
        ),
        slip(
            "the texts of the batch are averaged",
            "Each text of the batch is scored by itself.",
            "self.embedding(tokens)",
            "self.embedding(tokens).mean(0, keepdim=True).expand(\n"
            "            len(tokens), -1, -1)",
        ),
        cases=texts(),
        rules=NO_FUTURE,
    ),
)
