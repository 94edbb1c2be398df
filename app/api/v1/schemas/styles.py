"""Style transfers and styles as clients send them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.api.kit.body.files import Image
from app.domain.styles import ResultFormat
from app.domain.texts import URL_NAME
from app.services.styles.transfers import TransferRequest
from models.pipelines.style.options import (
    FEWEST_STEPS,
    LARGEST,
    MOST_STEPS,
    SMALLEST,
    TransferOptions,
)

StyleName = Annotated[str, Field(json_schema_extra={"pattern": URL_NAME})]
_EXAMPLE = "/9j/4AAQSkZJRgABAQ… (base64 of the file)"
_WEIGHT = 10_000


class StyleTransferRequest(BaseModel):
    """A picture, the manner it is to be painted in, and how."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"content": _EXAMPLE, "style_name": "night", "size": 512}]},
    )

    content: Image
    style: Image | None = Field(None, description="A picture in the manner; or `style_name`.")
    style_name: StyleName | None = Field(None, description="A stored style, instead of `style`.")
    size: int = Field(
        256, ge=SMALLEST, le=LARGEST, description="Longer side of the result in pixels."
    )
    steps: int = Field(
        60, ge=FEWEST_STEPS, le=MOST_STEPS, description="Iterations at each size on the way."
    )
    alpha: float | None = Field(
        None, gt=0, le=_WEIGHT, description="Weight of the content; the model's own if left out."
    )
    beta: float | None = Field(
        None, gt=0, le=_WEIGHT, description="Weight of the style; the model's own if left out."
    )
    preserve_colour: bool = Field(False, strict=True, description="Keep the content's colours.")
    keep_faces: bool = Field(False, strict=True, description="Leave faces as they are.")
    faces_only: bool = Field(False, strict=True, description="Style faces and nothing else.")
    seed: int = Field(0, ge=0, lt=2**31, description="The same seed, the same picture.")
    model: str | None = Field(None, max_length=100, description="Model key; or the default.")
    format: ResultFormat = Field("png", description="Of the result.")

    def request(self) -> TransferRequest:
        return TransferRequest(
            content=self.content,
            style=self.style,
            style_name=self.style_name,
            options=TransferOptions(
                size=self.size,
                steps=self.steps,
                alpha=self.alpha,
                beta=self.beta,
                preserve_colour=self.preserve_colour,
                keep_faces=self.keep_faces,
                faces_only=self.faces_only,
                seed=self.seed,
            ),
            model=self.model,
            form=self.format,
        )


class NewStyle(BaseModel):
    """A picture to keep as a style."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "night", "image": _EXAMPLE}]}
    )

    name: StyleName
    image: Image
