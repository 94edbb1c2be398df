"""Tracks: the faces that one person shows in the frames of a recording."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.deciding.selection import FaceChoice, the_one
from app.domain.errors.pictures import NoFaceError, SeveralFacesError
from app.domain.faces import Embedding, Face

Weights = NDArray[np.float32]
"""(T,) float32, not negative, summing to 1: how much each frame of a track counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recording as it was sent: several pictures in order of time, an animation or a video."""

    images: tuple[bytes, ...] = ()
    video: bytes | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """Frames of a recording that are looked at: at most so many, evenly over its length."""

    frames: int = 32
    rate: float = 5.0
    """Frames per second, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedFrame:
    """One frame that was looked at."""

    index: int
    """Number in the recording, from 0 on."""
    seconds: float | None
    """Since the first frame; None for pictures, which have no clock."""
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RecordingAnalysis:
    """Every frame that was looked at, in order of time."""

    frames: tuple[AnalysedFrame, ...]
    total_frames: int
    seconds: float | None
    width: int
    height: int
    """Pixels of the first frame."""
    detector: str
    encoder: str
    min_face: int
    """Smallest face that was searched for in every frame, pixels of the shorter side."""
    truncated_frames: tuple[int, ...]
    """Numbers of the frames in which faces were left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """A face in one frame."""

    frame: AnalysedFrame
    face: Face


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One person's face from frame to frame, at most once in each; in order of time."""

    observations: tuple[Observation, ...]

    @property
    def frames(self) -> frozenset[int]:
        """Indices of the frames that show the face."""
        return frozenset(observation.frame.index for observation in self.observations)

    @property
    def embeddings(self) -> NDArray[np.float32]:
        """(T, dimension)."""
        return np.stack([o.face.require_embedding() for o in self.observations])

    def meets(self, other: "Track") -> bool:
        """Whether a frame shows both, so that they must be two people."""
        return not self.frames.isdisjoint(other.frames)


@dataclass(frozen=True, slots=True, eq=False)
class AggregatedTrack:
    """A track, what its frames weigh, and the one template they make."""

    track: Track
    weights: Weights
    template: Embedding

    @property
    def best(self) -> Observation:
        """The frame of the greatest weight; of equal ones, that of the best quality."""
        return self.ranked()[0]

    def ranked(self) -> list[Observation]:
        """Observations by weight, then by quality, best first."""
        order = sorted(
            range(len(self.weights)),
            key=lambda i: (-self.weights[i], -self.track.observations[i].face.quality.score),
        )
        return [self.track.observations[i] for i in order]


def choose_track(
    tracks: Sequence[Track], choice: FaceChoice = "dominant", min_face: int = 20
) -> Track:
    """The track that is meant where a request is about one person.

    As `choose_face` does, with the area of a face summed over its frames. Raises NoFaceError
    or SeveralFacesError.
    """
    if not tracks:
        raise NoFaceError(
            f"No face of {min_face} pixels or more was found in any frame.",
            hint="Send a recording that shows a larger face, upright, or try a smaller min_face.",
            min_face=min_face,
        )
    meant = the_one(tracks, _presence, choice)
    if meant is not None:
        return meant
    raise SeveralFacesError(
        f"The recording shows {len(tracks)} people where one is needed.",
        hint="Send a part that shows one person, or face=largest to take the most prominent.",
        faces=len(tracks),
    )


def _presence(track: Track) -> float:
    return sum(o.face.box.width * o.face.box.height for o in track.observations)
