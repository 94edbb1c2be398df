"""Manifests of encoders that are made of others, and what the registry makes of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
import torch
from safetensors.torch import save_file

from models.pipelines.faces.pipeline import face_encoder
from models.registry.download import file_sha256
from models.registry.errors import InvalidManifestError
from models.registry.manifests.reading import read_manifest
from models.registry.registry import Registry
from training.encoders.backbones import BACKBONES
from training.publish.publication import document_of

DIMENSION = 16


def fields(**changes: Any) -> dict[str, Any]:
    """A manifest of two LeNets, but for its source."""
    return {
        "name": "both",
        "version": 1,
        "description": "Made up.",
        "limits": "Everybody.",
        "training_data": "Nobody.",
        "task": "encode-faces",
        "mirror": False,
        "alignment": [[10, 10], [22, 10], [16, 17], [11, 23], [21, 23]],
        "architecture": {"name": "fused", "arguments": {"dimension": 2 * DIMENSION}},
        "parts": [{"model": "one@1", "weight": 0.6}, {"model": "two@1", "weight": 0.4}],
        "input": {"size": [64, 32], "mean": [0.0, 0.0, 0.0], "scale": 1.0},
        "output": {"dimension": 2 * DIMENSION},
        "licence": {"name": "MIT", "url": "https://example.org", "commercial": True},
    } | changes


def written(directory: Path, values: dict[str, Any], state: dict[str, torch.Tensor]) -> Path:
    weights = directory / f"{values['name']}.safetensors"
    save_file(state, weights)
    source = {"kind": "file", "path": weights.name, "sha256": file_sha256(weights)}
    path = directory / f"{values['name']}-1.toml"
    path.write_text(tomlkit.dumps(document_of(values | {"source": source})))
    return path


def part(directory: Path, name: str, points: float) -> Path:
    """A LeNet with fresh weights whose faces lie so many pixels further right."""
    torch.manual_seed(len(name) + int(points))
    state = {
        n: v.contiguous() for n, v in BACKBONES["lenet-5"].build(DIMENSION).state_dict().items()
    }
    own = fields(name=name, output={"dimension": DIMENSION})
    del own["parts"]
    own["architecture"] = {"name": "lenet-5", "arguments": {"dimension": DIMENSION}}
    own["input"] = {"size": [32, 32], "mean": [127.5, 127.5, 127.5], "scale": 1 / 128}
    own["alignment"] = [[x + points, y] for x, y in own["alignment"]]
    return written(directory, own, state)


def centres() -> dict[str, torch.Tensor]:
    return {f"centres.{number}": torch.zeros(DIMENSION) for number in range(2)}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    part(tmp_path, "one", 0)
    part(tmp_path, "two", 3)
    return tmp_path


def test_each_part_cuts_its_own_chip(directory: Path) -> None:
    written(directory, fields(), centres())
    registry = Registry(directory / "cache", [directory])
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (90, 90, 3), dtype=np.uint8)
    landmarks = np.array([[35, 40], [55, 40], [45, 50], [37, 60], [53, 61]], np.float32)
    chips, embeddings = {}, {}
    for key in ("one", "two", "both"):
        encoder = face_encoder(registry, key)
        chips[key] = encoder.chip(picture, landmarks)
        embeddings[key] = encoder.encode(np.stack([chips[key], chips[key] // 2]))
    np.testing.assert_array_equal(chips["both"], np.concatenate([chips["one"], chips["two"]]))
    cosine = {key: float(own[0] @ own[1]) for key, own in embeddings.items()}
    expected = 0.6 * cosine["one"] + 0.4 * cosine["two"]
    assert cosine["both"] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parts": [{"model": "one@1", "weight": 1.0}]}, "two parts"),
        ({"parts": []}, "two parts"),
        (
            {"parts": [{"model": "one@1", "weight": 0.6}, {"model": "two@1", "weight": 0.6}]},
            "make 1",
        ),
        ({"mirror": True}, "mirror"),
        ({"input": {"size": [64, 32], "mean": [1.0, 1.0, 1.0], "scale": 1.0}}, "conventions"),
        ({"architecture": {"name": "lenet-5"}}, "go together"),
    ],
)
def test_a_wrong_manifest_says_what_is_wrong(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidManifestError, match=message):
        read_manifest(written(tmp_path, fields(**changes), centres()))


def test_it_is_not_ready_without_a_part(directory: Path) -> None:
    written(directory, fields(), centres())
    (directory / "two.safetensors").unlink()
    registry = Registry(directory / "cache", [directory])
    found = registry.obstacle("both")
    assert found is not None and found.reason == "weights-missing" and "two" in found.message
    assert not registry.verify("both").ok


@pytest.mark.parametrize("second", ["nobody@1", "facet-detector@1", "both@1"])
def test_what_is_no_encoder_is_no_part(directory: Path, second: str) -> None:
    parts = [{"model": "one@1", "weight": 0.6}, {"model": second, "weight": 0.4}]
    written(directory, fields(parts=parts), centres())
    found = Registry(directory / "cache", [directory]).obstacle("both")
    assert found is not None and found.reason == "invalid-manifest"


def test_chips_have_the_size_of_all_parts_together(directory: Path) -> None:
    size = {"size": [64, 30], "mean": [0.0, 0.0, 0.0], "scale": 1.0}
    written(directory, fields(input=size), centres())
    with pytest.raises(InvalidManifestError, match="one below the other"):
        Registry(directory / "cache", [directory]).load("both")
