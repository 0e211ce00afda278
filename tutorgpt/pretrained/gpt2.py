"""Chapter 12. GPT-2 as a diff of chapter 6's GPT, and how it reads on."""

from dataclasses import dataclass
from typing import ClassVar, cast

from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import ModelConfig
from tutorgpt.embedding import TokenAndPositionEmbedding
from tutorgpt.feed_forward import FeedForward
from tutorgpt.ground.checks import above
from tutorgpt.language_model import Reader
from tutorgpt.modern.attention import look_back
from tutorgpt.modern.past import Past, Unread
from tutorgpt.modern.tied import TiedOutput
from tutorgpt.scaling import GPT, FusedMultiHead, GPTBlock


@dataclass(frozen=True, kw_only=True)
class GPT2Config(ModelConfig):
    """The shape of a GPT-2: that of a GPT, and what its norms add.

    epsilon: added to the variance in every LayerNorm, above 0.
    """

    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        super().__post_init__()
        above(0, epsilon=self.epsilon)


class GPT2(GPT):
    """Chapter 6's GPT with what GPT-2 has and it has not.

    Biases on queries, keys and values, GELU in the place of ReLU, one table
    for what goes in and what comes out, and a start that is scaled.
    Source: Radford et al. 2019; openai/gpt-2, src/model.py.
    """

    config_class: ClassVar[type] = GPT2Config

    def __init__(self, config: GPT2Config) -> None:
        super().__init__(config)
        C = config.n_embed
        for part in self.modules():
            if isinstance(part, FusedMultiHead):
                part.qkv = nn.Linear(C, 3 * C)
            if isinstance(part, FeedForward):
                part.register_module("relu", nn.GELU(approximate="tanh"))
            if isinstance(part, nn.LayerNorm):
                part.eps = config.epsilon
        self.lm_head = TiedOutput(self.embedding.token)
        draw_start(self)

    def reader(self, batch_size: int, window: str = "exact") -> Reader:
        """Reads each token once, if the model is as it was built."""
        if is_as_built(self):
            return GPT2Reader(self, batch_size, window)
        return super().reader(batch_size, window)


def draw_start(model: GPT) -> None:
    """Draw the weights from which GPT-2 is trained; biases begin at 0.

    What is added to the residual path is drawn smaller the more layers
    there are, since 2 n_layer such parts add up.
    """
    smaller = (2 * model.config.n_layer) ** -0.5
    for name, weights in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(weights)
        elif name.endswith(("proj.weight", "contract.weight")):
            nn.init.normal_(weights, std=0.02 * smaller)
        elif weights.ndim == 2:
            nn.init.normal_(weights, std=0.02)


class GPT2Reader:
    """Scores the next token as its GPT-2 does, without reading twice.

    tokens (B, T), the text so far -> scores (B, V). What chapter 11's reader
    does, for a model that adds positions to its tokens: if the window has
    moved, each token has another one, and all is read again.
    """

    def __init__(
        self, model: GPT2, batch_size: int, window: str = "exact"
    ) -> None:
        self.model, T = model, model.config.block_size
        self.unread = Unread(T, window)
        shape = 2, batch_size, model.config.n_head, T, model.config.head_size
        empty = model.embedding.token.weight.new_empty
        self.pasts = [Past(empty(shape)) for _ in model.blocks]

    def __call__(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B V"]:
        model, (new, kept) = self.model, self.unread.of(tokens)
        x = model.embedding.token(new)
        x = x + model.embedding.position.weight[kept : kept + x.shape[1]]
        for block, past in zip(model.blocks, self.pasts, strict=True):
            past.length = kept
            x = read_on(cast("GPTBlock", block), x, past)
        return model.lm_head(model.norm(x[:, -1]))


def read_on(
    block: GPTBlock, x: Float[Tensor, "B N C"], past: Past
) -> Float[Tensor, "B N C"]:
    """What a block makes of new tokens that look at those before them."""
    attention = block.multi_head
    qkv = attention.qkv(block.norm_1(x))
    q, k, v = qkv.unflatten(-1, (3, attention.n_head, -1)).permute(
        2, 0, 3, 1, 4
    )
    k, v = past.keep(k, v)
    out = look_back(q, k, v, attention.block_size, 0.0)
    x = x + attention.proj(out.transpose(1, 2).flatten(2))
    return x + block.feed_forward(block.norm_2(x))


def is_as_built(model: GPT2) -> bool:
    """Whether nothing that the reader passes by was replaced or hooked.

    It calls Linears, norms, feed-forward layers and the output itself, so
    these may be others, such as adapters; of the rest it takes the weights.
    """
    passed_by: list[nn.Module] = [model, model.dropout, model.embedding]
    passed_by += [model.embedding.position, model.blocks]
    kinds: list[type] = [GPT2, nn.Dropout, TokenAndPositionEmbedding]
    kinds += [nn.Embedding, nn.Sequential]
    for block in model.blocks:
        passed_by += [block, *map(block.get_submodule, INSIDE)]
        kinds += [GPTBlock, FusedMultiHead, nn.Dropout]
    return [type(part) for part in passed_by] == kinds and not any(
        part._forward_hooks
        or part._forward_pre_hooks
        or "forward" in vars(part)
        for part in passed_by
    )


INSIDE = ("multi_head", "dropout")
"""The parts of a block that the reader does not call."""
