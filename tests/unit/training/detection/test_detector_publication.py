"""From a run's weights to a detector of the registry."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from models.errors import InvalidWeightsError
from models.nets.single_pass import SinglePass, fold
from models.pipelines.faces.pipeline import face_detector
from models.registry.errors import InvalidManifestError, ModelExistsError
from models.registry.registry import Registry
from training.detection.publication import publish_detector
from training.publish.places import Places

CARD: dict[str, Any] = {
    "name": "my-detector",
    "version": 3,
    "description": "Finds nothing yet.",
    "limits": "Everything.",
    "training_data": "None.",
    "recipe": "None.",
    "licence": {"name": "Apache-2.0", "url": "https://example.org", "commercial": True},
    "proposals": {"face": 13, "threshold": 0.5, "first": 20},
}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "weights.safetensors"
    save_file(fold(SinglePass().eval()).state_dict(), path)
    return path


def test_a_published_detector_detects(tmp_path: Path, weights: Path) -> None:
    out = tmp_path / "out"
    figures = {"scenes": {"recall": 0.5}}
    manifest, card = publish_detector(
        weights, CARD, Registry(tmp_path), Places.under(out), metrics=figures
    )
    assert manifest.key == "my-detector@3" and manifest.metrics == figures
    assert "0.5" in card.read_text() and "grey, any size" in card.read_text()
    registry = Registry(tmp_path, [out])
    assert registry.load(manifest.key).state_dict()["heads.0.1.bias"].dtype == torch.float32
    # Untrained, and nobody is asked to confirm: it runs, and finds no face.
    found = face_detector(registry, "my-detector").detect(np.zeros((50, 70, 3), np.uint8))
    assert len(found) == 0
    with pytest.raises(ModelExistsError):
        publish_detector(weights, CARD, registry, Places.under(out))


def test_what_does_not_fit_leaves_nothing_behind(tmp_path: Path, weights: Path) -> None:
    out, registry = Places.under(tmp_path / "out"), Registry(tmp_path)
    with pytest.raises(InvalidManifestError, match="proposals"):
        card = {name: value for name, value in CARD.items() if name != "proposals"}
        publish_detector(weights, card, registry, out)
    save_file({"a": torch.zeros(1)}, weights)
    with pytest.raises(InvalidManifestError, match="architecture"):
        publish_detector(weights, CARD, registry, out)
    broken = SinglePass(folded=True).state_dict()
    broken["heads.0.1.bias"] = broken["heads.0.1.bias"] * float("nan")
    save_file(broken, weights)
    with pytest.raises(InvalidWeightsError, match="not numbers"):
        publish_detector(weights, CARD, registry, out)
    assert not list(out.manifests.glob("*.toml")) and not list(out.weights.glob("*"))
