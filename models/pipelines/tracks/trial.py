"""A trial of an aggregator: whether the network does what its manifest says."""

import numpy as np
from torch import nn

from models.errors import InvalidWeightsError
from models.pipelines.tracks.aggregation import QUALITIES
from models.pipelines.tracks.track_merging import TrackMerger
from models.registry.manifests.aggregators import AggregatorManifest

_DIMENSION = 128
"""Length of embeddings where the manifest names none."""


def try_aggregator(network: nn.Module, manifest: AggregatorManifest) -> None:
    """Merge made-up frames once. Raises InvalidWeightsError when the network does not fit."""
    dimension = int(manifest.architecture.arguments.get("dimension", _DIMENSION))
    rng = np.random.default_rng(0)
    frames = rng.normal(size=(3, dimension)).astype(np.float32)
    frames /= np.linalg.norm(frames, axis=1, keepdims=True)
    qualities = rng.random((3, QUALITIES), dtype=np.float32)
    try:
        weights, template = TrackMerger(network).merge(frames, qualities)
    except RuntimeError as error:
        raise InvalidWeightsError(f"The aggregator cannot be run: {error}") from error
    if weights.shape != (3,) or not np.isclose(weights.sum(), 1, atol=1e-4):
        raise InvalidWeightsError("The aggregator's weights do not sum to 1.")
    if not np.isclose(np.linalg.norm(template), 1, atol=1e-4):
        raise InvalidWeightsError("The aggregator's template does not have length one.")
