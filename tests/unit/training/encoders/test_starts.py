"""Weights to start from."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import tomlkit
import torch
from safetensors.torch import load_file, save_file

from models.nets.encoders.mobile_face_net import MobileFaceNet
from models.registry.registry import BUILT_IN, Registry
from tests.made_up_training import recipe, trainer
from training.encoders.backbones import BACKBONES
from training.encoders.networks import starts
from training.encoders.networks.embedding import embed_chips, raw_embeddings
from training.encoders.networks.starts import cut_from, starting_network
from training.kit.recipe import ConfigError

NO_CHIPS = np.zeros((0, 8, 8, 3), np.uint8)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path)) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


def test_published_weights_are_downloaded_but_for_the_head(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = BACKBONES["mobilenet-v2"].build(1000).state_dict()
    torch.save(theirs, tmp_path / "net.pth")
    digest = hashlib.sha256((tmp_path / "net.pth").read_bytes()).hexdigest()[:8]
    (tmp_path / "net.pth").rename(tmp_path / f"net-{digest}.pth")
    monkeypatch.setattr(starts, "published_url", lambda name: f"{server}/net-{digest}.pth")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    config = recipe(model={"backbone": "mobilenet-v2", "start": "torchvision"})
    ours = starting_network(config.model, Registry(tmp_path), NO_CHIPS).state_dict()
    for name, value in ours.items():
        assert value.shape[0] == 128 if name.startswith("classifier") else value.equal(theirs[name])


def test_without_a_network_the_hint_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starts, "published_url", lambda name: "http://127.0.0.1:9/net-00000000.pth")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    config = recipe(model={"backbone": "resnet-18", "start": "torchvision"})
    with pytest.raises(ConfigError, match="online"):
        starting_network(config.model, Registry(tmp_path), NO_CHIPS)


def test_torchvision_names_an_address_for_every_network_it_publishes() -> None:
    for backbone in BACKBONES.values():
        if backbone.published:
            assert starts.published_url(backbone.published).startswith("https://")


def test_lenet_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="publishes no weights"):
        starting_network(
            recipe(model={"backbone": "lenet-5", "start": "torchvision"}).model,
            Registry(tmp_path),
            NO_CHIPS,
        )


def test_a_checkpoint_is_a_start(tmp_path: Path) -> None:
    run = trainer(recipe(), tmp_path)
    run.train()
    start = str(tmp_path / "last.pt")
    network = starting_network(
        recipe(model={"backbone": "lenet-5", "start": start}).model, Registry(tmp_path), NO_CHIPS
    )
    average = torch.load(start, weights_only=True)["average"]
    assert all(value.equal(average[name]) for name, value in network.state_dict().items())
    with pytest.raises(ConfigError, match="do not fit mobilenet-v1"):
        starting_network(
            recipe(model={"backbone": "mobilenet-v1", "start": start}).model,
            Registry(tmp_path),
            NO_CHIPS,
        )


def test_the_weights_of_a_run_are_a_start(tmp_path: Path) -> None:
    run = trainer(recipe(), tmp_path)
    run.train()
    run.finish()
    start = tmp_path / "weights.safetensors"
    config = recipe(model={"backbone": "lenet-5", "start": str(start)})
    network = starting_network(config.model, Registry(tmp_path), NO_CHIPS)
    weights = load_file(start)
    assert all(value.equal(weights[name]) for name, value in network.state_dict().items())
    start.write_bytes(b"nonsense")
    with pytest.raises(ConfigError, match="cannot be read"):
        starting_network(config.model, Registry(tmp_path), NO_CHIPS)


def test_a_registry_key_is_a_start(model_cache: Path) -> None:
    config = recipe(model={"backbone": "facenet-resnet29", "start": "facenet-resnet29@1"})
    registry = Registry(model_cache)
    expected = registry.load("facenet-resnet29@1").state_dict()
    network = starting_network(config.model, registry, NO_CHIPS)
    assert all(value.equal(expected[name]) for name, value in network.state_dict().items())
    assert all(p.requires_grad for p in network.parameters())


def long_encoder(directory: Path) -> Registry:
    """A registry with a MobileFaceNet of random weights that gives 256 numbers."""
    torch.manual_seed(0)
    weights = directory / "long.safetensors"
    save_file(MobileFaceNet(256).state_dict(), weights)
    document = tomlkit.parse((BUILT_IN / "encode-faces" / "reid-retail-0095-1.toml").read_text())
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    document["name"] = "long"
    document["source"] = {"kind": "file", "path": weights.name, "sha256": digest}
    (directory / "long-1.toml").write_text(tomlkit.dumps(document))
    return Registry(directory / "cache", [directory])


def test_a_longer_embedding_is_projected_onto_its_principal_components(tmp_path: Path) -> None:
    registry = long_encoder(tmp_path)
    chips = np.random.default_rng(0).integers(0, 256, (6, 128, 128, 3), dtype=np.uint8)
    model = {"backbone": "mobile-face-net", "start": "long@1", "dimension": 4}
    network = starting_network(recipe(model=model).model, registry, chips)
    start = registry.load("long@1")
    for name, value in network.state_dict().items():
        assert name == "linear.weight" or value.equal(start.state_dict()[name])
    # The same by hand: eigenvectors of the sum of outer products, not centred.
    moments = np.zeros((256, 256))
    for z in embed_chips(start, chips, BACKBONES["mobile-face-net"]):
        for i in range(256):
            moments[i] += float(z[i]) * z.astype(np.float64)
    _, vectors = np.linalg.eigh(moments)
    kept = vectors[:, -4:]
    head = start.state_dict()["linear.weight"].double().numpy()
    ours = network.state_dict()["linear.weight"].double().numpy()
    # Signs and order are free; inner products of projected vectors are not.
    np.testing.assert_allclose(ours.T @ ours, head.T @ kept @ kept.T @ head, atol=1e-5)


def test_whitened_components_are_centered_and_of_more_even_weight(tmp_path: Path) -> None:
    registry = long_encoder(tmp_path)
    chips = np.random.default_rng(0).integers(0, 256, (6, 128, 128, 3), dtype=np.uint8)
    model = {"backbone": "mobile-face-net", "start": "long@1", "dimension": 4, "whitening": 0.4}
    network = starting_network(recipe(model=model).model, registry, chips)
    backbone = BACKBONES["mobile-face-net"]
    raw = raw_embeddings(registry.load("long@1"), chips, backbone).astype(np.float64)
    # The same by hand: eigenvectors of the embeddings' covariance.
    length = [float(np.sqrt((z**2).sum())) for z in raw]
    embeddings = [z / n for z, n in zip(raw, length, strict=True)]
    mean = sum(embeddings) / len(embeddings)
    covariance = np.zeros((256, 256))
    for z in embeddings:
        covariance += np.outer(z - mean, z - mean) / len(embeddings)
    values, vectors = np.linalg.eigh(covariance)
    expected = []
    for z in raw:
        moved = z - np.mean(length) * mean
        expected.append(
            [
                float(moved @ vectors[:, -1 - i]) * (values[-1 - i] / values[-1]) ** -0.2
                for i in range(4)
            ]
        )
    ours = raw_embeddings(network, chips, backbone)
    # Signs are free.
    np.testing.assert_allclose(np.abs(ours), np.abs(expected), rtol=1e-3, atol=1e-4)


def test_a_network_without_a_bias_before_its_end_is_not_whitened(model_cache: Path) -> None:
    start = "facenet-resnet29@1"
    model = {"backbone": "facenet-resnet29", "start": start, "dimension": 2, "whitening": 1}
    chips = np.zeros((3, 150, 150, 3), np.uint8)
    with pytest.raises(ConfigError, match="needs a network with a bias"):
        starting_network(recipe(model=model).model, Registry(model_cache), chips)


def test_as_many_pictures_as_components_cannot_be_whitened(tmp_path: Path) -> None:
    """Centered, they differ in one direction fewer; what is left of the last one is rounding."""
    chips = np.random.default_rng(0).integers(0, 256, (4, 128, 128, 3), dtype=np.uint8)
    model = {"backbone": "mobile-face-net", "start": "long@1", "dimension": 4, "whitening": 0.4}
    registry = long_encoder(tmp_path)
    for pictures in (chips, np.repeat(chips[:1], 8, axis=0)):
        with pytest.raises(ConfigError, match="fewer than 4 directions"):
            starting_network(recipe(model=model).model, registry, pictures)


@pytest.mark.parametrize("start", [None, "torchvision", "weights.safetensors"])
def test_only_a_start_from_the_registry_is_whitened(start: str | None) -> None:
    with pytest.raises(ValueError, match="start from the registry"):
        recipe(model={"backbone": "mobile-face-net", "start": start, "whitening": 0.4})


def test_fewer_pictures_than_components(tmp_path: Path) -> None:
    chips = np.zeros((3, 128, 128, 3), np.uint8)
    model = {"backbone": "mobile-face-net", "start": "long@1", "dimension": 4}
    with pytest.raises(ConfigError, match="3 pictures have fewer than 4"):
        starting_network(recipe(model=model).model, long_encoder(tmp_path), chips)


def test_a_network_that_sees_less_begins_with_one_that_sees_all(tmp_path: Path) -> None:
    registry = long_encoder(tmp_path)
    model = {"backbone": "mobile-face-net-128x112", "start": "long@1", "dimension": 256}
    config = recipe(model=model).model
    start = starting_network(config, registry, NO_CHIPS)
    network = cut_from(start, config)
    whole, cut = start.state_dict(), network.state_dict()
    assert all(cut[name].equal(whole[name]) for name in cut if name != "pool.weight")
    assert whole["pool.weight"].shape[2:] == (8, 8) and cut["pool.weight"].shape[2:] == (7, 8)
    # Once cut, it begins as it is.
    save_file(cut, tmp_path / "cut.safetensors")
    again = recipe(model=model | {"start": str(tmp_path / "cut.safetensors")}).model
    own = starting_network(again, registry, NO_CHIPS)
    assert cut_from(own, again) is own
    assert own.state_dict()["pool.weight"].equal(cut["pool.weight"])
