"""What every face detector promises, on real weights."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.pipelines.detection.boxes import overlap
from models.pipelines.detection.results import FaceDetector, default_min_face
from models.pipelines.faces.pipeline import face_detector
from models.registry.registry import Registry
from tests.portraits import eileen, grace, landscape, side_by_side
from tests.skips import SHARED_DATA
from training.detection.measuring.report import detection_report
from training.detection.measuring.truth import labelled_photographs

PHOTOS = SHARED_DATA / "photos"
TRUTH = Path(__file__).parents[1] / "photograph_faces.tsv"
KEYS = ("mtcnn@1", "facet-detector@1")


@pytest.fixture(scope="module")
def registry(model_cache: Path) -> Registry:
    return Registry(model_cache)


@pytest.fixture(scope="module", params=KEYS)
def detector(request: pytest.FixtureRequest, registry: Registry) -> FaceDetector:
    return face_detector(registry, request.param)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def test_two_portraits_side_by_side(detector: FaceDetector) -> None:
    found = detector.detect(pixels(side_by_side(eileen(), grace())), 20)
    assert len(found) == 2
    assert found.boxes.dtype == found.probabilities.dtype == found.landmarks.dtype == np.float32
    assert (np.diff(found.probabilities) <= 0).all()  # best first
    for (x, y, w, h), points in zip(found.boxes, found.landmarks, strict=True):
        assert ((points > (x, y)) & (points < (x + w, y + h))).all()
        left_eye, right_eye, nose, mouth_left, mouth_right = points
        assert left_eye[0] < nose[0] < right_eye[0] and mouth_left[0] < mouth_right[0]
        assert max(left_eye[1], right_eye[1]) < nose[1] < min(mouth_left[1], mouth_right[1])


def test_both_detectors_mean_the_same_places(registry: Registry) -> None:
    for portrait in (eileen(), grace()):
        one, other = (face_detector(registry, key).detect(pixels(portrait), 20) for key in KEYS)
        eyes = np.linalg.norm(one.landmarks[0, 0] - one.landmarks[0, 1])
        apart = np.linalg.norm(one.landmarks[0] - other.landmarks[0], axis=1).mean()
        assert apart < 0.08 * eyes
        first, second = (
            np.concatenate([f.boxes[:1, :2], f.boxes[:1, :2] + f.boxes[:1, 2:]], axis=1)
            for f in (one, other)
        )
        assert overlap(first, second)[0, 0] > 0.6


@pytest.mark.parametrize("height", [512, 256, 150])
def test_sizes_of_one_face(detector: FaceDetector, height: int) -> None:
    small = eileen().resize((height, height), Image.Resampling.LANCZOS)
    (box,) = detector.detect(pixels(small), 20).boxes
    centre = (box[:2] + box[2:] / 2) * 512 / height
    np.testing.assert_allclose(centre, (223, 118), atol=20)


def test_only_faces_as_large_as_asked_for(detector: FaceDetector) -> None:
    picture = pixels(side_by_side(eileen(), grace()))
    (box,) = detector.detect(picture, 130).boxes
    assert min(box[2:]) > 0.8 * 130
    assert len(detector.detect(picture, 400)) == 0


def test_the_threshold_decides(detector: FaceDetector) -> None:
    picture = pixels(side_by_side(eileen(), grace()))
    everything = detector.detect(picture, 20, 0.0)
    assert len(everything) >= 2
    between = float(everything.probabilities[:2].mean())
    assert (detector.detect(picture, 20, between).probabilities >= between).all()
    assert len(detector.detect(picture, 20, 1.01)) == 0


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (12, 12), (40, 8), (2000, 30), (33, 65)])
def test_pictures_without_room_for_a_face(detector: FaceDetector, size: tuple[int, int]) -> None:
    found = detector.detect(pixels(Image.new("RGB", size, "grey")))
    assert found.boxes.shape == (0, 4) and found.landmarks.shape == (0, 5, 2)


def test_no_face(detector: FaceDetector) -> None:
    assert len(detector.detect(pixels(landscape()), 20)) == 0


def test_upside_down_faces_are_not_surely_faces(detector: FaceDetector) -> None:
    """The search in turned copies counts on it, see `app.vision.faces.analyser`."""
    for portrait in (eileen(), grace()):
        turned = pixels(portrait.transpose(Image.Transpose.ROTATE_180))
        found = detector.detect(turned, default_min_face(*portrait.size))
        assert found.probabilities.max(initial=0.0) < 0.999


def test_threads_share_a_detector(detector: FaceDetector) -> None:
    pictures = [pixels(eileen()), pixels(grace())] * 3
    expected = [detector.detect(picture, 24).boxes for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda picture: detector.detect(picture, 24).boxes, pictures))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=0.01)


@pytest.mark.shared_data("photos")
def test_the_single_pass_keeps_up_with_the_cascade_on_photographs(registry: Registry) -> None:
    report = detection_report(
        {key: face_detector(registry, key) for key in KEYS},
        labelled_photographs(PHOTOS, TRUTH),
        min_face=None,
        min_probability=0.9,
        repeats=1,
    )
    cascade, single = (report[key] for key in KEYS)
    assert single["found"] >= cascade["found"]
    assert single["precision"] >= cascade["precision"]
