"""What a run may go on with, what it may not, and how it ends by itself."""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from killable import CORPUS, SETTINGS, TEXT, build_model
from safetensors.torch import load_file

from tutorgpt import GPT, TrainConfig, train
from tutorgpt.ground.locks import HOLDER, LOCK, HeldError, held, is_held
from tutorgpt.ground.whole_files import ON_WINDOWS, CannotWriteError
from tutorgpt.text.corpus import Corpus
from tutorgpt.training import loop, resume, runs
from tutorgpt.training.divergence import DivergedError, check_losses
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.recipes import good
from tutorgpt.training.runs import (
    ALL_STEPS,
    DIVERGED,
    NO_BETTER,
    RunFolder,
    RunSettings,
    begin_anew,
    bytes_per_token,
)
from tutorgpt.training.schedule import learning_rate_at
from tutorgpt.training.steps import begin

SHORT = replace(SETTINGS, max_steps=6, eval_interval=2)


def end_weights(folder: Path) -> dict[str, torch.Tensor]:
    """Of a run's newest checkpoint."""
    newest = RunFolder(folder).checkpoints[-1]
    return load_file(newest / "model.safetensors")


def assert_equal_weights(one: Path, other: Path) -> None:
    """To the bit."""
    first, second = end_weights(one), end_weights(other)
    assert all(torch.equal(first[name], second[name]) for name in first)


# ------------------------------------------------------------ train further


def test_a_run_is_trained_further(tmp_path: Path) -> None:
    """More steps: from the end of the old schedule to that of a new one."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    longer = replace(SHORT, max_steps=10)
    history = train(build_model(), CORPUS, longer, out=tmp_path)

    assert [r.step for r in history.records] == [0, 2, 4, 6, 8, 10]
    settings = RunSettings.read(tmp_path)
    assert settings.stretches == ((0, 6), (6, 10))
    assert settings.training.max_steps == 10


def test_the_schedule_is_drawn_anew_to_the_new_end() -> None:
    """Each stretch has the learning rates of a run of its own length."""
    config = good(TrainConfig(max_steps=100, learning_rate=0.1))
    longer = replace(config, max_steps=160)
    state = begin(build_model(), longer, World())
    state.stretches = ((0, 100), (60, 160))
    rates = []
    for state.step in range(1, 161):
        rates.append(state.learning_rate())

    own = [learning_rate_at(n, config) for n in range(1, 101)]
    assert rates[:60] == own[:60]
    assert rates[60:] == own


def test_further_training_that_is_killed_ends_the_same(tmp_path: Path) -> None:
    """Whether it is taken up after its first steps, or never left."""
    train(build_model(), CORPUS, SHORT, out=tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    longer = replace(SHORT, max_steps=12)
    train(build_model(), CORPUS, longer, out=tmp_path / "a")

    def stop(state, corpus):
        def step_made():
            if state.step == 9:
                raise RuntimeError("killed")

        return step_made

    with pytest.raises(RuntimeError, match="killed"):
        loop.train(
            build_model(),
            CORPUS,
            longer,
            out=tmp_path / "b",
            checkpoint_interval=1,
            watch=stop,
        )
    # The newest two are lost: from step 6 on the way is the same again.
    for newest in RunFolder(tmp_path / "b").checkpoints[-1:]:
        (newest / "state.json").write_text("{}")
    with pytest.warns(UserWarning, match="set aside"):
        train(build_model(), CORPUS, longer, out=tmp_path / "b")

    assert_equal_weights(tmp_path / "a", tmp_path / "b")


def test_a_run_without_settings_is_trained_further_too(tmp_path: Path) -> None:
    """As train(out=...) of version 0.2.0 left it."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    (tmp_path / "run.json").unlink()
    longer = replace(SHORT, max_steps=8)
    train(build_model(), CORPUS, longer, out=tmp_path)

    assert RunSettings.read(tmp_path).stretches == ((0, 6), (6, 8))


def test_fewer_steps_are_refused(tmp_path: Path) -> None:
    """Both numbers are named, and nothing changes."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(ValueError, match="has 6 steps, more than 4"):
        train(build_model(), CORPUS, replace(SHORT, max_steps=4), out=tmp_path)

    assert (tmp_path / "run.json").read_bytes() == before


def test_an_end_that_was_a_slip_can_be_taken_back(tmp_path: Path) -> None:
    """As long as no step has been made towards it."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)

    def stop(state, corpus):
        raise RuntimeError("killed")

    slip = replace(SHORT, max_steps=10_000)
    with pytest.raises(RuntimeError, match="killed"):
        loop.train(build_model(), CORPUS, slip, out=tmp_path, watch=stop)
    assert RunSettings.read(tmp_path).stretches == ((0, 6), (6, 10_000))
    longer = replace(SHORT, max_steps=8)
    train(build_model(), CORPUS, longer, out=tmp_path)

    assert RunSettings.read(tmp_path).stretches == ((0, 6), (6, 8))


@pytest.mark.parametrize(
    "changes", [{"eval_interval": 3}, {"patience": 9}, {"threads": 2}]
)
def test_what_may_change_is_honoured(changes: dict, tmp_path: Path) -> None:
    """And stands in the settings afterwards."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    changed = replace(SHORT, max_steps=9, **changes)
    train(build_model(), CORPUS, changed, out=tmp_path)
    newest = RunFolder(tmp_path).checkpoints[-1]
    state = json.loads((newest / "state.json").read_text())

    stored = RunSettings.read(tmp_path).training
    assert asdict(stored) == asdict(changed)
    assert state["threads"] == changes.get("threads", 1)


def test_patience_counts_anew_when_a_run_is_trained_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a run that had lost it would stop where it stands."""
    losses = iter([3.0, 1.0, 2.0, 2.0, 2.0, 2.0])
    monkeypatch.setattr(loop, "exact_loss", lambda *_: next(losses))
    config = replace(SHORT, patience=2)
    train(build_model(), CORPUS, config, out=tmp_path)
    assert RunFolder(tmp_path).end(6) == ALL_STEPS
    longer = replace(config, max_steps=20)
    history = train(build_model(), CORPUS, longer, out=tmp_path)

    assert history.records[-1].step == 10
    assert RunFolder(tmp_path).end(10) == NO_BETTER


def test_another_text_is_refused_from_python_too(tmp_path: Path) -> None:
    """With the same characters in another order, which no vocabulary shows."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    turned = Corpus.from_text("turned", TEXT[100:] + TEXT[:100])
    with pytest.raises(ValueError, match="'turned' is not the one that the"):
        train(build_model(), turned, SHORT, out=tmp_path)


def test_a_run_from_a_gpu_goes_on_without_one(tmp_path: Path) -> None:
    """All that is kept lies on the processor."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    settings = json.loads((tmp_path / "run.json").read_text())
    settings["device"] = "cuda:0"
    (tmp_path / "run.json").write_text(json.dumps(settings))
    train(build_model(), CORPUS, replace(SHORT, max_steps=8), out=tmp_path)

    assert RunSettings.read(tmp_path).device == "cpu"


# -------------------------------------------------------------- before a run


def test_a_run_of_python_opens_like_one_of_the_command(tmp_path: Path) -> None:
    """Its settings lie beside its checkpoints, with the bytes of a token."""
    history = train(build_model(), CORPUS, SHORT, out=tmp_path)
    settings = RunSettings.read(tmp_path)
    run = RunFolder(tmp_path)

    assert settings.model == "GPT"
    assert settings.training == SHORT
    assert settings.corpus == "odd"
    assert settings.bytes_per_token == 1.0
    assert run.choose().folder == run.checkpoint(history.best.step)
    assert run.end(6) == ALL_STEPS


def test_bytes_are_those_of_utf_8() -> None:
    """A Chinese character has three, é has two."""
    corpus = Corpus.from_text("x", "a" * 90 + "春" * 5 + "é" * 5)

    assert bytes_per_token(corpus.tokenizer, corpus.val) == pytest.approx(
        (3 * 5 + 2 * 5) / 10
    )


@pytest.mark.parametrize("what", ["logs", "space", "text", "settings"])
def test_a_start_that_fails_leaves_nothing(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder, no settings, no lock; the next start finds its way free."""
    folder, corpus, options = tmp_path / "a" / "run", CORPUS, {}
    if what == "logs":
        (tmp_path / "logs").write_text("a file")
        options = {"log_dir": tmp_path / "logs"}
    if what == "space":
        usage = shutil.disk_usage(tmp_path)._replace(free=1000)
        monkeypatch.setattr(resume.shutil, "disk_usage", lambda _: usage)
    if what == "text":
        corpus = Corpus.from_text("short", "abcdefg")
    if what == "settings":

        def fail(settings, folder):
            raise OSError("no space left")

        monkeypatch.setattr(RunSettings, "write", fail)
    with pytest.raises((ValueError, OSError)):
        train(build_model(), corpus, SHORT, out=folder, **options)

    left = [path.name for path in tmp_path.iterdir()]
    assert left == (["logs"] if what == "logs" else [])
    monkeypatch.undo()
    assert train(build_model(), CORPUS, SHORT, out=folder).records


def test_too_little_space_is_told_in_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is needed, and what is there."""
    usage = shutil.disk_usage(tmp_path)._replace(free=2_000_000)
    monkeypatch.setattr(resume.shutil, "disk_usage", lambda _: usage)
    model = torch.nn.Linear(1000, 1000)
    with pytest.raises(CannotWriteError, match="48 MB, and 2 MB are free"):
        resume.check_space(tmp_path, model)


def test_a_folder_that_is_in_use_is_refused(tmp_path: Path) -> None:
    """With its holder; what is in it stays."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    before = end_weights(tmp_path)
    with held(tmp_path), pytest.raises(HeldError, match="in use by process"):
        train(build_model(), CORPUS, SHORT, out=tmp_path)

    assert end_weights(tmp_path).keys() == before.keys()
    assert not (tmp_path / HOLDER).exists()


def test_who_is_refused_leaves_the_holders_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both may have found no folder and made it, at the same moment."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setattr(runs, "_missing_folders", lambda path: [path])
    monkeypatch.setattr(runs, "PATIENCE", 0.0)
    with held(folder):
        with pytest.raises(HeldError), RunFolder(folder).held():
            pass
        assert (folder / HOLDER).exists()
        assert (folder / LOCK).exists()


# ---------------------------------------------------------- the end of a run


class Exploding(GPT):
    """A GPT whose loss is no number from some step on."""

    after = 5

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        logits = super().forward(tokens)
        if self.training:
            self.after -= 1
        return logits * math.nan if self.after < 0 else logits


def exploding() -> Exploding:
    """With the shape of the others."""
    return Exploding(build_model().config)


def test_the_first_loss_that_is_no_number_ends_a_run(tmp_path: Path) -> None:
    """What was kept before is kept, and says which; JSON stays JSON."""
    with pytest.raises(DivergedError) as caught:
        train(exploding(), CORPUS, SHORT, out=tmp_path, checkpoint_interval=1)

    assert "the loss of a batch is nan after step 3" in str(caught.value)
    assert "--learning-rate" in str(caught.value)
    assert "the last good checkpoint is " in str(caught.value)
    assert str(caught.value).endswith("step_00000002'")
    run = RunFolder(tmp_path)
    assert run.checkpoints[-1].name == "step_00000002"
    assert run.newest_sound() == run.checkpoints[-1]
    assert run.end(2) == DIVERGED
    for file in tmp_path.rglob("*.json"):
        json.loads(file.read_text(), parse_constant=pytest.fail)


def test_another_process_loss_ends_it_in_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the first one waits for the broken one, and tells of no end."""
    state = begin(build_model(), SHORT, World())
    state.losses = [torch.tensor(2.0)]
    state.world = World(rank=0, size=2)
    monkeypatch.setattr(World, "mean", lambda _, mine: (mine + math.nan) / 2)

    with pytest.raises(DivergedError, match="the loss of a batch is nan"):
        check_losses(state)


def test_weights_that_are_no_numbers_are_not_kept(tmp_path: Path) -> None:
    """The loss of the step before was finite still."""

    def spoil(state, corpus):
        def step_made():
            if state.step == 3:
                with torch.no_grad():
                    state.model.lm_head.bias[0] = math.inf

        return step_made

    with pytest.raises(DivergedError, match=r"lm_head\.bias has weights"):
        loop.train(
            build_model(),
            CORPUS,
            SHORT,
            out=tmp_path,
            checkpoint_interval=1,
            watch=spoil,
        )

    assert RunFolder(tmp_path).checkpoints[-1].name == "step_00000002"


def test_a_run_without_a_folder_ends_there_too() -> None:
    """Notebooks train without one."""
    with pytest.raises(DivergedError, match="after step 3"):
        train(exploding(), CORPUS, SHORT)


@pytest.mark.parametrize("part", ["validation loss", "gradient"])
def test_other_numbers_that_are_none_end_it_as_well(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A validation loss, and the length of a gradient."""
    if part == "gradient":
        infinite = torch.tensor(math.inf)
        name = "tutorgpt.training.steps.shorten_gradient"
        monkeypatch.setattr(name, lambda *_: infinite)
    else:
        losses: Callable = iter([2.0, math.inf]).__next__
        monkeypatch.setattr(loop, "exact_loss", lambda *_: losses())
    with pytest.raises(DivergedError, match=f"the {part}.* inf after step 2"):
        train(build_model(), CORPUS, SHORT)


# ------------------------------------------------------------ best or newest


@pytest.fixture
def kept_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run whose best checkpoint is that of step 2."""
    losses = iter([3.0, 1.0, 2.0, 2.5])
    monkeypatch.setattr(loop, "exact_loss", lambda *_: next(losses))
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    return RunFolder(tmp_path)


def test_the_best_is_chosen_and_named(kept_run: RunFolder) -> None:
    """Unless the newest is asked for."""
    best, newest = kept_run.choose(), kept_run.choose("newest")

    assert best.folder == kept_run.checkpoint(2)
    assert "step 2 of" in best.says
    assert "its best, 1.0000 nats" in best.says
    assert newest.folder == kept_run.checkpoint(6)
    assert "its newest, 2.5000 nats" in newest.says


def test_a_damaged_best_is_told(kept_run: RunFolder) -> None:
    """The newest is read in its place, and nothing is renamed by a reader."""
    (kept_run.checkpoint(2) / "model.safetensors").write_bytes(b"")
    chosen = kept_run.choose()

    assert chosen.folder == kept_run.checkpoint(6)
    assert "its best, step 2, is damaged" in chosen.says
    assert kept_run.checkpoint(2).is_dir()


def test_a_reader_renames_nothing(kept_run: RunFolder) -> None:
    """Only the process that holds a run sets anything aside."""
    (kept_run.checkpoint(6) / "model.safetensors").write_bytes(b"")
    with pytest.warns(UserWarning, match="is damaged and is not used"):
        assert kept_run.newest_sound() == kept_run.checkpoint(4)

    assert kept_run.checkpoint(6).is_dir()


# ---------------------------------------------------------- run twice, samples


def test_a_notebook_that_is_run_again_begins_anew(tmp_path: Path) -> None:
    """Each run before is put aside whole, and none is lost."""
    for steps in (2, 4, 6):
        out = begin_anew(tmp_path / "runs/mine")
        train(build_model(), CORPUS, replace(SHORT, max_steps=steps), out=out)
    kept = {
        run.name: RunFolder(run).newest_record()[0]
        for run in (tmp_path / "runs").iterdir()
    }

    assert out == tmp_path / "runs/mine"
    assert kept == {"mine-before": 2, "mine-before-2": 4, "mine": 6}
    assert not list(tmp_path.rglob(HOLDER))


def test_what_is_no_run_is_left_alone(tmp_path: Path) -> None:
    """Neither in the way nor where a run would be put."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")

    assert begin_anew(tmp_path / "mine") == tmp_path / "mine"
    assert (tmp_path / "mine/letter.txt").read_text() == "dear"
    train(build_model(), CORPUS, SHORT, out=tmp_path / "new")
    (tmp_path / "new-before").mkdir()
    (tmp_path / "new-before/letter.txt").write_text("dear")
    begin_anew(tmp_path / "new")
    assert (tmp_path / "new-before/letter.txt").read_text() == "dear"
    assert RunFolder(tmp_path / "new-before-2").newest_record()[0] == 6


def test_a_run_is_renamed_while_nobody_can_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be renamed stays, and a sentence says so."""
    train(build_model(), CORPUS, SHORT, out=tmp_path / "a")
    seen = []

    def refuse(run: Path, aside: Path) -> None:
        seen.append(is_held(run))
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(runs, "take_place", refuse)
    with pytest.raises(CannotWriteError, match="rename it yourself"):
        begin_anew(tmp_path / "a")
    assert seen == [not ON_WINDOWS]
    assert RunFolder(tmp_path / "a").newest_record()[0] == 6
    assert not list((tmp_path / "a").glob(HOLDER))


def test_a_run_in_use_is_not_put_aside(tmp_path: Path) -> None:
    """A process of another machine trains there, by its own word."""
    train(build_model(), CORPUS, SHORT, out=tmp_path / "a")
    told = {"host": "elsewhere", "process": 1}
    (tmp_path / "a" / HOLDER).write_text(json.dumps(told))

    with pytest.raises(HeldError):
        begin_anew(tmp_path / "a")
    assert (tmp_path / "a").is_dir()


def test_samples_are_those_of_the_run_as_it_went_on(tmp_path: Path) -> None:
    """What was written after the step where it was taken up is gone."""
    run = RunFolder(tmp_path)
    for step, text in ((0, "a"), (5, "b"), (9, "c"), (5, "d")):
        run.keep_sample(step, text)

    assert run.samples() == {0: "a", 5: "d"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"x": "a"}', "\0"])
def test_damaged_samples_are_none(tmp_path: Path, content: str) -> None:
    """They are not worth an error."""
    (tmp_path / "samples.json").write_text(content)

    assert RunFolder(tmp_path).samples() == {}
