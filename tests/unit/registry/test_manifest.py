"""Manifests: the built-in ones, and how bad ones are told."""

import hashlib
from pathlib import Path

import pytest
import tomlkit
import torch

from models.references import referred
from models.registry import sources
from models.registry.directories import manifest_files
from models.registry.errors import InvalidManifestError, WeightsMissingError
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import MANIFESTS, TASKS, read_manifest
from models.registry.origins import DownloadsSource, PackageSource
from models.registry.registry import BUILT_IN, Registry

ENCODER = BUILT_IN / "encode-faces" / "facenet-resnet29-1.toml"
DETECTOR = BUILT_IN / "detect-faces" / "mtcnn-1.toml"


@pytest.mark.parametrize("path", manifest_files(BUILT_IN), ids=lambda path: path.stem)
def test_built_in_manifests_are_named_after_their_key(path: Path) -> None:
    manifest = read_manifest(path)
    assert path.stem == f"{manifest.name}-{manifest.version}"
    assert "directory" not in manifest.model_dump()
    assert type(manifest).does() == manifest.task
    assert manifest.described_input() and manifest.described_output()


def test_encoder() -> None:
    manifest = read_manifest(ENCODER)
    assert manifest.key == "facenet-resnet29@1"
    assert isinstance(manifest, EncoderManifest) and manifest.mirror
    assert isinstance(manifest.source, PackageSource)
    curve = manifest.threshold_curve
    assert 0.91 < curve.similarity(1e-2) < curve.similarity(1e-3) < curve.similarity(1e-5) < 0.97


def changed(tmp_path: Path, source: Path, **changes: object) -> Path:
    """A copy of a manifest with values replaced, or removed where None."""
    document = tomlkit.parse(source.read_text())
    for dotted, value in changes.items():
        *tables, name = dotted.split("__")
        table = document
        for part in tables:
            table = table[part]
        if value is None:
            del table[name]
        else:
            table[name] = value
    path = tmp_path / "changed.toml"
    path.write_text(tomlkit.dumps(document))
    return path


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "No Spaces"}, "name"),
        ({"version": 0}, "version"),
        ({"task": "make-coffee"}, "task"),
        ({"source__kind": "magic"}, "source"),
        ({"source__converter": None}, "source.package.converter"),
        ({"licence__commercial": None}, "licence.commercial"),
        ({"input__scale": 0.0}, "input.scale"),
        ({"surprise": 1}, "surprise"),
        ({"curve__points": [[0.9, 0.1], [0.8, 0.01]]}, "curve"),
        ({"alignment": [[1.0, 2.0]]}, "alignment"),
        ({"alignment": None}, "alignment"),
        ({"output": None}, "output"),
        ({"input": None}, "input"),
        ({"input__size": None}, "input.size"),
        ({"input__channels": "grey"}, "input.channels"),
        ({"task": None}, "task"),
        ({"architecture__name": "onnx"}, "the manifest"),
    ],
)
def test_bad_fields_are_named(tmp_path: Path, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidManifestError) as caught:
        read_manifest(changed(tmp_path, ENCODER, **changes))
    assert str(caught.value.data["field"]).startswith(field)
    assert caught.value.slug == "invalid-manifest"


def test_a_detector_needs_its_settings(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifestError, match=r"changed\.toml: detection: Field required"):
        read_manifest(changed(tmp_path, DETECTOR, detection=None))


def test_a_bad_task_is_told_with_the_good_ones(tmp_path: Path) -> None:
    for task in ("make-coffee", 3, ["encode-faces"], None):
        with pytest.raises(InvalidManifestError, match=r"task: .* one of aggregate-tracks, d"):
            read_manifest(changed(tmp_path, ENCODER, task=task))


def test_settings_of_other_tasks_are_passed_over_as_they_always_were(tmp_path: Path) -> None:
    style = {"layers": {"conv1_1": 1.0}, "alpha": 1.0, "beta": 1.0}
    path = changed(tmp_path, DETECTOR, mirror=True, encoder="x@1", output={"dimension": 3})
    assert read_manifest(path) == read_manifest(DETECTOR).model_copy(update={"directory": tmp_path})
    path = changed(tmp_path, ENCODER, style=style, detection={"min_face": 20})
    assert read_manifest(path) == read_manifest(ENCODER).model_copy(update={"directory": tmp_path})


def test_the_trial_of_every_task_is_there() -> None:
    assert {kind.does() for kind in MANIFESTS} == set(TASKS)
    tried = {kind.does(): referred(kind.trial) for kind in MANIFESTS if kind.trial}
    assert tried.keys() == set(TASKS) - {"transfer-style"}


def test_models_of_styles_cannot_be_tried() -> None:
    manifest = read_manifest(BUILT_IN / "transfer-style" / "style-dictionary-1.toml")
    with pytest.raises(InvalidManifestError, match="transfer-style, and such models cannot be"):
        manifest.try_out(torch.nn.Identity())


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe"])
def test_unreadable_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(InvalidManifestError, match=r"broken\.toml cannot be read"):
        read_manifest(path)


def test_an_encoder_without_a_curve_says_how_to_get_one(tmp_path: Path) -> None:
    manifest = read_manifest(changed(tmp_path, ENCODER, curve=None))
    assert isinstance(manifest, EncoderManifest)
    with pytest.raises(InvalidManifestError, match="evaluate calibrate"):
        _ = manifest.threshold_curve


def test_an_aggregator_needs_its_encoder_and_a_curve(tmp_path: Path) -> None:
    curve = tomlkit.parse(ENCODER.read_text())["curve"]
    for missing in ("encoder", "curve"):
        given = {"encoder": "facenet-resnet29@1", "curve": curve} | {missing: None}
        changes = {name: value for name, value in given.items() if value is not None}
        path = changed(tmp_path, DETECTOR, task="aggregate-tracks", detection=None, **changes)
        with pytest.raises(InvalidManifestError, match=f"{missing}: Field required"):
            read_manifest(path)


def test_what_takes_pictures_needs_a_convention_of_pixels(tmp_path: Path) -> None:
    for path in (DETECTOR, BUILT_IN / "transfer-style" / "style-dictionary-1.toml"):
        with pytest.raises(InvalidManifestError, match="input: Field required"):
            read_manifest(changed(tmp_path, path, input=None))


@pytest.mark.parametrize("bad", ["/etc/passwd", "../x.dat", "a/../../x", "a//x", "", ".", "a\\x"])
def test_files_of_a_package_lie_inside_it(tmp_path: Path, bad: str) -> None:
    files = [{"path": bad, "sha256": "0" * 64}]
    with pytest.raises(InvalidManifestError) as caught:
        read_manifest(changed(tmp_path, ENCODER, source__files=files))
    assert caught.value.data["field"] == "source.package.files.0.path"


def test_a_link_out_of_a_package_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "secret").write_bytes(b"")
    (site / "w.dat").symlink_to(tmp_path / "secret")
    files = [{"path": "w.dat", "sha256": hashlib.sha256(b"").hexdigest()}]
    manifest = read_manifest(changed(tmp_path, ENCODER, source__files=files))
    monkeypatch.setattr(sources, "_site_directory", lambda *_: site)
    with pytest.raises(InvalidManifestError, match=r"w\.dat .* is a link out of"):
        sources.source_files(manifest, tmp_path)


def test_missing_packages_say_what_to_install(tmp_path: Path) -> None:
    path = changed(tmp_path, ENCODER, source__distribution="facet-no-such-package")
    with pytest.raises(WeightsMissingError, match="pip install facet-no-such-package"):
        sources.source_files(read_manifest(path), tmp_path)


REID = BUILT_IN / "encode-faces" / "reid-retail-0095-1.toml"


def test_files_to_convert_from_the_web_have_one_checksum_each(tmp_path: Path) -> None:
    document = tomlkit.parse(REID.read_text())
    files = document["source"]["files"]
    source = read_manifest(REID).source
    assert isinstance(source, DownloadsSource)
    assert source.files[0].checksum == files[0]["sha384"]
    files[0]["sha256"] = "0" * 64
    (tmp_path / "both.toml").write_text(tomlkit.dumps(document))
    with pytest.raises(InvalidManifestError, match="not both"):
        read_manifest(tmp_path / "both.toml")
    del files[0]["sha256"], files[0]["sha384"]
    (tmp_path / "none.toml").write_text(tomlkit.dumps(document))
    with pytest.raises(InvalidManifestError, match="give the file's sha256 or sha384"):
        read_manifest(tmp_path / "none.toml")


def test_only_the_projects_own_manifests_have_weights_converted(tmp_path: Path) -> None:
    document = tomlkit.parse(REID.read_text())
    document["name"] = "foreign"
    (tmp_path / "foreign.toml").write_text(tomlkit.dumps(document))
    with pytest.raises(InvalidManifestError, match="converted"):
        Registry(tmp_path / "cache", [tmp_path])
