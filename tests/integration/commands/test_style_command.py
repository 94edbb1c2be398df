"""`facet style`, and the manifests of style transfer."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomlkit
import torch
from PIL import Image
from typer.testing import CliRunner, Result

from app.cli.main import app
from models.nets.vgg19 import random_state
from models.pipelines.style.objectives import style_model
from models.registry.download import file_sha256
from models.registry.errors import ChecksumMismatchError, InvalidManifestError
from models.registry.manifests.reading import read_manifest
from models.registry.manifests.styles import StyleManifest
from models.registry.registry import BUILT_IN, Registry
from tests.portraits import eileen, landscape
from tests.unit.registry.test_download import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def facet(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("FACET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FACET_MODEL_CACHE_DIR", str(model_cache))
    eileen().save(tmp_path / "content.jpg")
    landscape().save(tmp_path / "style.png")

    def run(output: str, *arguments: str) -> Result:
        pictures = [str(tmp_path / name) for name in ("content.jpg", "style.png")]
        small = ["--size", "64", "--steps", "3"]
        return CliRunner().invoke(
            app, ["style", *pictures, "-o", str(tmp_path / output), *small, *arguments]
        )

    return run


def test_a_picture_is_painted(facet: Any, tmp_path: Path) -> None:
    done = facet("out/painted.png")
    assert done.exit_code == 0, done.output
    assert Image.open(tmp_path / "out/painted.png").size == (64, 64)
    done = facet("kept.jpg", "--keep-faces", "--preserve-colour", "--json")
    reported = json.loads(done.stdout)
    assert reported["model"] == "style-dictionary@1" and reported["loss"] > 0
    kept = np.asarray(Image.open(tmp_path / "kept.jpg").convert("RGB"), dtype=float)
    own = np.asarray(eileen().resize((64, 64), Image.Resampling.BOX), dtype=float)
    face = slice(6, 20), slice(24, 33)  # of Eileen Collins
    assert np.abs(kept[face] - own[face]).mean() < 12
    assert not (tmp_path / "data" / "facet.db").exists()


@pytest.mark.parametrize(
    ("output", "arguments", "code"),
    [
        ("a.gif", (), "invalid-request"),
        ("a.png", ("--keep-faces", "--faces-only"), "invalid-request"),
        ("a.png", ("--model", "monet"), "unknown-model"),
        ("a.png", ("--model", "vgg19-imagenet"), "weights-missing"),
        ("a.png", ("--model", "vgg19-imagenet", "--size", "1024"), "invalid-request"),
    ],
)
def test_what_cannot_be_painted(
    facet: Any, tmp_path: Path, output: str, arguments: tuple[str, ...], code: str
) -> None:
    done = facet(output, *arguments, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == code
    assert not (tmp_path / output).exists()


# --- VGG-19 with small stand-in weights, from download to picture


def stand_in(directory: Path, url: str, **source: str) -> None:
    document = tomlkit.parse((BUILT_IN / "transfer-style" / "vgg19-imagenet-1.toml").read_text())
    document["name"] = "small-vgg"
    document["architecture"]["arguments"] = {"width": 4}
    document["source"].update({"url": url, **source})
    directory.mkdir(parents=True)
    (directory / "small-vgg-1.toml").write_text(tomlkit.dumps(document))


@pytest.fixture
def checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the server of the tests sends: torchvision's layout, classifier included."""
    path = tmp_path / "vgg.pth"
    torch.save(random_state(4, seed=0) | {"classifier.0.weight": torch.zeros(4, 4)}, path)
    monkeypatch.setattr("tests.unit.registry.test_download.CONTENT", path.read_bytes())
    return file_sha256(path)


def test_pulled_and_painted_with(
    facet: Any, tmp_path: Path, server: Server, checkpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACET_MODEL_CACHE_DIR", str(tmp_path / "cache"))
    stand_in(tmp_path / "data" / "manifests", server.url, sha256_begins=checkpoint[:8])
    missing = facet("a.png", "--model", "small-vgg", "--json")
    assert json.loads(missing.stdout)["error"]["code"] == "weights-missing"
    pulled = CliRunner().invoke(app, ["models", "pull", "small-vgg", "--accept-licence"])
    assert pulled.exit_code == 0, pulled.output
    reported = " ".join(pulled.output.split())
    assert "NOT for commercial use" in reported and checkpoint in reported
    done = facet("a.png", "--model", "small-vgg", "--faces-only")
    assert done.exit_code == 0, done.output
    assert Image.open(tmp_path / "a.png").size == (64, 64)


def test_layers_that_the_network_does_not_have(tmp_path: Path) -> None:
    stand_in(tmp_path / "manifests", "http://127.0.0.1:9/file")
    weights, path = tmp_path / "vgg.pt", tmp_path / "manifests" / "small-vgg-1.toml"
    torch.save(random_state(4, seed=0), weights)
    document = tomlkit.parse(path.read_text())
    source = {"kind": "file", "path": "../vgg.pt", "format": "torch"}
    document["source"] = {**source, "sha256": file_sha256(weights)}
    document["style"]["content_layer"] = "conv9_1"
    path.write_text(tomlkit.dumps(document))
    registry = Registry(tmp_path, [tmp_path / "manifests"])
    with pytest.raises(InvalidManifestError, match="conv9_1"):
        style_model(registry, registry.manifest("small-vgg", StyleManifest))


def test_a_download_whose_checksum_begins_otherwise_is_thrown_away(
    tmp_path: Path, server: Server, checkpoint: str
) -> None:
    stand_in(tmp_path / "manifests", server.url, sha256_begins="00" + checkpoint[:6])
    registry = Registry(tmp_path / "cache", [tmp_path / "manifests"])
    with pytest.raises(ChecksumMismatchError):
        registry.pull("small-vgg")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_dictionary_needs_no_weights(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    key = registry.default("transfer-style")
    assert key == "style-dictionary@1"
    assert registry.verify(key).ok and not registry.awaits_download(key)
    assert registry.pull(key).name == "style-dictionary-1.toml"
    assert not any(parameter.any() for parameter in registry.load(key).parameters())
    assert registry.awaits_download("vgg19-imagenet@1")


def test_a_model_for_styles_says_what_it_looks_at(tmp_path: Path) -> None:
    document = tomlkit.parse((BUILT_IN / "transfer-style" / "style-dictionary-1.toml").read_text())
    del document["style"]
    path = tmp_path / "a.toml"
    path.write_text(tomlkit.dumps(document))
    with pytest.raises(InvalidManifestError, match="style: Field required"):
        read_manifest(path)
