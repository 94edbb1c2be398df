"""Face detection in one pass of a small network, and a second look at what it proposes.

Who looks for large faces pays little, since the picture is reduced. The network's boxes are
shown to the later stages of a cascade, which refuse what is no face and place the landmarks;
what this saves is the cascade's slow search through a pyramid.

Every place that is likely at all is shown, however many there are: time grows with the faces and
with what looks like one. Where a face is hardly larger than the network can see, others like it
are searched for in a larger copy.
"""

import math
from dataclasses import replace

import numpy as np
import torch

from models.nets.single_pass import SinglePass
from models.pipelines.detection.boxes import non_max_suppression
from models.pipelines.detection.mtcnn_stages import (
    JudgedPicture,
    LaterStages,
    Reductions,
    Windows,
)
from models.pipelines.detection.proposing import FRAMINGS, Proposer
from models.pipelines.detection.results import Detections, Picture, large_enough, without_heads
from models.registry.manifests.detectors import DetectorManifest

_OVERLAP = 0.4
"""Two boxes that share more are one face, when nobody confirms."""
_SURE = 0.5
"""Proposals at least that good are shown in several framings."""
_SHIFTS = np.array(
    [(1, 0.1, 0), (1, -0.1, 0), (1, 0, 0.1), (1, 0, -0.1), (0.85, 0, 0), (1.18, 0, 0)]
)
"""Framings: the side, and moves in sides, relative to the proposal."""
_PLACES = 0.5
"""Share of a better box from which on another proposal, which looks like a face by chance, is no
place of its own."""
_CLOSER = 1.3
"""Factor by which the copy is larger that is looked at when nothing was found."""
_CERTAIN = 0.9
"""Faces at least that probable count when it is asked whether there are small ones."""
_SMALL = 2.0
"""A face less than so much larger than the smallest one asked for is seldom found alone."""
_CROWD, _SMALL_OF_CROWD = 8, 4.0
"""Crowd of which some are missed as well: so many faces, each less than so much larger."""
_SMALL_CLOSER = 2.5
"""Factor by which the copy is larger in which small faces are looked for."""
_LARGEST_COPY = 16e6
"""Pixels that a copy is not enlarged beyond on account of small faces."""
_SMALLEST_COPY, _AMPLE = 540_000, 1.2
"""A copy of fewer pixels costs little: it may be so much larger than the smallest face needs."""


class SinglePassDetector:
    """Finds faces in pictures of any size. Thread-safe; holds no state but the weights."""

    def __init__(
        self, network: SinglePass, manifest: DetectorManifest, confirm: LaterStages | None = None
    ) -> None:
        self._min_face = manifest.detection.min_face
        self._proposals = manifest.proposals
        self._propose = Proposer(network, manifest.input, self._proposals)
        self._confirm = confirm

    def detect(
        self, rgb: Picture, min_face: int | None = None, min_probability: float = 0.9
    ) -> Detections:
        """Faces of at least `min_face` pixels (shorter side) in an (H, W, 3) uint8 picture.

        When nothing is found, a second look at a larger copy finds some of the faces missed.
        """
        smallest = min_face or self._min_face
        reductions = Reductions(rgb)
        scale = _ample(self._proposals.face / smallest, reductions.pixels)
        found = self._search(reductions, scale, smallest, min_probability)
        if not len(found):
            found = self._search(reductions, scale * _CLOSER, smallest, min_probability)
        return without_heads(large_enough(found, smallest))

    def _search(
        self, reductions: Reductions, scale: float, smallest: int, min_probability: float
    ) -> Detections:
        """The faces in a copy `scale` times as large, and small ones in a larger one."""
        proposed = self._propose(reductions, scale)
        if self._confirm is None:
            kept = non_max_suppression(proposed.corners, proposed.probabilities, _OVERLAP)
            found = proposed.take(kept)
            return found.take(found.probabilities >= min_probability)
        stages = self._confirm.over(reductions)
        windows, cut = _places(proposed), proposed.truncated
        found = _confirmed(stages, windows)
        closer = _enlarged(scale, reductions.pixels)
        if closer > scale and _small(found, smallest):
            others = self._propose(reductions, closer)
            windows, cut = _joined(windows, _places(others)), cut | others.truncated
            found = _confirmed(stages, windows)
        found = replace(found, truncated=cut)
        return found.take(found.probabilities >= min_probability)


def _confirmed(stages: JudgedPicture, windows: Windows) -> Detections:
    """The faces among the windows, each once."""
    with torch.inference_mode():
        return stages.output(stages.refine(framings(windows)))


def _small(found: Detections, smallest: int) -> bool:
    """Whether there are faces so small that others like them are easily missed."""
    sides = np.minimum(found.boxes[:, 2], found.boxes[:, 3]) / smallest
    certain = sides[found.probabilities >= _CERTAIN]
    crowd = int((certain < _SMALL_OF_CROWD).sum()) >= _CROWD
    return crowd or bool((certain < _SMALL).any())


def _enlarged(scale: float, pixels: int) -> float:
    """The scale of the copy in which small faces are looked for."""
    return max(scale, min(_SMALL_CLOSER * scale, math.sqrt(_LARGEST_COPY / pixels)))


def _ample(scale: float, pixels: int) -> float:
    """The scale of the first copy, where `scale` is the least that the smallest face needs."""
    return max(scale, min(_AMPLE * scale, math.sqrt(_SMALLEST_COPY / pixels)))


def _places(proposed: Detections) -> Windows:
    """The proposals that get a second look: all sure ones, and of the others one for each place."""
    windows = Windows(proposed.corners, proposed.probabilities)
    worth = windows.scores >= _SURE
    worth[non_max_suppression(windows.boxes, windows.scores, _PLACES)] = True
    return windows.take(worth)


def _joined(some: Windows, others: Windows) -> Windows:
    """The windows of two copies, of those that are nearly the same the better one."""
    boxes = np.concatenate([some.boxes, others.boxes])
    return Windows(boxes, np.concatenate([some.scores, others.scores])).suppressed(FRAMINGS)


def framings(windows: Windows) -> Windows:
    """The windows, and the surest of them again, moved and resized a little.

    The later stages of a cascade are used to seeing a face in a dozen framings, and refuse many a
    face in the one that a single pass gives.
    """
    sure = windows.take(windows.scores >= _SURE)
    centers = (sure.boxes[:, :2] + sure.boxes[:, 2:]) / 2
    sides = sure.boxes[:, 2:] - sure.boxes[:, :2]
    boxes, scores = [windows.boxes], [windows.scores]
    for size, *move in _SHIFTS:
        middle, half = centers + np.array(move) * sides, size * sides / 2
        boxes.append(np.concatenate([middle - half, middle + half], axis=1).astype(np.float32))
        scores.append(sure.scores)
    return Windows(np.concatenate(boxes), np.concatenate(scores))
