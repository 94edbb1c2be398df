"""An encoder made of others: their embeddings side by side, so that their cosines are averaged.

Score fusion as one embedding: parts of length one, each times the root of its weight, have the
weighted mean of the parts' cosines as their cosine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.nets.parts import Part, parts_of

_NETWORKS = "networks."


@dataclass(frozen=True, slots=True)
class FusedPart:
    """A network, what it wants to see, and what its embeddings weigh."""

    network: nn.Module
    size: tuple[int, int]
    """(height, width) of its chips."""
    dimension: int
    """Numbers of its embeddings."""
    mean: tuple[float, float, float]
    """RGB, in 0..255."""
    scale: float
    bgr: bool
    mirror: bool
    """Average the embeddings of a chip and of its mirror image."""
    weight: float
    """Share in the cosine."""


class Fused(nn.Module):
    """(N, 3, H, W) chips of all parts, one below the other → (N, dimension) embeddings.

    Values are RGB in 0..255; each part's chip begins at the left, below those of the parts before.
    From each part's embedding of length one a centre is subtracted, which is learnt: strangers
    are all alike in some spaces. Where `dimension` is not that of all parts together, a matrix
    that is learnt projects them onto so many numbers.
    """

    def __init__(self, parts: Sequence[FusedPart], dimension: int) -> None:
        super().__init__()
        self.networks = nn.ModuleList(part.network for part in parts)
        self.centres = nn.ParameterList(torch.zeros(part.dimension) for part in parts)
        whole = sum(part.dimension for part in parts)
        self.projection = None if dimension == whole else nn.Linear(whole, dimension, bias=False)
        self._parts = tuple(parts)

    def parts(self) -> dict[str, Part]:
        """Pieces of the parts' networks that can be compiled."""
        return {
            f"{_NETWORKS}{number}{'.' if name else ''}{name}": inner
            for number, part in enumerate(self._parts)
            for name, inner in parts_of(part.network, part.size).items()
        }

    def load_state_dict(self, state_dict: Any, strict: bool = True, assign: bool = False) -> Any:
        """Load centres and projection; the networks of the parts come with their weights.

        Raises RuntimeError when something is missing or left over.
        """
        found = super().load_state_dict(state_dict, strict=False, assign=assign)
        missing = [name for name in found.missing_keys if not name.startswith(_NETWORKS)]
        if strict and (missing or found.unexpected_keys):
            raise RuntimeError(
                f"missing: {', '.join(missing)}; left over: {', '.join(found.unexpected_keys)}"
            )
        return found

    def forward(self, x: Tensor) -> Tensor:
        top, embeddings = 0, []
        for part, network, centre in zip(self._parts, self.networks, self.centres, strict=True):
            height, width = part.size
            chips = x[:, :, top : top + height, :width]
            top += height
            embedding = F.normalize(_embedded(network, part, chips)) - centre
            embeddings.append(F.normalize(embedding) * part.weight**0.5)
        together = torch.cat(embeddings, dim=1)
        return together if self.projection is None else self.projection(together)


def _embedded(network: nn.Module, part: FusedPart, chips: Tensor) -> Tensor:
    mean = torch.tensor(part.mean, device=chips.device).view(1, 3, 1, 1)
    pictures = (chips - mean) * part.scale
    if part.bgr:
        pictures = pictures.flip(1)
    if not part.mirror:
        found: Tensor = network(pictures)
        return found.float()
    both = F.normalize(network(torch.cat([pictures, pictures.flip(3)])).float())
    return both[: len(chips)] + both[len(chips) :]
