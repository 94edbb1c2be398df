"""Publish a run as a version of the registry."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.registry.errors import InvalidManifestError
from models.registry.loading import read_state
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.kit.run_files import WEIGHTS
from training.masks.examples import SIDE
from training.masks.recipe import MasksConfig
from training.masks.trainer import CONVENTION
from training.publish.places import Places
from training.publish.precision import Precision, rounded
from training.publish.publication import new_card, publish_state, write_card

_TEXTS = ("name", "version", "description", "limits", "training_data", "licence")
_PRECISION: Precision = "fp16"


def publish_teller(
    run: Path,
    config: MasksConfig,
    card: Mapping[str, Any],
    metrics: Mapping[str, Any],
    registry: Registry,
    places: Places,
) -> tuple[Manifest, Path]:
    """Weights of `masks train`, manifest and model card; the manifest and the card's path.

    Raises InvalidManifestError when the card lacks a text, and what `publish_state` raises.
    """
    missing = [name for name in (*_TEXTS, "recipe") if name not in card]
    if missing:
        raise InvalidManifestError(f"The card lacks {', '.join(missing)}.")
    path = new_card(places, card["name"], card["version"])
    fields = {name: card[name] for name in _TEXTS} | fields_of(config, registry)
    state = rounded(read_state(run / WEIGHTS, "safetensors"), _PRECISION)
    published = publish_state(state, fields | {"metrics": dict(metrics)}, registry, places)
    write_card(path, published, str(card["recipe"]), _PRECISION)
    return published, path


def fields_of(config: MasksConfig, registry: Registry) -> dict[str, Any]:
    """Fields of the manifest that follow from the recipe: how faces are cut, and what goes in.

    Raises UnknownModelError.
    """
    chips = registry.manifest(config.data.aligned_for, EncoderManifest)
    scale = SIDE / chips.input.size[0]
    convention = CONVENTION.model_dump(mode="json", exclude_none=True)
    return {
        "task": "tell-masks",
        "default": True,
        "architecture": {"name": "mask-network"},
        "alignment": [[round(v * scale, 4) for v in point] for point in chips.alignment],
        "input": {**convention, "size": [SIDE, SIDE]},
    }
