"""Locations of the registry's files: one rule for service, command line and training."""

import os
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from models.registry.registry import Registry


def default_data_dir() -> Path:
    """All state, unless FACET_DATA_DIR names another place."""
    return platformdirs.user_data_path("facet")


def open_registry(cache: Path | None = None, manifests: Sequence[Path] = ()) -> Registry:
    """The models that the service sees too, and those of more manifest directories.

    Reads FACET_DATA_DIR and, unless `cache` is given, FACET_MODEL_CACHE_DIR.
    """
    data_dir = Path(os.environ.get("FACET_DATA_DIR") or default_data_dir())
    cache = cache or Path(os.environ.get("FACET_MODEL_CACHE_DIR") or data_dir / "models")
    return Registry(cache, [data_dir / "manifests", *manifests])
