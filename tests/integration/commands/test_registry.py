"""The registry on real weights: lazy, loaded once, and never from a wrong file."""

import hashlib
import multiprocessing
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import tomlkit
import torch
from safetensors.torch import load_file

from models.registry import sources
from models.registry.errors import (
    ChecksumMismatchError,
    InvalidManifestError,
    UnknownModelError,
    WeightsMissingError,
    WrongTaskError,
)
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import BUILT_IN, Registry
from tests.defaults import ENCODER
from tests.unit.registry.test_download import Server

DETECTOR = "mtcnn@1"


@pytest.fixture
def extra(tmp_path: Path) -> Callable[..., Path]:
    """Writes a manifest like the detector's with other values into a directory of its own."""

    def write(**changes: object) -> Path:
        document = tomlkit.parse((BUILT_IN / "detect-faces" / "mtcnn-1.toml").read_text())
        document["name"], document["default"] = "other", False
        document["source"] = {"kind": "file", "path": "gone.safetensors", "sha256": "0" * 64}
        for name, value in changes.items():
            document[name] = value
        directory = tmp_path / "manifests"
        directory.mkdir(exist_ok=True)
        (directory / f"{document['name']}-{document['version']}.toml").write_text(
            tomlkit.dumps(document)
        )
        return directory

    return write


@pytest.fixture
def weights(tmp_path: Path, model_cache: Path) -> Path:
    """The detector's weights as a safetensors file."""
    path = tmp_path / "weights.safetensors"
    shutil.copy(Registry(model_cache).prepare(DETECTOR), path)
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_keys_and_defaults(model_cache: Path) -> None:
    registry = Registry(model_cache)
    assert {"facenet-resnet29@1", "mtcnn@1"} <= set(registry.keys())
    assert registry.default("detect-faces") == "facet-detector@1"
    assert registry.default("encode-faces") == ENCODER
    assert registry.is_default(registry.manifest("facet-detector"))
    assert not registry.is_default(registry.manifest("mtcnn"))


def test_unknown_keys_and_wrong_tasks(model_cache: Path) -> None:
    registry = Registry(model_cache)
    for key in ("nothing", "mtcnn@2", ""):
        with pytest.raises(UnknownModelError, match="facenet-resnet29@1"):
            registry.load(key)
    with pytest.raises(WrongTaskError):
        registry.manifest("mtcnn@1", EncoderManifest)


def test_a_bare_name_is_the_newest_version(model_cache: Path, extra: Callable[..., Path]) -> None:
    extra(version=9)
    registry = Registry(model_cache, [extra(version=10)])
    assert registry.manifest("other").key == "other@10"


def test_an_extra_default_takes_over(model_cache: Path, extra: Callable[..., Path]) -> None:
    registry = Registry(model_cache, [extra(default=True)])
    assert registry.default("detect-faces") == "other@1"
    assert not registry.is_default(registry.manifest(DETECTOR))


def test_two_models_with_one_key(model_cache: Path, extra: Callable[..., Path]) -> None:
    with pytest.raises(InvalidManifestError, match="two models"):
        Registry(model_cache, [extra(name="mtcnn")])


def test_listing_needs_neither_torch_nor_weights(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.registry.registry import Registry;"
        f"r = Registry(Path({str(tmp_path)!r})); print(*r.keys());"
        "assert 'torch' not in sys.modules; assert not list(Path(r.cache_dir).iterdir())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"facenet-resnet29@1", "mtcnn@1"} <= set(done.stdout.split())


def test_packages_are_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from models.registry.registry import Registry;"
        f"Registry(Path({str(tmp_path)!r})).load('mtcnn');"
        "assert 'mtcnn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_many_threads_load_once(model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry(model_cache)
    builds: list[str] = []
    build = registry._build

    def counted(manifest: Manifest, device: str) -> torch.nn.Module:
        builds.append(manifest.key)
        return build(manifest, device)

    monkeypatch.setattr(registry, "_build", counted)
    start = threading.Barrier(16)
    loaded: list[tuple[str, torch.nn.Module]] = []

    def load(key: str) -> None:
        start.wait()
        loaded.append((key, registry.load(key)))

    keys = ["mtcnn@1", "mtcnn", "facenet-resnet29@1", "facenet-resnet29"] * 4
    threads = [threading.Thread(target=load, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(builds) == ["facenet-resnet29@1", "mtcnn@1"]
    assert len({id(network) for _, network in loaded}) == 2
    for _, network in loaded:
        assert not network.training
        assert not any(p.requires_grad for p in network.parameters())


def test_the_cache_is_written_once_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Registry(tmp_path).load(DETECTOR)
    assert [p.suffix for p in tmp_path.iterdir()] == [".safetensors"]
    monkeypatch.setattr(sources, "CONVERTERS", {})  # converting again would fail
    second = Registry(tmp_path).load(DETECTOR)
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name])


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "garbage"])
def test_a_corrupt_cache_is_made_again(tmp_path: Path, damage: str) -> None:
    path = Registry(tmp_path).prepare(DETECTOR)
    good = {name: value.clone() for name, value in load_file(path).items()}  # not mapped
    data = bytearray(path.read_bytes())
    data[-1000] ^= 0xFF
    path.write_bytes(
        {"cut": bytes(data[:-5000]), "flipped": bytes(data), "empty": b"", "garbage": b"x" * 99}[
            damage
        ]
    )
    network = Registry(tmp_path).load(DETECTOR)
    for name, value in network.state_dict().items():
        assert torch.equal(value, good[name])
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def _prepare(cache: str) -> str:
    return str(Registry(Path(cache)).prepare(DETECTOR))


def test_several_processes_convert_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        paths = pool.map(_prepare, [str(tmp_path)] * 3)
    assert len(set(paths)) == 1
    assert [p.name for p in tmp_path.iterdir()] == [Path(paths[0]).name]
    Registry(tmp_path).load(DETECTOR)


def test_a_wrong_checksum_is_refused_before_the_file_is_unpickled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tomlkit.parse((BUILT_IN / "detect-faces" / "mtcnn-1.toml").read_text())
    document["source"]["files"][1]["sha256"] = "0" * 64
    (tmp_path / "other.toml").write_text(tomlkit.dumps(document))
    monkeypatch.setattr(
        "models.registry.conversion.pickled_arrays.read_arrays",
        lambda _: pytest.fail("read unchecked"),
    )
    with pytest.raises(ChecksumMismatchError) as caught:
        sources.weights_file(read_manifest(tmp_path / "other.toml"), tmp_path / "cache")
    assert caught.value.data["expected"] == "0" * 64
    assert str(tmp_path) not in str(caught.value.data) + str(caught.value)


def test_missing_packages_and_files_say_what_to_do(
    tmp_path: Path, extra: Callable[..., Path]
) -> None:
    local = {"kind": "file", "path": "gone.safetensors", "sha256": "0" * 64}
    extra(name="local", source=local)
    remote = {"kind": "url", "url": "https://example.invalid/w", "sha256": "0" * 64}
    registry = Registry(tmp_path / "cache", [extra(name="remote", source=remote)])
    with pytest.raises(WeightsMissingError, match="facet models pull remote@1"):
        registry.load("remote")
    with pytest.raises(WeightsMissingError, match=r"gone\.safetensors"):
        registry.load("local")
    assert registry.verify("remote").files[0].actual is None


def test_file_and_url_sources(
    tmp_path: Path, weights: Path, extra: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {"kind": "file", "path": "../weights.safetensors", "sha256": sha256(weights)}
    registry = Registry(tmp_path / "cache", [extra(source=source)])
    assert registry.verify("other").ok
    expected = registry.load("other").state_dict()
    monkeypatch.setattr("tests.unit.registry.test_download.CONTENT", weights.read_bytes())
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        remote = {"kind": "url", "url": server.url, "sha256": sha256(weights)}
        registry = Registry(tmp_path / "cache", [extra(name="remote", source=remote)])
        registry.pull("remote")
        registry.pull("remote")  # there already
        server.shutdown()
        thread.join()
    assert len(server.asked) == 1
    for name, value in registry.load("remote").state_dict().items():
        assert torch.equal(value, expected[name])


def test_weights_that_do_not_fit(tmp_path: Path, weights: Path, extra: Callable[..., Path]) -> None:
    source = {"kind": "file", "path": "../weights.safetensors", "sha256": sha256(weights)}
    extra(source=source, architecture={"name": "resnet29"})
    extra(name="odd", source=source, architecture={"name": "alexnet"})
    directory = extra(
        name="arguments", source=source, architecture={"name": "mtcnn", "arguments": {"depth": 3}}
    )
    registry = Registry(tmp_path / "cache", [directory])
    for key in ("other", "odd", "arguments"):
        with pytest.raises(InvalidManifestError):
            registry.load(key)


def test_real_weights_verify(model_cache: Path) -> None:
    registry = Registry(model_cache)
    present = [key for key in registry.keys() if not registry.awaits_download(key)]  # noqa: SIM118
    assert {"facenet-resnet29@1", "mtcnn@1"} <= set(present)
    assert all(registry.verify(key).ok for key in present)
    assert registry.pull(DETECTOR).is_file()
