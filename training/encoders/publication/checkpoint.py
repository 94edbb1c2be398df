"""The weights in a checkpoint, whichever way it was saved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from models.errors import InvalidWeightsError
from models.registry.loading import read_state

_STATES = ("ema", "average", "model", "network")
"""Names under which a checkpoint holds a network, averaged weights first."""
_WRAPPER = "module."
"""What DistributedDataParallel and AveragedModel put before every name."""


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The network's state: averaged weights if there are any, else trained ones, else the file.

    Raises InvalidWeightsError when it holds no tensors.
    """
    content = read_state(path, "safetensors" if path.suffix == ".safetensors" else "torch")
    state: Mapping[str, Any] = next((content[n] for n in _STATES if content.get(n)), content)
    state = {name: value for name, value in state.items() if name != "n_averaged"}
    if state and all(name.startswith(_WRAPPER) for name in state):
        state = {name.removeprefix(_WRAPPER): value for name, value in state.items()}
    if not state or not all(isinstance(value, Tensor) for value in state.values()):
        raise InvalidWeightsError(f"{path} holds no state dict of a network.", path=str(path))
    return dict(state)
