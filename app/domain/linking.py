"""Linking: which face of one frame is which face of the frames before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.tracks import AnalysedFrame, Observation, Track
from models.pipelines.detection.boxes import overlap
from models.registry.curve import ThresholdCurve

_SAME_FMR = 1e-3
"""False-match rate from which two faces of one recording are taken for one person's."""
_DIFFERENT_FMR = 0.5
"""Faces less alike than half of all strangers are two people's, wherever they are."""
_FORBIDDEN = 1e6


@dataclass(frozen=True, slots=True)
class LinkingRules:
    """Rules for linking two faces."""

    same: float
    """Similarity that links two faces wherever they are and however long ago."""
    different: float
    """Similarity below which two faces are never linked."""
    min_overlap: float = 0.25
    """Intersection over union that links faces of similarities between the two."""
    bridge: int = 3
    """Frames looked at since the last sight after which its place says nothing any more."""

    @classmethod
    def of(cls, curve: ThresholdCurve) -> "LinkingRules":
        """Make the rules for the embedding space of an encoder."""
        return cls(curve.similarity(_SAME_FMR), curve.similarity(_DIFFERENT_FMR))


def link(frames: Sequence[AnalysedFrame], rules: LinkingRules) -> list[Track]:
    """The tracks of all faces, longest first.

    Frame by frame, faces go to tracks so that the sum of costs is least (the Hungarian
    assignment); place and likeness count alike. Tracks that turn out to be alike and never
    meet in a frame, such as those of a person who left and came back, are joined.
    """
    open_tracks: list[_OpenTrack] = []
    for number, frame in enumerate(frames):
        costs = _costs(open_tracks, frame.faces, number, rules)
        taken: set[int] = set()
        for row, column in assign(costs):
            open_tracks[row].append(frame, frame.faces[column], number)
            taken.add(column)
        for column, face in enumerate(frame.faces):
            if column not in taken:
                open_tracks.append(_OpenTrack(frame, face, number))
    tracks = [Track(tuple(track.observations)) for track in _joined(open_tracks, rules)]
    return sorted(tracks, key=lambda track: -len(track.observations))


def assign(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    """(row, column) pairs: as many finite ones as possible, of the least total cost.

    Kuhn, "The Hungarian method for the assignment problem" (1955).
    """
    if not costs.size:
        return []
    from scipy.optimize import linear_sum_assignment  # a fifth of a second, for recordings alone

    rows, columns = linear_sum_assignment(np.where(np.isfinite(costs), costs, _FORBIDDEN))
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(i, j) for i, j in pairs if np.isfinite(costs[i, j])]


class _OpenTrack:
    """A track while it grows, and the mean of its embeddings so far, weighted by quality."""

    def __init__(self, frame: AnalysedFrame, face: Face, number: int) -> None:
        self.observations: list[Observation] = []
        self.sum = np.zeros_like(face.require_embedding())
        self.append(frame, face, number)

    def append(self, frame: AnalysedFrame, face: Face, number: int) -> None:
        self.observations.append(Observation(frame, face))
        self.sum = self.sum + (0.05 + face.quality.score) * face.require_embedding()
        self.last_seen = number

    @property
    def mean(self) -> NDArray[np.float32]:
        return np.asarray(self.sum / np.linalg.norm(self.sum), dtype=np.float32)

    @property
    def last(self) -> Face:
        return self.observations[-1].face

    def absorb(self, other: "_OpenTrack") -> None:
        both = [*self.observations, *other.observations]
        self.observations = sorted(both, key=lambda o: o.frame.index)
        self.sum = self.sum + other.sum


def _costs(
    tracks: Sequence[_OpenTrack], faces: Sequence[Face], number: int, rules: LinkingRules
) -> NDArray[np.float64]:
    """(tracks, faces): 0 for the same place and likeness, 1 for neither, infinite if barred."""
    if not tracks or not faces:
        return np.zeros((len(tracks), len(faces)))
    new = np.stack([face.require_embedding() for face in faces])
    means = np.stack([track.mean for track in tracks])
    lasts = np.stack([track.last.require_embedding() for track in tracks])
    likeness = np.maximum(means @ new.T, lasts @ new.T).astype(np.float64)
    shared = overlap(_edges([track.last for track in tracks]), _edges(faces))
    recent = np.array([number - track.last_seen <= rules.bridge for track in tracks])
    shared = np.where(recent[:, None], shared, 0.0)
    span = max(1e-6, rules.same - rules.different)
    affinity = np.clip((likeness - rules.different) / span, 0, 1)
    near = (shared >= rules.min_overlap) & (likeness >= rules.different)
    allowed = near | (likeness >= rules.same)
    return np.where(allowed, 1 - (shared + affinity) / 2, np.inf)


def _joined(tracks: Sequence[_OpenTrack], rules: LinkingRules) -> list[_OpenTrack]:
    """Join the two most alike that never meet, as long as there are any alike enough."""
    if len(tracks) < 2:
        return list(tracks)
    means = np.stack([track.mean for track in tracks])
    likeness = (means @ means.T).astype(np.float64)
    shown = _presence(tracks)
    likeness[np.tril_indices(len(tracks))] = -np.inf
    likeness[(shown @ shown.T) > 0] = -np.inf
    left = set(range(len(tracks)))
    while True:
        i, j = (int(k) for k in np.unravel_index(np.argmax(likeness), likeness.shape))
        if likeness[i, j] < rules.same:
            return [tracks[k] for k in sorted(left)]
        tracks[i].absorb(tracks[j])
        left.remove(j)
        shown[i] += shown[j]
        means[i] = tracks[i].mean
        likeness[j, :] = likeness[:, j] = -np.inf
        others = sorted(left - {i})
        fresh = np.where(shown[others] @ shown[i] > 0, -np.inf, means[others] @ means[i])
        for k, value in zip(others, fresh, strict=True):
            likeness[min(i, k), max(i, k)] = value


def _presence(tracks: Sequence[_OpenTrack]) -> NDArray[np.float32]:
    """(tracks, frames): 1 where a track has a face in a frame."""
    seen = sorted({o.frame.index for track in tracks for o in track.observations})
    column = {index: n for n, index in enumerate(seen)}
    shown = np.zeros((len(tracks), len(seen)), dtype=np.float32)
    for row, track in enumerate(tracks):
        shown[row, [column[o.frame.index] for o in track.observations]] = 1
    return shown


def _edges(faces: Sequence[Face]) -> NDArray[np.float64]:
    """(N, 4): left, top, right, bottom."""
    boxes = [(f.box.x, f.box.y, f.box.width, f.box.height) for f in faces]
    corners = np.array(boxes, dtype=np.float64)
    corners[:, 2:] += corners[:, :2]
    return corners
