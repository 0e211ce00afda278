"""One run on many processors: torchrun starts the processes, they agree.

Every process draws the same batch from the same seed and keeps its own
rows, so any number of processes takes the same steps as one.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor, distributed, nn
from torch.distributed.distributed_c10d import PrefixStore, Store
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from tutorgpt.config import TrainConfig


@dataclass(frozen=True)
class World:
    """The processes that train together, and which of them this one is.

    rank: this process's number, from 0.
    size: how many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process is the one that writes and reports."""
        return self.rank == 0

    def rows(self, batch: Int[Tensor, "B T"]) -> Int[Tensor, "b T"]:
        """This process's share of a batch that all have drawn."""
        return batch.chunk(self.size)[self.rank]

    def mean(self, value: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
        """The mean of a number over all processes."""
        if self.size > 1:
            value = value / self.size
            distributed.all_reduce(value)
        return value

    def first(self, value: float) -> float:
        """The first process's number, so that all decide alike."""
        if self.size == 1:
            return value
        sent = torch.tensor(value, dtype=torch.float64)
        distributed.broadcast(sent, 0)
        return sent.item()

    def gather(self, value: Shaped[Tensor, "..."]) -> list[Tensor]:
        """Every process's tensor, in the order of the ranks."""
        if self.size == 1:
            return [value]
        gathered = [torch.empty_like(value) for _ in range(self.size)]
        distributed.all_gather(gathered, value)
        return gathered

    def wait(self) -> None:
        """Go on only when all processes have come here."""
        if self.size > 1:
            distributed.barrier()


def current_world() -> World:
    """The world that this process has joined, or a world of one."""
    if distributed.is_available() and distributed.is_initialized():
        return World(distributed.get_rank(), distributed.get_world_size())
    return World()


@contextmanager
def joined_world() -> Iterator[World]:
    """Join the processes that torchrun has started; alone without it."""
    if "WORLD_SIZE" not in os.environ:
        yield World()
        return
    backend = "gloo"
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        backend = "cpu:gloo,cuda:nccl"
    store, rank, size = fresh_store()
    distributed.init_process_group(
        backend, store=store, rank=rank, world_size=size
    )
    try:
        yield current_world()
    finally:
        distributed.destroy_process_group()


def fresh_store() -> tuple[Store, int, int]:
    """Where processes leave their addresses; this one's rank; how many.

    torchrun may share one store among all its attempts. In it a restarted
    process can read the address of a dead one, and wait for that one half an
    hour, so every attempt gets a corner of its own. Several computers cannot
    agree on a corner, for each counts its own attempts.

    Source: https://github.com/pytorch/pytorch/issues/135712
    """
    store, rank, size = next(rendezvous("env://"))
    if os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True":
        computers = int(os.environ.get("GROUP_WORLD_SIZE", "1"))
        if computers > 1:
            raise ValueError(
                f"a restart on {computers} computers needs a store of its "
                "own: set TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1 for torchrun "
                "on each of them"
            )
        attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
        store = PrefixStore(f"attempt {attempt}", store)
    return store, rank, size


def check_shares(config: TrainConfig, world: World) -> None:
    """Refuse a batch that the processes cannot share out evenly."""
    parts = world.size * config.accumulation
    if config.batch_size % parts:
        raise ValueError(
            f"batch_size {config.batch_size} cannot be shared by "
            f"{world.size} processes in {config.accumulation} parts each: "
            f"choose a multiple of {parts}"
        )


def shard(model: nn.Module) -> None:
    """Spread a model's weights over all processes, layer by layer (FSDP2).

    Each process keeps its part and gathers a layer's rest while it is
    computed, so that a model may be larger than one processor's memory.
    """
    # In here: reading it takes most of a second, and few runs are sharded.
    from torch.distributed.fsdp import FSDPModule, fully_shard

    warnings.filterwarnings("ignore", "FSDP2-wrapped module .* a view tensor")
    for module in model.modules():
        if isinstance(module, nn.Sequential | nn.ModuleList):
            for layer in module:
                fully_shard(layer)
    fully_shard(model)
    for module in model.modules():
        if isinstance(module, FSDPModule):
            # Gathered once outside inference mode: the buffers made inside
            # it, by the first exact loss, could not be trained with.
            module.unshard()
            module.reshard()


def replicate(step_loss: nn.Module) -> nn.Module:
    """Let processes average their gradients while they are computed (DDP)."""
    return DistributedDataParallel(step_loss)


@contextmanager
def averaging(
    step_loss: nn.Module, world: World, *, wanted: bool
) -> Iterator[None]:
    """Whether this part of a batch ends in an exchange of gradients."""
    if world.size == 1:
        yield
        return
    if isinstance(step_loss, DistributedDataParallel) and not wanted:
        with step_loss.no_sync():
            yield
        return
    from torch.distributed.fsdp import FSDPModule

    for module in step_loss.modules():
        if isinstance(module, FSDPModule):
            module.set_requires_gradient_sync(wanted, recurse=False)
    yield


def whole(tensor: Shaped[Tensor, "..."]) -> Shaped[Tensor, "..."]:
    """A tensor with all its parts, gathered if the model is sharded."""
    full_tensor = getattr(tensor, "full_tensor", None)
    return tensor if full_tensor is None else full_tensor()


def like(
    tensor: Shaped[Tensor, "..."], example: Shaped[Tensor, "..."]
) -> Shaped[Tensor, "..."]:
    """A whole tensor on the example's device, sharded as the example is."""
    from torch.distributed.tensor import DTensor, distribute_tensor

    tensor = tensor.to(example.device)
    if isinstance(example, DTensor) and tensor.shape == example.shape:
        mesh, placements = example.device_mesh, example.placements
        return distribute_tensor(tensor, mesh, placements)
    return tensor
