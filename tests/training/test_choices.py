"""What a run decides by trying, with clocks that tests set."""

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from tutorgpt import GPT, ModelConfig, TrainConfig, train
from tutorgpt.text.corpus import Corpus
from tutorgpt.training import choices
from tutorgpt.training.choices import with_precision
from tutorgpt.training.engine.choosing import GAIN, LONG, TRIES, fastest
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.runs import RunFolder, RunSettings

CORPUS = Corpus.from_text("abc", "abcdefg" * 60)
CONFIG = TrainConfig(
    max_steps=4, batch_size=4, learning_rate=1e-2, eval_interval=2
)


class Clock:
    """A clock that stands still but for what is said to take time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("time.perf_counter", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that everything is timed with in a test."""
    return Clock(monkeypatch)


def build(dropout: float = 0.1) -> GPT:
    """The same small model each time."""
    torch.manual_seed(0)
    return GPT(
        ModelConfig(
            vocab_size=7,
            block_size=8,
            n_embed=16,
            n_head=2,
            n_layer=1,
            dropout=dropout,
        )
    )


# ------------------------------------------------------------------- fastest


def taking(clock: Clock, seconds: dict[str, float]) -> Callable:
    """A step that takes so long in each way, and notes what was tried."""

    def step(way: str) -> None:
        step.tried.append(way)
        clock.now += seconds[way]

    step.tried = []
    return step


@pytest.mark.parametrize(
    ("second", "found"), [(0.5, "b"), (0.94, "b"), (0.96, "a"), (2.0, "a")]
)
def test_another_way_must_be_clearly_faster(clock, second, found):
    """By more than a machine's own noise; else the first one stays."""
    step = taking(clock, {"a": 0.1, "b": 0.1 * second})

    assert fastest("ab", step) == found
    assert 0.94 < GAIN < 0.96


def test_the_ways_take_turns(clock):
    """Whatever else the machine does hits all of them."""
    step = taking(clock, {"a": 0.1, "b": 0.2})
    fastest("ab", step)

    assert "".join(step.tried) == "ab" * TRIES


def test_a_long_step_is_tried_once(clock):
    """Where a step takes minutes, nobody waits for four."""
    step = taking(clock, {"a": 1.1 * LONG, "b": 3 * LONG})
    fastest("ab", step)

    assert step.tried == ["a", "b"]


def test_the_first_try_does_not_count(clock):
    """Memory is fetched in it, and code is loaded."""
    first = {"b": 0.5}

    def step(way: str) -> None:
        clock.now += first.pop(way, 0.01 if way == "b" else 0.1)

    assert fastest("ab", step) == "b"


def test_a_way_that_fails_is_left_out(clock):
    """Unless it is the first: then its error is the answer."""

    def step(way: str) -> None:
        clock.now += 0.1
        if way == "b":
            raise RuntimeError("no kernel")

    assert fastest("ab", step) == "a"
    with pytest.raises(RuntimeError, match="no kernel"):
        fastest("ba", step)


# ----------------------------------------------------------------- precision


@pytest.fixture
def times(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """How long a pass takes in each precision; a test may change it."""
    seconds = {"fp32": 1.0, "bf16": 1.0}
    whole = choices.build_step_loss

    def build_step_loss(model: GPT, config: TrainConfig) -> nn.Module:
        form = whole(model, config)
        form.register_forward_hook(
            lambda *_: setattr(
                clock, "now", clock.now + seconds[config.precision]
            )
        )
        return form

    monkeypatch.setattr(choices, "build_step_loss", build_step_loss)
    return seconds


def decided(precision: str, **options) -> str:
    """What becomes of a wish."""
    config = replace(CONFIG, precision=precision)
    return with_precision(
        build(), CORPUS.train, config, World(), **options
    ).precision


@pytest.mark.parametrize(
    ("narrow", "found"), [(0.1, "bf16"), (0.99, "fp32"), (5.0, "fp32")]
)
def test_auto_is_never_slower_than_float32(times, narrow, found):
    """Passes of this shape are timed, not products of another one."""
    times["bf16"] = narrow

    assert decided("auto") == found


def test_a_wish_for_sixteen_bits_costs_no_time_either(times):
    """Losing precision and time at once helps nobody; and it is said."""
    times["bf16"] = 0.1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decided("bf16") == "bf16"
    times["bf16"] = 5.0
    with pytest.warns(UserWarning, match="no faster in bfloat16"):
        assert decided("bf16") == "fp32"


def test_float32_is_not_asked_about(monkeypatch):
    """Chapters, records and tests: nothing is timed, nothing depends on it."""
    monkeypatch.setattr(choices, "build_step_loss", None)

    assert decided("fp32") == "fp32"


def test_what_is_decided_is_kept(times):
    """A run that goes on is computed as it began, whatever is faster now."""
    times["bf16"] = 5.0

    assert decided("auto", before="bf16") == "bf16"
    assert decided("bf16", before="bf16") == "bf16"


def test_sharded_weights_have_sixteen_bits_on_a_gpu_alone(times):
    """And on a processor float32, without a trial."""
    times["bf16"] = 0.1

    assert decided("auto", sharded=True) == "fp32"


def test_a_trial_leaves_no_trace(times):
    """Weights, gradients, mode and random numbers are those from before."""
    model = build().eval()
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    weights = {n: w.clone() for n, w in model.state_dict().items()}
    chance = torch.get_rng_state()
    config = replace(CONFIG, precision="auto", threads="auto")
    with_precision(model, CORPUS.train, config, World())

    assert torch.equal(torch.get_rng_state(), chance)
    assert not model.training
    assert all(
        torch.equal(w, weights[n]) for n, w in model.state_dict().items()
    )
    assert all((p.grad == 1).all() for p in model.parameters())


def test_a_run_writes_down_what_was_decided_and_goes_on_with_it(
    times, tmp_path: Path
):
    """In its settings and in each checkpoint; a later wish changes nothing."""
    times["bf16"] = 0.1
    config = replace(CONFIG, precision="auto")
    train(build(), CORPUS, config, out=tmp_path)
    newest = RunFolder(tmp_path).checkpoints[-1]
    kept = json.loads((newest / "state.json").read_text(encoding="utf-8"))

    assert RunSettings.read(tmp_path).training.precision == "bf16"
    assert kept["settings"]["precision"] == "bf16"

    times["bf16"] = 5.0
    for wish in ("auto", "bf16"):
        longer = replace(config, precision=wish, max_steps=8)
        train(build(), CORPUS, longer, out=tmp_path)
        assert RunSettings.read(tmp_path).training.precision == "bf16"
    with pytest.raises(ValueError, match="has precision 'bf16', not 'fp32'"):
        train(build(), CORPUS, replace(longer, precision="fp32"), out=tmp_path)


def test_a_run_from_another_kind_of_device_decides_anew(times, tmp_path: Path):
    """What pays on a GPU need not pay on a processor."""
    times["bf16"] = 0.1
    config = replace(CONFIG, precision="auto")
    train(build(), CORPUS, config, out=tmp_path)
    for folder in RunFolder(tmp_path).checkpoints:
        rewrite(folder, device="cuda")
    times["bf16"] = 5.0
    train(build(), CORPUS, replace(config, max_steps=8), out=tmp_path)

    assert RunSettings.read(tmp_path).training.precision == "fp32"


def rewrite(checkpoint: Path, **changes) -> None:
    """Change what a checkpoint's state says, and its checksum with it."""
    from tutorgpt.ground.whole_files import whole_folder

    files = {f.name: f.read_bytes() for f in checkpoint.iterdir()}
    state = json.loads(files["state.json"]) | changes
    files["state.json"] = json.dumps(state).encode()
    del files["SHA256SUMS"]
    with whole_folder(checkpoint) as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
