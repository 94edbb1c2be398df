"""Review of a network on scenes: its figures, and what it takes for faces wrongly."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.nets.single_pass import fields_of
from models.pipelines.detection.anchors import anchors, decode_boxes
from models.pipelines.detection.boxes import non_max_suppression, overlap
from models.pipelines.detection.proposing import prepared
from models.registry.manifests.base import Input
from training.detection.measuring.figures import average_precision, matches
from training.detection.scenes.faces import Grey
from training.detection.scenes.sets import SceneSet

CONVENTION = Input(channels="grey", mean=(127.5, 127.5, 127.5), scale=1 / 128)
"""How pictures are fed, in training and after."""
_CANDIDATES, _KEPT = 400, 40
_PATCH = 160
_BATCH = 8


@torch.inference_mode()
def found_in(
    network: nn.Module, greys: NDArray[np.uint8]
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Per picture of (N, H, W): boxes (n, 4) left, top, right, bottom and scores, best first."""
    found = []
    for start in range(0, len(greys), _BATCH):
        x = prepared(np.array(greys[start : start + _BATCH]), CONVENTION)
        logits, offsets, _ = fields_of(network(x.to(memory_format=torch.channels_last)))
        for said, moved in zip(logits, offsets, strict=True):
            scores, rows = said.topk(min(_CANDIDATES, len(said)))
            of = anchors(x.shape[2], x.shape[3])[rows]
            boxes, values = decode_boxes(moved[rows], of).numpy(), scores.sigmoid().numpy()
            kept = non_max_suppression(boxes, values, 0.4)[:_KEPT]
            found.append((boxes[kept], values[kept]))
    return found


def figures(network: nn.Module, scenes: SceneSet, taught: float) -> dict[str, float]:
    """Average precision at an overlap of 0.5, and the recall of the 40 best boxes a scene."""
    scores, right, faces, met = [], [], 0, 0
    for i, (boxes, values) in enumerate(found_in(network, scenes.greys)):
        truth = scenes.scene(i).boxes
        sides = truth[:, 2:] - truth[:, :2]
        ignored = np.sqrt(sides.prod(axis=1)) < taught
        outcome = matches(boxes, truth, ignored)
        counted = outcome.truth != -2
        scores.append(values[counted])
        right.append(outcome.truth[counted] >= 0)
        faces += int((~ignored).sum())
        met += int((outcome.truth >= 0).sum())
    return {
        "ap": average_precision(np.concatenate(scores), np.concatenate(right), faces),
        "recall": met / max(1, faces),
    }


def mistakes(
    network: nn.Module, scenes: SceneSet, most: int, searched: int, threshold: float = 0.15
) -> list[Grey]:
    """Square patches of what scored highest without being a face, 160 pixels a side.

    Of the first `searched` scenes, `most` patches.
    """
    ranked: list[tuple[float, int, NDArray[np.float32]]] = []
    for i, (boxes, values) in enumerate(found_in(network, scenes.greys[:searched])):
        truth = scenes.scene(i).boxes
        strange = values > threshold
        if len(truth):
            strange &= overlap(boxes, truth, "minimum").max(axis=1) < 0.1
        ranked += [(float(values[j]), i, boxes[j]) for j in np.flatnonzero(strange)]
    ranked.sort(key=lambda item: -item[0])
    return [_patch(np.array(scenes.greys[i]), box) for _, i, box in ranked[:most]]


def _patch(grey: Grey, box: NDArray[np.float32]) -> Grey:
    """The box where a face's box lies in its crop, see `compose`."""
    scale = _PATCH * 0.75 / max(float(box[2] - box[0]), 1.0)
    centre = (box[:2] + box[2:]) / 2
    matrix = np.array([[scale, 0, _PATCH / 2 - scale * centre[0]],
                       [0, scale, _PATCH / 2 - scale * centre[1]]])  # fmt: skip
    patch = cv2.warpAffine(grey, matrix, (_PATCH, _PATCH), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(patch, dtype=np.uint8)
