"""Recipes of `masks train`."""

from pydantic import Field

from training.augment.config import AugmentConfig, MaskStyle, Range
from training.kit.recipe import Part, Share


class MaskDataConfig(Part):
    """Pictures, and how faces are cut out of them."""

    aligned_for: str = "facenet-resnet29@1"
    """Key of the encoder whose chips masks are drawn on."""
    pad: float = Field(default=0.0, ge=0)
    """Replicate the border of every picture by this share of its size, for tight crops."""
    ignore: tuple[str, ...] = ()
    """Names of files that are passed over, such as known wrong labels."""
    validation: Share = 0.1
    """Share of the people that are kept to measure on."""


class MasksConfig(Part):
    """A whole recipe of `masks train`."""

    seed: int = 1
    data: MaskDataConfig = MaskDataConfig()
    styles: tuple[MaskStyle, ...] = Field(
        default=("surgical", "cone", "cloth", "ffp2"), min_length=1
    )
    """Shapes of the masks that are learnt."""
    misplaced: Range = (0.42, 1.1)
    """How far down a mask that leaves the nose free has slid; others between -0.06 and 0.14."""
    shares: tuple[float, float, float] = (0.4, 0.35, 0.25)
    """Of bare, masked and misplaced among the faces that are learnt."""
    sunglasses: Share = 0.25
    """Share of the faces, masked or not, that wear them."""
    hand: Share = 0.15
    """Share of the bare faces that a hand covers partly."""
    augment: AugmentConfig
    """What happens to every face beside."""
    steps: int = Field(ge=1)
    size: int = Field(default=96, ge=2)
    """Faces of one step."""
    learning_rate: float = Field(default=2e-3, gt=0)
    """At its highest; half a cosine down from there."""
