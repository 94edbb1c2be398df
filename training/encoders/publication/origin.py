"""Origin of weights: the recipe of a run knows it, or the encoder that they began as."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from torch import Tensor

from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Architecture, License, Point
from models.registry.manifests.encoders import ChipInput, EncoderManifest, Output
from models.registry.registry import Registry
from training.encoders.backbones import BACKBONES
from training.encoders.publication.checkpoint import read_checkpoint
from training.encoders.recipe import TrainConfig
from training.kit import checkpoints
from training.kit.run_files import BEST, WEIGHTS


@dataclass(frozen=True, slots=True)
class Origin:
    """Trained weights, and what a manifest says of how they see, align and embed."""

    state: Mapping[str, Tensor]
    like: EncoderManifest
    """Architecture, alignment, input and output are those of the weights."""
    licence: License | None
    """Of the weights they began as; None: from scratch, and for a person to say."""
    recipe: str | None = None
    """In words, if it is known."""


def origin_of(path: Path, registry: Registry, base: str | None, architecture: str | None) -> Origin:
    """Find the origin of a run's directory, of a file in one, or of a checkpoint beside a `base`.

    Raises InvalidManifestError, InvalidWeightsError, CheckpointError, UnknownModelError.
    """
    file = path / WEIGHTS if path.is_dir() else path
    if not file.is_file():
        raise InvalidManifestError(
            f"{path} has no {WEIGHTS}: it is no run of `train`, or one that has not ended.",
            hint=f"End it with --resume, or publish what is best so far: {path / BEST}",
        )
    if base is not None:
        like = registry.manifest(base, EncoderManifest)
        if architecture is not None:
            network = like.architecture.model_copy(update={"name": architecture})
            like = like.model_copy(update={"architecture": network})
        return Origin(read_checkpoint(file), like, like.licence)
    run = file.with_name(BEST)
    if not run.is_file() or architecture is not None:
        raise InvalidManifestError(
            f"Nothing beside {file.name} says what network it is of.",
            hint="Give the directory of a run of `train`; or name the encoder that the weights "
            "began as with --base, and with --architecture what they are of where that differs.",
        )
    config = TrainConfig.model_validate(checkpoints.load(run)["config"])
    return Origin(
        read_checkpoint(file), _like(config, registry), _licence(config, registry), _words(config)
    )


def _like(config: TrainConfig, registry: Registry) -> EncoderManifest:
    """The encoder that the chips were cut for, with the run's network in its place.

    Whether it averages with mirror images is that encoder's choice, too.
    """
    aligned = registry.manifest(config.data.aligned_for, EncoderManifest)
    name, backbone = config.model.backbone, BACKBONES[config.model.backbone]
    dimension = config.model.dimension
    return aligned.model_copy(
        update={
            "architecture": Architecture(name=name, arguments={"dimension": dimension}),
            "input": ChipInput(
                size=(backbone.side, backbone.side), mean=backbone.mean, scale=backbone.scale
            ),
            "output": Output(dimension=dimension),
            "alignment": _scaled(aligned, backbone.side),
        }
    )


def _scaled(aligned: EncoderManifest, side: int) -> tuple[Point, ...]:
    """The five points in a chip of another size; pixels are squares, not dots."""
    height, width = aligned.input.size
    return tuple(
        (
            round((x + 0.5) * side / width - 0.5, 4),
            round((y + 0.5) * side / height - 0.5, 4),
        )
        for x, y in aligned.alignment
    )


def _licence(config: TrainConfig, registry: Registry) -> License | None:
    for key in (config.model.start, config.model.teacher):
        if key is not None and "@" in key:
            return registry.manifest(key).licence
    return None


def _words(config: TrainConfig) -> str:
    values: dict[str, Any] = config.model_dump(mode="json", exclude_defaults=True)
    plain = tomlkit.dumps(_without_nulls(values)).strip()
    return f"```toml\n{plain}\n```"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return value
