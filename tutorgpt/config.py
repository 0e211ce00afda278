"""The numbers that describe a model and the way it is trained."""

from dataclasses import dataclass, fields, replace

from tutorgpt.ground.checks import at_least, between, one_of

OPTIMIZERS = ("adamw", "muon")
PRECISIONS = ("fp32", "bf16", "auto")
MOST_LAYERS = 10_000
"""More are a slip or a damaged file, and would be built for ever."""


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The shape of a model; two models with equal configs have equal shapes.

    vocab_size: V, how many different tokens there are.
    block_size: the longest context, in tokens, that the model can read.
    n_embed: C, the number of channels of the vector that stands for a token.
    n_head: H, attention heads per layer; must divide n_embed.
    n_layer: how many blocks are stacked (chapters 5 and 6).
    dropout: the share of activations set to zero in training, in [0, 1).
    """

    vocab_size: int
    block_size: int
    n_embed: int
    n_head: int
    n_layer: int
    dropout: float = 0.0

    def __post_init__(self) -> None:
        at_least(
            1,
            vocab_size=self.vocab_size,
            block_size=self.block_size,
            n_embed=self.n_embed,
            n_head=self.n_head,
            n_layer=self.n_layer,
        )
        if self.n_layer > MOST_LAYERS:
            raise ValueError(
                f"n_layer is {self.n_layer}: choose at most {MOST_LAYERS:,}"
            )
        check_heads(self.n_embed, self.n_head)
        check_dropout(self.dropout)

    @property
    def head_size(self) -> int:
        """D, the channels of one head: n_embed / n_head."""
        return self.n_embed // self.n_head


def check_heads(n_embed: int, n_head: int) -> None:
    """Refuse heads that do not share the channels out evenly."""
    if n_embed % n_head:
        raise ValueError(
            f"n_embed {n_embed} cannot be shared by n_head {n_head} heads: "
            "choose n_embed as a multiple of n_head"
        )


def check_dropout(dropout: float) -> None:
    """Refuse a dropout share outside [0, 1)."""
    if not 0 <= dropout < 1:
        raise ValueError(
            f"dropout is {dropout}: choose a share from 0 (off) to below 1"
        )


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How a model is trained; the same config and seed repeat the same run.

    The first five are what the chapters train with. The others are off by
    default: `tutorgpt.training.recipes` turns the useful ones on.

    max_steps: updates of the weights.
    batch_size: sequences per update, each block_size tokens long.
    learning_rate: the size of the optimizer's steps at its highest.
    eval_interval: steps between two validation losses; one is always
        measured after the last step, and before the first one too unless
        measure_first is off.
    seed: of the generator that draws the batches.
    warmup_steps: steps in which the learning rate climbs to its highest.
    final_share: the share of the learning rate left at the last step, on a
        cosine curve; 1 keeps it constant.
    optimizer: "adamw", or "muon" for the matrices of the blocks (AdamW then
        takes the rest).
    betas: how long AdamW remembers: its two decay rates, in [0, 1).
    weight_decay: the share of a weight, times the learning rate, that each
        step takes away.
    decay_vectors: whether biases, norms and embeddings decay as well.
    table_decay: the share taken from the first and the last table instead;
        None: as the two above say.
    max_gradient_norm: longer gradients are shortened to it; None: never.
    accumulation: parts that a batch is computed in, one after the other;
        more of them need less memory and change nothing else.
    precision: "fp32"; "bf16", numbers of sixteen bits between the layers; or
        "auto", which times both at the start of a run. On a processor that
        is no faster in bf16, "bf16" trains in fp32 as well, and says so.
    fast_dropout: draw dropout from fewer random bits; the same shares are
        dropped, not the same numbers. A GPU does not need it.
    attention_dropout: whether dropout falls on attention weights too, or
        only on what enters the residual path.
    compile: whether torch.compile translates the model first.
    threads: processor threads; "auto" times a few steps with one and with
        all; None leaves torch's own choice.
    patience: stop after this many validation losses in a row that are no
        better than the best one; None: never.
    """

    max_steps: int = 2000
    batch_size: int = 32
    learning_rate: float = 3e-3
    eval_interval: int = 500
    seed: int = 1337
    measure_first: bool = True
    warmup_steps: int = 0
    final_share: float = 1.0
    optimizer: str = "adamw"
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.01
    decay_vectors: bool = True
    table_decay: float | None = None
    max_gradient_norm: float | None = None
    accumulation: int = 1
    precision: str = "fp32"
    fast_dropout: bool = False
    attention_dropout: bool = True
    compile: bool = False
    threads: int | str | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "betas", tuple(self.betas))  # from JSON
        at_least(
            1,
            max_steps=self.max_steps,
            batch_size=self.batch_size,
            eval_interval=self.eval_interval,
            accumulation=self.accumulation,
        )
        at_least(0, seed=self.seed, warmup_steps=self.warmup_steps)
        if self.patience is not None:
            at_least(1, patience=self.patience)
        one_of(OPTIMIZERS, optimizer=self.optimizer)
        one_of(PRECISIONS, precision=self.precision)
        self._check_numbers()
        self._check_threads()
        if self.batch_size % self.accumulation:
            raise ValueError(
                f"batch_size {self.batch_size} cannot be computed in "
                f"accumulation {self.accumulation} equal parts: "
                "choose a batch_size that is a multiple of accumulation"
            )

    def _check_numbers(self) -> None:
        if not 0 < self.learning_rate < float("inf"):
            raise ValueError(
                f"learning_rate is {self.learning_rate}: "
                "choose a number above 0, such as 3e-3"
            )
        between(0, 1, final_share=self.final_share)
        if len(self.betas) != 2 or not all(0 <= b < 1 for b in self.betas):
            raise ValueError(
                f"betas are {self.betas}: choose two numbers in [0, 1), "
                "such as (0.9, 0.95)"
            )
        between(0, float("inf"), weight_decay=self.weight_decay)
        if self.table_decay is not None:
            between(0, float("inf"), table_decay=self.table_decay)
        if self.max_gradient_norm is not None and not (
            0 < self.max_gradient_norm < float("inf")
        ):
            raise ValueError(
                f"max_gradient_norm is {self.max_gradient_norm}: "
                "choose a number above 0, such as 1.0, or None"
            )

    def _check_threads(self) -> None:
        if self.threads is None or self.threads == "auto":
            return
        if isinstance(self.threads, str):
            raise ValueError(
                f'threads is {self.threads!r}: choose a number, "auto" or None'
            )
        at_least(1, threads=self.threads)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A model's shape and its training settings under one name."""

    name: str
    block_size: int
    n_embed: int
    n_head: int
    n_layer: int
    dropout: float
    batch_size: int
    learning_rate: float
    max_steps: int

    def model(self, *, vocab_size: int) -> ModelConfig:
        """The shape, for a vocabulary of this size."""
        shape = {
            field.name: getattr(self, field.name)
            for field in fields(ModelConfig)
            if field.name != "vocab_size"
        }
        return ModelConfig(vocab_size=vocab_size, **shape)

    def training(self, **changes) -> TrainConfig:
        """The training settings, with any of them changed by keyword."""
        settings = TrainConfig(
            max_steps=self.max_steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
        )
        return replace(settings, **changes)


CHAPTER = Preset(
    name="chapter",
    block_size=32,
    n_embed=32,
    n_head=4,
    n_layer=3,
    dropout=0.0,
    batch_size=32,
    learning_rate=3e-3,
    max_steps=2000,
)
"""What every chapter trains with, so that the rungs can be compared."""

SMALL = Preset(
    name="small",
    block_size=8,
    n_embed=32,
    n_head=4,
    n_layer=3,
    dropout=0.0,
    batch_size=32,
    learning_rate=1e-2,
    max_steps=5000,
)
"""The source text's first setting: 437,764 parameters with V = 6148."""

LAPTOP = Preset(
    name="laptop",
    block_size=64,
    n_embed=128,
    n_head=4,
    n_layer=4,
    dropout=0.0,
    batch_size=32,
    learning_rate=1e-3,
    max_steps=3000,
)
"""As much model as ten minutes on two processor cores can teach."""

LARGE = Preset(
    name="large",
    block_size=256,
    n_embed=384,
    n_head=6,
    n_layer=6,
    dropout=0.2,
    batch_size=64,
    learning_rate=3e-4,
    max_steps=5000,
)
"""The source text's last setting: 15,466,756 parameters with V = 6148."""

PRESETS = {p.name: p for p in (CHAPTER, SMALL, LAPTOP, LARGE)}
"""Every preset by its name, from the smallest to the largest."""
