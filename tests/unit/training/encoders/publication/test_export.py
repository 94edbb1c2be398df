"""Publishing a checkpoint: its weights, its precision, its manifest and its card."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F
from typer.testing import CliRunner, Result

from models.errors import InvalidWeightsError
from models.pipelines.faces.pipeline import face_encoder
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.origins import FileSource
from models.registry.registry import Registry
from tests.portraits import eileen, grace
from training.__main__ import app
from training.encoders.publication.checkpoint import read_checkpoint
from training.publish.precision import LARGEST_CHANGE, choose, largest_change

BASE = "facenet-resnet29@1"
CARD = """
description = "Ours, shifted a little."
limits = "Nobody has looked."
training_data = "None."
recipe = "Add one per mille."
"""


@pytest.fixture
def state(model_cache: Path) -> dict[str, torch.Tensor]:
    """Weights a little off those of the base."""
    state = Registry(model_cache).load(BASE).state_dict()
    return {name: (value * 1.001).clone() for name, value in state.items()}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name, picture in (("grace", grace()), ("eileen", eileen())):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        picture.save(tmp_path / "pictures" / name / "1.jpg")
    return tmp_path / "pictures"


def run(tmp_path: Path, model_cache: Path, checkpoint: Path, *options: str, **more: str) -> Result:
    (tmp_path / "card.toml").write_text(CARD)
    values = {"name": "ours", "version": "1", "base": BASE, "card": str(tmp_path / "card.toml")}
    values |= {"into": str(tmp_path / "out"), "cache": str(model_cache)} | more
    arguments = [part for name, value in values.items() for part in (f"--{name}", value)]
    return CliRunner().invoke(app, ["export", str(checkpoint), *arguments, *options])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"a": 1.0}, 1.0),
        ({"model": {"a": 2.0}, "step": 7, "config": {"x": [1, "y"]}}, 2.0),
        ({"model": {"a": 2.0}, "ema": {"a": 3.0}}, 3.0),
        ({"network": {"a": 2.0}, "average": {"a": 3.0}, "start": {"a": 9.0}}, 3.0),
        ({"model": {"a": 2.0}, "ema": None}, 2.0),
        ({"ema": {"module.a": 4.0, "n_averaged": 5.0}}, 4.0),
    ],
)
def test_where_checkpoints_keep_their_weights(
    tmp_path: Path, content: dict[str, Any], expected: float
) -> None:
    def tensors(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: tensors(one) for name, one in value.items()}
        return torch.tensor(value) if isinstance(value, float) else value

    torch.save(tensors(content), tmp_path / "a.pt")
    assert {k: v.item() for k, v in read_checkpoint(tmp_path / "a.pt").items()} == {"a": expected}


def test_safetensors_and_what_is_no_checkpoint(tmp_path: Path) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "a.safetensors")
    assert torch.equal(read_checkpoint(tmp_path / "a.safetensors")["a"], torch.ones(2))
    torch.save({"model": {"a": "text"}}, tmp_path / "text.pt")
    (tmp_path / "bytes.pt").write_bytes(b"x")
    (tmp_path / "bytes.safetensors").write_bytes(b"x")
    for name in ("text.pt", "bytes.pt", "bytes.safetensors"):
        with pytest.raises(InvalidWeightsError):
            read_checkpoint(tmp_path / name)


@pytest.fixture
def published(
    tmp_path: Path, model_cache: Path, state: dict[str, torch.Tensor], pictures: Path
) -> Registry:
    """With `ours@1`, exported with pictures, a curve, figures and an ONNX file."""
    torch.save({"model": state}, tmp_path / "best.pt")
    report = {
        "points": [[0.9, 0.01], [0.95, 0.001]],
        "tail_from": 0.94,
        "impostor_comparisons": 12_000,
        "method": "counted",
        "data": "two portraits",
    }
    (tmp_path / "curve.json").write_text(json.dumps(report))
    figures = tmp_path / "verification.json"
    figures.write_text(json.dumps({"accuracy": 0.98765, "folds": None, "fnmr": {"1e-3": 0.07}}))
    done = run(
        tmp_path,
        model_cache,
        tmp_path / "best.pt",
        *("--pictures", str(pictures), "--calibration", str(tmp_path / "curve.json")),
        *("--figures", str(figures), "--onnx", str(tmp_path / "ours.onnx")),
    )
    assert done.exit_code == 0, done.output
    return Registry(model_cache, [tmp_path / "out"])


def test_a_checkpoint_becomes_an_encoder(
    published: Registry, tmp_path: Path, state: dict[str, torch.Tensor]
) -> None:
    weights = load_file(tmp_path / "out" / "weights" / "ours-1.safetensors")
    assert {value.dtype for value in weights.values()} == {torch.float16}
    manifest = published.manifest("ours@1", EncoderManifest)
    assert manifest.threshold_curve.similarity(1e-3) == pytest.approx(0.95)
    assert manifest.metrics["verification"] == {"accuracy": 0.98765, "fnmr": {"1e-3": 0.07}}
    base = published.manifest(BASE)
    for field in ("input", "output", "alignment", "mirror", "architecture", "licence"):
        assert getattr(manifest, field) == getattr(base, field), field
    assert not manifest.default and published.verify("ours").ok

    network = published.load("ours")
    for name, value in network.state_dict().items():
        torch.testing.assert_close(value, state[name], rtol=1e-3, atol=1e-6)
    x = torch.randn(3, 3, 150, 150)
    session = onnxruntime.InferenceSession(tmp_path / "ours.onnx")
    raw = session.run(None, {"pictures": x.numpy()})[0]
    torch.testing.assert_close(torch.from_numpy(raw), F.normalize(network(x)), rtol=0, atol=1e-5)
    chips = np.random.default_rng(0).integers(0, 256, (3, 150, 150, 3), dtype=np.uint8)
    assert face_encoder(published, "ours").encode(chips).shape == (3, 128)

    card = (tmp_path / "out" / "ours-v1.md").read_text()
    for text in ("Add one per mille.", "Nobody has looked.", "0.9877", "fnmr 1e-3", "CC0-1.0"):
        assert text in card
    assert "12,000 comparisons" in card and "fp16" in card


def test_without_pictures_the_weights_stay_as_they_are(
    tmp_path: Path, model_cache: Path, state: dict[str, torch.Tensor]
) -> None:
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "a.safetensors")
    assert run(tmp_path, model_cache, tmp_path / "a.safetensors").exit_code == 0
    published = load_file(tmp_path / "out" / "weights" / "ours-1.safetensors")
    assert all(torch.equal(published[name], value) for name, value in state.items())


def test_a_published_version_is_never_overwritten(
    tmp_path: Path, model_cache: Path, state: dict[str, torch.Tensor]
) -> None:
    torch.save(state, tmp_path / "a.pt")
    assert run(tmp_path, model_cache, tmp_path / "a.pt").exit_code == 0
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    again = run(tmp_path, model_cache, tmp_path / "a.pt")
    assert again.exit_code == 2 and "model-exists" in again.stderr
    (tmp_path / "out" / "ours-v1.md").unlink()  # the manifest alone forbids it too
    assert run(tmp_path, model_cache, tmp_path / "a.pt").exit_code == 2
    assert run(tmp_path, model_cache, tmp_path / "a.pt", name="facenet-resnet29").exit_code == 2
    for path, content in before.items():
        assert not path.exists() if path.suffix == ".md" else path.read_bytes() == content
    assert run(tmp_path, model_cache, tmp_path / "a.pt", version="2").exit_code == 0


def test_weights_of_another_network(tmp_path: Path, model_cache: Path) -> None:
    torch.save({"model": {"a": torch.ones(1)}}, tmp_path / "a.pt")
    done = run(tmp_path, model_cache, tmp_path / "a.pt")
    assert done.exit_code == 2 and "do not fit resnet29" in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


def test_half_precision_only_when_it_costs_nothing(model_cache: Path) -> None:
    registry = Registry(model_cache)
    manifest = registry.manifest(BASE, EncoderManifest)
    chips = np.random.default_rng(0).integers(0, 256, (4, 150, 150, 3), dtype=np.uint8)
    change, finite = largest_change(registry.load(BASE), manifest, chips)
    assert choose(change, finite) == "fp16" and change > 0

    from models.nets.encoders.resnet29 import ResNet29

    network = ResNet29().eval()
    network.load_state_dict(registry.load(BASE).state_dict())
    with torch.no_grad():
        network.linear.weight[0] *= 1e9  # beyond what half precision can hold
    _, finite = largest_change(network, manifest, chips)
    assert choose(0.0, finite) == "fp32"
    assert choose(LARGEST_CHANGE, True) == "fp32"


def test_the_manifest_is_one_a_person_can_read(
    tmp_path: Path, model_cache: Path, state: dict[str, torch.Tensor]
) -> None:
    torch.save(state, tmp_path / "a.pt")
    assert run(tmp_path, model_cache, tmp_path / "a.pt").exit_code == 0
    manifest = read_manifest(tmp_path / "out" / "ours-1.toml")
    assert manifest.description == "Ours, shifted a little."
    assert isinstance(manifest.source, FileSource)
    assert manifest.source.path == "weights/ours-1.safetensors"
