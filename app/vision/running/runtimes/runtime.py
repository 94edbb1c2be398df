"""The seam between networks and what runs them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from models.nets.parts import Part

Outputs = Tensor | tuple[Tensor, ...]
Forward = Callable[[Tensor], Outputs]
"""A forward pass. Thread-safe; takes and gives tensors on the runtime's device."""


class Runtime(Protocol):
    """Turns a network into something faster that says the same."""

    @property
    def name(self) -> str: ...

    @property
    def device(self) -> str:
        """Device that inputs have to lie on: `cpu` or `cuda`."""

    def compile(self, network: nn.Module, part: Part, label: str) -> Forward:
        """The network's forward pass; `label` names it in files and messages.

        Embeddings stay within a cosine of 0.997 of torch's own at full precision.
        """


@dataclass(frozen=True, slots=True)
class Concurrency:
    """Share of the machine that forward passes may use."""

    lanes: int = 1
    """Forward passes at once."""
    threads: int = 1
    """Threads of each."""
