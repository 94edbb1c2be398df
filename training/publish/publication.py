"""Put weights and their manifest where the registry finds them."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from torch import Tensor

from models.publishing import publish
from models.registry.errors import ModelExistsError
from models.registry.manifests.base import Manifest
from models.registry.registry import Registry
from training.kit.checkpoints import save_weights
from training.kit.run_files import WEIGHTS
from training.publish.card import card_name, model_card
from training.publish.places import Places


def publish_state(
    state: Mapping[str, Tensor], fields: Mapping[str, Any], registry: Registry, places: Places
) -> Manifest:
    """The state as safetensors, under a manifest of these fields. Raises what `publish` raises."""
    with tempfile.TemporaryDirectory() as directory:
        weights = Path(directory) / WEIGHTS
        save_weights(weights, dict(state))
        return publish(
            weights,
            document_of(fields),
            registry,
            manifests=places.manifests,
            weights_dir=places.weights,
        )


def document_of(fields: Mapping[str, Any]) -> tomlkit.TOMLDocument:
    """A manifest's fields as TOML."""
    document = tomlkit.document()
    # Plain values first: in TOML a table goes on to the next table.
    for name, value in sorted(fields.items(), key=lambda item: _is_table(item[1])):
        document[name] = value
    return document


def _is_table(value: Any) -> bool:
    """Whether TOML writes a value as a table, or as several under one name."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, Mapping)


def new_card(places: Places, name: str, version: int) -> Path:
    """Place for the card of a new version. Raises ModelExistsError if it has one already."""
    path = places.cards / card_name(name, version)
    if path.exists():
        raise ModelExistsError(f"There is a model card {path} already; raise the version.")
    return path


def write_card(path: Path, manifest: Manifest, recipe: str, precision: str) -> None:
    """The card of what was published, with the directories it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(model_card(manifest, recipe, precision), encoding="utf-8")
