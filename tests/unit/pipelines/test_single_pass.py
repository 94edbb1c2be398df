"""The single-pass network, its anchors, and what its numbers mean."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from models.nets.single_pass import ANCHORS, STRIDES, SinglePass, fields_of, fold
from models.pipelines.detection.anchors import (
    ASPECT,
    anchors,
    corners,
    decode_boxes,
    decode_points,
    encode_points,
)
from models.pipelines.detection.mtcnn_stages import Windows
from models.pipelines.detection.proposing import prepared
from models.pipelines.detection.single_pass_detection import SinglePassDetector, framings
from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Input
from models.registry.manifests.detectors import DetectorManifest
from models.registry.registry import Registry


def naive_anchors(height: int, width: int) -> list[list[float]]:
    found = []
    for stride, sizes in zip(STRIDES, ANCHORS, strict=True):
        for row in range(height // stride):
            for column in range(width // stride):
                for size in sizes:
                    x, y = (column + 0.5) * stride, (row + 0.5) * stride
                    found.append([x, y, size * math.sqrt(ASPECT), size / math.sqrt(ASPECT)])
    return found


def test_anchors_stand_where_the_definition_says() -> None:
    found = anchors(64, 96)
    np.testing.assert_allclose(found.numpy(), naive_anchors(64, 96), rtol=1e-6)
    # High as faces are, and as large as they are called.
    np.testing.assert_allclose(found[:, 2] / found[:, 3], ASPECT, rtol=1e-5)
    np.testing.assert_allclose((found[:3, 2] * found[:3, 3]).sqrt(), ANCHORS[0], rtol=1e-5)


def test_decoding_against_a_loop() -> None:
    rng = np.random.default_rng(0)
    of = anchors(64, 64)
    rows = rng.permutation(len(of))[:50]
    offsets = rng.normal(size=(50, 4)).astype(np.float32)
    points = rng.normal(size=(50, 10)).astype(np.float32)
    boxes = decode_boxes(torch.from_numpy(offsets), of[rows]).numpy()
    places = decode_points(torch.from_numpy(points), of[rows]).numpy()
    for i, row in enumerate(rows):
        x, y, w, h = (float(v) for v in of[row])
        centre_x, centre_y = x + offsets[i, 0] * w, y + offsets[i, 1] * h
        width, height = w * math.exp(offsets[i, 2]), h * math.exp(offsets[i, 3])
        expected = [
            centre_x - width / 2, centre_y - height / 2, centre_x + width / 2, centre_y + height / 2
        ]  # fmt: skip
        np.testing.assert_allclose(boxes[i], expected, rtol=1e-4, atol=1e-3)
        for point in range(5):
            expected = [x + points[i, 2 * point] * w, y + points[i, 2 * point + 1] * h]
            np.testing.assert_allclose(places[i, point], expected, rtol=1e-4, atol=1e-3)
    again = encode_points(torch.from_numpy(places), of[rows]).numpy()
    np.testing.assert_allclose(again, points, atol=1e-4)


def test_nothing_moved_is_the_anchor_and_absurd_sides_stay_finite() -> None:
    of = anchors(32, 32)
    np.testing.assert_allclose(decode_boxes(torch.zeros(len(of), 4), of), corners(of))
    assert decode_boxes(torch.full((len(of), 4), 1e4), of).isfinite().all()


@pytest.mark.parametrize(("height", "width"), [(32, 32), (64, 160)])
def test_every_anchor_gets_an_answer(height: int, width: int) -> None:
    logits, boxes, points = fields_of(SinglePass().eval()(torch.zeros(2, 1, height, width)))
    count = len(anchors(height, width))
    assert logits.shape == (2, count)
    assert boxes.shape == (2, count, 4) and points.shape == (2, count, 10)
    # An untrained network thinks faces rare.
    assert float(logits.detach().sigmoid().mean()) < 0.05


def test_an_answer_belongs_to_the_place_it_looks_at() -> None:
    torch.manual_seed(0)
    network = SinglePass().eval()
    empty, spot = torch.zeros(1, 1, 128, 256), torch.zeros(1, 1, 128, 256)
    spot[..., 44:52, 196:204] = 3
    change = (network(spot) - network(empty)).abs()[0, :, 0]
    fine = len(ANCHORS[0]) * (128 // 8) * (256 // 8)
    nearest = anchors(128, 256)[:fine][change[:fine].argmax()]
    assert abs(float(nearest[0]) - 200) <= 24 and abs(float(nearest[1]) - 48) <= 24


def test_folding_changes_nothing() -> None:
    torch.manual_seed(1)
    network = SinglePass()
    network(torch.randn(4, 1, 64, 64))  # statistics other than 0 and 1
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "norm" in name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    network.eval()
    x = torch.randn(1, 1, 96, 64)
    folded = fold(network)
    assert not any("norm" in name for name in folded.state_dict())
    with torch.inference_mode():
        torch.testing.assert_close(network(x), folded(x), atol=1e-4, rtol=1e-3)
    with pytest.raises(ValueError, match="folded already"):
        fold(folded)


def test_pictures_are_filled_up_with_the_mean() -> None:
    grey = np.full((1, 33, 50), 255, dtype=np.uint8)
    x = prepared(grey, Input(channels="grey", mean=(127.5, 127.5, 127.5), scale=1 / 128))
    assert x.shape == (1, 1, 64, 64)
    assert x[0, 0, :33, :50].eq((255 - 127.5) / 128).all()
    assert x[0, 0, 33:].eq(0).all() and x[0, 0, :, 50:].eq(0).all()


def test_a_cascade_is_no_single_pass_detector(tmp_path: Path) -> None:
    manifest = Registry(tmp_path).manifest("mtcnn@1", DetectorManifest)
    with pytest.raises(InvalidManifestError):
        SinglePassDetector(SinglePass(folded=True), manifest)


def test_sure_proposals_are_shown_in_several_framings() -> None:
    sure, doubtful = [10.0, 20.0, 50.0, 100.0], [0.0, 0.0, 8.0, 8.0]
    windows = Windows(np.array([sure, doubtful], dtype=np.float32), np.array([0.9, 0.2]))
    found = framings(windows)
    expected = [sure, doubtful]
    for size, across, down in [
        (1, 0.1, 0), (1, -0.1, 0), (1, 0, 0.1), (1, 0, -0.1), (0.85, 0, 0), (1.18, 0, 0)
    ]:  # fmt: skip
        x, y = 30 + across * 40, 60 + down * 80
        expected.append([x - size * 20, y - size * 40, x + size * 20, y + size * 40])
    np.testing.assert_allclose(found.boxes, expected, rtol=1e-5)
    assert found.scores.tolist() == [0.9, 0.2] + 6 * [0.9]
