"""Latencies in the words of a report."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.galleries.drawn.synthetic import Floats

_BEYOND_CACHES = 96 * 2**20
"""Bytes, more than processors' caches hold."""


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile, in milliseconds."""
    values = 1000 * np.asarray(seconds) if len(seconds) else np.zeros(1)
    return {
        "p50_ms": float(np.percentile(values, 50)),
        "p99_ms": float(np.percentile(values, 99)),
    }


def interleaved(
    contestants: Mapping[str, tuple[Callable[[Floats], Any], Floats]], rounds: int
) -> dict[str, dict[str, float]]:
    """Percentiles of one thread's processor time, each contestant with (P, 128) probes of its own.

    Every search finds the caches full of something else, as it does behind the networks' passes
    of a recognition; else a small gallery would stay in them, and a big one would not.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    something = np.ones(_BEYOND_CACHES // 4, dtype=np.float32)
    for number in range(rounds + 5):
        for name, (search, probes) in contestants.items():
            probe = probes[number % len(probes)][None]
            something.sum()
            start = time.thread_time()
            search(probe)
            seconds[name].append(time.thread_time() - start)
    return {name: percentiles(values[5:]) for name, values in seconds.items()}
