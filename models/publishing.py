"""Put a new model beside those there are: weights, manifest, and a trial before both."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from tomlkit import dumps
from tomlkit.toml_document import TOMLDocument
from torch import Tensor, nn

from models.pipelines.detection.anchors import anchors
from models.pipelines.pixels import to_tensor
from models.pipelines.tracks.track_merging import TrackMerger
from models.registry.download import file_sha256
from models.registry.errors import InvalidManifestError, InvalidWeightsError, ModelExistsError
from models.registry.loading import load_network
from models.registry.manifest import Manifest, read_manifest
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
        file, target = weights_dir / (stem + weights.suffix), manifests / f"{stem}.toml"
        if manifest.key in registry.keys() or target.exists() or file.exists():  # noqa: SIM118
            raise ModelExistsError(
                f"There is a model {manifest.key} already, and a version never changes.",
                hint="Raise `version` in the manifest.",
                model=manifest.key,
            )
        _try(load_network(manifest, copy), manifest)
        source["path"] = Path(os.path.relpath(file, manifests)).as_posix()
        _write(staged / "manifest.toml", document, source)
        # The manifest last: whoever sees it finds its weights.
        copy.replace(file)
        (staged / "manifest.toml").replace(target)
    return read_manifest(target)


def _try(network: nn.Module, manifest: Manifest) -> None:
    if manifest.task == "aggregate-tracks":
        TrackMerger(network).try_out()
    elif manifest.task == "read-dates":
        # Imported late: only one in many models needs it.
        from models.pipelines.dates.reading import DateReader

        DateReader(cast(Any, network), manifest).read("1999-12-31")
    elif manifest.task == "detect-faces":
        try_detector(network, manifest)
    else:
        try_encoder(network, manifest)


def try_encoder(network: nn.Module, manifest: Manifest) -> None:
    """Run an encoder once on noise. Raises InvalidWeightsError when it does not fit."""
    if manifest.input.size is None or manifest.output is None:
        raise InvalidManifestError(f"{manifest.key} is not an encoder.", model=manifest.key)
    height, width = manifest.input.size
    noise = torch.randint(0, 256, (2, height, width, 3), generator=torch.Generator().manual_seed(0))
    pictures = to_tensor(noise.to(torch.uint8).numpy(), manifest.input)
    try:
        with torch.inference_mode():
            embeddings: Tensor = network(pictures)
    except Exception as error:  # torch and ONNX Runtime have errors of many kinds for this
        raise InvalidWeightsError(
            f"{manifest.key} cannot be run on pictures of {height}x{width}: {error}",
            hint="Compare `input.size` with what the network takes.",
            model=manifest.key,
        ) from error
    expected = (2, manifest.output.dimension)
    if tuple(embeddings.shape) != expected:
        raise InvalidWeightsError(
            f"For two pictures {manifest.key} gives numbers of shape {tuple(embeddings.shape)} "
            f"where its manifest promises {expected}.",
            hint="Correct `output.dimension`, or name the output in `architecture.arguments`.",
            model=manifest.key,
        )
    if not bool(embeddings.isfinite().all()) or not bool(embeddings.norm(dim=1).all()):
        raise InvalidWeightsError(
            f"{manifest.key} gives embeddings that are zero or not numbers.", model=manifest.key
        )


def try_detector(network: nn.Module, manifest: Manifest) -> None:
    """Run a single-pass detector once on noise. Raises InvalidWeightsError when it does not fit."""
    if manifest.detection is None or manifest.detection.proposals is None:
        raise InvalidManifestError(
            f"{manifest.key} is no single-pass detector, and no other kind can be published.",
            model=manifest.key,
        )
    picture = torch.randn((1, 1, 64, 96), generator=torch.Generator().manual_seed(0))
    try:
        with torch.inference_mode():
            said = network(picture)
            shapes = [tuple(part.shape) for part in said]
    except Exception as error:  # torch has errors of many kinds for this
        raise InvalidWeightsError(
            f"{manifest.key} cannot be run on a grey picture: {error}", model=manifest.key
        ) from error
    count = len(anchors(64, 96))
    if shapes != [(1, count), (1, count, 4), (1, count, 10)]:
        raise InvalidWeightsError(
            f"{manifest.key} gives numbers of shape {shapes}, which are not answers for "
            f"{count} anchors.",
            model=manifest.key,
        )
    if not all(bool(part.isfinite().all()) for part in said):
        raise InvalidWeightsError(
            f"{manifest.key} gives values that are not numbers.", model=manifest.key
        )


def _write(path: Path, document: TOMLDocument, source: Mapping[str, Any]) -> Manifest:
    weights_format = "onnx" if str(source["path"]).endswith(".onnx") else "safetensors"
    document["source"] = {"kind": "file", "format": weights_format, **source}
    path.write_text(dumps(document), encoding="utf-8")
    return read_manifest(path)
