"""Networks on the runtime that serves them, and how many of them run at once."""

from dataclasses import dataclass
from functools import partial

from app.machine import available_cores
from app.settings import Settings
from app.telemetry import BATCH_ROWS
from app.vision.batching import InFlight, shared
from app.vision.decode import DecodeLimits
from app.vision.painting import StylePainter
from app.vision.runtimes.choice import open_runtime
from app.vision.runtimes.networks import ServingNetworks
from app.vision.runtimes.runtime import Concurrency
from app.vision.threads import set_threads
from models.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much happens at once."""

    workers: int
    """Requests being analysed."""
    lanes: int
    """Forward passes that they share."""
    threads: int
    """Threads of a forward pass."""

    @classmethod
    def of(cls, settings: Settings) -> "Capacity":
        """By default one forward pass per core, each on one thread, and half as many requests more.

        Networks this small gain little from a second thread, while requests side by side scale;
        and while some wait for a shared pass, others decode and detect. More of them take the
        processor from each other, and hold up the thread that talks to the clients. Workers
        and threads that are more than the cores together get fewer threads each.
        """
        cores, threads = available_cores(), settings.threads or 1
        if settings.workers:
            threads = max(1, min(threads, cores // settings.workers))
        lanes = max(1, cores // threads)
        return cls(settings.workers or lanes + max(1, lanes // 2), lanes, threads)


def open_networks(settings: Settings, registry: Registry, in_flight: InFlight) -> ServingNetworks:
    """The registry's networks on the chosen runtime, their forward passes shared by requests."""
    capacity = Capacity.of(settings)
    runtime = open_runtime(
        settings.runtime,
        settings.resolved_model_cache_dir,
        Concurrency(capacity.lanes, capacity.threads),
    )
    around = partial(
        shared,
        lanes=capacity.lanes if runtime.device == "cpu" else 1,
        patience=settings.batch_wait,
        expected=in_flight.count,
        observer=BATCH_ROWS.observe,
    )
    return ServingNetworks(registry, runtime, around)


def open_painter(settings: Settings, threads: int | None = None) -> StylePainter:
    """Style transfer alone, without a database; `threads` is for a process of its own."""
    if threads is not None:
        set_threads(threads)
    registry = Registry(settings.resolved_model_cache_dir, settings.manifest_dirs)
    return painter_of(settings, registry)


def painter_of(settings: Settings, registry: Registry) -> StylePainter:
    limits = DecodeLimits(settings.max_image_bytes, settings.max_style_pixels)
    return StylePainter(registry, limits=limits, detector=settings.detector or None)
