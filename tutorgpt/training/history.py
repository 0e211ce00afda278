"""What was measured during a training run."""

import math
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Record:
    """One measurement on the way.

    step: updates made so far.
    train_loss: mean loss of the batches since the record before, in nats
        per token; None at step 0, before any batch.
    val_loss: exact, over the whole validation split, in nats per token.
    seconds: since the start, pauses between resumed runs not counted.
    tokens: read so far.
    gradient_norm: length of the last gradient, before any shortening; None
        at step 0.
    """

    step: int
    train_loss: float | None
    val_loss: float
    seconds: float
    tokens: int
    gradient_norm: float | None = None

    @property
    def val_bits(self) -> float:
        """The validation loss in bits per token."""
        return self.val_loss / math.log(2)

    @property
    def tokens_per_second(self) -> float:
        """Training speed since the start, with the time for measuring."""
        return self.tokens / self.seconds if self.seconds else 0.0


@dataclass
class History:
    """What was measured during a training run, in order."""

    records: list[Record] = field(default_factory=list)

    @property
    def val_loss(self) -> float:
        """The last exact validation loss, in nats per token."""
        return self.records[-1].val_loss

    @property
    def train_loss(self) -> float | None:
        """The last mean training loss, in nats per token."""
        return self.records[-1].train_loss

    @property
    def best(self) -> Record:
        """The record with the lowest validation loss, the first if equal.

        A loss that is not a number is never the lowest.
        """
        finite = [r for r in self.records if math.isfinite(r.val_loss)]
        return min(finite or self.records, key=lambda r: r.val_loss)

    def records_since_best(self) -> int:
        """How many measurements in a row were no better than the best."""
        if not self.records:
            return 0
        return len(self.records) - 1 - self.records.index(self.best)

    def to_list(self) -> list[dict]:
        """The records as plain dictionaries, ready for JSON."""
        return [asdict(record) for record in self.records]

    @classmethod
    def from_list(cls, records: list[dict]) -> "History":
        """The inverse of to_list."""
        return cls([Record(**record) for record in records])
