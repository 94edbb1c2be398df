"""Publish a trained single-pass detector as a version of the registry."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from safetensors.torch import save_file

from models.publishing import publish
from models.registry.errors import InvalidManifestError, ModelExistsError
from models.registry.loading import read_state
from models.registry.manifests.base import Manifest
from models.registry.registry import Registry
from training.detection.review import CONVENTION
from training.publish.card import card_name, model_card
from training.publish.places import Places
from training.publish.precision import Precision, rounded

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
    path = places.cards / card_name(card["name"], card["version"])
    if path.exists():
        raise ModelExistsError(f"There is a model card {path} already; raise the version.")
    try:
        document = _document(card, metrics or {})
        recipe = str(card["recipe"])
    except KeyError as error:
        raise InvalidManifestError(f"The card has no {error}.") from error
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "weights.safetensors"
        save_file(rounded(read_state(weights, "safetensors"), precision), file)
        published = publish(
            file, document, registry, manifests=places.manifests, weights_dir=places.weights
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(model_card(published, recipe, precision), encoding="utf-8")
    return published, path


def _document(card: Mapping[str, Any], metrics: Mapping[str, Any]) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    fields: dict[str, Any] = {
        **{field: card[field] for field in ("name", "version")},
        "task": "detect-faces",
        **{field: card[field] for field in _TEXTS},
        "architecture": {"name": "single-pass", "arguments": {"folded": True}},
        "input": CONVENTION.model_dump(mode="json", exclude_none=True),
        "detection": {"min_face": 20, "proposals": dict(card["proposals"])},
        "licence": dict(card["licence"]),
        "metrics": dict(metrics),
    }
    for field, value in fields.items():
        document[field] = value
    return document
