"""The torch port of the encoder against the original it was taken from."""

from importlib import metadata
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models.pipelines.faces.pipeline import face_encoder
from models.pipelines.pixels import to_tensor
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from tests.defaults import ENCODER as DEFAULT
from tests.portraits import eileen, grace

dlib = pytest.importorskip("dlib", reason="dlib-bin is not installed")

WEIGHTS = "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat"


@pytest.fixture(scope="module")
def chips() -> np.ndarray:
    """Ten 150x150 chips: cuts of two portraits, turned, darkened and with noise."""
    rng = np.random.default_rng(0)
    result = []
    for number in range(10):
        picture = np.asarray((eileen, grace)[number % 2]())
        x, y = ((150, 30), (160, 60))[number % 2]
        side = 180 + 10 * number
        cut = cv2.resize(picture[y : y + side, x : x + side], (150, 150))
        rotation = cv2.getRotationMatrix2D((75, 75), 6.0 * (number - 5), 1.0)
        cut = cv2.warpAffine(cut, rotation, (150, 150)) * (1 - 0.05 * number)
        result.append((cut + rng.normal(0, number, cut.shape)).clip(0, 255).astype(np.uint8))
    return np.stack(result)


@pytest.fixture(scope="module")
def original(chips: np.ndarray) -> np.ndarray:
    """What dlib itself computes."""
    path = metadata.distribution("face_recognition_models").locate_file(WEIGHTS)
    model = dlib.face_recognition_model_v1(str(path))
    return np.array([model.compute_face_descriptor(chip) for chip in chips])


def test_raw_embeddings_are_those_of_dlib(
    model_cache: Path, chips: np.ndarray, original: np.ndarray
) -> None:
    registry = Registry(model_cache)
    network = registry.load("facenet-resnet29@1")
    convention = registry.manifest("facenet-resnet29@1").input
    with torch.inference_mode():
        raw = network(to_tensor(chips, convention)).numpy()
    assert raw.shape == (10, 128)
    assert np.abs(raw - original).max() <= 1e-5
    assert np.abs(np.diff(original, axis=0)).max() > 0.05  # the chips do differ


def test_mirror_averaging_is_the_normalised_mean_of_normalised_embeddings(
    model_cache: Path, chips: np.ndarray
) -> None:
    registry = Registry(model_cache)
    plain = face_encoder(registry, "facenet-resnet29@1", mirror=False)
    single, mirrored = plain.encode(chips), plain.encode(np.ascontiguousarray(chips[:, :, ::-1]))
    np.testing.assert_allclose(np.linalg.norm(single, axis=1), 1, atol=1e-6)
    mean = single + mirrored
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    both = face_encoder(registry, "facenet-resnet29@1").encode(chips)
    np.testing.assert_allclose(both, mean, atol=1e-6)


@pytest.mark.parametrize("key", [DEFAULT, "facenet-resnet29-robust@1"])
def test_embeddings_do_not_depend_on_the_batch(
    model_cache: Path, chips: np.ndarray, key: str
) -> None:
    registry = Registry(model_cache)
    height, width = registry.manifest(key, EncoderManifest).input.size
    encoder, chips = face_encoder(registry, key), chips[:, :height, :width]
    alone = np.concatenate([encoder.encode(chip[None]) for chip in chips])
    np.testing.assert_allclose(encoder.encode(chips), alone, atol=1e-6)
    assert encoder.encode(chips[:0]).shape == (0, 128)
