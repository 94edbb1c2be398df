"""What a run is made of."""

from dataclasses import dataclass, field
from pathlib import Path

from torch import Tensor, nn

from training.encoders.backbones import Backbone
from training.encoders.batches import TrainingSet
from training.encoders.recipe import TrainConfig
from training.encoders.validation import Validation
from training.kit.distributed import World


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
