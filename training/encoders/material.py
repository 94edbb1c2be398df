"""Material of a run, from a recipe and directories of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.registry.registry import Registry
from training.data.chips import ChipSet, prepare_chips, require_pairs
from training.data.splits import Split, identities_in_folds, split_chips
from training.encoders.backbones import BACKBONES, Backbone
from training.encoders.batches import TrainingSet
from training.encoders.networks.embedding import embed_chips
from training.encoders.networks.frozen import freeze
from training.encoders.networks.starts import cut_from, starting_network
from training.encoders.objectives.build import needs_teacher
from training.encoders.recipe import DataConfig, TrainConfig
from training.encoders.validation import Validation
from training.kit.distributed import World
from training.kit.recipe import ConfigError


@dataclass(frozen=True, slots=True)
class Sources:
    """Places of the pictures, and whom not to train on."""

    data: Sequence[Path]
    pairs: Path | None = None
    """A table of pairs; with `folds`, everybody in those folds is kept out."""
    folds: Sequence[int] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Everything a run is made of."""

    config: TrainConfig
    network: nn.Module
    backbone: Backbone
    dimension: int
    data: TrainingSet
    validation: Validation
    directory: Path
    teacher: Tensor | None = None
    """(N, dimension) embeddings of the unchanged training chips by the starting network."""
    world: World = field(default_factory=World)
    held_out: tuple[str, ...] = ()
    """Names of those with pictures who are not trained on."""


def read_sources(
    sources: Sources, config: DataConfig, registry: Registry, seed: int
) -> tuple[ChipSet, Split]:
    """Aligned faces, and who is trained on and who is measured. Raises TrainingDataError."""
    chips = prepare_chips(
        sources.data,
        registry,
        config.aligned_for,
        registry.cache_dir / "chips",
        pad=config.pad,
        ignore=config.ignore,
    )
    require_pairs(chips)
    excluded: set[str] = set()
    if sources.pairs is not None:
        excluded = identities_in_folds(chips, sources.pairs, sources.folds)
    return chips, split_chips(chips, config.validation, seed, excluded)


def _networks(
    config: TrainConfig, registry: Registry, chips: NDArray[np.uint8], device: str
) -> tuple[nn.Module, nn.Module]:
    """Build what the run begins with, which is its own teacher, and what it trains."""
    torch.manual_seed(config.seed)
    start = starting_network(config.model, registry, chips)
    network = cut_from(start, config.model)
    for one in (start, network):
        one.to(device)
        one.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    freeze(network, BACKBONES[config.model.backbone], config.model.frozen_stages)
    return start, network


def prepare(
    config: TrainConfig,
    sources: Sources,
    registry: Registry,
    directory: Path,
    device: str,
    world: World,
) -> Setting:
    """Make everything a run needs before its first step. Raises ReportedError of many kinds."""
    chips, split = read_sources(sources, config.data, registry, config.seed)
    data = TrainingSet.of(chips, split.train)
    validation = Validation.of(chips, split.validation, config.validation, config.seed)
    clean = chips.chips[data.rows]
    start, network = _networks(config, registry, clean, device)
    backbone = BACKBONES[config.model.backbone]
    teacher = None
    if needs_teacher(config.objectives):
        key = config.model.teacher
        shown_by = start if key is None else registry.load(key, device)
        embed = partial(embed_chips, shown_by, backbone=backbone, mixed=config.precision)
        teacher = torch.from_numpy(embed(clean))
        if teacher.shape[1] != config.model.dimension:
            raise ConfigError(
                f"The teacher {key} gives {teacher.shape[1]} numbers and the network "
                f"{config.model.dimension}.",
                hint=f"Set model.dimension = {teacher.shape[1]}.",
            )
        if config.validation.gallery == "teacher":
            validation = replace(validation, gallery=embed(validation.chips["clean"]))
    trained_on = set(chips.labels[split.train].tolist())
    held_out = [n for i, n in enumerate(chips.identities) if i not in trained_on]
    return Setting(
        config,
        network,
        backbone,
        config.model.dimension,
        data,
        validation,
        directory,
        teacher,
        world,
        tuple(held_out),
    )
