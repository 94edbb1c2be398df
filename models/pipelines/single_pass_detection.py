"""Face detection in one pass of a small network, and a second look at what it proposes.

Who looks for large faces pays little, since the picture is reduced. The network's boxes are
shown to the later stages of a cascade, which refuse what is no face and place the landmarks;
what this saves is the cascade's slow search through a pyramid.

Most pictures show a face or two, and then the few best boxes are enough. Where these turn out
to be a crowd, or faces hardly larger than the network can see, everything that is likely at all
is shown, in a larger copy. Time grows with the faces that are there.
"""

import math
from dataclasses import replace

import numpy as np
import torch

from models.nets.single_pass import SinglePass
from models.pipelines.boxes import non_max_suppression
from models.pipelines.detection import Detections, Picture, large_enough, without_heads
from models.pipelines.mtcnn_stages import LaterStages, Reductions, Windows
from models.pipelines.proposing import FRAMINGS, Proposer
from models.registry.errors import InvalidManifestError
from models.registry.manifest import Manifest

_OVERLAP = 0.4
"""Two boxes that share more are one face, when nobody confirms."""
_SURE = 0.5
"""Proposals at least that good are shown in several framings."""
_SHIFTS = np.array(
    [(1, 0.1, 0), (1, -0.1, 0), (1, 0, 0.1), (1, 0, -0.1), (0.85, 0, 0), (1.18, 0, 0)]
)
"""Those framings: the side, and moves in sides, relative to the proposal."""
_CLOSER = 1.3
"""How much larger the copy is that is looked at when nothing was found."""
_CERTAIN = 0.9
"""Faces at least that probable count when it is asked whether there is a crowd."""
_CROWD = 4
"""So many faces are a crowd."""
_SMALL, _SMALL_ONES = 2.0, 2
"""So are so many that are less than so much larger than the smallest face asked for."""
_CROWD_CLOSER = 2.0
"""How much larger the copy is in which small faces of a crowd are looked for."""
_LARGEST_COPY = 16e6
"""Pixels that a copy is not enlarged beyond on account of a crowd."""


class SinglePassDetector:
    """Finds faces in pictures of any size. Thread-safe; holds no state but the weights."""

    def __init__(
        self, network: SinglePass, manifest: Manifest, confirm: LaterStages | None = None
    ) -> None:
        if manifest.detection is None or manifest.detection.proposals is None:
            raise InvalidManifestError(
                f"{manifest.key} is no single-pass detector.", model=manifest.key
            )
        self._min_face = manifest.detection.min_face
        self._proposals = manifest.detection.proposals
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
        scale = self._proposals.face / smallest
        found = self._search(reductions, scale, smallest, min_probability)
        if not len(found):
            found = self._search(reductions, scale * _CLOSER, smallest, min_probability)
        return without_heads(large_enough(found, smallest))

    def _search(
        self, reductions: Reductions, scale: float, smallest: int, min_probability: float
    ) -> Detections:
        """The faces in a copy `scale` times as large, and of a crowd those in a larger one."""
        proposed = self._propose(reductions, scale)
        if self._confirm is None:
            kept = non_max_suppression(proposed.corners, proposed.probabilities, _OVERLAP)
            found = proposed.take(kept)
            return found.take(found.probabilities >= min_probability)
        first = slice(0, self._proposals.first)
        windows = Windows(proposed.corners, proposed.probabilities)
        found = self._confirmed(
            self._confirm, reductions, Windows(windows.boxes[first], windows.scores[first])
        )
        small = _small(found, smallest)
        if small or int((found.probabilities >= _CERTAIN).sum()) >= _CROWD:
            closer = _enlarged(scale, reductions.pixels) if small else scale
            cut = proposed.truncated
            if closer > scale:
                others = self._propose(reductions, closer)
                cut |= others.truncated
                windows = Windows(
                    np.concatenate([windows.boxes, others.corners]),
                    np.concatenate([windows.scores, others.probabilities]),
                ).suppressed(FRAMINGS)
            found = replace(self._confirmed(self._confirm, reductions, windows), truncated=cut)
        return found.take(found.probabilities >= min_probability)

    def _confirmed(
        self, stages: LaterStages, reductions: Reductions, windows: Windows
    ) -> Detections:
        """The faces among the windows, each once."""
        with torch.inference_mode():
            refined = stages.refine(reductions, framings(windows))
            return stages.output(reductions, refined)


def _small(found: Detections, smallest: int) -> bool:
    """Whether there are faces so small that others like them are easily missed."""
    sides = np.minimum(found.boxes[:, 2], found.boxes[:, 3])
    certain = found.probabilities >= _CERTAIN
    return int((certain & (sides < _SMALL * smallest)).sum()) >= _SMALL_ONES


def _enlarged(scale: float, pixels: int) -> float:
    """The scale of the copy in which the small faces of a crowd are looked for."""
    return max(scale, min(_CROWD_CLOSER * scale, math.sqrt(_LARGEST_COPY / pixels)))


def framings(windows: Windows) -> Windows:
    """The windows, and the surest of them again, moved and resized a little.

    The later stages of a cascade are used to seeing a face in a dozen framings, and refuse many a
    face in the one that a single pass gives.
    """
    sure = windows.take(windows.scores >= _SURE)
    centres = (sure.boxes[:, :2] + sure.boxes[:, 2:]) / 2
    sides = sure.boxes[:, 2:] - sure.boxes[:, :2]
    boxes, scores = [windows.boxes], [windows.scores]
    for size, *move in _SHIFTS:
        middle, half = centres + np.array(move) * sides, size * sides / 2
        boxes.append(np.concatenate([middle - half, middle + half], axis=1).astype(np.float32))
        scores.append(sure.scores)
    return Windows(np.concatenate(boxes), np.concatenate(scores))
