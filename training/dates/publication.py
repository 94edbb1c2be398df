"""Publish a run as a version of the registry."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Manifest
from models.registry.registry import Registry
from training.dates.batches import vocabulary
from training.dates.recipe import DatesConfig
from training.dates.texts.locales import ORDERS, month_names
from training.dates.trainer import network_arguments
from training.publish.places import Places
from training.publish.publication import publish_state

_FROM_CARD = ("name", "version", "description", "limits", "training_data", "licence")
_THRESHOLDS = ("refused_from", "least_probability")


def publish_reader(
    state: Mapping[str, Tensor],
    config: DatesConfig,
    card: Mapping[str, Any],
    metrics: Mapping[str, Any],
    registry: Registry,
    places: Places,
) -> Manifest:
    """Publish weights under a manifest made of card, recipe and figures.

    Raises InvalidManifestError when the card lacks a text, and what `publish_state` raises.
    """
    missing = [name for name in (*_FROM_CARD, *_THRESHOLDS) if name not in card]
    if missing:
        raise InvalidManifestError(f"The card lacks {', '.join(missing)}.")
    known = vocabulary()
    fields: dict[str, Any] = {
        **{name: card[name] for name in _FROM_CARD},
        "task": "read-dates",
        "default": bool(card.get("default", False)),
        "architecture": {"name": "seq2seq", "arguments": network_arguments(config)},
        "text": {
            "characters": known.characters,
            "locales": dict(ORDERS),
            "months": [list(names) for names in month_names()],
            **{name: card[name] for name in _THRESHOLDS},
        },
        "metrics": dict(metrics),
    }
    return publish_state(state, fields, registry, places)
