"""The later stages of a cascade over one picture."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.nets.mtcnn import MTCNN
from models.pipelines.detection.boxes import Boxes
from models.pipelines.detection.mtcnn_stages import (
    Cut,
    JudgedPicture,
    LaterStages,
    Windows,
    exactly,
)
from models.pipelines.detection.results import Picture
from models.registry.manifests.detectors import DetectorManifest
from models.registry.registry import Registry

PICTURE = np.random.default_rng(0).integers(0, 256, (120, 160, 3), dtype=np.uint8)


class Counted:
    """Cuts patches, and counts them."""

    def __init__(self, cut: Cut) -> None:
        self._cut = cut
        self.count = 0

    def __call__(self, frames: Boxes, size: int) -> tuple[Picture, Boxes]:
        self.count += len(frames)
        return self._cut(frames, size)


@pytest.fixture
def stages(tmp_path: Path) -> LaterStages:
    torch.manual_seed(0)
    manifest = Registry(tmp_path).manifest("mtcnn@1", DetectorManifest)
    all_pass = manifest.detection.model_copy(update={"thresholds": (0.0, 0.0, 0.0)})
    manifest = manifest.model_copy(update={"detection": all_pass})
    return LaterStages(MTCNN().eval().requires_grad_(False), manifest)


def windows(count: int, seed: int = 1) -> Windows:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 80, (count, 2))
    boxes = np.concatenate([corners, corners + rng.uniform(15, 60, (count, 2))], axis=1)
    return Windows(boxes.astype(np.float32), rng.uniform(0, 1, count))


def joined(some: Windows, others: Windows) -> Windows:
    return Windows(
        np.concatenate([some.boxes, others.boxes]), np.concatenate([some.scores, others.scores])
    )


def found(judged: JudgedPicture, shown: Windows) -> tuple[np.ndarray, ...]:
    result = judged.output(judged.refine(shown))
    return result.boxes, result.probabilities, result.landmarks


def test_windows_that_were_seen_before_are_not_looked_at_again(stages: LaterStages) -> None:
    first, more = windows(70), windows(40, seed=2)
    cut = Counted(exactly(PICTURE))
    judged = stages.over(cut)
    refined = judged.refine(first)
    assert cut.count == 70
    both = judged.refine(joined(first, joined(more, more)))
    assert cut.count == 110
    assert len(refined.scores) > 5
    judged.output(refined)
    assert cut.count == 110 + len(refined.scores)
    judged.output(refined)
    assert cut.count == 110 + len(refined.scores)
    # Who remembers finds what those find who look at all of them at once.
    alone = stages.over(exactly(PICTURE)).refine(joined(first, more))
    np.testing.assert_allclose(both.boxes, alone.boxes, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(both.scores, alone.scores, rtol=1e-4)
    expected = found(stages.over(exactly(PICTURE)), joined(first, more))
    for one, other in zip(found(judged, joined(first, more)), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-3)


def test_where_nothing_is_shown_nothing_is_found(stages: LaterStages) -> None:
    judged = stages.over(exactly(PICTURE))
    boxes, probabilities, landmarks = found(judged, windows(0))
    assert boxes.shape == (0, 4) and probabilities.shape == (0,) and landmarks.shape == (0, 5, 2)
