"""A track's frames to one template, by an aggregator of the registry."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.pipelines.tracks.aggregation import QUALITIES
from models.registry.errors import InvalidWeightsError


class TrackMerger:
    """Thread-safe; holds no state but the weights."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network

    def merge(
        self, embeddings: NDArray[np.float32], qualities: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(T, dimension) embeddings and (T, QUALITIES) rows in order of time → (T,) weights,
        and the (dimension,) L2-normalised template."""
        with torch.inference_mode():
            weights, template = self._network(
                torch.from_numpy(embeddings)[None],
                torch.from_numpy(qualities)[None],
                torch.tensor([len(embeddings)]),
            )
        return weights[0].cpu().numpy(), template[0].cpu().numpy()

    def try_out(self, dimension: int = 128) -> None:
        """Run once on made-up frames. Raises InvalidWeightsError when it does not fit."""
        rng = np.random.default_rng(0)
        frames = rng.normal(size=(3, dimension)).astype(np.float32)
        frames /= np.linalg.norm(frames, axis=1, keepdims=True)
        try:
            weights, template = self.merge(frames, rng.random((3, QUALITIES), dtype=np.float32))
        except RuntimeError as error:
            raise InvalidWeightsError(f"The aggregator cannot be run: {error}") from error
        if weights.shape != (3,) or not np.isclose(weights.sum(), 1, atol=1e-4):
            raise InvalidWeightsError("The aggregator's weights do not sum to 1.")
        if not np.isclose(np.linalg.norm(template), 1, atol=1e-4):
            raise InvalidWeightsError("The aggregator's template does not have length one.")
