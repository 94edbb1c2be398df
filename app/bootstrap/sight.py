"""Networks of a process, and what finds faces by them."""

from dataclasses import dataclass

from app.bootstrap.capacity import Capacity, decoding_bytes
from app.bootstrap.networks import open_networks
from app.platform.telemetry import observe_stage
from app.services.tracks.tracking import TrackFinder
from app.settings import Settings
from app.vision.decoding.decode import DecodeLimits
from app.vision.decoding.video_limits import VideoLimits
from app.vision.faces.aggregation import TrackAggregator
from app.vision.faces.analyser import FaceAnalyser
from app.vision.faces.catalogue import EncoderCatalogue
from app.vision.faces.recordings import RecordingAnalyser
from app.vision.running.batching import InFlight
from app.vision.running.runtimes.networks import ServingNetworks
from models.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Sight:
    """Networks, and what finds faces by them."""

    registry: Registry
    networks: ServingNetworks
    encoders: EncoderCatalogue
    analyser: FaceAnalyser
    finder: TrackFinder

    def load(self, settings: Settings) -> None:
        """Load the models that most requests need."""
        self.networks.load(settings.detector or self.registry.default("detect-faces"))
        self.networks.load(self.encoders.resolve(None))


def open_sight(settings: Settings, capacity: Capacity) -> Sight:
    """Networks that are loaded when they are first needed."""
    registry = Registry(settings.resolved_model_cache_dir, settings.manifest_dirs)
    encoders = EncoderCatalogue(registry, default=settings.encoder or None)
    limits = DecodeLimits(
        settings.max_image_bytes, settings.max_image_pixels, decoding_bytes(settings)
    )
    in_flight = InFlight()
    networks = open_networks(settings, registry, in_flight, capacity)
    analyser = FaceAnalyser(
        networks,
        limits=limits,
        detector=settings.detector or None,
        observer=observe_stage,
        in_flight=in_flight,
    )
    recordings = RecordingAnalyser(analyser, video_limits(settings), limits)
    aggregator = TrackAggregator(registry, settings.aggregator or None)
    return Sight(
        registry, networks, encoders, analyser, TrackFinder(recordings, aggregator, encoders)
    )


def video_limits(settings: Settings) -> VideoLimits:
    """Limits of animations and videos."""
    return VideoLimits(
        max_bytes=settings.max_video_bytes,
        max_seconds=settings.max_video_seconds,
        max_frames=settings.max_video_frames,
        max_pixels=settings.max_video_pixels,
        max_work=settings.max_video_work,
        max_memory=decoding_bytes(settings),
    )
