"""Looks for templates in bytes, as somebody would who has them and no key."""

import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

ALIKE = 0.5
"""Far above what strangers have, and far below what two pictures of one person do."""
_LEAST = 1e-7
"""A number of a template is rarely smaller; what other bytes are read as often is."""
_AT_ONCE = 4096
_KINDS = ("<f2", "<f4", "<f8")


def likeness(content: bytes, template: np.ndarray) -> float:
    """The highest cosine of the template with numbers in a row, of any width, at any place."""
    return max(
        (
            _likeness(np.frombuffer(content, kind, offset=shift, count=count), template)
            for kind in _KINDS
            for width in [np.dtype(kind).itemsize]
            for shift in range(width)
            if (count := (len(content) - shift) // width) >= len(template)
        ),
        default=-1.0,
    )


def _likeness(numbers: np.ndarray, template: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # most bytes are no numbers
        sound = np.isfinite(numbers) & (np.abs(numbers) <= 1)
        values = np.where(sound, numbers, 0).astype(np.float64)
    width = len(template)
    squares, sized = (
        np.concatenate([[0.0], np.cumsum(one)]) for one in (values**2, np.abs(values) > _LEAST)
    )
    lengths = np.sqrt(np.maximum(squares[width:] - squares[:-width], 0))
    places = np.flatnonzero((lengths > 0.1) & (sized[width:] - sized[:-width] > 0.9 * width))
    rows = np.lib.stride_tricks.sliding_window_view(values, width)
    return max(
        (
            float(np.max(rows[some] @ template.astype(np.float64) / lengths[some]))
            for begin in range(0, len(places), _AT_ONCE)
            for some in [places[begin : begin + _AT_ONCE]]
        ),
        default=-1.0,
    )


def holding(root: Path, templates: Iterable[np.ndarray]) -> set[str]:
    """Names of the files below `root` that hold something like one of the templates."""
    wanted = list(templates)
    return {
        path.name
        for path in ([root] if root.is_file() else sorted(root.rglob("*")))
        if path.is_file()
        for content in [path.read_bytes()]
        if any(likeness(content, one) > ALIKE for one in wanted)
    }
