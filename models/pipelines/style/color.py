"""Colors: luminance and chroma, and carrying the palette of one picture over to another."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_RIDGE = 1e-4
"""Added to covariances, so that a gray picture has an invertible one."""
_CLIP, _TILES = 1.5, (4, 4)

# ITU-R BT.601, full range, without the offset of 1/2.
_YCBCR = torch.tensor(
    [
        [0.299, 0.587, 0.114],
        [-0.168736, -0.331264, 0.5],
        [0.5, -0.418688, -0.081312],
    ]
)


def to_ycbcr(x: Tensor) -> Tensor:
    """(N, 3, H, W) RGB in [0, 1] → luminance in [0, 1], chroma in [-1/2, 1/2]."""
    return torch.einsum("ij,njhw->nihw", _YCBCR.to(x), x)


def to_rgb(x: Tensor) -> Tensor:
    """The inverse of `to_ycbcr`; may leave [0, 1]."""
    return torch.einsum("ij,njhw->nihw", torch.linalg.inv(_YCBCR).to(x), x)


def carry_palette(picture: Tensor, palette: Tensor) -> Tensor:
    """`picture` with mean and covariance of the colors of `palette`, clamped to [0, 1].

    The linear map that moves colors least (Monge-Kantorovich): T = A^-½ (A^½ B A^½)^½ A^-½
    with the 3x3 covariances A and B. After Pitié and Kokaram, "The linear Monge-Kantorovitch
    linear colour mapping for example-based colour transfer" (2007). Both are (1, 3, H, W).
    """
    mean, covariance = _moments(picture)
    wanted_mean, wanted = _moments(palette)
    root, inverse = _powers(covariance)
    middle, _ = _powers(root @ wanted @ root)
    linear = inverse @ middle @ inverse
    moved = torch.einsum("ij,njhw->nihw", linear.to(picture), picture - mean.to(picture))
    return (moved + wanted_mean.to(picture)).clamp(0, 1)


def carry_chroma(picture: Tensor, colors: Tensor) -> Tensor:
    """The luminance of `picture` with the chroma of `colours`, clamped; both (1, 3, H, W).

    After Gatys et al., "Preserving color in neural artistic style transfer" (2016).
    """
    luminance, chroma = to_ycbcr(picture)[:, :1], to_ycbcr(colors)[:, 1:]
    return to_rgb(torch.cat([luminance, chroma], dim=1)).clamp(0, 1)


def equalized(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3) with its luminance evened out locally (CLAHE), so that dull light has shape."""
    ycc = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)
    ycc[..., 0] = cv2.createCLAHE(_CLIP, _TILES).apply(np.ascontiguousarray(ycc[..., 0]))
    return np.asarray(cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB), dtype=np.uint8)


def _moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (1, 3, 1, 1) and covariance (3, 3) of the colors, in double precision."""
    flat = x[0].flatten(1).double()
    mean = flat.mean(dim=1, keepdim=True)
    centered = flat - mean
    covariance = centered @ centered.T / flat.shape[1] + _RIDGE * torch.eye(3, dtype=flat.dtype)
    return mean.view(1, 3, 1, 1), covariance


def _powers(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The square root of a symmetric positive matrix, and the root's inverse."""
    values, vectors = torch.linalg.eigh(matrix)
    roots = values.clamp(min=1e-12).sqrt()
    return vectors @ torch.diag(roots) @ vectors.T, vectors @ torch.diag(1 / roots) @ vectors.T
