"""Several processes that train one network, started by torchrun."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed
from torch.distributed.nn.functional import all_gather

from models.errors import ReportedError


@dataclass(frozen=True, slots=True)
class World:
    """Number of this process, and of all."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """The one that writes files and talks."""
        return self.rank == 0

    def part(self, count: int) -> slice:
        """Share of this process in `count` pictures. Raises ReportedError if it is uneven."""
        if count % self.size:
            raise ReportedError(f"A batch of {count} cannot be split among {self.size} processes.")
        mine = count // self.size
        return slice(self.rank * mine, (self.rank + 1) * mine)

    def wait(self) -> None:
        """Wait for all the others to come this far."""
        if self.size > 1:
            distributed.barrier()

    def gathered(self, local: Tensor) -> Tensor:
        """(n, ...) of every process one after the other; gradients find their way back.

        Every process then computes the whole batch's loss. Each adds the same gradient to an
        embedding, and DistributedDataParallel divides by the number of processes: what is left
        is the gradient of a single process with the joint batch.
        """
        if self.size == 1:
            return local
        if local.requires_grad:
            return torch.cat(list(all_gather(local)))  # type: ignore[no-untyped-call]
        parts = [torch.empty_like(local) for _ in range(self.size)]
        distributed.all_gather(parts, local.contiguous())
        return torch.cat(parts)


@contextmanager
def world() -> Iterator[World]:
    """The processes torchrun started, or this one alone."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield World()
        return
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield World(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
