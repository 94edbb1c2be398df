"""The template of a track: by an aggregator of the registry, or the mean weighted by quality."""

import numpy as np
from numpy.typing import NDArray

from app.domain.tracks import AggregatedTrack, Track
from models.pipelines.tracks.aggregation import quality_row, quality_weights, template
from models.pipelines.tracks.track_merging import TrackMerger
from models.registry.curve import ThresholdCurve
from models.registry.manifests.aggregators import AggregatorManifest
from models.registry.registry import Registry

BY_QUALITY = "quality"


class TrackAggregator:
    """Makes the templates of tracks. Thread-safe; networks load on first use."""

    def __init__(self, registry: Registry, chosen: str | None = None) -> None:
        """`chosen` is the key of an aggregator that takes the default one's place."""
        self._registry = registry
        self._chosen = chosen

    def name(self, encoder: str) -> str:
        """The key of the encoder's aggregator; `quality` where it has none."""
        manifest = self._manifest(encoder)
        return BY_QUALITY if manifest is None else manifest.key

    def curve(self, encoder: str) -> ThresholdCurve | None:
        """Similarity of a track's template and a single face to false-match rate.

        None where nobody measured it: templates of several frames then are judged by the
        curve of single faces, which is too kind to them.
        """
        manifest = self._manifest(encoder)
        return None if manifest is None else manifest.threshold_curve

    def aggregate(self, track: Track, encoder: str) -> AggregatedTrack:
        """The track with a weight per frame and its template."""
        manifest, embeddings = self._manifest(encoder), track.embeddings
        if manifest is None:
            weights = quality_weights(_qualities(track))
            return AggregatedTrack(track, weights, template(embeddings, weights))
        merger = TrackMerger(self._registry.load(manifest.key))
        return AggregatedTrack(track, *merger.merge(embeddings, _qualities(track)))

    def _manifest(self, encoder: str) -> AggregatorManifest | None:
        """The chosen aggregator, or the newest default one, that is bound to the encoder."""
        if self._chosen is not None:
            chosen = self._registry.manifest(self._chosen, AggregatorManifest)
            if chosen.encoder == encoder:
                return chosen
        bound = [
            manifest
            for manifest in self._registry.manifests()
            if isinstance(manifest, AggregatorManifest)
            and manifest.encoder == encoder
            and manifest.default
        ]
        return max(bound, key=lambda manifest: manifest.version, default=None)


def _qualities(track: Track) -> NDArray[np.float32]:
    faces = [observation.face for observation in track.observations]
    return np.stack(
        [
            quality_row(f.quality, min(f.box.width, f.box.height), f.probability, f.pose)
            for f in faces
        ]
    )
