"""Servers, and a collection on one encoder beside an encoder whose space is a different one."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tomlkit
import torch
from safetensors.torch import load_file, save_file

from app.bootstrap.use_cases import open_use_cases
from app.services.use_cases import UseCases
from app.settings import Settings
from models.registry.download import file_sha256
from models.registry.registry import Registry
from tests.integration.server import Starter
from tests.two_encoders import OLD, PEOPLE, enrol


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """Starts server processes quickly."""
    starter = Starter()
    yield starter
    starter.close()


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """A directory with the turned encoder, and with one that was never calibrated."""
    directory = tmp_path_factory.mktemp("manifests")
    state = load_file(Registry(model_cache).prepare(OLD))
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(128, 128)))
    state["linear.weight"] = torch.from_numpy(rotation).float() @ state["linear.weight"].float()
    save_file(state, directory / "turned.safetensors")
    document = tomlkit.parse(Registry(model_cache).manifest(OLD).path.read_text())
    document["default"] = False
    document["source"] = {
        "kind": "file",
        "path": "turned.safetensors",
        "sha256": file_sha256(directory / "turned.safetensors"),
    }
    document["name"], document["version"] = "turned", 1
    (directory / "turned-1.toml").write_text(tomlkit.dumps(document))
    document["name"] = "uncalibrated"
    del document["curve"]
    (directory / "uncalibrated-1.toml").write_text(tomlkit.dumps(document))
    return directory


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path, manifests: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir()
    (data / "manifests").symlink_to(manifests)
    return Settings(data_dir=data, model_cache_dir=model_cache)


@pytest.fixture
def cases(settings: Settings) -> Iterator[UseCases]:
    """Two people with two faces each in the collection `staff`."""
    cases = open_use_cases(settings)
    cases.collections.create("staff", metadata={"floor": 3})
    for name in PEOPLE:
        enrol(cases, name)
        enrol(cases, name, brightness=1.2)
    yield cases
