"""Manifests of networks that tell how a face wears a mask."""

from typing import ClassVar, Literal

from models.registry.manifests.base import Manifest, Point
from models.registry.manifests.encoders import ChipInput


class MaskManifest(Manifest):
    """A teller of masks: aligned faces to whether they wear one."""

    trial: ClassVar[str] = "models.pipelines.faces.mask_telling:try_teller"

    task: Literal["tell-masks"] = "tell-masks"
    input: ChipInput
    """Pixel convention and size of the chips."""
    alignment: tuple[Point, Point, Point, Point, Point]
    """(x, y) in the network's input: left eye, right eye, nose, mouth left, mouth right."""

    @property
    def picture_size(self) -> tuple[int, int]:
        """(height, width) of the chips that the network takes."""
        return self.input.size

    def described_input(self) -> str:
        """Size and channels of the chips."""
        height, width = self.input.size
        return f"{height}x{width} {self.input.channels}, aligned by five points"

    def described_output(self) -> str:
        """Kinds that it tells apart."""
        return "no mask, a mask, or one that leaves the nose free"
