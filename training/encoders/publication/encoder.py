"""Publish trained weights as a version of the registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import InvalidWeightsError
from models.pipelines.faces.encoding import FaceEncoder
from models.pipelines.faces.pipeline import face_detector, main_chip
from models.registry.loading import network_of
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.data.sources import read_rgb
from training.measure.gallery import find_images
from training.publish.places import Places
from training.publish.precision import Precision, choose, largest_change, rounded
from training.publish.publication import new_card, publish_state, write_card

_PICTURES = 200
"""To measure half precision on; more change nothing."""
_INHERITED = ("task", "mirror", "alignment", "architecture", "input", "output")


@dataclass(frozen=True, slots=True)
class Description:
    """Texts of manifest and card beyond what the base encoder's manifest says."""

    name: str
    version: int
    description: str
    limits: str
    training_data: str
    recipe: str
    licence: Mapping[str, Any]
    """`name`, `url` and `commercial`."""
    metrics: Mapping[str, Any] | None = None
    curve: Mapping[str, Any] | None = None
    """Similarity to false-match rate, as `[curve]` of a manifest."""


@dataclass(frozen=True, slots=True)
class Published:
    """Outcome; `change` is what half precision does to cosines, if it was measured."""

    manifest: Manifest
    card: Path
    precision: Precision
    change: float | None


def export(
    state: Mapping[str, Tensor],
    manifest: EncoderManifest,
    registry: Registry,
    description: Description,
    places: Places,
    *,
    pictures: Path | None = None,
    pad: float = 0.0,
    precision: Precision | None = None,
) -> Published:
    """Publish `state` as a new encoder that sees, aligns and embeds as the manifest says.

    Without `precision`, half precision is taken when `pictures` show that it costs nothing.
    Raises InvalidWeightsError when the weights do not fit, and ModelExistsError.
    """
    path = new_card(places, description.name, description.version)
    network = _network(manifest, state)
    change = None
    if pictures is not None:
        change, finite = largest_change(
            network, manifest, _chips(pictures, network, manifest, registry, pad)
        )
        precision = precision or choose(change, finite)
    precision = precision or "fp32"
    fields = fields_of(manifest, description)
    published = publish_state(rounded(network.state_dict(), precision), fields, registry, places)
    write_card(path, published, description.recipe, precision)
    return Published(published, path, precision, change)


def _network(manifest: EncoderManifest, state: Mapping[str, Tensor]) -> nn.Module:
    """A network of its own, not the registry's, with the new weights."""
    network = network_of(manifest)
    try:
        network.load_state_dict(dict(state))
    except RuntimeError as error:
        raise InvalidWeightsError(
            f"The weights do not fit {manifest.architecture.name}: {error}",
            hint="Name the encoder that training started from as --base, and as --architecture "
            "what the weights are of where that differs.",
        ) from error
    return network.eval().requires_grad_(False)


def _chips(
    pictures: Path, network: nn.Module, manifest: EncoderManifest, registry: Registry, pad: float
) -> NDArray[np.uint8]:
    paths = find_images(pictures)
    paths = paths[:: max(1, len(paths) // _PICTURES)][:_PICTURES]
    detector = face_detector(registry)
    encoder = FaceEncoder(network, manifest)
    chips = [main_chip(read_rgb(path, pad), detector, encoder) for path in paths]
    found = [chip for chip in chips if chip is not None]
    if len(found) < 2:
        raise InvalidWeightsError(f"The pictures under {pictures} show no two faces.")
    return np.stack(found)


def fields_of(base: EncoderManifest, description: Description) -> dict[str, Any]:
    """Fields of the manifest, all but where its weights are."""
    inherited = base.model_dump(mode="json", include=set(_INHERITED), exclude_none=True)
    fields: dict[str, Any] = {
        "name": description.name,
        "version": description.version,
        "description": description.description,
        "limits": description.limits,
        "training_data": description.training_data,
        **inherited,
        "licence": dict(description.licence),
        "metrics": dict(description.metrics or {}),
    }
    if description.curve is not None:
        fields["curve"] = dict(description.curve)
    return fields
