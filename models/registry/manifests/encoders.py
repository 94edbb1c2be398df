"""Manifests of face encoders."""

from typing import ClassVar, Literal

from pydantic import Field

from models.registry.manifests.base import Input, Point
from models.registry.manifests.embeddings import EmbeddingManifest
from models.registry.origins import Part


class ChipInput(Input):
    """Pictures of one size, in color."""

    size: tuple[int, int]
    """(height, width) in pixels."""
    channels: Literal["rgb", "bgr"] = "rgb"
    """Order of the channels."""


class Output(Part):
    """Embedding of one face."""

    dimension: int = Field(gt=0)
    """Numbers of the embedding."""
    normalised: bool = True
    """L2-normalize the embedding."""


class EncoderManifest(EmbeddingManifest):
    """An encoder: aligned faces to embeddings. Its curve is that of single faces."""

    trial: ClassVar[str] = "models.pipelines.faces.trial:try_encoder"

    task: Literal["encode-faces"] = "encode-faces"
    input: ChipInput
    """Pixel convention and size of the chips."""
    output: Output
    """Embedding that comes out."""
    alignment: tuple[Point, Point, Point, Point, Point]
    """(x, y) in the encoder's input: left eye, right eye, nose, mouth left, mouth right."""
    mirror: bool = True
    """Average the embeddings of the face and of its mirror image."""

    @property
    def picture_size(self) -> tuple[int, int]:
        """(height, width) of the chips that the network takes."""
        return self.input.size

    def described_input(self) -> str:
        """Size and channels of the chips."""
        height, width = self.input.size
        return f"{height}x{width} {self.input.channels}, aligned by five points"

    def described_output(self) -> str:
        """Length of the embedding."""
        return f"{self.output.dimension} numbers"
