"""Put a new model beside those there are: weights, manifest, and a trial before both."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tomlkit import dumps
from tomlkit.toml_document import TOMLDocument

from models.files.writing import publish as make_public
from models.registry.directories import folder_for
from models.registry.download import file_sha256
from models.registry.errors import ModelExistsError
from models.registry.loading import load_network
from models.registry.manifests.base import Manifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import Registry


def publish(
    weights: Path,
    document: TOMLDocument,
    registry: Registry,
    *,
    manifests: Path,
    weights_dir: Path,
    **source: Any,
) -> Manifest:
    """Copy `weights` into `weights_dir` and write the manifest that names them.

    It goes into `manifests`, or where that has a folder for the task into that.

    `document` is the manifest without, or with another, `[source]`; more of that table, such
    as `unused`, may come as keywords. The model runs once before anything is left behind.

    Raises InvalidManifestError, InvalidWeightsError, or ModelExistsError when the key is
    taken: a published version is never overwritten.
    """
    weights_dir.mkdir(parents=True, exist_ok=True)
    manifests.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=weights_dir, prefix=".new-") as name:
        staged = Path(name)
        copy = staged / f"weights{weights.suffix}"
        shutil.copyfile(weights, copy)
        source |= {"path": copy.name, "sha256": file_sha256(copy)}
        manifest = _write(staged / "manifest.toml", document, source)
        stem = f"{manifest.name}-{manifest.version}"
        folder = folder_for(manifest, manifests)
        file, target = weights_dir / (stem + weights.suffix), folder / f"{stem}.toml"
        if manifest.key in registry.keys() or target.exists() or file.exists():  # noqa: SIM118
            raise ModelExistsError(
                f"There is a model {manifest.key} already, and a version never changes.",
                hint="Raise `version` in the manifest.",
                model=manifest.key,
            )
        manifest.try_out(load_network(manifest, copy, parts=registry.parts_of(manifest)))
        source["path"] = Path(os.path.relpath(file, folder)).as_posix()
        _write(staged / "manifest.toml", document, source)
        # The manifest last: whoever sees it finds its weights.
        make_public(copy, file)
        make_public(staged / "manifest.toml", target)
    return read_manifest(target)


def _write(path: Path, document: TOMLDocument, source: Mapping[str, Any]) -> Manifest:
    weights_format = "onnx" if str(source["path"]).endswith(".onnx") else "safetensors"
    document["source"] = {"kind": "file", "format": weights_format, **source}
    path.write_text(dumps(document), encoding="utf-8")
    return read_manifest(path)
