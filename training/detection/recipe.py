"""Recipes of `train-detector`."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from training.kit.recipe import OptimiserConfig, Part, ScheduleConfig, Share


class SceneConfig(Part):
    """The composed scenes. Each round has new ones, with what the last round got wrong."""

    count: int = Field(default=5000, ge=1)
    """Per round."""
    rounds: int = Field(default=3, ge=1)
    side: int = Field(default=320, ge=64, multiple_of=32)
    """Pixels of a scene's height and width."""
    part: int = Field(default=256, ge=64, multiple_of=32)
    """Pixels of the square of a scene that one step sees."""
    smallest: float = Field(default=9.0, gt=0)
    """Faces (geometric mean of the sides) drawn, in pixels."""
    largest: float = Field(default=420.0, gt=0)
    taught: float = Field(default=8.0, gt=0)
    """Smaller ones are neither faces nor background."""
    faces: int = Field(default=14, ge=1)
    """In one scene at most."""
    mined: int = Field(default=2000, ge=0)
    """Patches kept of what the network took for faces."""
    searched: int = Field(default=1500, ge=1)
    """Scenes of the round before in which they are looked for."""

    @model_validator(mode="after")
    def _part_fits(self) -> Self:
        if self.part > self.side:
            raise ValueError("part cannot be larger than side")
        return self


class LossConfig(Part):
    """Weights of the parts of the loss."""

    face: Annotated[float, Field(gt=0)] = 1.0
    box: Annotated[float, Field(gt=0)] = 1.0
    landmarks: Annotated[float, Field(ge=0)] = 0.5


class DetectorValidation(Part):
    """Times and scenes of people kept out that the network is measured on."""

    every: int = Field(default=500, ge=1)
    scenes: int = Field(default=200, ge=1)
    people: Share = 0.05


class DetectorConfig(Part):
    """A whole recipe."""

    seed: int = 1
    labels: str = "mtcnn@1"
    """Model key of the detector that tells where the faces are in the crops."""
    scenes: SceneConfig = SceneConfig()
    batch: int = Field(default=16, ge=1)
    loss: LossConfig = LossConfig()
    optimiser: OptimiserConfig = OptimiserConfig(learning_rate=2e-3)
    schedule: ScheduleConfig
    ema: Share = 0.998
    """Decay of the exponential average of the weights per step."""
    validation: DetectorValidation = DetectorValidation()
