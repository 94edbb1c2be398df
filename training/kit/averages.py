"""Averages of weights: over the steps of a run, and with the weights it started from."""

import torch
from torch import Tensor, nn

State = dict[str, Tensor]


class MovingAverage:
    """Exponential average of a network's state (Polyak and Juditsky, 1992)."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self.state: State = copy_of(network.state_dict())

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Take in the state after a step, counted from 0; early steps are forgotten sooner."""
        decay = min(self._decay, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            kept = self.state[name]
            if kept.is_floating_point():
                kept.lerp_(value, 1 - decay)
            else:
                kept.copy_(value)


def copy_of(state: State) -> State:
    """A state that later steps leave alone."""
    return {name: value.detach().clone() for name, value in state.items()}


def blended(start: State, new: State, share: float) -> State:
    """`share` of the new weights and the rest of the old ones.

    Fine-tuned networks stay linked by a path of low loss to where they began, and points
    between keep what the start knew (Wortsman et al., "Robust fine-tuning", 2022).
    """
    return {
        name: torch.lerp(start[name], value, share) if value.is_floating_point() else value
        for name, value in new.items()
    }
