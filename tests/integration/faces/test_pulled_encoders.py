"""Encoders that are pulled from their publishers, and terms that are agreed to."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
import torch

from models.errors import InvalidWeightsError
from models.pipelines.faces.pipeline import face_encoder
from models.registry.registry import BUILT_IN
from tests.integration.faces.conftest import registry
from tests.onnx_files import write_onnx
from tests.unit.nets.test_inception_resnet_v1 import random_checkpoint


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
    assert "commercial use allowed" in done.stderr and "Beware: Nobody states" in done.stderr
    listed = {one["key"]: one for one in json.loads(facet("list", "--json").stdout)["models"]}
    assert "trained on" in listed["public@1"]["provenance_doubt"]
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
