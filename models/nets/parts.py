"""Parts of a network that a runtime can run by other means than torch itself.

A network of which only some submodules are called with pictures (a cascade, experts behind a
router) names them in a method `parts()`: dotted names to `Part`. A runtime then compiles each,
puts it where the submodule was, and leaves what lies between to torch. A network that takes
pictures of one size needs no such method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

WHOLE = ""
"""The name under which `parts()` speaks of the network itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """A submodule with one float32 input and one output or several."""

    shape: tuple[int | None, ...]
    """(N, channels, height, width) of the input; None where it differs from call to call."""
    exact: bool = False
    """Whether its results are wanted at full precision, whatever it costs."""
    rows: int | None = None
    """Pictures of a pass, for a small network that is given ever other numbers of them. A runtime
    that would prepare for each number parts and fills up instead; passes are not shared."""

    @property
    def any_size(self) -> bool:
        """Whether pictures of different heights or widths come."""
        return None in self.shape[1:]

    def example(self) -> Tensor:
        """An input: 2 pictures, and 64 pixels where any number would do."""
        batch, *rest = self.shape
        return torch.zeros(batch or 2, *(side or 64 for side in rest))


@runtime_checkable
class HasParts(Protocol):
    """A network that names the submodules worth compiling."""

    def parts(self) -> Mapping[str, Part]: ...


def parts_of(network: nn.Module, size: tuple[int, int] | None) -> Mapping[str, Part]:
    """Parts that the network names; itself, when it takes (height, width) RGB pictures; or none."""
    if isinstance(network, HasParts):
        return network.parts()
    return {} if size is None else {WHOLE: Part((None, 3, *size))}
