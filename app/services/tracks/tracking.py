"""Tracks of recordings, each with the one template that its frames make."""

from dataclasses import dataclass, field

from app.domain.faces import AnalysisOptions
from app.domain.linking import LinkingRules, link
from app.domain.tracks import AggregatedTrack, Recording, RecordingAnalysis, Sampling, Track
from app.platform.progress import Report
from app.services.ports import EncoderCatalogue
from app.services.ports.recordings import RecordingAnalyser, TrackAggregator
from models.registry.curve import ThresholdCurve


@dataclass(frozen=True, slots=True)
class TrackOptions:
    """Frames that are looked at, and tracks that are answered."""

    sampling: Sampling = field(default_factory=Sampling)
    min_frames: int = 1
    """Tracks that are seen in fewer frames are left out."""


class TrackFinder:
    """Finds the tracks of recordings."""

    def __init__(
        self,
        analyser: RecordingAnalyser,
        aggregator: TrackAggregator,
        encoders: EncoderCatalogue,
    ) -> None:
        self._analyser = analyser
        self._aggregator = aggregator
        self._encoders = encoders

    def find(
        self,
        recording: Recording,
        tracks: TrackOptions,
        options: AnalysisOptions,
        report: Report | None = None,
    ) -> tuple[RecordingAnalysis, list[Track]]:
        """Find what was seen, and the tracks in it, longest first; `options` name an encoder."""
        seen = self._analyser.analyse(recording, tracks.sampling, options, report)
        found = link(seen.frames, LinkingRules.of(self._encoders.curve(seen.encoder)))
        return seen, [track for track in found if len(track.observations) >= tracks.min_frames]

    def aggregated(self, track: Track, encoder: str) -> AggregatedTrack:
        """The track with its weights and template."""
        return self._aggregator.aggregate(track, encoder)

    def aggregator(self, encoder: str) -> str:
        """Name what weighs the frames of tracks of this encoder."""
        return self._aggregator.name(encoder)

    def curve(self, encoder: str) -> ThresholdCurve:
        """Similarity of a track's template and an enrolled face to false-match rate."""
        return self._aggregator.curve(encoder) or self._encoders.curve(encoder)
