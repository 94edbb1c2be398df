"""Pictures as Fourier coefficients: gradient descent then makes no fine weave."""

import torch
from torch import Tensor

_EXPONENT = 0.35
SMOOTH, SHARP = 0.3, 0.6
"""Cycles per pixel beyond which coefficients count for ever less. Where a style is smooth, its
filters see nothing of waves as short as that, and they grow into a weave."""


class FourierPicture:
    """A picture x = start + irfft2(z · s), in which z is what an optimizer changes.

    s = max(|f|, 1/n)^-0.35 · exp(-(|f|/finest)^6), divided by its mean, gives coarse structure a
    head start over single pixels. `start` is (1, 3, H, W).
    """

    def __init__(self, start: Tensor, finest: float) -> None:
        self._start = start
        height, width = start.shape[-2:]
        self._size = (height, width)
        self._scale = frequency_scale(height, width, finest)
        # (…, 2): real and imaginary parts, since optimizers know real numbers only.
        self.z = torch.zeros(1, 3, *self._scale.shape, 2, requires_grad=True)

    def picture(self) -> Tensor:
        """(1, 3, H, W), differentiable by `z`; may leave [0, 1]."""
        spectrum = torch.view_as_complex(self.z) * self._scale
        change: Tensor = torch.fft.irfft2(spectrum, s=self._size, norm="ortho")
        return self._start + change


def frequency_scale(height: int, width: int, finest: float) -> Tensor:
    """(H, W // 2 + 1) factors of the coefficients of `rfft2`, with mean 1."""
    down = torch.fft.fftfreq(height)[:, None]
    across = torch.fft.rfftfreq(width)[None]
    frequency = torch.sqrt(down**2 + across**2).clamp(min=1 / max(height, width))
    scale = frequency**-_EXPONENT * torch.exp(-((frequency / finest) ** 6))
    return scale / scale.mean()
