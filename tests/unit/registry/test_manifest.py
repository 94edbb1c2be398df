"""Manifests: the built-in ones, and how bad ones are told."""

import hashlib
from pathlib import Path

import pytest
import tomlkit

from models.registry import sources
from models.registry.errors import InvalidManifestError, WeightsMissingError
from models.registry.manifest import read_manifest
from models.registry.origins import PackageSource
from models.registry.registry import BUILT_IN, Registry

ENCODER = BUILT_IN / "facenet-resnet29-1.toml"
DETECTOR = BUILT_IN / "mtcnn-1.toml"


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.toml")), ids=lambda path: path.stem)
def test_built_in_manifests_are_named_after_their_key(path: Path) -> None:
    manifest = read_manifest(path)
    assert path.stem == f"{manifest.name}-{manifest.version}"
    assert "directory" not in manifest.model_dump()


def test_encoder() -> None:
    manifest = read_manifest(ENCODER)
    assert manifest.key == "facenet-resnet29@1"
    assert manifest.mirror
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
        ({"alignment": None}, "the manifest"),
        ({"output": None}, "the manifest"),
    ],
)
def test_bad_fields_are_named(tmp_path: Path, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidManifestError) as caught:
        read_manifest(changed(tmp_path, ENCODER, **changes))
    assert str(caught.value.data["field"]).startswith(field)
    assert caught.value.slug == "invalid-manifest"


def test_a_detector_needs_its_settings(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifestError, match="detection"):
        read_manifest(changed(tmp_path, DETECTOR, detection=None))


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe"])
def test_unreadable_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(InvalidManifestError, match=r"broken\.toml cannot be read"):
        read_manifest(path)


def test_an_encoder_without_a_curve_says_how_to_get_one(tmp_path: Path) -> None:
    manifest = read_manifest(changed(tmp_path, ENCODER, curve=None))
    with pytest.raises(InvalidManifestError, match="evaluate calibrate"):
        _ = manifest.threshold_curve


def test_an_aggregator_needs_its_encoder_and_a_curve(tmp_path: Path) -> None:
    curve = tomlkit.parse(ENCODER.read_text())["curve"]
    for missing in ("encoder", "curve"):
        given = {"encoder": "facenet-resnet29@1", "curve": curve} | {missing: None}
        changes = {name: value for name, value in given.items() if value is not None}
        path = changed(tmp_path, DETECTOR, task="aggregate-tracks", detection=None, **changes)
        with pytest.raises(InvalidManifestError, match="an aggregator needs encoder and curve"):
            read_manifest(path)


def test_only_aggregators_do_without_a_convention_of_pixels(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifestError, match="needs input"):
        read_manifest(changed(tmp_path, DETECTOR, input=None))


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


REID = BUILT_IN / "reid-retail-0095-1.toml"


def test_files_to_convert_from_the_web_have_one_checksum_each(tmp_path: Path) -> None:
    document = tomlkit.parse(REID.read_text())
    files = document["source"]["files"]
    assert read_manifest(REID).source.files[0].checksum == files[0]["sha384"]
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
