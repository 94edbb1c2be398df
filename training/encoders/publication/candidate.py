"""A finished run as a model of the registry that can be measured before it is published."""

import re
from pathlib import Path
from typing import Any

from tomlkit import dumps

from models.places import require_directory
from models.registry.download import file_sha256
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.origins import FileSource
from models.registry.registry import Registry
from training.encoders.publication.encoder import Description, fields_of
from training.encoders.publication.origin import Origin, origin_of
from training.kit.run_files import WEIGHTS
from training.publish.publication import document_of

_FOLDER = "candidate"
_NOBODYS = {"name": "not published", "url": "", "commercial": False}


def candidate_of(run: Path, registry: Registry) -> Manifest:
    """The manifest of a run's weights, written into the run's directory.

    A curve that was written into it stays for as long as the weights do.
    Raises what `origin_of` raises, and UnwritablePlaceError.
    """
    origin = origin_of(run, registry, None, None)
    there = _written(run)
    if there is not None:
        return there
    path = require_directory(run / _FOLDER) / f"{_name(run)}-1.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(dumps(document_of(_fields(run, origin))), encoding="utf-8")
    return read_manifest(path)


def measured_curve(run: Path) -> dict[str, Any] | None:
    """The curve that `evaluate calibrate --write` gave a run, if it is of its weights."""
    candidate = _written(run) if (run / WEIGHTS).is_file() else None
    if not isinstance(candidate, EncoderManifest) or candidate.curve is None:
        return None
    return candidate.curve.model_dump(mode="json", exclude_none=True)


def _written(run: Path) -> Manifest | None:
    """Candidate that an earlier command wrote, unless the run has gone on since."""
    path = run / _FOLDER / f"{_name(run)}-1.toml"
    if not path.is_file():
        return None
    manifest = read_manifest(path)
    source = manifest.source
    current = isinstance(source, FileSource) and source.sha256 == file_sha256(run / WEIGHTS)
    return manifest if current else None


def _name(run: Path) -> str:
    words = re.findall("[a-z0-9]+", run.resolve().name.lower())
    return "-".join([*words, "candidate"])


def _fields(run: Path, origin: Origin) -> dict[str, Any]:
    licence = _NOBODYS if origin.licence is None else origin.licence.model_dump()
    about = "A run of `train` that is not published."
    described = Description(_name(run), 1, about, about, about, origin.recipe or "", licence)
    source = {
        "kind": "file",
        "format": "safetensors",
        "path": f"../{WEIGHTS}",
        "sha256": file_sha256(run / WEIGHTS),
    }
    return {**fields_of(origin.like, described), "source": source}
