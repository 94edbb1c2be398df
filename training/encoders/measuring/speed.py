"""Time that an encoder takes."""

import platform
import time
from typing import Any

import numpy as np
import torch

from models.pipelines.faces.encoding import FaceEncoder

_ROUNDS = 15


def speed_report(
    encoder: FaceEncoder, size: tuple[int, int], batches: tuple[int, ...]
) -> dict[str, Any]:
    """Milliseconds per face by batch size: median and fastest of 15 runs after a first one.

    Chips of (height, width) `size` are noise: the time does not depend on what they show.
    """
    rng = np.random.default_rng(0)
    times: dict[str, Any] = {}
    for batch in batches:
        chips = rng.integers(0, 256, (batch, *size, 3), dtype=np.uint8)
        encoder.encode(chips)
        spent = []
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            encoder.encode(chips)
            spent.append((time.perf_counter() - start) * 1000 / batch)
        times[str(batch)] = {"median": float(np.median(spent)), "fastest": float(min(spent))}
    return {
        "ms_per_face": times,
        "threads": torch.get_num_threads(),
        "machine": f"{platform.machine()}, {platform.processor() or 'unknown processor'}",
        "torch": torch.__version__,
    }
