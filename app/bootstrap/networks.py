"""Networks on the runtime that serves them."""

from functools import partial

from app.bootstrap.capacity import Capacity, decoding_bytes
from app.platform.telemetry import BATCH_ROWS
from app.settings import Settings
from app.vision.decoding.decode import DecodeLimits
from app.vision.painting import StylePainter
from app.vision.running.batching import InFlight, shared
from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.runtimes.runtime import Concurrency
from app.vision.running.threads import set_threads
from models.registry.registry import Registry


def open_networks(
    settings: Settings, registry: Registry, in_flight: InFlight, capacity: Capacity
) -> ServingNetworks:
    """The registry's networks on the chosen runtime, their forward passes shared by requests."""
    runtime = open_runtime(
        settings.runtime,
        settings.resolved_model_cache_dir,
        Concurrency(capacity.lanes, capacity.threads),
    )
    around = partial(
        shared,
        lanes=capacity.lanes if runtime.device == "cpu" else 1,
        max_wait=settings.batch_wait,
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
    limits = DecodeLimits(
        settings.max_image_bytes, settings.max_style_pixels, decoding_bytes(settings)
    )
    return StylePainter(registry, limits=limits, detector=settings.detector or None)
