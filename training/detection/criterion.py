"""One loss, from what the network says and the truth."""

import torch
from torch import Tensor

from models.nets.single_pass import fields_of
from models.pipelines.detection.anchors import anchors, corners, decode_boxes, decode_points
from training.detection.losses import distance_iou_loss, focal_loss, landmark_loss
from training.detection.recipe import LossConfig
from training.detection.scenes.sets import SceneBatch
from training.detection.targets import assign


def detection_loss(
    said: Tensor, batch: SceneBatch, weights: LossConfig
) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and its parts. Each part is a sum over anchors per face anchor.

    `said`: what the network says, (N, K, 15).
    """
    logits, offsets, points = fields_of(said)
    of = anchors(batch.greys.shape[1], batch.greys.shape[2])
    edges = corners(of)
    assignments = [
        assign(edges, boxes, ignored)
        for boxes, ignored in zip(batch.boxes, batch.ignored, strict=True)
    ]
    face = torch.stack([assignment.face for assignment in assignments])
    positive, counted = face >= 0, face >= -1
    total = positive.sum().clamp(min=1)
    parts = {"face": focal_loss(logits[counted], positive[counted].float()).sum() / total}
    here = of.expand(len(face), -1, -1)[positive]
    boxes = torch.cat([truth[row[row >= 0]] for truth, row in zip(batch.boxes, face, strict=True)])
    marks = torch.cat(
        [truth[row[row >= 0]] for truth, row in zip(batch.landmarks, face, strict=True)]
    )
    found = decode_boxes(offsets[positive], here)
    parts["box"] = distance_iou_loss(found, boxes).sum() / total
    placed = decode_points(points[positive], here)
    parts["landmarks"] = landmark_loss(placed, marks, boxes).sum() / total
    loss = torch.stack([getattr(weights, name) * value for name, value in parts.items()]).sum()
    return loss, {name: float(value.detach()) for name, value in parts.items()}
