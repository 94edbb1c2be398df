"""Chips to embeddings of the service, with a progress bar."""

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from models.pipelines.faces.encoding import FaceEncoder
from training.kit.options import console

_CHUNK = 64


def encode_chips(
    encoder: FaceEncoder, chips: NDArray[np.uint8], description: str = "Encoding"
) -> NDArray[np.float32]:
    """(N, H, W, 3) chips, which may be mapped from disk, to (N, dimension) embeddings."""
    parts = [np.zeros((0, encoder.dimension), dtype=np.float32)]
    with Progress(console=console) as progress:
        task = progress.add_task(description, total=len(chips))
        for start in range(0, len(chips), _CHUNK):
            part = np.array(chips[start : start + _CHUNK])
            parts.append(encoder.encode(part))
            progress.advance(task, len(part))
    return np.concatenate(parts)
