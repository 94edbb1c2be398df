"""Manifests of models for style transfer."""

from typing import Annotated, Literal

from pydantic import Field

from models.registry.manifests.base import Input, Manifest
from models.registry.origins import Part


class Style(Part):
    """Layers that style transfer looks at, and how much each part counts."""

    content_layer: str | None = None
    """None: blurred luminance and chroma of the picture itself."""
    layers: dict[str, Annotated[float, Field(gt=0)]] = Field(min_length=1)
    """Weights lambda_l of the Gram matrices, by layer."""
    mean_weight: float = Field(default=0, ge=0)
    """Weight of channel means beside Gram matrices."""
    alpha: float = Field(gt=0)
    """Weight of the content loss when the caller names none."""
    beta: float = Field(gt=0)
    """Weight of the style loss when the caller names none."""
    largest: int = Field(default=1024, gt=0)
    """Longer side in pixels of the largest result, lest memory run out."""


class StyleManifest(Manifest):
    """A model for style transfer: two pictures to a third."""

    task: Literal["transfer-style"] = "transfer-style"
    input: Input
    """Pixel convention."""
    style: Style
    """Layers that are looked at, and their weights."""

    def described_output(self) -> str:
        """Largest picture that is painted."""
        return f"a picture of up to {self.style.largest} pixels a side"
