"""The last layer of a network to begin with: fewer numbers, and these of more even weight."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.encoders.backbones import Backbone
from training.encoders.networks.embedding import embed_chips, raw_embeddings
from training.encoders.recipe import ModelConfig
from training.kit.averages import State
from training.kit.recipe import ConfigError

_HEAD = "linear.weight"
_BEFORE = "pool.bias"
_LEAST = 1e-6
"""Share of the first deviation below which another is nothing but rounding."""


def shortened(
    state: State,
    start: nn.Module,
    config: ModelConfig,
    backbone: Backbone,
    chips: NDArray[np.uint8],
) -> State:
    """The weights of `start`, its embedding shortened where it is longer, whitened if so asked.

    The last layer, linear and without bias, is then followed by the first principal components
    of the embeddings of the (N, H, W, 3) chips. Raises ConfigError.
    """
    if config.whitening and not (_HEAD in state and _BEFORE in state):
        raise ConfigError(
            "model.whitening needs a network with a bias before its last layer.",
            hint="mobile-face-net has one.",
        )
    head = state.get(_HEAD)
    if head is None or not (config.whitening or len(head) > config.dimension):
        return state
    if len(chips) < config.dimension:
        raise ConfigError(
            f"{len(chips)} pictures have fewer than {config.dimension} principal components.",
            hint="Train on more pictures, or set a smaller model.dimension.",
        )
    if config.whitening:
        return _whitened(state, raw_embeddings(start, chips, backbone), config)
    # Not centered: cosines change as little as they can.
    embeddings = embed_chips(start, chips, backbone)
    _, _, components = np.linalg.svd(embeddings.astype(np.float64), full_matrices=False)
    return {**state, _HEAD: _tensor(components[: config.dimension]) @ head}


def _whitened(state: State, raw: NDArray[np.float32], config: ModelConfig) -> State:
    """The weights with centered components whose standard deviations are evened out in part.

    What few directions hold of everybody's embedding tells nobody apart, and what it leaves to
    the others does (Jegou and Chum, "Negative evidences and co-occurences in image retrieval:
    the benefit of PCA and whitening", 2012).
    """
    length = np.linalg.norm(raw.astype(np.float64), axis=1)
    embeddings = raw / length[:, None]
    mean = embeddings.mean(axis=0)
    _, deviations, components = np.linalg.svd(embeddings - mean, full_matrices=False)
    kept = slice(config.dimension)
    if deviations[kept][-1] < _LEAST * deviations[0] or not deviations[0]:
        raise ConfigError(
            f"The pictures differ in fewer than {config.dimension} directions, so that their "
            "embeddings cannot be whitened.",
            hint="Train on more pictures, or set a smaller model.dimension.",
        )
    weights = (deviations[kept] / deviations[0]) ** -config.whitening
    projection = weights[:, None] * components[kept]
    head = _tensor(projection) @ state[_HEAD]
    # The last layer has no bias: what it is to take away is taken from what it sees.
    offset = _tensor(projection @ mean * length.mean())
    before = torch.linalg.pinv(head.double()) @ offset.double()
    return {**state, _HEAD: head, _BEFORE: state[_BEFORE] - before.float()}


def _tensor(values: NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))
