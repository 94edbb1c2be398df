"""`evaluate calibrate --write`: the curve reaches the manifest and the card, or nothing does."""

import json
from pathlib import Path

import numpy as np
import pytest
import tomlkit
from typer.testing import CliRunner

from models.registry.curve import ThresholdCurve
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import BUILT_IN
from tests.made_up_galleries import people
from training.__main__ import app
from training.measure.calibration import calibrate
from training.measure.impostors import cross_identity_histogram
from training.measure.templates import power_for, strangers_named
from training.publish.card import card_name, model_card
from training.publish.curve import curve_of

GALLERY = people(60, 3, spread=0.9)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The manifest of an encoder that was never measured, with its card."""
    document = tomlkit.parse((BUILT_IN / "encode-faces" / "facenet-resnet29-1.toml").read_text())
    document["name"], document["default"] = "mine", False
    document["source"] = {"kind": "file", "path": "mine.safetensors", "sha256": "0" * 64}
    for name in ("curve", "metrics"):
        document.pop(name, None)
    path = tmp_path / "manifests" / "mine-1.toml"
    path.parent.mkdir()
    path.write_text(tomlkit.dumps(document))
    card = path.with_name(card_name("mine", 1))
    card.write_text(model_card(read_manifest(path), "By hand.", "fp32"))
    return path


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of sixty people; what they would be embedded to is made up."""
    for person in sorted(set(GALLERY.identities)):
        (tmp_path / "faces" / person).mkdir(parents=True)
        for i in range(3):
            (tmp_path / "faces" / person / f"{i}.jpg").write_bytes(b"a picture")
    monkeypatch.setattr("training.encoders.commands.calibrate.embed", lambda *_: GALLERY)
    return tmp_path / "faces"


def run(published: Path, images: Path, *options: str) -> str:
    base = ["--encoder", "mine@1", "--manifests", published.parent, "--images", images]
    done = CliRunner().invoke(app, ["evaluate", "calibrate", *map(str, base), *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_curve_goes_into_manifest_and_card(published: Path, images: Path) -> None:
    before = published.read_text()
    run(published, images, "--data", "made-up people", "--write")
    manifest = read_manifest(published)
    assert isinstance(manifest, EncoderManifest)
    curve = manifest.curve
    expected = calibrate(cross_identity_histogram(GALLERY.embeddings, GALLERY.identities))
    assert curve is not None
    assert np.allclose(curve.points, expected.points)
    assert curve.impostors == expected.comparisons == (180 * 179 - 180 * 2) // 2
    assert curve.data == "made-up people: 180 faces of 60 people"
    card = published.with_name(card_name("mine", 1)).read_text()
    assert "### Thresholds" in card and "None yet." not in card
    assert f"{expected.comparisons:,} comparisons of different people" in card
    changed = tomlkit.parse(published.read_text())
    del changed["curve"]
    assert changed.unwrap() == tomlkit.parse(before).unwrap()
    run(published, images, "--write")
    again = published.with_name(card_name("mine", 1)).read_text()
    assert again.count("### Thresholds") == 1 and "faces: 180 faces" in again


def test_the_power_of_templates_is_measured_with_the_curve(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery, report = people(90, 3, spread=0.9), tmp_path / "report.json"
    for person in sorted(set(gallery.identities)):
        (tmp_path / "more" / person).mkdir(parents=True)
        for i in range(3):
            (tmp_path / "more" / person / f"{i}.jpg").write_bytes(b"a picture")
    monkeypatch.setattr("training.encoders.commands.calibrate.embed", lambda *_: gallery)
    said = run(published, tmp_path / "more", "--json", str(report), "--write")
    found = calibrate(cross_identity_histogram(gallery.embeddings, gallery.identities))
    curve = ThresholdCurve.of(found.points)
    expected = strangers_named(gallery.embeddings, gallery.identities, curve)
    written = json.loads(report.read_text())
    assert [one["faces"] for one in written["strangers_named"]] == [1, 2, 3]
    assert tuple(written["strangers_named"][2]["shares"]) == expected[2].shares
    assert written["template_power"] == power_for(expected)
    manifest = read_manifest(published)
    assert isinstance(manifest, EncoderManifest)
    assert manifest.template_power == curve_of(written)["template_power"] == power_for(expected)
    assert f"{expected[1].shares[0]:.4f}" in said and "3 faces" in said
    assert "Too few people have 5 pictures: left out." in " ".join(said.split())


def test_too_few_people_leave_the_power_as_it_was(published: Path, images: Path) -> None:
    said = run(published, images, "--write")
    assert "Too few people have several pictures" in " ".join(said.split())
    manifest = read_manifest(published)
    assert isinstance(manifest, EncoderManifest) and manifest.template_power == 1.0
    published.write_text(published.read_text().replace("[curve]", "[curve]\ntemplate_power = 0.6"))
    run(published, images, "--write")
    manifest = read_manifest(published)
    assert isinstance(manifest, EncoderManifest) and manifest.template_power == 0.6
    card = published.with_name(card_name("mine", 1)).read_text()
    assert "lengthened by a power of 0.6" in card


def test_without_write_nothing_is_written(published: Path, images: Path) -> None:
    files = {path: path.read_bytes() for path in published.parent.iterdir()}
    assert "15,930 comparisons" in run(published, images, "--data", "made-up people")
    assert {path: path.read_bytes() for path in published.parent.iterdir()} == files


def test_pictures_of_doubtful_label_are_left_out_and_told(
    published: Path, images: Path, tmp_path: Path
) -> None:
    paths = sorted(images.rglob("*.jpg"))[:3]
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    listed, report = tmp_path / "labels.txt", tmp_path / "report.json"
    listed.write_text("".join(f"{name}\n" for name in [*names, "nobody/9.jpg"]))
    said = run(published, images, "--without", str(listed), "--json", str(report), "--write")
    assert "3 of the 4 pictures of the list are left out" in " ".join(said.split())
    manifest = read_manifest(published)
    assert isinstance(manifest, EncoderManifest) and manifest.curve is not None
    kept = GALLERY.embeddings[3:], GALLERY.identities[3:]
    expected = calibrate(cross_identity_histogram(*kept))
    assert manifest.curve.left_out == tuple(names)
    assert manifest.curve.impostors == expected.comparisons
    assert "without 3 of doubtful label" in manifest.curve.data
    written = json.loads(report.read_text())
    whole = calibrate(cross_identity_histogram(GALLERY.embeddings, GALLERY.identities))
    assert np.allclose(written["points"], expected.points)
    assert np.allclose(written["points_with_left_out"], whole.points)
    assert curve_of(written)["left_out"] == names
