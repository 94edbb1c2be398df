"""Manifests of face detectors."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Input, Manifest, Triple
from models.registry.origins import Part


class Proposals(Part):
    """Settings of the search of a single-pass detector."""

    face: float = Field(gt=0)
    """Pixels that the smallest face asked for keeps in the reduced picture that is searched."""
    threshold: float = Field(gt=0, lt=1)
    """Score from which on a box is worth a second look."""
    confirm: str | None = None
    """Key of the cascade whose later stages decide and place the landmarks; None: no second
    look is taken, and score and landmarks are the single pass's own."""

    @model_validator(mode="before")
    @classmethod
    def _without_first(cls, values: Any) -> Any:
        """Manifests of older versions bound by `first` how many boxes got the second look."""
        if isinstance(values, Mapping):
            return {name: value for name, value in values.items() if name != "first"}
        return values


class Detection(Part):
    """Settings of a face detector."""

    min_face: int = Field(default=20, ge=12)
    """Pixels; used when the caller names no smallest face."""
    factor: float = Field(default=0.709, gt=0, lt=1)
    """Cascades: ratio of one level of the image pyramid to the level above it."""
    thresholds: Triple = (0.5, 0.6, 0.7)
    """Cascades: face probability at which a window passes P-, R- and O-Net."""
    proposals: Proposals | None = None
    """Single-pass detectors have these, and cascades do not."""


class DetectorManifest(Manifest):
    """A detector: pictures to boxes, probabilities and landmarks."""

    trial: ClassVar[str] = "models.pipelines.detection.trial:try_detector"

    task: Literal["detect-faces"] = "detect-faces"
    input: Input
    """Pixel convention."""
    detection: Detection
    """Settings of the search for faces."""

    @property
    def is_cascade(self) -> bool:
        """Whether it searches a pyramid, and proposes nothing in a single pass."""
        return self.detection.proposals is None

    @property
    def proposals(self) -> Proposals:
        """Settings of the search. Raises InvalidManifestError for a cascade."""
        if self.detection.proposals is None:
            raise InvalidManifestError(f"{self.key} is no single-pass detector.", model=self.key)
        return self.detection.proposals

    def described_output(self) -> str:
        """Parts of a detection."""
        return "boxes, face probability, five landmarks"
