"""Manifests of face encoders."""

import math
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

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


class EncoderPart(Part):
    """An encoder that another one is made of."""

    model: str
    """Key of the encoder."""
    weight: float = Field(gt=0, le=1)
    """Share of its cosine in that of the whole; the shares of all parts make 1."""


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
    parts: tuple[EncoderPart, ...] = ()
    """Encoders that an encoder of the architecture `fused` is made of; each cuts its own chip."""

    @property
    def template_power(self) -> float:
        """The power by which templates of several faces are lengthened; 1 if never measured."""
        return 1.0 if self.curve is None else self.curve.template_power

    @property
    def needs(self) -> tuple[str, ...]:
        """Keys of its parts."""
        return tuple(part.model for part in self.parts)

    @model_validator(mode="after")
    def _is_made_of_parts(self) -> Self:
        if (self.architecture.name == "fused") != (len(self.parts) > 1):
            raise ValueError('the architecture "fused" and two parts or more go together')
        if self.parts and not math.isclose(sum(part.weight for part in self.parts), 1.0):
            raise ValueError("the weights of the parts have to make 1 together")
        if self.parts and (self.input.mean, self.input.scale) != ((0.0, 0.0, 0.0), 1.0):
            raise ValueError("parts have their own pixel conventions: mean is 0 and scale 1")
        if self.parts and (self.input.channels != "rgb" or self.mirror):
            raise ValueError("parts have their own channels and mirror: give rgb and no mirror")
        return self

    @property
    def picture_size(self) -> tuple[int, int]:
        """(height, width) of the chips that the network takes."""
        return self.input.size

    def described_input(self) -> str:
        """Size and channels of the chips."""
        if self.parts:
            return f"chips of {' and '.join(self.needs)}"
        height, width = self.input.size
        return f"{height}x{width} {self.input.channels}, aligned by five points"

    def described_output(self) -> str:
        """Length of the embedding."""
        return f"{self.output.dimension} numbers"
