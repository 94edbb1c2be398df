"""Manifests of models whose embeddings are compared, and the curve that decides."""

from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from models.registry.curve import ThresholdCurve
from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Manifest, Point
from models.registry.origins import Part


class Curve(Part):
    """Threshold curve: ascending (similarity, false-match rate) points, and their origin."""

    points: tuple[Point, ...]
    """(similarity, false-match rate), ascending in similarity."""
    method: str
    """Way in which the points were counted, in one sentence."""
    data: str
    """Data that was compared."""
    impostors: int = Field(ge=0)
    """Number of impostor comparisons measured."""
    tail_from: float | None = None
    """Similarity above which points come from a fitted tail instead of counting."""
    left_out: tuple[str, ...] = ()
    """Pictures of doubtful label that the comparisons did without."""
    template_power: float = Field(1.0, ge=0, le=1)
    """The mean of a subject's faces is divided by its length to this power. 1 makes a unit vector,
    to which strangers are more alike than to a face where all faces have something in common."""

    @cached_property
    def thresholds(self) -> ThresholdCurve:
        """Similarity to false-match rate and back."""
        return ThresholdCurve.of(self.points, self.impostors)

    @model_validator(mode="after")
    def _is_a_curve(self) -> Self:
        ThresholdCurve.of(self.points)
        return self


class EmbeddingManifest(Manifest):
    """A model that makes embeddings."""

    curve: Curve | None = None
    """Threshold curve; None where nobody has calibrated the model."""

    @property
    def calibrated(self) -> bool:
        """Whether it has a threshold curve."""
        return self.curve is not None

    @property
    def threshold_curve(self) -> ThresholdCurve:
        """Similarity to false-match rate. Raises InvalidManifestError when not calibrated."""
        if self.curve is None:
            raise InvalidManifestError(
                f"{self.key} has no threshold curve.",
                hint="Measure one with `python -m training evaluate calibrate`.",
                model=self.key,
            )
        return self.curve.thresholds
