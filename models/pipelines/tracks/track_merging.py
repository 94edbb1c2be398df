"""A track's frames to one template, by an aggregator of the registry."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


class TrackMerger:
    """Thread-safe; holds no state but the weights."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network

    def merge(
        self, embeddings: NDArray[np.float32], qualities: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(T, dimension) embeddings and (T, QUALITIES) rows in order of time → (T,) weights,
        and the (dimension,) L2-normalized template."""
        with torch.inference_mode():
            weights, template = self._network(
                torch.from_numpy(embeddings)[None],
                torch.from_numpy(qualities)[None],
                torch.tensor([len(embeddings)]),
            )
        return weights[0].cpu().numpy(), template[0].cpu().numpy()
