"""The numbers that describe how a model is trained."""

from dataclasses import dataclass

from tutorgpt.checks import at_least, between, one_of

OPTIMIZERS = ("adamw", "muon")
PRECISIONS = ("fp32", "bf16")


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
    max_gradient_norm: longer gradients are shortened to it; None: never.
    accumulation: parts that a batch is computed in, one after the other;
        more of them need less memory and change nothing else.
    precision: "fp32", or "bf16" for the factors of the matrix products.
    fast_dropout: draw dropout from fewer random bits; the same shares are
        dropped, not the same numbers. A GPU does not need it.
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
    max_gradient_norm: float | None = None
    accumulation: int = 1
    precision: str = "fp32"
    fast_dropout: bool = False
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
