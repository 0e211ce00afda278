"""A run that is stopped, killed or damaged loses nothing.

Each of these was broken by hand once, and this is what turned red:

- the generator of the batches not restored: killed fifty times
- dropout's generator not restored: killed fifty times
- the optimizer's memory not restored: killed fifty times
- the losses since the last record not restored: killed fifty times
- files written in place, without a rename: killed fifty times
"""

import json
import os
import pickle
import random
import shutil
import signal
import time
import warnings
from dataclasses import replace
from pathlib import Path

import killable
import pytest
import torch
from killable import CORPUS, SETTINGS, build_model, run_to_the_end
from safetensors.torch import load_file, save

from tutorgpt import GPT, ModelConfig, load_checkpoint, train
from tutorgpt.ground.whole_files import SUMS, is_sound
from tutorgpt.text.corpus import Corpus
from tutorgpt.training import loop
from tutorgpt.training.checkpoints import read_description
from tutorgpt.training.runs import RunFolder, RunSettings, fingerprint
from tutorgpt.training.signals import Stopped

KILLS = 50
DAMAGED_FILES = 200
TENSORS = ("model", "optimizer", "generators")
SHORT = replace(SETTINGS, max_steps=6, eval_interval=2)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory, server) -> Path:
    """The folder of a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    process = server.Process(target=run_to_the_end, args=(folder,))
    process.start()
    process.join()

    assert process.exitcode == 0
    return folder


def last(folder: Path) -> Path:
    """A run's newest checkpoint."""
    return RunFolder(folder).checkpoints[-1]


def what_was_measured(folder: Path) -> list[dict]:
    """A run's history, without the seconds."""
    state = json.loads((last(folder) / "state.json").read_text("utf-8"))
    for record in state["history"]:
        del record["seconds"]
    return [{"step": state["step"]}, *state["history"]]


def assert_same_end(one: Path, other: Path) -> None:
    """Two runs ended with equal weights, memory, generators and history."""
    assert what_was_measured(one) == what_was_measured(other)
    for name in TENSORS:
        first = load_file(last(one) / f"{name}.safetensors")
        second = load_file(last(other) / f"{name}.safetensors")
        assert first.keys() == second.keys()
        for key, tensor in first.items():
            assert torch.equal(tensor, second[key]), key


def progress(folder: Path) -> int:
    """The newest step that has a checkpoint; -1 if none has."""
    found = RunFolder(folder).checkpoints
    return int(found[-1].name.removeprefix("step_")) if found else -1


def kill_at_random(server, folder: Path, chance: random.Random) -> int:
    """Let a run go on for a few steps, then kill it; its exit code."""
    process = server.Process(target=run_to_the_end, args=(folder,))
    goal = progress(folder) + chance.randrange(4)
    process.start()
    while process.is_alive() and progress(folder) < goal:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.02)
    process.kill()
    process.join()

    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode


@pytest.mark.slow
def test_killed_fifty_times_a_run_ends_with_the_same_bits(
    tmp_path, server, uninterrupted
):
    """SIGKILL at random moments, while stepping, saving or starting."""
    chance, kills, runs = random.Random(1), 0, 0
    folder = tmp_path / "0"
    while kills < KILLS:
        code = kill_at_random(server, folder, chance)
        kills += code == -signal.SIGKILL
        if code == 0:  # it was done before we were: once more
            runs += 1
            folder = tmp_path / str(runs)
    process = server.Process(target=run_to_the_end, args=(folder,))
    process.start()
    process.join()

    assert process.exitcode == 0
    for n in range(runs + 1):
        assert_same_end(tmp_path / str(n), uninterrupted)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_says_how_to_go_on(
    number, tmp_path, server, uninterrupted
):
    """Ctrl-C and SIGTERM end in a checkpoint; then the run goes on."""
    every = (tmp_path, SETTINGS, 1000)
    process = server.Process(target=run_to_the_end, args=every)
    process.start()
    while progress(tmp_path) < 20:
        time.sleep(0.001)
    os.kill(process.pid, number)
    process.join()
    if process.exitcode != 0:  # 0: the run was done before the signal came
        assert process.exitcode == 128 + number
        run_again = server.Process(target=run_to_the_end, args=every)
        run_again.start()
        run_again.join()

    assert_same_end(tmp_path, uninterrupted)


def test_being_stopped_is_a_keyboard_interrupt_with_a_remedy(tmp_path):
    """Notebooks and scripts see what Ctrl-C always raises."""

    class Model(GPT):
        def forward(self, tokens):
            if self.training:
                signal.raise_signal(signal.SIGINT)
            return super().forward(tokens)

    model = Model(build_model().config)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt) as caught:
        train(model, CORPUS, replace(SHORT, accumulation=1), out=tmp_path)

    assert isinstance(caught.value, Stopped)
    assert f"train --resume {tmp_path}" in str(caught.value)
    assert caught.value.step == 1
    assert signal.getsignal(signal.SIGINT) == before
    assert progress(tmp_path) == 1


def test_every_byte_counts(tmp_path):
    """Flip a bit or cut a file anywhere: found out, and put aside by name."""
    chance, run = random.Random(2), RunFolder(tmp_path)
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    before, newest = run.checkpoints[-2:]
    for n in range(DAMAGED_FILES):
        file = chance.choice(sorted(newest.iterdir()))
        content = file.read_bytes()
        place = chance.randrange(len(content))
        if n % 3:
            flipped = bytes([content[place] ^ 1 << chance.randrange(8)])
            file.write_bytes(content[:place] + flipped + content[place + 1 :])
        else:
            file.write_bytes(content[:place])
        with pytest.warns(UserWarning, match=f"{newest.name} .* set aside"):
            assert run.newest_sound(set_aside=True) == before
        aside = newest.with_name(f"damaged_{newest.name}")
        aside.rename(newest)
        (newest / file.name).write_bytes(content)

    assert run.newest_sound() == newest


def test_after_damage_the_run_goes_on_from_the_one_before(tmp_path):
    """The newest checkpoint is cut short; the end is the same, to the bit."""
    train(build_model(), CORPUS, SHORT, out=tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "cut")
    weights = last(tmp_path / "cut") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.warns(UserWarning, match="step_00000006"):
        train(build_model(), CORPUS, SHORT, out=tmp_path / "cut")

    assert_same_end(tmp_path / "whole", tmp_path / "cut")


def test_without_a_sound_checkpoint_the_run_says_so(tmp_path):
    """All damaged: one sentence, and no silent start from nothing."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    for folder in RunFolder(tmp_path).checkpoints:
        (folder / "state.json").unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = r"no checkpoint .* is undamaged: start the run again in ano"
        with pytest.raises(ValueError, match=again):
            train(build_model(), CORPUS, SHORT, out=tmp_path)


def test_an_early_end_of_the_last_folder_is_no_checkpoint(tmp_path):
    """What a kill leaves half-written is not taken for a checkpoint."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    newest = last(tmp_path)
    newest.rename(newest.with_name(f".{newest.name}.partial"))

    assert RunFolder(tmp_path).newest_sound() != newest
    assert progress(tmp_path) == 4


def test_the_newest_two_and_the_best_are_kept(tmp_path, monkeypatch):
    """Old checkpoints go, the one with the lowest loss stays."""
    losses = iter([3.0, 2.0, 1.0, 2.0, 3.0, 2.5, 2.0])
    monkeypatch.setattr(loop, "exact_loss", lambda *_: next(losses))
    config = replace(SHORT, max_steps=12)
    train(build_model(), CORPUS, config, out=tmp_path, checkpoint_interval=1)

    names = [folder.name for folder in RunFolder(tmp_path).checkpoints]
    assert names == ["step_00000004", "step_00000011", "step_00000012"]
    assert RunFolder(tmp_path).choose().folder.name == "step_00000004"


def test_a_checkpoint_of_a_run_is_a_checkpoint(tmp_path):
    """load_checkpoint reads it: the trained model and its vocabulary."""
    model = build_model()
    train(model, CORPUS, SHORT, out=tmp_path)
    loaded, tokenizer = load_checkpoint(last(tmp_path))

    assert tokenizer == CORPUS.tokenizer
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, loaded.state_dict()[name])


def test_a_finished_run_is_not_trained_further(tmp_path):
    """Continuing after the end gives the model and history of the end."""
    history = train(build_model(), CORPUS, SHORT, out=tmp_path)
    model = build_model()
    again = train(model, CORPUS, SHORT, out=tmp_path)

    assert again.records == history.records
    saved = load_file(last(tmp_path) / "model.safetensors")
    assert torch.equal(model.lm_head.weight, saved["lm_head.weight"])


def test_the_number_of_threads_is_part_of_a_run(tmp_path):
    """It decides how sums are rounded, so a resumed run keeps it."""
    stop = replace(SHORT, threads=1)
    train(build_model(), CORPUS, stop, out=tmp_path)
    state = json.loads((last(tmp_path) / "state.json").read_text("utf-8"))

    assert state["threads"] == 1


def test_another_vocabulary_is_refused(tmp_path):
    """A run goes on with the characters it began with.

    Here its settings are gone, which would have told the texts apart.
    """
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    (tmp_path / "run.json").unlink()
    other = Corpus.from_text("other", killable.TEXT.replace("a", "z"))
    with pytest.raises(ValueError, match="a vocabulary of 7 other char"):
        train(build_model(), other, SHORT, out=tmp_path)


def test_other_settings_are_refused(tmp_path):
    """Both values are named; nothing is trained with a mixture."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    other = replace(SHORT, weight_decay=0.5)
    with pytest.raises(ValueError, match=r"has weight_decay 0\.1, not 0\.5"):
        train(build_model(), CORPUS, other, out=tmp_path)


def test_another_shape_is_refused(tmp_path):
    """A checkpoint's weights go into a model of the same shape only."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    wide = GPT(
        ModelConfig(
            vocab_size=7, block_size=8, n_embed=16, n_head=2, n_layer=2
        )
    )
    with pytest.raises(ValueError, match="has n_embed 8, not 16"):
        train(wide, CORPUS, SHORT, out=tmp_path)


def rewrite(folder: Path, name: str, content: bytes) -> None:
    """Change a checkpoint's file and its checksum, as a forger would."""
    import hashlib

    (folder / name).write_bytes(content)
    lines = (folder / SUMS).read_text().splitlines()
    digest = hashlib.sha256(content).hexdigest()
    lines = [
        f"{digest}  {name}" if line.endswith(f"  {name}") else line
        for line in lines
    ]
    (folder / SUMS).write_text("".join(f"{line}\n" for line in lines))

    assert is_sound(folder)


def test_a_newer_format_is_refused(tmp_path):
    """What a later tutorgpt wrote is named as such."""
    train(build_model(), CORPUS, SHORT, out=tmp_path)
    file = last(tmp_path) / "model.safetensors"
    described = json.dumps(read_description(last(tmp_path)) | {"format": 99})
    newer = save(load_file(file), {"tutorgpt": described})
    rewrite(last(tmp_path), file.name, newer)
    with pytest.raises(ValueError, match=r"format is 99, .* update tut"):
        train(build_model(), CORPUS, SHORT, out=tmp_path)


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch exploded",)


@pytest.mark.parametrize("name", TENSORS)
def test_a_pickle_in_disguise_does_not_go_off(name, tmp_path, monkeypatch):
    """A file that would run code is refused; its code does not run."""
    monkeypatch.chdir(tmp_path)
    train(build_model(), CORPUS, SHORT, out=tmp_path / "run")
    forged = f"{name}.safetensors"
    rewrite(last(tmp_path / "run"), forged, pickle.dumps(Bomb()))
    with pytest.raises(ValueError, match="cannot be read"):
        train(build_model(), CORPUS, SHORT, out=tmp_path / "run")

    assert not (tmp_path / "exploded").exists()


def with_files_of_at_most(size: int, folder: Path, answer) -> None:
    """Train where the disk takes only so many bytes per file."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        run_to_the_end(folder, SHORT)
    except OSError as error:
        answer.send(str(error))


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_leaves_no_half(tmp_path, server):
    """The write fails, the folder's own name never appears."""
    ours, theirs = server.Pipe()
    process = server.Process(
        target=with_files_of_at_most, args=(4096, tmp_path, theirs)
    )
    process.start()
    process.join()

    assert ours.poll()
    assert "cannot be written" in ours.recv()
    assert not list(tmp_path.rglob("*step_*"))
    assert not (tmp_path / "run.json").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="cannot be written"):
        train(build_model(), CORPUS, SHORT, out=tmp_path / "taken" / "run")


FORMAT_1 = Path(__file__).with_name("format_1")
"""A run of version 0.1.0, stopped after 5 of its 10 steps."""


def test_a_run_of_format_1_goes_on_to_the_same_end(tmp_path):
    """What the old version began ends with the losses it would have had."""
    shutil.copytree(FORMAT_1 / "run", tmp_path, dirs_exist_ok=True)
    text = (FORMAT_1 / "question.txt").read_text("utf-8")
    settings = RunSettings.read(tmp_path)
    corpus = Corpus.from_text("question", text)
    torch.manual_seed(99)  # other weights: a start from nothing would show
    model = GPT(settings.shape)
    history = train(model, corpus, settings.training, out=tmp_path)
    losses = [record.val_loss for record in history.records]
    end = [2.907079725849385, 2.8904095766495685, 2.8552917558319715]

    assert fingerprint(corpus) == settings.fingerprint
    assert losses == pytest.approx(end, abs=1e-6)
    assert (last(tmp_path) / "model.safetensors").is_file()
    assert type(load_checkpoint(last(tmp_path))[0]) is GPT
