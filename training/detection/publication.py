"""Publish a trained single-pass detector as a version of the registry."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.registry.errors import InvalidManifestError
from models.registry.loading import read_state
from models.registry.manifests.base import Manifest
from models.registry.registry import Registry
from training.detection.review import CONVENTION
from training.publish.places import Places
from training.publish.precision import Precision, rounded
from training.publish.publication import new_card, publish_state, write_card

_TEXTS = ("description", "limits", "training_data")


def publish_detector(
    weights: Path,
    card: Mapping[str, Any],
    registry: Registry,
    places: Places,
    *,
    metrics: Mapping[str, Any] | None = None,
    precision: Precision = "fp16",
) -> tuple[Manifest, Path]:
    """Weights of `train-detector`, manifest and model card; the manifest and the card's path.

    `card` holds name, version, description, limits, training_data, recipe, `[licence]` and
    `[proposals]`, the settings of the search.
    Raises InvalidManifestError, InvalidWeightsError, ModelExistsError.
    """
    path = new_card(places, card["name"], card["version"])
    try:
        fields = _fields(card, metrics or {})
        recipe = str(card["recipe"])
    except KeyError as error:
        raise InvalidManifestError(f"The card has no {error}.") from error
    state = rounded(read_state(weights, "safetensors"), precision)
    published = publish_state(state, fields, registry, places)
    write_card(path, published, recipe, precision)
    return published, path


def _fields(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{field: card[field] for field in ("name", "version")},
        "task": "detect-faces",
        **{field: card[field] for field in _TEXTS},
        "architecture": {"name": "single-pass", "arguments": {"folded": True}},
        "input": CONVENTION.model_dump(mode="json", exclude_none=True),
        "detection": {"min_face": 20, "proposals": dict(card["proposals"])},
        "licence": dict(card["licence"]),
        "metrics": dict(metrics),
    }
