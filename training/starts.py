"""The weights a run begins with."""

from pathlib import Path
from typing import Any
from urllib.error import URLError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.nets.library import torchvision_models
from models.registry.registry import Registry
from training import checkpoints
from training.backbones import BACKBONES, Backbone
from training.config import ConfigError, ModelConfig


def starting_network(config: ModelConfig, registry: Registry) -> nn.Module:
    """The backbone with the weights that `model.start` names.

    Raises ConfigError, CheckpointError, and what the registry raises.
    """
    backbone = BACKBONES[config.backbone]
    network = backbone.build(config.dimension)
    start = config.start
    if start is None:
        return network
    try:
        if start == "torchvision":
            _load_published(network, backbone, config.backbone)
        elif "@" in start:
            network.load_state_dict(registry.load(start).state_dict())
        elif start.endswith(".safetensors"):
            network.load_state_dict(load_file(start))
        else:
            network.load_state_dict(checkpoints.load(Path(start))["average"])
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"{start} cannot be read: {error}") from error
    except RuntimeError as error:
        raise ConfigError(
            f"The weights of {start} do not fit {config.backbone} with {config.dimension} numbers: "
            f"{error}"
        ) from error
    return network


def _load_published(network: nn.Module, backbone: Backbone, name: str) -> None:
    """torchvision's ImageNet weights for everything but the head."""
    if not backbone.published:
        raise ConfigError(f"torchvision publishes no weights for {name}.")
    try:
        state: dict[str, Tensor] = torch.hub.load_state_dict_from_url(
            published_url(backbone.published), check_hash=True, progress=False, weights_only=True
        )
    except (URLError, OSError) as error:
        raise ConfigError(
            f"torchvision's weights for {name} could not be downloaded: {error}.",
            hint="They are kept after the first time; do it once on a machine that is online.",
        ) from error
    own = network.state_dict()
    kept = {
        key: value
        for key, value in state.items()
        if key in own and not key.startswith(backbone.stages[-1])
    }
    # Auxiliary classifiers are not in our networks, and the head is ours.
    missing = [k for k in own if k not in kept and not k.startswith(backbone.stages[-1])]
    if missing:
        raise ConfigError(f"torchvision's weights for {name} lack {missing[0]}.")
    network.load_state_dict(own | kept)


def published_url(name: str) -> str:
    """Where torchvision keeps its best weights for one of its networks."""
    weights: Any = torchvision_models().get_model_weights(name)
    return str(weights.DEFAULT.url)
