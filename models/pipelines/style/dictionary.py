"""Learning a filter pyramid from the style and the content themselves, in about a second.

Patches are whitened and clustered; the cluster centers, folded back through the whitening,
are the filters. After Coates, Lee and Ng, "An analysis of single-layer networks in
unsupervised feature learning" (2011).
"""

import copy

import faiss
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.nets.filter_pyramid import FilterPyramid

_STYLE_PATCHES, _CONTENT_PATCHES = 5000, 1000
_DIMENSIONS = 72
"""Principal components of a patch that are kept. What lies in the others the filters cannot see,
and descent fills it with a weave: 40 are too few."""
_SHRINKAGE = 0.001
"""Share of the largest eigenvalue, added to each: weak components are noise and stay weak."""
_THRESHOLD = 0.25
"""Deviations that a response has to exceed."""
_ITERATIONS = 25
_SMALLEST_DEVIATION = 1e-6

Matrix = NDArray[np.float32]


def learn_filters(
    recipe: FilterPyramid, style: Tensor, content: Tensor, seed: int
) -> FilterPyramid:
    """A pyramid of the recipe's shape whose filters are the pictures' own.

    `style` and `content` are (1, 3, H, W) in [0, 1]. The same seed gives the same filters.
    The filters are constants. Levels that the smaller picture does not have stay zero.
    """
    learned = copy.deepcopy(recipe).requires_grad_(False)
    rng = np.random.default_rng(seed)
    levels = zip(recipe.pictures(style), recipe.pictures(content), strict=False)
    for level, (style_picture, content_picture) in enumerate(levels):
        patches = np.concatenate(
            [
                random_patches(style_picture, recipe.side, _STYLE_PATCHES, rng),
                random_patches(content_picture, recipe.side, _CONTENT_PATCHES, rng),
            ]
        )
        weight, bias = _filters(patches, recipe.filters, int(rng.integers(2**31)))
        shape = (recipe.filters, 3, recipe.side, recipe.side)
        learned.set_filters(level, torch.from_numpy(weight.reshape(shape)), torch.from_numpy(bias))
    return learned


def random_patches(picture: Tensor, side: int, count: int, rng: np.random.Generator) -> Matrix:
    """(count, 3·side·side): squares at random places of a (1, 3, H, W) picture."""
    pixels = picture[0].detach().numpy()
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (side, side), axis=(1, 2))
    rows = rng.integers(windows.shape[1], size=count)
    columns = rng.integers(windows.shape[2], size=count)
    chosen = windows[:, rows, columns].transpose(1, 0, 2, 3)
    return np.ascontiguousarray(chosen.reshape(count, -1), dtype=np.float32)


def _filters(patches: Matrix, count: int, seed: int) -> tuple[Matrix, Matrix]:
    """(count, D) weights and (count,) biases of the filters that these patches teach."""
    mean = patches.mean(axis=0)
    whitening = _whitening(patches - mean)
    white = (patches - mean) @ whitening
    squashed = white / (np.abs(white) + 1)
    directions = _centers(squashed, count, seed)
    weight = directions @ whitening.T
    responses = (patches - mean) @ weight.T
    deviation = np.maximum(responses.std(axis=0), _SMALLEST_DEVIATION)
    weight = weight / deviation[:, None]
    return weight.astype(np.float32), (-weight @ mean - _THRESHOLD).astype(np.float32)


def _whitening(centered: Matrix) -> Matrix:
    """(D, dimensions) that turns patches into uncorrelated components of about unit size."""
    covariance = centered.T.astype(np.float64) @ centered / len(centered)
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1][:_DIMENSIONS], vectors[:, ::-1][:, :_DIMENSIONS]
    # A picture of one color has no variance at all.
    floor = max(_SHRINKAGE * float(values[0]), 1e-8)
    return np.asarray(vectors / np.sqrt(values.clip(0) + floor), dtype=np.float32)


def _centers(points: Matrix, count: int, seed: int) -> Matrix:
    """(count, dimensions) cluster centers, brought to unit length."""
    clustering = faiss.Kmeans(
        points.shape[1],
        count,
        niter=_ITERATIONS,
        seed=seed % 2**31,
        min_points_per_centroid=1,
        max_points_per_centroid=len(points),
    )
    clustering.train(np.ascontiguousarray(points))
    centers = np.asarray(clustering.centroids, dtype=np.float32).reshape(count, -1)
    length = np.linalg.norm(centers, axis=1, keepdims=True)
    return np.asarray(centers / np.maximum(length, _SMALLEST_DEVIATION), dtype=np.float32)
