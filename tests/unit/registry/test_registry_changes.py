"""What is published while a registry is open, one directory given twice, and who is ready."""

import hashlib
import os
from pathlib import Path

import pytest
import tomlkit
from tomlkit import TOMLDocument

from models.registry import readiness
from models.registry.errors import InvalidManifestError, UnknownModelError
from models.registry.manifests import reading
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import BUILT_IN, Registry

WEIGHTS = b"stands for weights"


def encoder(name: str = "mine", version: int = 1) -> TOMLDocument:
    """An encoder whose weights are a file beside its manifest."""
    document = tomlkit.parse((BUILT_IN / "encode-faces" / "facenet-resnet29-1.toml").read_text())
    document["name"], document["version"] = name, version
    sha256 = hashlib.sha256(WEIGHTS).hexdigest()
    document["source"] = {"kind": "file", "path": "w.safetensors", "sha256": sha256}
    return document


def write(directory: Path, document: TOMLDocument) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / "w.safetensors").write_bytes(WEIGHTS)
    path = directory / f"{document['name']}-{document['version']}.toml"
    path.write_text(tomlkit.dumps(document))
    return path


def test_one_directory_under_many_names_is_one(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    write(mine, encoder())
    (tmp_path / "link").symlink_to(mine)
    relative = Path(os.path.relpath(mine))
    names = [mine, mine, tmp_path / "link", mine / ".." / "mine", relative]
    assert Registry(tmp_path, names).manifest("mine").key == "mine@1"
    other = tmp_path / "other"
    write(other, encoder())
    with pytest.raises(InvalidManifestError, match="two models mine@1"):
        Registry(tmp_path, [mine, other])


def test_manifests_may_lie_flat_or_in_folders_named_after_tasks(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    write(mine, encoder("flat"))
    write(mine / "encode-faces", encoder("nested"))
    (mine / "runs").mkdir()
    (mine / "runs" / "recipe.toml").write_text("seed = 1")
    registry = Registry(tmp_path, [mine, mine / "encode-faces"])
    for name in ("flat", "nested"):
        assert registry.verify(name).ok
    write(mine / "encode-faces", encoder("nested", 2))
    registry.refresh()
    assert registry.manifest("nested").path == mine / "encode-faces" / "nested-2.toml"


def test_what_is_published_later_is_found_when_it_is_asked_for(tmp_path: Path) -> None:
    registry = Registry(tmp_path, [tmp_path / "later"])
    with pytest.raises(UnknownModelError):
        registry.manifest("mine@1")
    write(tmp_path / "later", encoder())
    assert registry.manifest("mine@1").key == "mine@1"
    write(tmp_path / "later", encoder(version=2))
    assert registry.manifest("mine").key == "mine@2", "the newest of that name"
    assert registry.manifest("mine@1").key == "mine@1"


def test_only_changed_files_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mine", encoder())
    registry = Registry(tmp_path, [tmp_path / "mine"])
    write(tmp_path / "mine", encoder(version=2))
    from models.registry import directories

    read: list[str] = []
    real = reading.read_manifest

    def watched(path: Path) -> Manifest:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(directories, "read_manifest", watched)
    for _ in range(50):
        with pytest.raises(UnknownModelError):
            registry.manifest("nothing@1")
    assert read == ["mine-2.toml"]


def test_a_curve_that_is_measured_later_counts(tmp_path: Path) -> None:
    document = encoder()
    curve = document.pop("curve")
    path = write(tmp_path / "mine", document)
    registry = Registry(tmp_path, [tmp_path / "mine"])
    found = registry.obstacle("mine")
    assert found is not None and found.reason == "no-curve" and "evaluate calibrate" in found.hint
    document["curve"] = curve
    path.write_text(tomlkit.dumps(document))
    assert registry.obstacle("mine") is None
    assert registry.manifest("mine", EncoderManifest).curve is not None


def test_a_version_never_comes_to_mean_another_network(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "mine", encoder())
    registry = Registry(tmp_path, [tmp_path / "mine"])
    changed = encoder()
    changed["mirror"] = False
    path.write_text(tomlkit.dumps(changed))
    registry.refresh()
    assert registry.manifest("mine@1", EncoderManifest).mirror
    assert "mine@1" in caplog.text


def test_a_bad_manifest_that_comes_later_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "mine", encoder())
    registry = Registry(tmp_path, [tmp_path / "mine"])
    bad = tmp_path / "mine" / "bad-1.toml"
    bad.write_text("name = ")
    write(tmp_path / "mine", encoder(version=2))
    assert registry.manifest("mine").key == "mine@2"
    with pytest.raises(UnknownModelError, match=r"bad-1\.toml") as caught:
        registry.manifest("bad@1")
    assert str(tmp_path) not in str(caught.value)
    assert caplog.text.count("bad-1.toml cannot be read") == 1
    bad.write_text(tomlkit.dumps(encoder("bad")))
    assert registry.manifest("bad@1").key == "bad@1"


def test_why_a_model_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mine", encoder())
    unknown, borrowed = encoder("unknown"), encoder("borrowed")
    unknown["architecture"] = {"name": "of-tomorrow"}
    borrowed["architecture"] = {"name": "vgg-16"}
    write(tmp_path / "mine", unknown)
    write(tmp_path / "mine", borrowed)
    registry = Registry(tmp_path / "cache", [tmp_path / "mine"])

    def reason(key: str) -> str | None:
        found = registry.obstacle(key)
        assert found is None or (found.message and found.hint)
        assert found is None or str(tmp_path) not in found.message + found.hint
        return None if found is None else found.reason

    assert reason("mine") is None
    assert reason("unknown") == "invalid-manifest"
    assert reason("facenet-vggface2") == "weights-missing"
    (tmp_path / "mine" / "w.safetensors").write_bytes(b"something else")
    assert reason("mine") == "checksum-mismatch"
    (tmp_path / "mine" / "w.safetensors").unlink()
    assert reason("mine") == "weights-missing"
    monkeypatch.setattr(readiness, "_installed", lambda package: package != "torchvision")
    assert reason("borrowed") == "package-missing"


def test_weights_of_a_package_are_for_the_projects_own_manifests(tmp_path: Path) -> None:
    document = tomlkit.parse((BUILT_IN / "detect-faces" / "mtcnn-1.toml").read_text())
    document["name"] = "foreign"
    write(tmp_path / "mine", document)
    with pytest.raises(InvalidManifestError, match="only the project's own") as caught:
        Registry(tmp_path, [tmp_path / "mine"])
    assert "facet models add" in caught.value.hint
