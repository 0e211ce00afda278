"""The classes of chapter 6."""

import torch

from tutorgpt.learn.check.exercise import slip
from tutorgpt.learn.check.taught import known_as, taught
from tutorgpt.learn.classes.models import (
    NO_FUTURE,
    PLACES,
    SCORES,
    texts,
    vectors,
)
from tutorgpt.learn.classes.residual_norm import STACK
from tutorgpt.learn.exercises.multi_head import repair_the_heads
from tutorgpt.learn.exercises.residual_norm import repair_the_block
from tutorgpt.learn.exercises.single_head import repair_the_head
from tutorgpt.scaling import GPT, FusedMultiHead, GPTBlock

MODE = (
    "In eval mode nothing is dropped: "
    "dropout = self.dropout if self.training else 0.0."
)
CALL = """out = F.scaled_dot_product_attention(
            q, k, v, dropout_p=dropout, is_causal=True
        )"""
FIRST = "self.dropout(self.multi_head(self.norm_1(x)))"
SECOND = "self.dropout(self.feed_forward(self.norm_2(x)))"


def sizes_and_vectors() -> list[tuple]:
    """Sizes (C, H, block_size, dropout) and a batch of inputs (B, T, C)."""
    g = torch.Generator().manual_seed(61)
    return [
        ((C, H, block_size, dropout), torch.randn(B, T, C, generator=g))
        for C, H, block_size, dropout, B, T in (
            (6, 2, 8, 0.0, 2, 5),
            (12, 3, 7, 0.4, 3, 7),
            (4, 4, 9, 0.0, 1, 6),
        )
    ]


CLASSES = (
    taught(
        FusedMultiHead,
        "MultiHead in one matrix",
        known_as(
            repair_the_head.EXERCISE,
            "the mask hides nothing",
            "is_causal=True",
            "is_causal=False",
            look="is_causal=True hides what stands behind a position.",
        ),
        known_as(
            repair_the_heads.EXERCISE,
            "the projection is left out",
            "return self.proj(out.transpose(1, 2).reshape(B, T, C))",
            "return out.transpose(1, 2).reshape(B, T, C)",
        ),
        known_as(
            repair_the_heads.EXERCISE,
            "the projection has lost its bias",
            "nn.Linear(n_embed, n_embed)",
            "nn.Linear(n_embed, n_embed, bias=False)",
        ),
        known_as(
            repair_the_heads.EXERCISE,
            "x is added to the result",
            "return self.proj",
            "return x + self.proj",
        ),
        slip(
            "the heads are joined without bringing H beside D first",
            "Bring H beside D first: transpose(1, 2), then reshape.",
            "out.transpose(1, 2).reshape",
            "out.reshape",
        ),
        slip(
            "the channels are cut without bringing H beside B: each head "
            "gets pieces of several positions",
            "view(B, T, 3, H, D) first, then permute.",
            ".view(B, T, 3, self.n_head, C // self.n_head)\n"
            "        q, k, v = qkv.permute(2, 0, 3, 1, 4)",
            ".view(B, 3, self.n_head, T, C // self.n_head)\n"
            "        q, k, v = qkv.permute(1, 0, 2, 3, 4)",
        ),
        slip(
            "queries and keys have changed places",
            "The matrix holds queries, keys and values, in this order.",
            "q, k, v = qkv",
            "k, q, v = qkv",
        ),
        slip(
            "the channels of the heads alternate",
            "All of head 0 first, then all of head 1: view(..., H, D).",
            ".view(B, T, 3, self.n_head, C // self.n_head)\n"
            "        q, k, v = qkv.permute(2, 0, 3, 1, 4)",
            ".view(B, T, 3, C // self.n_head, self.n_head)\n"
            "        q, k, v = qkv.permute(2, 0, 4, 1, 3)",
        ),
        slip(
            "the scores are not divided by √D",
            "scaled_dot_product_attention divides by itself: no scale.",
            "is_causal=True",
            "is_causal=True, scale=1.0",
        ),
        slip(
            "the scores are divided by √C, not by √D",
            "scaled_dot_product_attention divides by itself: no scale.",
            "is_causal=True",
            "is_causal=True, scale=C**-0.5",
        ),
        slip(
            "there is one head only",
            "The channels are cut into self.n_head heads.",
            "self.n_head, self.block_size = n_head, block_size",
            "self.n_head, self.block_size = 1, block_size",
        ),
        slip(
            "no weight is ever dropped",
            MODE,
            "dropout_p=dropout",
            "dropout_p=0.0",
        ),
        cases=sizes_and_vectors,
        rules=NO_FUTURE,
    ),
    taught(
        GPTBlock,
        "Block, with dropout in training only",
        *(
            known_as(repair_the_block.EXERCISE, says, *edits)
            for says, *edits in (
                (
                    "neither part is added to its input yet",
                    f"x = x + {FIRST}",
                    f"x = {FIRST}",
                    f"x + {SECOND}",
                    SECOND,
                ),
                (
                    "only the second part has its path",
                    f"x = x + {FIRST}",
                    f"x = {FIRST}",
                ),
                (
                    "only the first part has its path",
                    f"x + {SECOND}",
                    SECOND,
                ),
                (
                    "both parts read the layer's input: the second one does "
                    "not see what the first has found",
                    "x = x + ",
                    "y = x + ",
                    "return x + ",
                    "return y + ",
                ),
                (
                    "the path runs through the norms",
                    "x = x + ",
                    "x = self.norm_1(x) + ",
                    "return x + ",
                    "return self.norm_2(x) + ",
                ),
                (
                    "the norms were moved behind the sum: post-norm",
                    f"x = x + {FIRST}",
                    "x = self.norm_1(x + self.dropout(self.multi_head(x)))",
                    f"return x + {SECOND}",
                    "return self.norm_2(\n"
                    "            x + self.dropout(self.feed_forward(x)))",
                ),
                (
                    "the layer thinks first and looks back afterwards",
                    FIRST,
                    "self.dropout(self.feed9(self.norm9(x)))",
                    SECOND,
                    FIRST,
                    "self.dropout(self.feed9(self.norm9(x)))",
                    SECOND,
                ),
            )
        ),
        slip(
            "the path itself is dropped from",
            "Only what a part adds goes through dropout.",
            f"x = x + {FIRST}",
            "x = self.dropout(x + self.multi_head(self.norm_1(x)))",
            f"return x + {SECOND}",
            "return self.dropout(x + self.feed_forward(self.norm_2(x)))",
        ),
        cases=vectors(dropout=0.3),
        rules=NO_FUTURE,
    ),
    taught(
        GPT,
        "chapter 5's model, dropout in training only",
        *SCORES,
        *PLACES,
        *STACK,
        slip(
            "the scores are dropped from",
            "After the blocks nothing is dropped any more.",
            "return self.lm_head(x)",
            "return self.dropout(self.lm_head(x))",
        ),
        cases=texts(dropout=0.3),
        rules=NO_FUTURE,
    ),
)
