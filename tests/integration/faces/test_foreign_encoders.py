"""Encoders from elsewhere: added, pulled, and then like any other."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
import torch
from safetensors.torch import save_file

from models.pipelines.faces.pipeline import face_encoder
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import BUILT_IN, Registry
from tests.defaults import PUBLIC_ENCODERS
from tests.integration.faces.conftest import registry
from tests.onnx_files import write_onnx
from training.encoders.publication.onnx_file import write_onnx as export_onnx

OURS = "facenet-resnet29@1"
Made = dict[str, Any]


@pytest.fixture(scope="module")
def ours_as_onnx(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    registry, path = Registry(model_cache), tmp_path_factory.mktemp("onnx") / "ours.onnx"
    export_onnx(registry.load(OURS), registry.manifest(OURS, EncoderManifest), path)
    return path


def like(key: str, path: Path, **changes: object) -> Path:
    """A manifest like a built-in one, without a source, as a person would write it."""
    document = tomlkit.parse(
        (BUILT_IN / "encode-faces" / f"{key.replace('@', '-')}.toml").read_text()
    )
    del document["source"]
    document["default"] = False
    for dotted, value in changes.items():
        *tables, name = dotted.split("__")
        table = document
        for part in tables:
            table = table[part]
        table[name] = value
    path.write_text(tomlkit.dumps(document))
    return path


def small(path: Path, **changes: object) -> Path:
    """For the graphs of `tests.onnx_files`."""
    values = {"name": "small", "architecture": {"name": "onnx"}, "input__size": [8, 8]}
    return like(OURS, path, **values | {"output__dimension": 4} | changes)


def test_our_encoder_as_onnx(
    facet: Any, tmp_path: Path, ours_as_onnx: Path, model_cache: Path
) -> None:
    manifest = like(OURS, tmp_path / "m.toml", name="ours-onnx", architecture={"name": "onnx"})
    done = facet("add", str(ours_as_onnx), "--manifest", str(manifest), "--json")
    assert (done.exit_code, json.loads(done.stdout)["key"]) == (0, "ours-onnx@1")
    chips = np.random.default_rng(0).integers(0, 256, (19, 150, 150, 3), dtype=np.uint8)
    encoders = (
        face_encoder(Registry(model_cache), OURS),
        face_encoder(registry(tmp_path), "ours-onnx"),
    )
    assert np.abs(np.subtract(*(one.encode(chips) for one in encoders))).max() < 1e-5
    assert facet("verify", "ours-onnx").exit_code == 0


def test_weights_and_manifest_are_copied(facet: Any, tmp_path: Path) -> None:
    weights = write_onnx(tmp_path / "encoder.onnx")
    assert facet("add", str(weights), "--manifest", str(small(tmp_path / "m.toml"))).exit_code == 0
    added = read_manifest(tmp_path / "data" / "manifests" / "small-1.toml")
    source = added.source.model_dump()
    assert source["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    copy = added.directory / source["path"]
    assert copy.is_relative_to(tmp_path / "data")
    weights.unlink()
    assert copy.is_file() and registry(tmp_path).load("small@1")
    assert [p.name for p in copy.parent.iterdir()] == ["small-1.onnx"]


def test_a_published_version_is_never_overwritten(facet: Any, tmp_path: Path) -> None:
    manifest = str(small(tmp_path / "m.toml"))
    assert facet("add", str(write_onnx(tmp_path / "a.onnx")), "--manifest", manifest).exit_code == 0
    before = (tmp_path / "data/manifests/weights/small-1.onnx").read_bytes()
    other = write_onnx(tmp_path / "b.onnx", outputs=("other",))
    done = facet("add", str(other), "--manifest", manifest, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == "model-exists"
    assert (tmp_path / "data/manifests/weights/small-1.onnx").read_bytes() == before
    newer = small(tmp_path / "m.toml", version=2)
    assert facet("add", str(other), "--manifest", str(newer)).exit_code == 0


@pytest.mark.parametrize(
    ("graph", "changes", "code", "text"),
    [
        (None, {}, "invalid-weights", "not an ONNX file"),
        ({"dimension": 5}, {}, "invalid-weights", "shape (2, 5)"),
        ({"size": 9}, {}, "invalid-weights", "8x8"),
        ({"outputs": ("a", "b")}, {"architecture__arguments": {"output": "c"}}, None, "a, b"),
        ({}, {"name": "facenet-resnet29"}, "model-exists", "facenet-resnet29@1"),
        ({}, {"input__scale": 0}, "invalid-manifest", "input.scale"),
        ({}, {"architecture": {"name": "resnet29"}}, "invalid-manifest", "go together"),
    ],
)
def test_what_does_not_fit_leaves_nothing_behind(
    facet: Any, tmp_path: Path, graph: Made | None, changes: Made, code: str | None, text: str
) -> None:
    weights = tmp_path / "encoder.onnx"
    weights.write_bytes(b"no graph") if graph is None else write_onnx(weights, **graph)
    manifest = small(tmp_path / "m.toml", **changes)
    done = facet("add", str(weights), "--manifest", str(manifest), "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert error["code"] == (code or "invalid-weights")
    assert text in error["detail"]
    left = tmp_path / "data" / "manifests"
    assert not [path for path in left.rglob("*") if path.is_file()]


def test_a_manifest_that_is_no_toml(facet: Any, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("= nothing")
    weights = str(write_onnx(tmp_path / "a.onnx"))
    done = facet("add", weights, "--manifest", str(tmp_path / "m.toml"), "--json")
    assert json.loads(done.stdout)["error"]["code"] == "invalid-manifest"


# --- public encoders


@pytest.mark.parametrize("key", PUBLIC_ENCODERS)
def test_public_encoders_come_without_weights(key: str, tmp_path: Path) -> None:
    manifest = Registry(tmp_path).manifest(key, EncoderManifest)
    assert manifest.source.kind == "url"
    assert (manifest.output.dimension, manifest.licence.commercial) == PUBLIC_ENCODERS[key]
    assert not manifest.default and manifest.curve is None
    assert Registry(tmp_path).awaits_download(key)


def test_verifying_all_passes_over_what_nobody_pulled(facet: Any) -> None:
    done = facet("verify", "--json")
    assert done.exit_code == 0, done.output
    checked = {one["key"] for one in json.loads(done.stdout)["models"]}
    assert checked >= {OURS, "mtcnn@1"}
    assert not checked & {"arcface-w600k-r50@1", "facenet-vggface2@1", "adaface-ir18@1"}


def test_half_precision_is_full_precision_after_loading(
    facet: Any, tmp_path: Path, model_cache: Path
) -> None:
    state = Registry(model_cache).load(OURS).state_dict()
    save_file({k: v.half().contiguous() for k, v in state.items()}, tmp_path / "half.safetensors")
    manifest = like(OURS, tmp_path / "m.toml", name="half")
    done = facet("add", str(tmp_path / "half.safetensors"), "--manifest", str(manifest))
    assert done.exit_code == 0, done.output
    network = registry(tmp_path).load("half")
    assert {p.dtype for p in network.parameters()} == {torch.float32}
