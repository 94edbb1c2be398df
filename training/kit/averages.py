"""Averages of weights: over the steps of a run, and with the weights it started from."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

State = dict[str, Tensor]


class MovingAverage:
    """Exponential average of a network's state (Polyak and Juditsky, 1992)."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self.state: State = copy_of(network.state_dict())

    @torch.no_grad()
    def take(self, state: State) -> None:
        """Go on from this average, wherever its tensors are."""
        for name, value in self.state.items():
            value.copy_(state[name])

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
        name: torch.lerp(start[name], value.to(start[name].device), share)
        if value.is_floating_point()
        else value
        for name, value in new.items()
    }


@contextmanager
def holding(network: nn.Module, state: State) -> Iterator[None]:
    """Inside, the network has these weights and is in evaluation mode."""
    own = copy_of(network.state_dict())
    modes = [(module, module.training) for module in network.modules()]
    network.load_state_dict(state)
    network.eval()
    try:
        yield
    finally:
        network.load_state_dict(own)
        for module, training in modes:
            module.training = training
