"""An encoder made of parts, as it is served: each part sees its own chip, on every runtime."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file
from typer.testing import CliRunner

from app.vision.running.runtimes.choice import RuntimeName, open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from models.pipelines.faces.pipeline import face_detector, face_encoder
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from tests.portraits import eileen, grace
from training.__main__ import app

KEY = "facet-fused@4"
Vectors = NDArray[np.float32]
Pictures = list[tuple[NDArray[np.uint8], NDArray[np.floating]]]


@pytest.fixture(scope="module")
def registry(model_cache: Path) -> Registry:
    return Registry(model_cache)


@pytest.fixture(scope="module")
def pictures(registry: Registry) -> Pictures:
    """Two people, each in a second picture that is darker: (picture, landmarks)."""
    detector, found = face_detector(registry), []
    for portrait in (grace(), eileen()):
        rgb = np.asarray(portrait)
        landmarks = detector.detect(rgb).landmarks[0]
        found += [(rgb, landmarks), (rgb // 2, landmarks)]
    return found


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


def embedded(networks: Registry | ServingNetworks, key: str, pictures: Pictures) -> Vectors:
    encoder = face_encoder(networks, key)
    return encoder.encode(np.stack([encoder.chip(rgb, points) for rgb, points in pictures]))


def test_parts_are_fused_as_the_manifest_says(registry: Registry, pictures: Pictures) -> None:
    manifest = registry.manifest(KEY, EncoderManifest)
    network = registry.load(KEY)
    together = []
    for number, part in enumerate(manifest.parts):
        own = embedded(registry, part.model, pictures)
        own = own - network.get_parameter(f"centres.{number}").numpy()
        own /= np.linalg.norm(own, axis=1, keepdims=True)
        together.append(own * np.sqrt(part.weight))
    projected = np.concatenate(together, 1) @ network.get_parameter("projection.weight").numpy().T
    expected = projected / np.linalg.norm(projected, axis=1, keepdims=True)
    found = embedded(registry, KEY, pictures)
    assert found.shape == (len(pictures), manifest.output.dimension)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert found[0] @ found[1] > manifest.threshold_curve.similarity(1e-4) > found[0] @ found[2]


@pytest.mark.parametrize("name", get_args(RuntimeName))
def test_every_runtime_of_the_parts_runs_it(
    registry: Registry, pictures: Pictures, graphs: Path, name: RuntimeName
) -> None:
    expected = embedded(registry, KEY, pictures)
    served = ServingNetworks(registry, open_runtime(name, graphs))
    for count in (1, len(pictures)):
        found = embedded(served, KEY, pictures[:count])
        assert (found * expected[:count]).sum(axis=1).min() > 1 - 3e-3


def test_it_is_ready_when_its_parts_are(registry: Registry) -> None:
    assert registry.obstacle(KEY) is None
    parts = registry.manifest(KEY).needs
    files = registry.verify(KEY).files
    assert len(files) == 1 + sum(len(registry.verify(part).files) for part in parts)
    assert not registry.awaits_download(KEY)


@pytest.mark.parametrize("centered", [True, False])
def test_the_command_subtracts_centers_unless_told_not_to(
    tmp_path: Path, model_cache: Path, centered: bool
) -> None:
    for name, portrait in (("eileen", eileen()), ("grace", grace())):
        (tmp_path / "people" / name).mkdir(parents=True)
        for number in range(2):
            portrait.rotate(8 * number).save(tmp_path / "people" / name / f"{name}_{number}.jpg")
    card = tmp_path / "card.toml"
    texts = ("description", "limits", "training_data")
    lines = [f'{text} = "Made for a test."' for text in texts]
    licence = ["[licence]", 'name = "MIT"', 'url = "https://example.com"', "commercial = true"]
    card.write_text("\n".join([*lines, *licence]))
    parts = ["--part", "facet-encoder@4", "--part", "facenet-resnet29@1"]
    weights = ["--weight", 0.2, "--weight", 0.8, *([] if centered else ["--no-centers"])]
    made = ["--card", card, "--name", "ours", "--version", 1, "--into", tmp_path / "made"]
    options = ["--images", tmp_path / "people", "--cache", model_cache, "--dimension", 3]
    arguments = ["fuse", *parts, *weights, *made, *options]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    state = load_file(tmp_path / "made" / "weights" / "ours-1.safetensors")
    assert state["projection.weight"].shape == (3, 256)
    for number in range(2):
        assert bool(np.linalg.norm(state[f"centres.{number}"]) > 0.1) is centered
