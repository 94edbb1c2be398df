"""Protocols of what recordings need from vision."""

from typing import Protocol

from app.domain.faces import AnalysisOptions
from app.domain.tracks import AggregatedTrack, Recording, RecordingAnalysis, Sampling, Track
from app.platform.progress import Report
from models.registry.curve import ThresholdCurve


class RecordingAnalyser(Protocol):
    """Recordings in, faces of every sampled frame out. Thread-safe."""

    def analyse(
        self,
        recording: Recording,
        sampling: Sampling,
        options: AnalysisOptions,
        report: Report | None = None,
    ) -> RecordingAnalysis: ...


class TrackAggregator(Protocol):
    """Makes the templates of tracks. Thread-safe."""

    def name(self, encoder: str) -> str:
        """Name what weighs the frames of this encoder: a model key, or `quality`."""

    def curve(self, encoder: str) -> ThresholdCurve | None:
        """The curve of tracks' templates against single faces; None where it is not known."""

    def aggregate(self, track: Track, encoder: str) -> AggregatedTrack: ...
