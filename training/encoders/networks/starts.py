"""The weights a run begins with."""

from pathlib import Path
from typing import Any
from urllib.error import URLError

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.nets.encoders.library import torchvision_models
from models.nets.encoders.mobile_face_net import MobileFaceNet
from models.registry.registry import Registry
from training.encoders.backbones import BACKBONES, Backbone
from training.encoders.networks.shortening import shortened
from training.encoders.recipe import ModelConfig
from training.kit import checkpoints
from training.kit.recipe import ConfigError


def starting_network(
    config: ModelConfig, registry: Registry, chips: NDArray[np.uint8]
) -> nn.Module:
    """The backbone with the weights that `model.start` names.

    Where those are of the network that sees the whole chip, that one: `cut_from` cuts it. (N, H,
    W, 3) `chips` are what is trained on.
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
            return network
        begun = registry.load(start) if "@" in start else None
        state = _read(start) if begun is None else begun.state_dict()
        if backbone.whole and not _fits(state, network, backbone):
            backbone = BACKBONES[backbone.whole]
            network = backbone.build(config.dimension)
        if begun is not None:
            state = shortened(state, begun, config, backbone, chips)
        network.load_state_dict(state)
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"{start} cannot be read: {error}") from error
    except RuntimeError as error:
        raise ConfigError(
            f"The weights of {start} do not fit {config.backbone} with {config.dimension} numbers: "
            f"{error}"
        ) from error
    return network


def cut_from(start: nn.Module, config: ModelConfig) -> nn.Module:
    """The network that is trained, from what `starting_network` gave: mostly the same."""
    backbone = BACKBONES[config.backbone]
    if not (backbone.whole and isinstance(start, MobileFaceNet)):
        return start
    network = backbone.build(config.dimension)
    if not isinstance(network, MobileFaceNet) or network.rows == start.rows:
        return start
    network.load_state_dict(network.cut(start.state_dict()))
    return network


def _read(start: str) -> dict[str, Tensor]:
    if start.endswith(".safetensors"):
        return load_file(start)
    average: dict[str, Tensor] = checkpoints.load(Path(start))["average"]
    return average


def _fits(state: dict[str, Tensor], network: nn.Module, backbone: Backbone) -> bool:
    """Whether all shapes are the network's, but for the head's, whose length is a choice."""
    own = network.state_dict().items()
    return all(
        name not in state or state[name].shape == value.shape
        for name, value in own
        if not name.startswith(backbone.stages[-1])
    )


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
    """Address of torchvision's best weights for one of its networks."""
    weights: Any = torchvision_models().get_model_weights(name)
    return str(weights.DEFAULT.url)
