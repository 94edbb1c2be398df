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
from models.registry.registry import Registry
from training.encoders.backbones import BACKBONES, Backbone
from training.encoders.networks.embedding import embed_chips
from training.encoders.recipe import ModelConfig
from training.kit import checkpoints
from training.kit.recipe import ConfigError


def starting_network(
    config: ModelConfig, registry: Registry, chips: NDArray[np.uint8]
) -> nn.Module:
    """The backbone with the weights that `model.start` names.

    (N, H, W, 3) `chips` are what is trained on.
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
            _load_registered(network, backbone, registry.load(start), chips)
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


def _load_registered(
    network: nn.Module, backbone: Backbone, start: nn.Module, chips: NDArray[np.uint8]
) -> None:
    """The weights of a network of the registry, its embedding shortened where it is longer.

    The last layer, linear and without bias, is then followed by the first right singular vectors
    of the (N, length) embeddings of the chips, not centred: cosines change as little as they can.
    """
    state = start.state_dict()
    head = state.get("linear.weight")
    own = network.state_dict().get("linear.weight")
    if head is not None and own is not None and len(head) > len(own):
        if len(chips) < len(own):
            raise ConfigError(
                f"{len(chips)} pictures have fewer than {len(own)} principal components.",
                hint="Train on more pictures, or set a smaller model.dimension.",
            )
        embeddings = embed_chips(start, chips, backbone)
        _, _, components = np.linalg.svd(embeddings.astype(np.float64), full_matrices=False)
        kept = torch.from_numpy(components[: len(own)].astype(np.float32))
        state = {**state, "linear.weight": kept @ head}
    network.load_state_dict(state)


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
