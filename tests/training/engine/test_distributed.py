"""Several processes take the steps of one; a dead one is replaced.

Each of these was broken by hand once, and this is what turned red:

- every process computing the whole batch's first rows: as one process
- gradients exchanged after each part only of the first: accumulation
- the sharded weights saved without gathering: as one process, sharded
- a restart that begins anew: killed once
- one store for all attempts, as torchrun has it: killed once, in most runs
- a corner of the store for each attempt: killed on one of two computers
"""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torchrun_job
from safetensors.torch import load_file
from torch.distributed import TCPStore
from torchrun_job import CORPUS, SETTINGS, SHAPE, join_and_run

from tutorgpt import GPT, train
from tutorgpt.training.engine.distributed import (
    World,
    check_shares,
    joined_world,
)
from tutorgpt.training.runs import RunFolder

JOB = Path(torchrun_job.__file__)
PATIENCE = 600
"""Seconds after which processes are killed that wait for each other."""


def together(server, processes: int, folder: Path, *words: str) -> None:
    """Run the job in this many processes that know of each other."""
    store = TCPStore("localhost", 0, is_master=True, wait_for_workers=False)
    workers = [
        server.Process(
            target=join_and_run,
            args=(rank, processes, store.port, folder, words),
        )
        for rank in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
        worker.kill()  # the others wait long for one that is gone

    assert [worker.exitcode for worker in workers] == [0] * processes


def torchrun(folder: Path, computers: int, processes: int) -> None:
    """Run the job as readers do, with one torchrun for each computer."""
    command = [sys.executable, "-m", "torch.distributed.run"]
    command += ["--rdzv-backend=c10d", "--rdzv-id=test", "--max-restarts=3"]
    command += [f"--rdzv-endpoint=localhost:{free_port()}"]
    command += [f"--nnodes={computers}", f"--nproc-per-node={processes}"]
    command += [str(JOB), str(folder), "die-once"]
    own = {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"} if computers > 1 else {}
    agents = [
        subprocess.Popen(
            command,
            env=os.environ | own,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for _ in range(computers)
    ]
    try:
        errors = [agent.communicate(timeout=PATIENCE)[1] for agent in agents]
    finally:
        for agent in agents:
            if agent.poll() is None:
                os.killpg(agent.pid, signal.SIGKILL)

    for agent, error in zip(agents, errors, strict=True):
        assert agent.returncode == 0, error[-9000:]


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("localhost", 0)) as listener:
        return listener.getsockname()[1]


def end(folder: Path) -> tuple[dict, list[dict]]:
    """The weights and the history of a run's last checkpoint."""
    last = RunFolder(folder).checkpoints[-1]
    state = json.loads((last / "state.json").read_text(encoding="utf-8"))

    assert state["step"] == SETTINGS.max_steps
    return load_file(last / "model.safetensors"), state["history"]


def assert_close(one: Path, other: Path) -> None:
    """Weights and losses agree to 1e-5 of their size."""
    weights, history = end(one)
    others, other_history = end(other)
    for name, weight in weights.items():
        scale = weight.abs().max().item()
        torch.testing.assert_close(
            others[name], weight, rtol=0, atol=1e-5 * scale + 1e-6, msg=name
        )
    for record, again in zip(history, other_history, strict=True):
        assert again["val_loss"] == pytest.approx(record["val_loss"], rel=1e-5)
        if record["step"]:
            assert again["train_loss"] == pytest.approx(
                record["train_loss"], rel=1e-5
            )


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Path:
    """The run of one process."""
    folder = tmp_path_factory.mktemp("alone")
    torchrun_job.run(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processes", "words"),
    [
        (2, ()),
        (4, ()),
        (2, ("accumulate",)),
        (2, ("shard",)),
    ],
    ids=["two", "four", "accumulation", "sharded"],
)
def test_many_processes_do_what_one_does(
    processes, words, alone, tmp_path, server
):
    """The same global batch: the same losses and weights, to rounding."""
    together(server, processes, tmp_path, *words)

    assert_close(alone, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("computers", "processes"), [(1, 2), (2, 1)])
def test_a_killed_process_costs_nothing(computers, processes, alone, tmp_path):
    """One of two is killed; torchrun restarts both; the end is the same."""
    torchrun(tmp_path, computers, processes)

    assert_close(alone, tmp_path)


def test_several_computers_need_a_store_of_their_own(monkeypatch, tmp_path):
    """A restart that would wait for the dead is refused before it begins."""
    store = TCPStore("localhost", 0, is_master=True, wait_for_workers=False)
    world = {"RANK": 0, "WORLD_SIZE": 2, "GROUP_WORLD_SIZE": 2}
    world |= {"MASTER_ADDR": "localhost", "MASTER_PORT": store.port}
    world |= {"TORCHELASTIC_USE_AGENT_STORE": True}
    for name, value in world.items():
        monkeypatch.setenv(name, str(value))

    with (
        pytest.raises(ValueError, match="TORCH_DISABLE_SHARE_RDZV_TCP_STORE"),
        joined_world(),
    ):
        pass


@pytest.mark.slow
def test_one_process_continues_what_two_began(alone, tmp_path, server):
    """A checkpoint does not know how many processes wrote it."""
    together(server, 2, tmp_path)
    run = RunFolder(tmp_path)
    halfway = run.checkpoints[0]
    run.checkpoints[-1].rename(tmp_path / "gone")

    assert halfway == run.newest_sound()
    torchrun_job.run(tmp_path)
    assert_close(alone, tmp_path)


def test_a_batch_that_cannot_be_shared_is_refused():
    """16 sequences for 3 processes: both numbers and a remedy."""
    with pytest.raises(ValueError, match=r"16 .* 3 processes .* multiple of"):
        check_shares(SETTINGS, World(rank=0, size=3))


def test_one_process_cannot_shard(tmp_path):
    """--shard without torchrun says how to start several processes."""
    with pytest.raises(ValueError, match="torchrun"):
        train(GPT(SHAPE), CORPUS, SETTINGS, sharded=True)


def test_muon_is_not_sharded(monkeypatch):
    """Muon needs whole matrices; the refusal says what to choose."""
    from tutorgpt.training import steps

    config = replace(SETTINGS, optimizer="muon")
    with pytest.raises(ValueError, match="adamw"):
        steps.check_sharded(config, World(rank=0, size=2))


def test_processes_share_a_batch_without_overlap():
    """Each row of the batch goes to exactly one process, in order."""
    batch = torch.arange(8)[:, None]
    rows = [World(rank=r, size=4).rows(batch) for r in range(4)]

    assert torch.equal(torch.cat(rows), batch)
