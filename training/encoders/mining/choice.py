"""The sampler that a recipe asks for."""

import numpy as np
from numpy.typing import NDArray

from training.encoders.mining.samplers import Sampler, sampler
from training.encoders.mining.stream import TripletStream
from training.encoders.recipe import TrainConfig


def choose_sampler(config: TrainConfig, labels: NDArray[np.int64]) -> Sampler:
    """Triplets of the stream, people with several pictures each, or every picture in turn."""
    views = config.single_views
    if config.batches.triplets:
        return TripletStream(labels, config.batches.size, config.seed, single_views=views)
    return sampler(labels, config.batches, config.seed, single_views=views)
