"""How much each frame of a track counts, by quality."""

import numpy as np

from app.domain.tracks import Track, Weights
from models.pipelines.aggregation import quality_row, quality_weights

BY_QUALITY = "quality"


class TrackAggregator:
    """Weighs the frames of tracks."""

    def name(self, encoder: str) -> str:
        """What weighs the frames of this encoder."""
        return BY_QUALITY

    def weigh(self, track: Track, encoder: str) -> Weights:
        """One weight per frame."""
        return quality_weights(_qualities(track))


def _qualities(track: Track) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    faces = [observation.face for observation in track.observations]
    return np.stack(
        [
            quality_row(f.quality, min(f.box.width, f.box.height), f.probability, f.pose)
            for f in faces
        ]
    )
