"""Encoders from elsewhere: added, pulled, and then like any other."""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
import torch
from safetensors.torch import save_file
from typer.testing import CliRunner, Result

from app.cli.main import app
from models.errors import InvalidWeightsError
from models.pipelines.faces.pipeline import face_encoder
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import BUILT_IN, Registry
from tests.defaults import PUBLIC_ENCODERS
from tests.onnx_files import write_onnx
from tests.unit.nets.test_inception_resnet_v1 import random_checkpoint
from tests.unit.registry.test_download import Server
from training.encoders.publication.onnx_file import write_onnx as export_onnx

OURS = "facenet-resnet29@1"
Made = dict[str, Any]


@pytest.fixture(scope="module")
def ours_as_onnx(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    registry, path = Registry(model_cache), tmp_path_factory.mktemp("onnx") / "ours.onnx"
    export_onnx(registry.load(OURS), registry.manifest(OURS, EncoderManifest), path)
    return path


@pytest.fixture
def facet(tmp_path: Path, model_cache: Path) -> Callable[..., Result]:
    """Runs `facet models …` on a data directory of its own."""
    environment = {
        "FACET_DATA_DIR": str(tmp_path / "data"),
        "FACET_MODEL_CACHE_DIR": str(tmp_path / "cache"),
    }

    def run(*arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(app, ["models", *arguments], env=environment, input=answer)

    return run


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


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


def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "cache", [tmp_path / "data" / "manifests"])


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


def pullable(tmp_path: Path, key: str, url: str, sha256: str | None, name: str) -> None:
    """A copy of a public manifest whose file lies on this machine."""
    document = tomlkit.parse(
        (BUILT_IN / "encode-faces" / f"{key.replace('@', '-')}.toml").read_text()
    )
    document["name"], document["source"]["url"] = name, url
    document["source"].pop("sha256", None)
    document["source"].pop("size", None)
    if sha256:
        document["source"]["sha256"] = sha256
    directory = tmp_path / "data" / "manifests"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}-1.toml").write_text(tomlkit.dumps(document))


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes) -> str:
    monkeypatch.setattr("tests.unit.registry.test_download.CONTENT", content)
    return hashlib.sha256(content).hexdigest()


def checkpoint() -> bytes:
    buffer = io.BytesIO()
    torch.save(random_checkpoint(), buffer)
    return buffer.getvalue()


def test_facenet_in_its_public_layout(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = serve(monkeypatch, checkpoint())
    pullable(tmp_path, "facenet-vggface2@1", server.url, digest, "public")
    done = facet("pull", "public", "--accept-licence")
    assert done.exit_code == 0, done.output
    encoder = face_encoder(registry(tmp_path), "public")
    embeddings = encoder.encode(np.full((2, 160, 160, 3), 99, np.uint8))
    assert embeddings.shape == (2, 512)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-5)


def test_an_onnx_file_in_the_insightface_convention(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = write_onnx(tmp_path / "a.onnx", size=112, dimension=512, batch=1)
    digest = serve(monkeypatch, graph.read_bytes())
    pullable(tmp_path, "arcface-w600k-r50@1", server.url, digest, "public")
    assert facet("pull", "public", "--accept-licence").exit_code == 0
    chip = np.random.default_rng(0).integers(0, 256, (1, 112, 112, 3), dtype=np.uint8)
    embedding = face_encoder(registry(tmp_path), "public", mirror=False).encode(chip)[0]
    expected = (chip[0, :5, :, 0].ravel()[:512] - 127.5) / 127.5  # red comes first
    np.testing.assert_allclose(embedding, expected / np.linalg.norm(expected), atol=1e-6)


def test_the_licence_is_shown_and_confirmed(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pullable(tmp_path, "adaface-ir18@1", server.url, serve(monkeypatch, b"x"), "public")
    for answer in ("n\n", "", None):
        done = facet("pull", "public", answer=answer)
        assert done.exit_code == 1
        assert "NOT for commercial use" in done.stderr
        assert "issues/174" in done.stderr and server.url in done.stderr
    assert server.asked == []
    assert facet("pull", "public", answer="y\n").exit_code == 0
    assert len(server.asked) == 1
    assert "Licence" not in facet("pull", "public").stderr  # it is there already


def test_terms_that_restrict_are_accepted_by_name(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pullable(tmp_path, "arcface-w600k-r50@1", server.url, serve(monkeypatch, b"x"), "public")
    refused = json.loads(facet("pull", "public", "--yes", "--json").stdout)["error"]
    assert refused["code"] == "invalid-request" and "restricts" in refused["detail"]
    assert "facet models pull public@1 --accept-licence" in refused["hint"]
    assert server.asked == []
    assert facet("pull", "public", "--accept-licence").exit_code == 0


def test_doubtful_data_is_told_of(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pullable(tmp_path, "sface@1", server.url, serve(monkeypatch, b"x"), "public")
    done = facet("pull", "public", "--yes")
    assert done.exit_code == 0, done.output
    assert "commercial use allowed" in done.stderr
    assert "Beware: Nobody states what this file was trained on" in " ".join(done.stderr.split())
    (listed,) = [
        one
        for one in json.loads(facet("list", "--json").stdout)["models"]
        if one["key"] == "public@1"
    ]
    assert listed["commercial_use"] and "trained on" in listed["provenance_doubt"]
    assert "in doubt" in facet("list").stdout


def test_the_first_download_is_pinned(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = checkpoint()
    digest = serve(monkeypatch, first)
    pullable(tmp_path, "facenet-casia-webface@1", server.url, None, "public")
    assert "no model" not in facet("verify", "public").output
    done = facet("pull", "public", "--accept-licence")
    assert digest in done.stdout
    assert registry(tmp_path).load("public")
    (file,) = (tmp_path / "cache").glob("public@1-*.pt")
    assert file.with_name(file.name + ".sha256").read_text().strip() == digest
    assert facet("verify", "public").exit_code == 0
    serve(monkeypatch, first + b"changed upstream")
    file.unlink()
    done = facet("pull", "public", "--accept-licence", "--json")
    assert json.loads(done.stdout)["error"]["code"] == "checksum-mismatch"
    serve(monkeypatch, first)
    assert (
        json.loads(facet("pull", "public", "--accept-licence", "--json").stdout)["pinned_sha256"]
        == digest
    )
    file.write_bytes(first + b"changed here")
    assert facet("verify", "public").exit_code == 2


def test_a_checkpoint_that_is_more_than_tensors(
    facet: Any, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pickle may name any function; none is called."""
    torch.save({"x": Path("/")}, file := io.BytesIO())
    digest = serve(monkeypatch, file.getvalue())
    pullable(tmp_path, "facenet-vggface2@1", server.url, digest, "public")
    assert facet("pull", "public", "--accept-licence").exit_code == 0
    with pytest.raises(InvalidWeightsError, match="format torch"):
        registry(tmp_path).load("public")


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
