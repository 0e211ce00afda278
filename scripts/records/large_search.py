"""Records what keeps LARGE from learning the Song ci by heart.

    python scripts/records/large_search.py --device cuda   # about an hour

From one starting point, one thing is changed at a time, then what helped is
put together. Every trial reads windows of 256 characters, 32 at a time, with
the matrix products in bfloat16, and is measured exactly on the held-out
tenth. One seed a trial unless its seed is named: differences below 0.02 say
little. Some changes are no options of the package, since they gave nothing
or less; they are written out here. Writes results/large_search.json, a row
as soon as it is there; rows that are there already are left alone. ModernGPT
is here what it was when they were measured: `scripts/earlier_modern.py`.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from scripts.earlier_modern import earlier_modern
from tutorgpt import GPT, LARGE, count_parameters, load_corpus
from tutorgpt.cli.arguments import device
from tutorgpt.config import TrainConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.corpus import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.optimizer import split_parameters
from tutorgpt.training.schedule import learning_rate_at

OUT = Path(__file__).resolve().parents[2] / "results" / "large_search.json"
MEASURED = 14
"""How often the held-out loss is measured in a run."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The starting point; a trial differs in one field or a few.

    table_rate: the learning rate of tables, as a multiple of the matrices'.
    attention_dropout: the share on attention weights; None: as dropout.
    embedding_dropout: the share on what enters the blocks; None: likewise.
    token_dropout: the share of input tokens whose vector is left out.
    tied: whether the output layer shares the embedding's table, which then
        starts at 0.02 and is multiplied by sqrt(C) on its way in ("scaled")
        or is not ("plain").
    mean_of_last: the share of the run whose weights are averaged.
    table_start: the standard deviation that tables begin with; None: 1.
    """

    model: str = "GPT"
    seed: int = 1337
    steps: int = 1400
    batch_size: int = 32
    learning_rate: float = 3e-3
    table_rate: float = 1.0
    final_share: float = 0.1
    betas: tuple[float, float] = (0.9, 0.99)
    weight_decay: float = 0.1
    table_decay: float = 0.0
    momentum: float = 0.9
    newton_schulz: int = 3
    dropout: float = 0.1
    attention_dropout: float | None = None
    embedding_dropout: float | None = None
    token_dropout: float = 0.0
    label_smoothing: float = 0.0
    tied: str = ""
    mean_of_last: float = 0.0
    table_start: float | None = None

    def changes(self) -> dict:
        """What makes it another than the starting point."""
        start = Trial()
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(start, field.name)
        }


ALONE = [
    Trial(),
    *(Trial(dropout=share) for share in (0.2, 0.3)),
    *(Trial(dropout=share, steps=2000) for share in (0.2, 0.3)),
    Trial(attention_dropout=0.0),
    Trial(attention_dropout=0.0, dropout=0.2),
    Trial(embedding_dropout=0.3, dropout=0.2),
    *(Trial(weight_decay=decay) for decay in (0.3, 1.0)),
    *(Trial(table_decay=decay) for decay in (0.1, 1.0)),
    *(Trial(learning_rate=rate) for rate in (2e-3, 5e-3)),
    *(Trial(table_rate=rate) for rate in (0.3, 3.0)),
    *(Trial(betas=(0.9, memory)) for memory in (0.999, 0.9997)),
    Trial(label_smoothing=0.1),
    *(Trial(token_dropout=share) for share in (0.1, 0.2)),
    *(Trial(tied=how) for how in ("plain", "scaled")),
    Trial(mean_of_last=1 / 3, final_share=1.0),
    Trial(final_share=0.0),
    Trial(table_start=0.02),
    Trial(batch_size=16, steps=2800, learning_rate=2e-3),
    Trial(momentum=0.95, newton_schulz=5),
    Trial(model="ModernGPT"),
    Trial(model="ModernGPT", dropout=0.2),
]
GOOD = Trial(learning_rate=5e-3, table_decay=1.0)
MODERN = Trial(model="ModernGPT", dropout=0.2)
TOGETHER = [
    GOOD,
    replace(GOOD, table_decay=3.0),
    replace(GOOD, learning_rate=8e-3),
    replace(GOOD, table_start=0.02),
    replace(GOOD, label_smoothing=0.05),
    replace(GOOD, attention_dropout=0.0),
    replace(GOOD, mean_of_last=1 / 3, final_share=1.0),
    replace(GOOD, mean_of_last=1 / 3, final_share=0.3),
    replace(GOOD, dropout=0.2, steps=2000),
    replace(GOOD, dropout=0.2, steps=2000, table_decay=3.0),
    replace(
        GOOD, dropout=0.2, steps=2000, mean_of_last=1 / 3, final_share=1.0
    ),
    replace(GOOD, dropout=0.2, steps=2000, attention_dropout=0.0),
    replace(GOOD, dropout=0.2, steps=3000, attention_dropout=0.0),
    replace(GOOD, dropout=0.3, steps=4000, attention_dropout=0.0),
    Trial(tied="scaled", learning_rate=5e-3),
    Trial(tied="scaled", dropout=0.2, steps=2000),
    Trial(tied="scaled", table_decay=1.0),
    Trial(tied="scaled", label_smoothing=0.05),
    replace(MODERN, steps=2000),
    replace(MODERN, steps=2000, dropout=0.3),
    replace(MODERN, table_decay=1.0),
    replace(MODERN, table_decay=1.0, learning_rate=5e-3),
    replace(MODERN, tied="scaled"),
    replace(MODERN, mean_of_last=1 / 3, final_share=1.0),
    replace(MODERN, steps=2000, table_decay=1.0),
    replace(
        MODERN, steps=2000, dropout=0.3, table_decay=1.0, learning_rate=5e-3
    ),
    Trial(
        model="ModernGPT",
        steps=3000,
        dropout=0.3,
        table_decay=1.0,
        learning_rate=5e-3,
        attention_dropout=0.0,
    ),
    Trial(
        model="ModernGPT",
        steps=4000,
        dropout=0.3,
        table_decay=2.0,
        learning_rate=5e-3,
        attention_dropout=0.0,
    ),
]


def build(trial: Trial, vocab_size: int) -> LanguageModel:
    """The untrained model, with what the trial changes about it."""
    torch.manual_seed(trial.seed)
    kind = {"GPT": GPT, "ModernGPT": earlier_modern}[trial.model]
    shape = LARGE.model(vocab_size=vocab_size)
    model = kind(replace(shape, dropout=trial.dropout))
    tables = [m for m in model.modules() if isinstance(m, nn.Embedding)]
    token = tables[0]
    if trial.attention_dropout is not None:
        for module in model.modules():
            if isinstance(getattr(module, "dropout", None), float):
                module.dropout = trial.attention_dropout
    if trial.embedding_dropout is not None:
        model.dropout.p = trial.embedding_dropout
    if trial.table_start is not None:
        for table in tables:
            nn.init.normal_(table.weight, std=trial.table_start)
    if trial.tied:
        nn.init.normal_(token.weight, std=0.02)
        model.lm_head.weight = token.weight
    if trial.tied == "scaled":
        token.register_forward_hook(
            lambda _, __, x: x * token.embedding_dim**0.5
        )
    if trial.token_dropout:
        token.register_forward_hook(
            partial(leave_out, share=trial.token_dropout)
        )
    return model


def leave_out(
    module: nn.Module, _: object, x: Float[Tensor, "B T C"], *, share: float
) -> Float[Tensor, "B T C"]:
    """Whole tokens of the input set to zero, in training."""
    if not module.training:
        return x
    kept = torch.rand(x.shape[:2], device=x.device) >= share
    return x * kept[..., None]


def optimizers(
    model: LanguageModel, trial: Trial
) -> list[torch.optim.Optimizer]:
    """Muon for matrices; tables and vectors with AdamW, each its own rate."""
    parts, rate = split_parameters(model), trial.learning_rate
    tables = list(dict.fromkeys(parts.outer))  # a tied one once
    muon = torch.optim.Muon(
        parts.matrices,
        lr=rate,
        weight_decay=trial.weight_decay,
        momentum=trial.momentum,
        ns_steps=trial.newton_schulz,
        adjust_lr_fn="match_rms_adamw",
    )
    adamw = torch.optim.AdamW(
        [
            {
                "params": tables,
                "lr": rate * trial.table_rate,
                "weight_decay": trial.table_decay,
            },
            {"params": parts.vectors, "lr": rate, "weight_decay": 0.0},
        ],
        betas=trial.betas,
        fused=True,
    )
    for optimizer in (muon, adamw):
        for group in optimizer.param_groups:
            group["highest"] = group["lr"]
    return [muon, adamw]


def measure(model: LanguageModel, val: Int[Tensor, " N"]) -> float:
    """The exact held-out loss, computed as the training is."""
    kind = next(model.parameters()).device.type
    with torch.autocast(kind, torch.bfloat16):
        return exact_loss(model, val)


def study(trial: Trial, corpus: Corpus, where: str) -> dict:
    """Train one model; its losses on the way."""
    model = build(trial, corpus.tokenizer.vocab_size).to(where).train()
    plan = TrainConfig(
        max_steps=trial.steps,
        learning_rate=1.0,
        warmup_steps=max(1, round(0.05 * trial.steps)),
        final_share=trial.final_share,
    )
    rules = optimizers(model, trial)
    generator = torch.Generator().manual_seed(trial.seed)
    means, averaged = {}, 0
    losses, some, start = [], [], time.perf_counter()
    for step in range(1, trial.steps + 1):
        tokens, targets = sample_batch(
            corpus.train,
            trial.batch_size,
            model.config.block_size,
            generator,
        )
        tokens, targets = tokens.to(where), targets.to(where)
        with torch.autocast(torch.device(where).type, torch.bfloat16):
            logits = model(tokens)
        loss = F.cross_entropy(
            logits.float().flatten(0, 1),
            targets.flatten(),
            label_smoothing=trial.label_smoothing,
        )
        model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in rules:
            for group in optimizer.param_groups:
                group["lr"] = group["highest"] * learning_rate_at(step, plan)
            optimizer.step()
        some.append(loss.detach())
        late = step > trial.steps * (1 - trial.mean_of_last)
        if late and step % 10 == 0:
            averaged += 1
            add_to_mean(means, model, averaged)
        if step % max(1, trial.steps // MEASURED) == 0 or step == trial.steps:
            seen = torch.stack(some).mean().item()
            some.clear()
            val = measure(model, corpus.val)
            losses.append([step, round(seen, 4), round(val, 4)])
    row = {
        "changes": trial.changes(),
        "parameters": count_parameters(model),
        "last": losses[-1][2],
        "best": min(val for _, _, val in losses),
        "train": losses[-1][1],
        "seconds": round(time.perf_counter() - start),
        "losses": losses,
    }
    if averaged:
        model.load_state_dict(means, strict=False)
        row["mean_of_weights"] = round(measure(model, corpus.val), 4)
    return row


@torch.no_grad()
def add_to_mean(means: dict, model: LanguageModel, count: int) -> None:
    """Let the mean of each weight take in what it is now."""
    for name, weight in model.named_parameters():
        mean = means.setdefault(name, weight.detach().clone())
        mean += (weight - mean) / count


def main() -> None:
    """Run what is not in the record yet, one trial after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", type=device, default="cpu")
    where = parser.parse_args().device
    corpus = load_corpus("songci")
    record = {
        "command": f"python scripts/records/large_search.py --device {where}",
        "corpus": corpus.name,
        "start": asdict(Trial()),
        "trials": [],
    }
    if OUT.is_file():
        record = json.loads(OUT.read_text(encoding="utf-8"))
    here = machine()
    if where == "cuda":
        here["gpu"] = torch.cuda.get_device_name()
    known = [row["changes"] for row in record["trials"]]
    for trial in ALONE + TOGETHER:
        changes = json.loads(json.dumps(trial.changes()))
        if changes in known:
            continue
        row = study(trial, corpus, where)
        record["trials"].append(row | {"machine": here})
        record["versions"] = versions()
        write_record(OUT, record)
        print(changes, row["last"], row["seconds"], "s", flush=True)


if __name__ == "__main__":
    main()
