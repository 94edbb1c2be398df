"""Recipes of `train`. All of a recipe is checked before the first step."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from models.nets.table import FORMER_NAMES
from training.augment.conditions import CONDITIONS
from training.augment.config import AugmentConfig
from training.encoders.backbones import BACKBONES
from training.encoders.objective_recipe import ObjectiveConfig
from training.kit.recipe import AverageConfig, OptimiserConfig, Part, ScheduleConfig, Share, nearest
from training.kit.recipes import read_recipe


def _backbone(name: str) -> str:
    """The name in the table of networks."""
    name = FORMER_NAMES.get(name, name)
    if name not in BACKBONES:
        raise ValueError(f"there is no backbone {name!r}{nearest(name, BACKBONES)}")
    return name


BackboneName = Annotated[str, AfterValidator(_backbone)]


class ModelConfig(Part):
    """The network and where its weights come from."""

    backbone: BackboneName
    start: str | None = None
    """A registry key, a checkpoint or weights of `train`, or "torchvision"; else from scratch.

    A network of the registry that ends in a longer embedding gets the first principal components
    of what it gives for the training pictures as its last layer."""
    whitening: float = Field(default=0, ge=0, le=1)
    """How far these components, then centered, are evened out: their standard deviations are
    raised to the power of 1 - whitening, so that 1 makes all of them weigh the same."""
    teacher: str | None = None
    """Registry key of the network to distil from; the starting one if not given."""
    frozen_stages: int = Field(default=0, ge=0)
    """Stages from the input on that keep their weights."""
    dimension: int = Field(default=128, ge=2, le=4096)
    """Numbers of an embedding."""

    @model_validator(mode="after")
    def _has_something_to_whiten(self) -> Self:
        if self.whitening and "@" not in (self.start or ""):
            raise ValueError("whitening is for a start from the registry, such as name@1")
        return self


class DataConfig(Part):
    """Settings of chips, and who is kept for validation."""

    aligned_for: str = "facenet-resnet29@1"
    """Model key of the encoder whose alignment the chips follow."""
    pad: float = Field(default=0.0, ge=0, le=2)
    ignore: tuple[str, ...] = ()
    """File names that are passed over, such as known wrong labels."""
    validation: float = Field(default=0.1, gt=0, lt=1)
    """Share of the people."""
    workers: int = Field(default=1, ge=0)
    """Threads that draw and augment batches ahead of the network."""


class BatchConfig(Part):
    """Pictures of one step."""

    size: int = Field(default=64, ge=2)
    pictures: int = Field(default=1, ge=1)
    """Pictures per person: 1 takes every picture in turn, more take that many of each person."""
    triplets: bool = False
    """Triplets from the stream that keeps those not learnt yet, for `mining = "stream"`."""
    single_views: bool | None = None
    """Whether people with one picture are drawn too, as several augmented views of it, where
    more than one picture per person is asked for. None: if anything is augmented."""

    @property
    def draws_people(self) -> bool:
        """Whether several pictures of each person are drawn, and not every picture in turn."""
        return self.triplets or self.pictures > 1

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.size % (3 if self.triplets else self.pictures):
            raise ValueError("size must be a multiple of pictures (of 3 with triplets)")
        return self


class BankConfig(Part):
    """Embeddings of the whole training set, to mine in."""

    refresh: int = Field(default=500, ge=1)
    """Steps after which they are computed again."""


class ValidationConfig(Part):
    """Times when the network is measured on people it does not train on, and when it stops."""

    every: int = Field(default=200, ge=1)
    """Steps."""
    patience: int = Field(default=5, ge=1)
    """Measurements without a gain that end the run."""
    pictures: int = Field(default=400, ge=4)
    """At most."""
    conditions: dict[str, Annotated[float, Field(gt=0)]] = Field(default={"clean": 1.0})
    """Weight of each condition of `evaluate robustness` in the score."""
    gallery: Literal["network", "teacher"] = "network"
    """Who embeds the clear pictures that changed ones are compared with. The teacher, where the
    network will only ever see difficult ones."""

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        for name in self.conditions:
            if name not in CONDITIONS:
                raise ValueError(f"{name!r} is no condition{nearest(name, CONDITIONS)}")
        return self


class TrainConfig(Part):
    """A whole recipe of `train`."""

    seed: int = 1
    precision: Literal["float32", "bfloat16"] = "float32"
    """bfloat16 is for matrix products and convolutions; weights stay float32."""
    model: ModelConfig
    data: DataConfig = DataConfig()
    batches: BatchConfig = BatchConfig()
    augment: AugmentConfig = AugmentConfig()
    objectives: tuple[ObjectiveConfig, ...] = Field(min_length=1)
    optimiser: OptimiserConfig = OptimiserConfig()
    schedule: ScheduleConfig
    average: AverageConfig = AverageConfig()
    bank: BankConfig = BankConfig()
    validation: ValidationConfig = ValidationConfig()

    @model_validator(mode="after")
    def _stream_fits(self) -> Self:
        streamed = any(o.kind == "triplet" and o.mining == "stream" for o in self.objectives)
        if streamed != self.batches.triplets:
            raise ValueError("batches.triplets and a triplet objective's stream need each other")
        if streamed and self.data.workers:
            raise ValueError("the stream waits for each step: it needs data.workers = 0")
        return self

    @property
    def single_views(self) -> bool:
        """Whether people with one picture are drawn where people are drawn."""
        wanted = self.batches.single_views
        return self._is_augmented if wanted is None else wanted

    @property
    def _is_augmented(self) -> bool:
        return self.augment != AugmentConfig()

    @model_validator(mode="after")
    def _views_differ(self) -> Self:
        if self.batches.single_views and not self._is_augmented:
            raise ValueError("batches.single_views needs an [augment] that makes views differ")
        return self

    @model_validator(mode="after")
    def _teacher_is_there(self) -> Self:
        taught = any(o.kind == "distillation" for o in self.objectives)
        if self.validation.gallery == "teacher" and not taught:
            raise ValueError('validation.gallery = "teacher" needs an objective "distillation"')
        return self


class RoutingConfig(Part):
    """A whole recipe of `train-router`."""

    seed: int = 1
    clear: str
    """Key of the encoder for clear faces."""
    difficult: str
    """A checkpoint or weights of `train`: the encoder of the same backbone for difficult faces."""
    data: DataConfig = DataConfig()
    augment: AugmentConfig
    """Its conditions are what makes a face difficult; its other steps happen to all faces."""
    steps: int = Field(ge=1)
    size: int = Field(default=64, ge=2)
    """Pictures of one step, half of them clear."""
    learning_rate: float = Field(default=1e-3, gt=0)
    """At its highest; half a cosine down from there."""
    mistaken: Share = 0.01
    """Share of clear validation faces that may be taken for difficult ones."""

    @model_validator(mode="after")
    def _has_conditions(self) -> Self:
        if not self.augment.conditions.weights or self.augment.conditions.clean:
            raise ValueError("augment.conditions must name difficult conditions, and not clean")
        return self


def read_config(path: Path, changes: Sequence[str] = ()) -> TrainConfig:
    """The recipe of an encoder. Raises ConfigError."""
    return read_recipe(path, TrainConfig, changes)
