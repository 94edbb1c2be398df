"""A run of `train` is all that `export` needs, whatever the backbone."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from typer.testing import CliRunner, Result

from models.errors import InvalidWeightsError
from models.nets.encoders.mobile_face_net import MobileFaceNet
from models.pipelines.faces.encoding import FaceEncoder
from models.pipelines.pixels import to_tensor
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from tests.made_up_training import finished
from training.__main__ import app
from training.encoders.backbones import BACKBONES
from training.encoders.networks.embedding import embed_chips
from training.encoders.publication.luminance import seeing_luminance
from training.kit import checkpoints
from training.kit.run_files import BEST, WEIGHTS

CARD = """
description = "Made up."
limits = "Everybody."
training_data = "Nobody."
"""
LICENCE = '[licence]\nname = "MIT"\nurl = "https://example.org"\ncommercial = true\n'


def export(tmp_path: Path, run: Path, *options: str, card: str = CARD + LICENCE) -> Result:
    (tmp_path / "card.toml").write_text(card)
    name = () if "--name" in options else ("--name", "mine", "--version", "1")
    places = ("--into", str(tmp_path / "out"), "--cache", str(tmp_path / "cache"))
    arguments = ["export", str(run), "--card", str(tmp_path / "card.toml"), *name, *places]
    return CliRunner().invoke(app, [*arguments, *options])


@pytest.mark.parametrize("name", [n for n in BACKBONES if n not in ("alexnet", "vgg-16")])
def test_every_backbone(tmp_path: Path, name: str) -> None:
    run = finished(tmp_path / "run", name, dimension=32)
    done = export(tmp_path, run)
    assert done.exit_code == 0, done.output
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    manifest, backbone = registry.manifest("mine@1", EncoderManifest), BACKBONES[name]
    assert manifest.input.size == (backbone.side, backbone.side)
    chips = np.random.default_rng(0).integers(0, 256, (2, backbone.side, backbone.side, 3), "u1")
    network = backbone.build(32)
    network.load_state_dict(checkpoints.load(run / BEST)["average"])
    ours = embed_chips(network, chips, backbone)
    served = FaceEncoder(registry.load("mine"), manifest).encode(chips)
    np.testing.assert_allclose(served, ours, atol=2e-5)
    card = (tmp_path / "out" / "mine-v1.md").read_text()
    assert "steps = 77" in card and f'backbone = "{name}"' in card and "MIT" in card


def test_the_points_are_those_of_the_chips_that_were_trained_on(tmp_path: Path) -> None:
    assert export(tmp_path, finished(tmp_path / "run", "lenet-5")).exit_code == 0
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    small = np.asarray(registry.manifest("mine", EncoderManifest).alignment)
    large = np.asarray(registry.manifest("facenet-resnet29@1", EncoderManifest).alignment)
    np.testing.assert_allclose((small + 0.5) / 32, (large + 0.5) / 150, atol=1e-4)
    # A dot at a point of the large chip lies at the small one's point after reduction.
    chip = torch.zeros(1, 1, 150, 150)
    x, y = large[2].round().astype(int)
    chip[0, 0, y, x] = 1
    reduced = F.interpolate(chip, (32, 32), mode="bilinear", antialias=True)[0, 0].numpy()
    rows, columns = np.mgrid[:32, :32]
    found = [(grid * reduced).sum() / reduced.sum() for grid in (columns, rows)]
    np.testing.assert_allclose(found, small[2], atol=0.15)


@pytest.mark.parametrize("cut_for", ["facenet-resnet29@1", "reid-retail-0095@1"])
def test_mirror_images_count_where_they_do_for_whom_chips_were_cut(
    tmp_path: Path, cut_for: str
) -> None:
    run = finished(tmp_path / "run", "lenet-5")
    content = checkpoints.load(run / BEST)
    content["config"]["data"]["aligned_for"] = cut_for
    checkpoints.save(run / BEST, {k: v for k, v in content.items() if k != "format"})
    assert export(tmp_path, run).exit_code == 0
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    expected = registry.manifest(cut_for, EncoderManifest).mirror
    assert registry.manifest("mine@1", EncoderManifest).mirror is expected


def test_what_learnt_from_grey_pictures_sees_colours_as_their_luminance(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", "lenet-5")
    for number, options in enumerate(((), ("--luminance",)), 1):
        done = export(tmp_path, run, *options, "--name", "mine", "--version", str(number))
        assert done.exit_code == 0, done.output
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    plain, grey_only = (
        FaceEncoder(registry.load(key), registry.manifest(key, EncoderManifest))
        for key in ("mine@1", "mine@2")
    )
    chips = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), "u1")
    weighed = chips.astype(np.float64) @ [0.299, 0.587, 0.114]
    grey = np.repeat(weighed.round().astype("u1")[..., None], 3, axis=3)
    np.testing.assert_allclose(grey_only.encode(grey), plain.encode(grey), atol=1e-5)
    np.testing.assert_allclose(grey_only.encode(chips), plain.encode(grey), atol=5e-3)
    assert np.abs(plain.encode(chips) - plain.encode(grey)).max() > 0.02
    uneven = registry.manifest("facenet-resnet29@1", EncoderManifest)
    with pytest.raises(InvalidWeightsError, match="luminance"):
        seeing_luminance(registry.load("mine@1").state_dict(), uneven)


def test_channels_that_a_network_centres_apart_are_seen_as_luminance(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = MobileFaceNet(16).eval()
    network.shift.copy_(torch.tensor([-82.0, -68.0, -64.0]).view(3, 1, 1))
    manifest = Registry(tmp_path).manifest("reid-retail-0095@1", EncoderManifest)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    picture = torch.rand(2, 3, 128, 128) * 255
    shares = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)
    grey = (picture * shares).sum(1, keepdim=True).expand(-1, 3, -1, -1)
    with torch.inference_mode():
        expected = F.normalize(network(grey))
        network.load_state_dict(seeing_luminance(before, manifest))
        for seen in (grey, picture):
            assert (F.normalize(network(seen)) * expected).sum(1).min() > 0.999


def test_the_licence_of_what_it_began_as_goes_on(tmp_path: Path) -> None:
    started = finished(tmp_path / "a", "facenet-resnet29", start="facenet-resnet29@1")
    assert export(tmp_path, started, card=CARD).exit_code == 0
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    assert registry.manifest("mine").licence.name == "CC0-1.0"
    scratch = export(
        tmp_path, finished(tmp_path / "b", "lenet-5"), "--name", "b", "--version", "1", card=CARD
    )
    assert scratch.exit_code == 2 and "[licence]" in scratch.output


def test_a_file_of_a_run_and_what_is_no_run(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", "lenet-5")
    done = export(tmp_path, run / BEST, "--name", "best", "--version", "2")
    assert done.exit_code == 0, done.output
    (tmp_path / "alone").mkdir()
    alone = (run / WEIGHTS).rename(tmp_path / "alone" / "w.safetensors")
    for path, reported in ((alone, "--base"), (run, "--resume"), (tmp_path / "alone", "no run")):
        done = export(tmp_path, path, "--name", "c", "--version", "1")
        assert done.exit_code == 2 and reported in " ".join(done.output.split()), done.output


def test_name_and_version_may_stand_in_the_card(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", "lenet-5")
    card = 'name = "carded"\nversion = 3\n' + CARD + LICENCE
    (tmp_path / "card.toml").write_text(card)
    places = ["--into", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    arguments = ["export", str(run), "--card", str(tmp_path / "card.toml"), *places]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert CliRunner().invoke(app, [*arguments, "--version", "4"]).exit_code == 0
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    assert {"carded@3", "carded@4"} <= set(registry.keys())
    (tmp_path / "card.toml").write_text(CARD + LICENCE)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2 and "--name and --version" in " ".join(done.output.split())


def test_an_exported_graph_gives_embeddings_of_length_one(tmp_path: Path) -> None:
    import onnxruntime

    path = tmp_path / "mine.onnx"
    done = export(tmp_path, finished(tmp_path / "run", "lenet-5"), "--onnx", str(path))
    assert done.exit_code == 0, done.output
    registry = Registry(tmp_path / "cache", [tmp_path / "out"])
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), "u1")
    x = to_tensor(pixels, registry.manifest("mine").input)
    (given,) = onnxruntime.InferenceSession(path).run(None, {"pictures": x.numpy()})
    np.testing.assert_allclose(np.linalg.norm(given, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(given, F.normalize(registry.load("mine")(x)).numpy(), atol=1e-5)


def test_a_report_that_is_none(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", "lenet-5")
    (tmp_path / "list.json").write_text(json.dumps([1]))
    done = export(tmp_path, run, "--figures", str(tmp_path / "list.json"))
    assert done.exit_code == 2 and "not a report" in " ".join(done.output.split())
