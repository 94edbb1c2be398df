"""Distance of a picture from its content: blurred luminance and chroma, faces first."""

from torch import Tensor
from torch.nn import functional as F

from models.nets.filter_pyramid import blur
from models.pipelines.style.color import to_ycbcr

_LUMINANCE_SIGMA, _FINE_SIGMA = 1.5, 0.7
"""Pixels. Style may draw what is finer; in faces only what is finer than the second."""
_CHROMA_SIGMA = 6 / 288
"""Share of the longer side."""
_CHROMA = 4 / 7
"""Weight of chroma beside luminance."""
_LUMINANCE_FLOOR, _CHROMA_FLOOR = 1e-4, 1e-3
"""Added to variances, so that an even picture does not weigh without bound."""


class PictureContent:
    """The content loss of a model that has no layers of meaning.

    With d the difference of a blurred picture from the blurred target and p the protection of a
    place: mean(d²) + mean(p · d_fine²) of luminance by its variance, plus 4/7 of
    mean((1 + p) · d²) of chroma by its own. `protected` (1, 2, H, W) holds p of luminance and of
    chroma.
    """

    def __init__(self, target: Tensor, protected: Tensor) -> None:
        longer = max(target.shape[-2:])
        # A wide blur sees nothing of single pixels, so it is done on fewer of them.
        self._step = max(1, round(_CHROMA_SIGMA * longer / 2))
        self._chroma_sigma = max(1.0, _CHROMA_SIGMA * longer / self._step)
        self._protected = protected[:, :1]
        self._chroma_weights = 1 + self._coarse(protected[:, 1:])
        self._target = self._views(target)
        luminance, _, chroma = self._target
        self._luminance_variance = luminance.var().item() + _LUMINANCE_FLOOR
        self._chroma_variance = chroma.var(dim=(2, 3)).mean().item() + _CHROMA_FLOOR

    def loss(self, x: Tensor) -> Tensor:
        """A scalar for (1, 3, H, W); 0 for the target itself."""
        luminance, fine, chroma = (
            (view - wanted).square()
            for view, wanted in zip(self._views(x), self._target, strict=True)
        )
        light = luminance.mean() + (self._protected * fine).mean()
        color = (self._chroma_weights * chroma).mean()
        return light / self._luminance_variance + _CHROMA * color / self._chroma_variance

    def _views(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Luminance, the same less blurred, and chroma."""
        ycc = to_ycbcr(x)
        luminance, chroma = ycc[:, :1], ycc[:, 1:]
        return (
            blur(luminance, _LUMINANCE_SIGMA),
            blur(luminance, _FINE_SIGMA),
            blur(self._coarse(chroma), self._chroma_sigma),
        )

    def _coarse(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(x, self._step, ceil_mode=True, count_include_pad=False)


def range_penalty(x: Tensor) -> Tensor:
    """Mean squared distance of values from [0, 1]."""
    return (F.relu(-x).square() + F.relu(x - 1).square()).mean()
