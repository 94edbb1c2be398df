"""Settings of augmentation, as they stand in a TOML file under `[augment]`.

Lengths and standard deviations in pixels are those of a chip of 150 and scale with the chip.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _ascending(limits: tuple[float, float]) -> tuple[float, float]:
    if limits[0] > limits[1]:
        raise ValueError("the first number of a range must not exceed the second")
    return limits


Range = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""Drawn from uniformly."""
Share = Annotated[float, Field(ge=0, le=1)]
MaskStyle = Literal["surgical", "cone", "cloth", "ffp2"]
Glasses = Literal["round", "square", "aviator", "shield"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Part):
    """One kind of change, and how often it is made."""

    probability: Share = 0.0


class Crop(Step):
    """Shift by a share of the side in x and in y, and scale."""

    shift: Range = (-0.05, 0.05)
    scale: Range = (0.93, 1.07)


class Rotation(Step):
    """Degrees, counter-clockwise."""

    degrees: Range = (-15, 15)


class Shear(Step):
    """Pixels to the side per pixel down."""

    amount: Range = (-0.12, 0.12)


class Warp(Step):
    """A smooth random field of displacements: the size of the largest one, in pixels."""

    amount: Range = (1.0, 4.0)


class Colour(Step):
    """Added to each channel on its own, in 0..255."""

    shift: Range = (-20, 20)


class Pca(Step):
    """Standard deviation along the principal axes of natural colours (AlexNet: 0.1)."""

    deviation: float = Field(default=0.1, gt=0)


class Light(Step):
    """Contrast about mid-grey, then an addition, in 0..255."""

    contrast: Range = (0.7, 1.3)
    brightness: Range = (-35, 35)


class Dark(Step):
    """The share of light that is left, and the noise (in 0..255) of the amplified rest."""

    light: Range = (0.08, 0.3)
    noise: Range = (2, 6)


class Blur(Step):
    """Standard deviation of a Gaussian, in pixels."""

    sigma: Range = (0.5, 4.0)


class LowResolution(Step):
    """Pixels that are left of a side."""

    pixels: Range = (14, 48)


class Jpeg(Step):
    """JPEG quality."""

    quality: Range = (15, 60)


class Noise(Step):
    """Standard deviation of Gaussian noise, in 0..255."""

    sigma: Range = (2, 14)


class Mask(Step):
    """Face masks, in one of these shapes."""

    styles: tuple[MaskStyle, ...] = Field(
        default=("surgical", "cone", "cloth", "ffp2"), min_length=1
    )


class Sunglasses(Step):
    """Dark glasses, in one of these shapes."""

    styles: tuple[Glasses, ...] = Field(
        default=("round", "square", "aviator", "shield"), min_length=1
    )


class Hand(Step):
    """Skin-coloured fingers before the face: width of a finger in eye distances."""

    width: Range = (0.25, 0.4)


class Border(Step):
    """A side of the face is cut off: the share of the chip that is lost."""

    share: Range = (0.08, 0.3)


class Conditions(_Part):
    """Relative weights; each chip gets one condition before all other steps.

    `mix` covers the face (or not) and spoils the picture in one of the other ways.
    """

    clean: float = Field(default=0, ge=0)
    masked: float = Field(default=0, ge=0)
    sunglasses: float = Field(default=0, ge=0)
    low_resolution: float = Field(default=0, ge=0)
    blurred: float = Field(default=0, ge=0)
    dark: float = Field(default=0, ge=0)
    mix: float = Field(default=0, ge=0)
    pixels: Range = (14, 40)
    sigma: Range = (2, 6.5)
    light: Range = (0.08, 0.35)

    @property
    def weights(self) -> dict[str, float]:
        """The conditions that occur."""
        names = ("clean", "masked", "sunglasses", "low_resolution", "blurred", "dark", "mix")
        return {name: weight for name in names if (weight := float(getattr(self, name))) > 0}


class AugmentConfig(_Part):
    """Everything is off unless it is given a probability, or `conditions` weights."""

    conditions: Conditions = Conditions()
    mask: Mask = Mask()
    sunglasses: Sunglasses = Sunglasses()
    scarf: Step = Step()
    hand: Hand = Hand()
    border: Border = Border()
    mirror: Step = Step()
    crop: Crop = Crop()
    rotation: Rotation = Rotation()
    shear: Shear = Shear()
    warp: Warp = Warp()
    light: Light = Light()
    dark: Dark = Dark()
    colour: Colour = Colour()
    pca: Pca = Pca()
    grey: Step = Step()
    blur: Blur = Blur()
    low_resolution: LowResolution = LowResolution()
    noise: Noise = Noise()
    jpeg: Jpeg = Jpeg()
