"""Readiness of a model to serve right now, found without loading it."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from models.nets.table import NETWORKS
from models.registry.download import file_checksum
from models.registry.errors import InvalidManifestError, WeightsMissingError
from models.registry.manifests.base import Manifest
from models.registry.origins import ConvertedSource
from models.registry.sources import converted, source_files

Reason = Literal[
    "weights-missing", "checksum-mismatch", "invalid-manifest", "package-missing", "no-curve"
]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Obstacle that keeps a model from serving, and what to do about it."""

    reason: Reason
    message: str
    hint: str


def obstacle(manifest: Manifest, cache_dir: Path) -> Obstacle | None:
    """The first thing in a model's way; None when it is ready.

    Checksums are computed once for each state of a file.
    """
    return _network_obstacle(manifest) or _weights_obstacle(manifest, cache_dir) or _curve(manifest)


def _network_obstacle(manifest: Manifest) -> Obstacle | None:
    name = manifest.architecture.name
    network = NETWORKS.get(name)
    if network is None:
        return Obstacle(
            "invalid-manifest",
            f"{manifest.key} names an unknown architecture: {name}.",
            "It may be of a newer Facet: update this one.",
        )
    if network.package and not _installed(network.package):
        return Obstacle(
            "package-missing",
            f"{manifest.key} is a {name}, which needs {network.package}, and that is not "
            "installed.",
            'Install it: pip install "facet[backbones]"; an image is built with '
            "--build-arg EXTRAS=backbones.",
        )
    return None


def _weights_obstacle(manifest: Manifest, cache_dir: Path) -> Obstacle | None:
    if isinstance(manifest.source, ConvertedSource) and converted(manifest, cache_dir):
        return None
    try:
        files = source_files(manifest, cache_dir)
    except (WeightsMissingError, InvalidManifestError) as error:
        reason: Reason = (
            "weights-missing" if isinstance(error, WeightsMissingError) else "invalid-manifest"
        )
        return Obstacle(reason, error.message, error.hint)
    for path, expected in files:
        if not path.is_file():
            return Obstacle(
                "weights-missing",
                f"The weights of {manifest.key} are not there: {path.name} is missing.",
                f"Fetch them: facet models pull {manifest.key}",
            )
        if _checksum_now(path, expected) != expected:
            return Obstacle(
                "checksum-mismatch",
                f"{path.name} is not the file that {manifest.key} was measured with.",
                "Reinstall or pull the weights again.",
            )
    return None


def _curve(manifest: Manifest) -> Obstacle | None:
    if manifest.calibrated:
        return None
    return Obstacle(
        "no-curve",
        f"{manifest.key} has no threshold curve, so nobody could be recognised with it.",
        f"Measure one: python -m training evaluate calibrate --encoder {manifest.key} "
        "--images FACES --write",
    )


@lru_cache
def _installed(package: str) -> bool:
    return find_spec(package) is not None


def _checksum_now(path: Path, like: str) -> str:
    found = path.stat()
    return _checksum(path, like, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=256)
def _checksum(path: Path, like: str, *_: int) -> str:
    return file_checksum(path, like)
