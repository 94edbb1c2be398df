"""Labels that a good encoder doubts: pictures of one person under two names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.registry.curve import ThresholdCurve
from training.measure.calibration import calibrate
from training.measure.errors import EvaluationError
from training.measure.impostors import cross_identity_histogram

_BLOCK = 1024
_ROUNDS = 5
"""Each finds what the wrong labels of the round before had hidden; two are usual."""
Kind = Literal["same-picture", "another-person", "two-names"]
Alike = Callable[[int, int], bool]
"""Whether two rows are one and the same picture."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two pictures under two names that are more alike than strangers are."""

    kind: Kind
    row: int
    """The one with less to say for its name."""
    other: int
    similarity: float
    own: float | None
    """Largest similarity of `row` to another picture of its name; None: there is no other."""
    expected: float
    """Pairs of strangers at least this alike among as many comparisons."""
    taken_out: tuple[int, ...]


def find_doubts(
    embeddings: NDArray[np.float32],
    identities: Sequence[str],
    most_expected: float,
    same_picture: Alike = lambda a, b: False,
) -> list[Doubt]:
    """Doubtful pairs of (N, dimension) L2-normalised embeddings, the most alike first.

    A pair of different names is doubted when fewer than `most_expected` pairs of strangers
    would be as alike among all comparisons, by a curve of the labels that are left.
    Raises ValueError when there are too few comparisons for a curve.
    """
    labels = np.unique(np.asarray(identities), return_inverse=True)[1]
    found: list[Doubt] = []
    for _ in range(_ROUNDS):
        left = np.ones(len(labels), dtype=np.bool_)
        left[[row for doubt in found for row in doubt.taken_out]] = False
        names = [name for name, stays in zip(identities, left, strict=True) if stays]
        measured = calibrate(cross_identity_histogram(embeddings[left], names))
        curve = ThresholdCurve.of(measured.points)
        before, found = (
            found,
            _doubts(embeddings, labels, curve, measured.comparisons, most_expected, same_picture),
        )
        if found == before:
            break
    return found


def _doubts(
    embeddings: NDArray[np.float32],
    labels: NDArray[np.intp],
    curve: ThresholdCurve,
    comparisons: int,
    most_expected: float,
    same_picture: Alike,
) -> list[Doubt]:
    threshold = curve.similarity(min(1.0, most_expected / comparisons))
    taken: set[int] = set()
    doubts: list[Doubt] = []
    for first, second, similarity in _alike(embeddings, labels, threshold):
        if not taken.isdisjoint((first, second)):
            continue
        own = [_own(embeddings, labels, row, taken) for row in (first, second)]
        row, other = first, second
        if (own[1] is None, -(own[1] or 0)) > (own[0] is None, -(own[0] or 0)):
            row, other, own = second, first, own[::-1]
        kind: Kind = "another-person" if own[1] is not None else "two-names"
        if own[0] is not None and own[0] >= similarity:
            kind = "two-names"
        if same_picture(row, other):
            kind = "same-picture"
        both = kind == "same-picture" or own[1] is None
        out = (row, other) if both else (row,)
        taken.update(out)
        expected = curve.fmr(similarity) * comparisons
        doubts.append(Doubt(kind, row, other, similarity, own[0], expected, out))
    return doubts


def _alike(
    embeddings: NDArray[np.float32], labels: NDArray[np.intp], threshold: float
) -> list[tuple[int, int, float]]:
    """Pairs of rows of different people from a similarity on, the most alike first."""
    pairs: list[tuple[int, int, float]] = []
    for start in range(0, len(embeddings), _BLOCK):
        scores = embeddings[start : start + _BLOCK] @ embeddings.T
        scores[labels[start : start + _BLOCK, None] == labels[None]] = -2
        for i, j in np.argwhere(scores >= threshold).tolist():
            if start + i < j:
                pairs.append((start + i, j, float(scores[i, j])))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[:2]))


def _own(
    embeddings: NDArray[np.float32], labels: NDArray[np.intp], row: int, taken: set[int]
) -> float | None:
    others = [i for i in np.flatnonzero(labels == labels[row]).tolist() if i != row]
    others = [i for i in others if i not in taken]
    return float((embeddings[others] @ embeddings[row]).max()) if others else None


def label_of(path: Path) -> str:
    """Name of a picture in lists: the folder of its person, and its file."""
    return f"{path.parent.name}/{path.name}"


def read_left_out(path: Path | None) -> frozenset[str]:
    """Pictures of a list of `evaluate labels`, one a line. Raises EvaluationError."""
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} is not a list of pictures: {error!r}") from error
    names = frozenset(line.strip() for line in lines if line.strip())
    wrong = sorted(name for name in names if name.count("/") != 1)
    if wrong:
        raise EvaluationError(
            f"{path}: {wrong[0]!r} is not a folder and a file, such as ann/1.jpg."
        )
    return names
