"""Face detection in one pass of a small network, and a second look at what it proposes.

The picture is made grey and so small that the smallest face asked for keeps the few pixels the
network needs: who looks for large faces pays little. The network's boxes are then shown to the
later stages of a cascade, which refuse what is no face and place the landmarks; what this
saves is the cascade's slow search through a pyramid.
"""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.nets.single_pass import ANCHORS, STRIDES, SinglePass
from models.pipelines.anchors import anchors, decode_boxes, decode_points
from models.pipelines.boxes import non_max_suppression
from models.pipelines.detection import Detections, Picture, large_enough
from models.pipelines.mtcnn_stages import LaterStages, Reductions, Windows
from models.registry.errors import InvalidManifestError
from models.registry.manifest import Input, Manifest

_OVERLAP = 0.4
"""Two boxes that share more are one face, when nobody confirms."""
_FRAMINGS = 0.7
"""The same before a second look: of several framings of a face the best one counts."""
_SURE = 0.5
"""Proposals at least that good are shown in several framings."""
_SHIFTS = np.array(
    [(1, 0.1, 0), (1, -0.1, 0), (1, 0, 0.1), (1, 0, -0.1), (0.85, 0, 0), (1.18, 0, 0)]
)
"""Those framings: the side, and moves in sides, relative to the proposal."""
_CANDIDATES = 400
"""Boxes that suppression sees at most, best first; bounds time on textured pictures."""
_CLOSER = 1.3
"""How much larger the copy is that is looked at when nothing was found."""
_AGAIN = 4
"""Pictures larger than the largest anchors are looked at again, reduced by this factor."""


class SinglePassDetector:
    """Finds faces in pictures of any size. Thread-safe; holds no state but the weights."""

    def __init__(
        self, network: SinglePass, manifest: Manifest, confirm: LaterStages | None = None
    ) -> None:
        if manifest.detection is None or manifest.detection.proposals is None:
            raise InvalidManifestError(
                f"{manifest.key} is no single-pass detector.", model=manifest.key
            )
        self._network = network
        self._input = manifest.input
        self._min_face = manifest.detection.min_face
        self._proposals = manifest.detection.proposals
        self._confirm = confirm

    def detect(
        self, rgb: Picture, min_face: int | None = None, min_probability: float = 0.9
    ) -> Detections:
        """Faces of at least `min_face` pixels (shorter side) in an (H, W, 3) uint8 picture.

        When nothing is found, a second look at a larger copy finds some of the faces missed.
        """
        smallest = min_face or self._min_face
        scale = self._proposals.face / smallest
        reductions = Reductions(rgb)
        found = self._judged(reductions, self.propose(reductions, scale), min_probability)
        if not len(found):
            closer = self.propose(reductions, scale * _CLOSER)
            found = self._judged(reductions, closer, min_probability)
        return large_enough(found, smallest)

    def _judged(
        self, reductions: Reductions, found: Detections, min_probability: float
    ) -> Detections:
        """The faces among what was proposed, each once."""
        if self._confirm is None:
            found = found.take(
                non_max_suppression(_corners(found.boxes), found.probabilities, _OVERLAP)
            )
        else:
            with torch.inference_mode():
                windows = framings(Windows(_corners(found.boxes), found.probabilities))
                refined = self._confirm.refine(reductions, windows)
                found = self._confirm.output(reductions, refined)
        return found.take(found.probabilities >= min_probability)

    def propose(self, reductions: Reductions, scale: float) -> Detections:
        """What the network alone says of a copy `scale` times as large, best first.

        Several framings of a face are among it.
        """
        picture, reduced = reductions.at_least(scale)
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        scale *= reduced
        full = np.array(grey.shape[::-1], dtype=np.float32) * reduced
        height, width = (max(1, round(side * scale)) for side in grey.shape)
        looks = []
        # Less than halved, neighbouring pixels tell enough; their areas cost three times as much.
        way = cv2.INTER_CUBIC
        while True:
            grey = np.asarray(cv2.resize(grey, (width, height), interpolation=way), dtype=np.uint8)
            looks.append(self._look(grey, full / (width, height)))
            if min(height, width) <= ANCHORS[-1][-1]:
                break
            height, width, way = height // _AGAIN, width // _AGAIN, cv2.INTER_AREA
        boxes, scores, points = (np.concatenate(parts) for parts in zip(*looks, strict=True))
        kept = non_max_suppression(boxes, scores, _FRAMINGS, most=self._proposals.most)
        boxes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        return Detections(boxes[kept], scores[kept], points[kept])

    def _look(
        self, grey: NDArray[np.uint8], ratio: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Boxes (N, 4), scores (N,) and landmarks (N, 5, 2) in pixels times `ratio` (x, y)."""
        x = prepared(grey[None], self._input)
        with torch.inference_mode():
            logits, offsets, points = (out[0] for out in self._network(x))
            scores, rows = logits.topk(min(_CANDIDATES, len(logits)))
            scores = scores.sigmoid()
            rows = rows[scores >= self._proposals.threshold]
            of = anchors(x.shape[2], x.shape[3])[rows]
            boxes = decode_boxes(offsets[rows], of).numpy() * np.tile(ratio, 2)
            landmarks = decode_points(points[rows], of).numpy() * ratio
        return boxes, scores[: len(rows)].numpy(), landmarks


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


def prepared(greys: NDArray[np.uint8], convention: Input) -> Tensor:
    """(N, H, W) → (N, 1, H', W'), (value - mean) * scale, filled up to multiples of 32.

    What is filled up is the mean, as the convolutions' own border is.
    """
    height, width = (-(-side // STRIDES[-1]) * STRIDES[-1] for side in greys.shape[1:])
    x = torch.zeros((len(greys), 1, height, width))
    part = x[:, 0, : greys.shape[1], : greys.shape[2]]
    part.copy_(torch.from_numpy(np.ascontiguousarray(greys)))
    part.sub_(convention.mean[0]).mul_(convention.scale)
    return x


def _corners(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """x, y, width, height → left, top, right, bottom."""
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
