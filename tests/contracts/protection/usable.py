"""Looks for templates in bytes, as somebody would who has them and no key."""

import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

_ALIKE = 0.5
"""Far above what strangers have, and far below what two pictures of one person do."""
_KINDS = ("<f2", "<f4", "<f8")


def likeness(content: bytes, template: np.ndarray) -> float:
    """The highest cosine of the template with numbers in a row, of any width, at any place."""
    return max(
        _likeness(np.frombuffer(content, kind, offset=shift, count=count), template)
        for kind in _KINDS
        for width in [np.dtype(kind).itemsize]
        for shift in range(width)
        if (count := (len(content) - shift) // width) >= len(template)
    )


def _likeness(numbers: np.ndarray, template: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # most bytes are no numbers
        sound = np.isfinite(numbers) & (np.abs(numbers) <= 1)
        values = np.where(sound, numbers, 0).astype(np.float64)
    squares = np.concatenate([[0.0], np.cumsum(values**2)])
    lengths = np.sqrt(np.maximum(squares[len(template) :] - squares[: -len(template)], 1e-12))
    lengths[lengths < 0.1] = np.inf
    products = np.correlate(values, template.astype(np.float64), "valid")
    return float(np.max(products / lengths))


def holding(root: Path, templates: Iterable[np.ndarray]) -> set[str]:
    """Names of the files below `root` that hold something like one of the templates."""
    wanted = list(templates)
    return {
        path.name
        for path in ([root] if root.is_file() else sorted(root.rglob("*")))
        if path.is_file()
        for content in [path.read_bytes()]
        if len(content) >= 1024 and any(likeness(content, one) > _ALIKE for one in wanted)
    }
