"""Encoder that is measured, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.registry.errors import UnknownModelError
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.encoders.publication.candidate import candidate_of


@dataclass(frozen=True, slots=True)
class Setup:
    """An encoder, and how pictures become its chips."""

    registry: Registry
    encoder: str
    detector: str | None
    pad: float
    mirror: bool | None

    def options(self) -> dict[str, Any]:
        """Settings of the measurement, for its report."""
        manifest = self.registry.manifest(self.encoder, EncoderManifest)
        finder = self.detector or self.registry.default("detect-faces")
        return {
            "encoder": manifest.key,
            "detector": self.registry.manifest(finder).key,
            "mirror": manifest.mirror if self.mirror is None else self.mirror,
            "pad": self.pad,
        }


def setup(
    encoder: str,
    detector: str | None,
    pad: float,
    mirror: bool | None,
    cache: Path | None,
    manifests: Sequence[Path] | None,
) -> Setup:
    """Read the options of a command; an encoder is a key, or the directory of a finished run.

    Raises what the registry raises, and what `candidate_of` raises.
    """
    registry = open_registry(cache, tuple(manifests or ()))
    if _names_a_run(encoder, registry):
        candidate = candidate_of(Path(encoder), registry)
        registry = open_registry(cache, (*(manifests or ()), candidate.directory))
        encoder = candidate.key
    return Setup(registry, encoder, detector, pad, mirror)


def _names_a_run(encoder: str, registry: Registry) -> bool:
    try:
        registry.manifest(encoder)
    except UnknownModelError:
        return Path(encoder).is_dir()
    return False
