"""Recipes of `train-tracks`."""

from typing import Annotated, Literal

from pydantic import Field

from training.kit.recipe import OptimiserConfig, Part, ScheduleConfig

Share = Annotated[float, Field(ge=0, le=1)]


class AggregatorConfig(Part):
    """The network."""

    cell: Literal["gru", "lstm"] = "gru"
    bidirectional: bool = False
    reduced: int = Field(default=8, ge=1)
    """Numbers that an embedding is reduced to before the recurrent layer."""
    hidden: int = Field(default=48, ge=1)
    restoring: bool = False
    """Whether templates are moved towards those of clear photographs."""


class CompositionConfig(Part):
    """Composition of tracks from filmed photographs."""

    frames: tuple[int, int] = (1, 8)
    """Of one clip, at least and at most."""
    returning: Share = 0.3
    """Tracks that go on in a second clip of the person, of another photograph if there is one."""
    intruded: Share = 0.4
    """Tracks with frames of another person."""
    stray: Share = 0.15
    """Tracks with a frame of nobody."""


class ObjectiveConfig(Part):
    """Non-matches at a false-match rate, and comparisons with the hardest strangers."""

    fmr: float = Field(default=1e-3, gt=0, lt=1)
    softness: float = Field(default=0.02, gt=0)
    """Similarity over which a non-match turns into a match."""
    ranking: float = Field(default=0.2, ge=0)
    """Weight of the comparisons."""
    scale: float = Field(default=48.0, gt=0)
    strangers: int = Field(default=1500, ge=1)
    """People that a batch is compared with."""
    anchor: float = Field(default=0.0, ge=0)
    """Weight of the squared distance between the threshold and the encoder's own for that rate,
    without which templates may leave the region where the encoder's similarities mean anything."""


class ValidationConfig(Part):
    """Times when the network is measured on people it does not train on, and when it stops."""

    share: float = Field(default=0.2, gt=0, lt=1)
    """Of the people."""
    every: int = Field(default=100, ge=1)
    """Steps."""
    patience: int = Field(default=6, ge=1)
    tracks: int = Field(default=4, ge=1)
    """Of each clip."""


class TracksConfig(Part):
    """A whole recipe."""

    seed: int = 1
    encoder: str = "facenet-resnet29-robust@1"
    pad: float = Field(default=0.25, ge=0, le=2)
    ignore: tuple[str, ...] = ()
    """File names that are passed over, such as known wrong labels."""
    model: AggregatorConfig = AggregatorConfig()
    composition: CompositionConfig = CompositionConfig()
    batch: int = Field(default=128, ge=2)
    objective: ObjectiveConfig = ObjectiveConfig()
    optimiser: OptimiserConfig = OptimiserConfig()
    schedule: ScheduleConfig
    ema: float = Field(default=0.99, ge=0, lt=1)
    validation: ValidationConfig = ValidationConfig()
