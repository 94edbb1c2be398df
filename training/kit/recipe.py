"""Tables of recipes of every kind, and the error of those that cannot be used."""

import difflib
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import ReportedError

Share = Annotated[float, Field(ge=0, lt=1)]


class ConfigError(ReportedError):
    """The configuration cannot be used."""

    slug = "training-config-invalid"


def nearest(name: str, valid: Iterable[str]) -> str:
    """Say what is nearest to a name that is not among the valid ones."""
    known = sorted(valid)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"


class Part(BaseModel):
    """Table of a recipe."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OptimiserConfig(Part):
    """AdamW (Loshchilov and Hutter, 2019), SGD with momentum, or RMSProp (Hinton, 2012)."""

    kind: Literal["adamw", "sgd", "rmsprop"] = "adamw"
    momentum: Share | None = None
    """Of `sgd` (0.9 if not given) and `rmsprop` (none if not given)."""
    learning_rate: float = Field(default=1e-4, gt=0)
    """At its highest."""
    relative: bool = False
    """Scale it by the size that each tensor starts with."""
    early_layers: float = Field(default=1.0, gt=0, le=1)
    """Factor on the learning rate per stage, from the last stage to the first."""
    weight_decay: float = Field(default=1e-2, ge=0)
    clip: float = Field(default=1.0, gt=0)
    """Norm that the gradient is cut to."""

    @model_validator(mode="after")
    def _has_momentum(self) -> Self:
        if self.momentum is not None and self.kind == "adamw":
            raise ValueError("momentum is for sgd and rmsprop; adamw has moments of its own")
        return self


class ScheduleConfig(Part):
    """Learning rate: a linear warm-up, then half a cosine or none."""

    steps: int = Field(ge=1)
    warmup: Share = 0.1
    """Share of the steps."""
    decay: Literal["cosine", "none"] = "cosine"


class AverageConfig(Part):
    """Averages of weights."""

    ema: Share = 0.99
    """Decay of the exponential average per step; 0 for none."""
    with_start: tuple[Annotated[float, Field(gt=0, le=1)], ...] = (1.0,)
    """Shares of the new weights in the mean with the starting ones; validation chooses."""
