"""A finished run is measured and calibrated before it is published, and published once."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from models.pipelines.faces.pipeline import face_encoder
from models.registry.errors import InvalidManifestError, UnknownModelError
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import Registry
from tests.made_up_galleries import people
from tests.made_up_training import finished
from training.__main__ import app
from training.encoders.backbones import BACKBONES
from training.encoders.measuring.setup import setup
from training.encoders.networks.embedding import embed_chips
from training.encoders.publication.candidate import measured_curve
from training.kit import checkpoints
from training.kit.run_files import BEST, WEIGHTS

GALLERY = people(60, 3, spread=0.9)
CARD = """
description = "Made up."
limits = "Everybody."
training_data = "Nobody."
[licence]
name = "MIT"
url = "https://example.org"
commercial = true
"""


def invoked(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def calibrated(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in sorted(set(GALLERY.identities)):
        (tmp_path / "faces" / person).mkdir(parents=True, exist_ok=True)
        for i in range(3):
            (tmp_path / "faces" / person / f"{i}.jpg").write_bytes(b"a picture")
    monkeypatch.setattr("training.encoders.commands.calibrate.embed", lambda *_: GALLERY)
    invoked(
        "evaluate", "calibrate", "--encoder", run, "--images", tmp_path / "faces",
        "--cache", tmp_path / "cache", "--json", tmp_path / "curve.json", "--write",
    )  # fmt: skip


def test_a_run_embeds_like_the_network_that_was_trained(tmp_path: Path) -> None:
    run = finished(tmp_path / "Run 7", "lenet-5", dimension=32)
    use = setup(str(run), None, 0.0, None, tmp_path / "cache", None)
    assert use.options()["encoder"] == "run-7-candidate@1"
    chips = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), "u1")
    network = BACKBONES["lenet-5"].build(32)
    network.load_state_dict(checkpoints.load(run / BEST)["average"])
    served = face_encoder(use.registry, use.encoder).encode(chips)
    np.testing.assert_allclose(served, embed_chips(network, chips, BACKBONES["lenet-5"]), atol=2e-5)


def test_the_curve_of_a_run_goes_with_it_when_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished(tmp_path / "mine", "lenet-5")
    calibrated(run, tmp_path, monkeypatch)
    assert json.loads((tmp_path / "curve.json").read_text())["encoder"] == "mine-candidate@1"
    (tmp_path / "card.toml").write_text(CARD)
    said = invoked(
        "export", run, "--card", tmp_path / "card.toml", "--name", "mine", "--version", "1",
        "--into", tmp_path / "out", "--cache", tmp_path / "cache",
    )  # fmt: skip
    assert "no threshold curve" not in said
    published = read_manifest(tmp_path / "out" / "mine-1.toml")
    assert isinstance(published, EncoderManifest) and published.curve is not None
    assert published.curve.impostors == (180 * 179 - 180 * 2) // 2
    assert "### Thresholds" in (tmp_path / "out" / "mine-v1.md").read_text()
    keys = Registry(tmp_path / "cache", [tmp_path / "out"]).keys()
    assert "mine@1" in keys and not any("candidate" in key for key in keys)


def test_a_curve_is_of_the_weights_it_was_measured_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished(tmp_path / "mine", "lenet-5")
    calibrated(run, tmp_path, monkeypatch)
    assert measured_curve(run) is not None
    state = {name: value + 1 for name, value in checkpoints.load(run / BEST)["average"].items()}
    checkpoints.save_weights(run / WEIGHTS, state)
    assert measured_curve(run) is None
    use = setup(str(run), None, 0.0, None, tmp_path / "cache", None)
    assert use.registry.manifest(use.encoder, EncoderManifest).curve is None
    loaded = use.registry.load(use.encoder).state_dict()
    assert all(torch.equal(value, state[name]) for name, value in loaded.items())


def test_a_key_goes_before_a_folder_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facenet-resnet29").mkdir()
    use = setup("facenet-resnet29", None, 0.0, None, tmp_path / "cache", None)
    assert use.options()["encoder"].startswith("facenet-resnet29@")


def test_what_is_no_finished_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidManifestError, match="has not ended"):
        setup(str(tmp_path / "empty"), None, 0.0, None, tmp_path / "cache", None)
    with pytest.raises(UnknownModelError):
        setup(str(tmp_path / "nothing"), None, 0.0, None, tmp_path / "cache", None).options()
