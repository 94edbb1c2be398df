"""Robustness of an encoder: one picture of each pair is covered or spoiled."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.alignment import Panel, fit_similarity
from training.augment.conditions import CONDITIONS, condition, condition_rng
from training.data.chips import ChipSet
from training.measure import metrics
from training.measure.errors import EvaluationError
from training.measure.gallery import Gallery
from training.measure.impostors import histogram_between
from training.measure.pairs import Pair

FMRS = {"1e-2": 1e-2, "1e-3": 1e-3, "1e-4": 1e-4}

Encode = Callable[[NDArray[np.uint8], str], NDArray[np.float32]]
"""Of (N, H, W, 3) chips and a description for the progress bar."""


def changed_chips(
    chips: ChipSet, rows: Sequence[int], name: str, panels: Sequence[Panel] = ()
) -> NDArray[np.uint8]:
    """(len(rows), H, W, 3): chips under a condition, drawn by their file names alone.

    Of an encoder made of parts each of the `panels` is changed like a chip of its own, by the
    same chance: one mask, as either part sees it.
    """
    change = condition(name)
    changed = np.stack([chips.chips[i] for i in rows])
    for chip, i in zip(changed, rows, strict=True):
        top, file = 0, Path(chips.paths[i]).name
        for height, width, points in _pieces(chip, chips.landmarks[i], panels):
            piece = np.ascontiguousarray(chip[top : top + height, :width])
            chip[top : top + height, :width] = change(piece, points, condition_rng(name, file))
            top += height
    return changed


def _pieces(
    chip: NDArray[np.uint8], landmarks: NDArray[np.float32], panels: Sequence[Panel]
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Height and width of each panel, and where the landmarks are in it.

    `landmarks` are those in the first panel, or in the whole chip where there are no panels.
    """
    if not panels:
        yield chip.shape[0], chip.shape[1], landmarks
    for template, (height, width) in panels:
        matrix = fit_similarity(landmarks, template)
        points = landmarks @ matrix[:, :2].T + matrix[:, 2]
        yield height, width, np.asarray(points, dtype=np.float32)


def robustness_report(
    gallery: Gallery,
    chips: ChipSet,
    pairs: Sequence[Pair],
    encode: Encode,
    panels: Sequence[Panel] = (),
) -> dict[str, Any]:
    """Figures by condition, of the gallery of the chips; `panels` are those of several parts.

    The second picture of each pair is changed. Thresholds of `fnmr` come from every clean
    picture of the pairs against every changed one of somebody else. A pair with an undetected
    face counts with the lowest similarity. Raises EvaluationError.
    """
    # The gallery has a row for every picture, the chips for every face that was found.
    found = [name for name, there in zip(gallery.names, gallery.detected, strict=True) if there]
    row = {name: i for i, name in enumerate(found)}
    seconds = sorted({pair.second for pair in pairs if pair.second in row})
    if not seconds:
        raise EvaluationError("No face was found in the second picture of any pair.")
    rows = [row[name] for name in seconds]
    figures: dict[str, Any] = {}
    for name in CONDITIONS:
        embeddings = encode(changed_chips(chips, rows, name, panels), name)
        people = tuple(chips.names[i] for i in rows)
        changed = Gallery(tuple(seconds), people, embeddings, np.ones(len(rows), dtype=np.bool_))
        figures[name] = _figures(gallery, changed, pairs)
    return figures


def _figures(clean: Gallery, changed: Gallery, pairs: Sequence[Pair]) -> dict[str, Any]:
    scores = clean.similarities(pairs, changed)
    same = np.array([pair.same for pair in pairs])
    folds = np.array([pair.fold for pair in pairs])
    try:
        accuracies = metrics.fold_accuracies(scores, same, folds)
    except ValueError as error:
        raise EvaluationError(f"The pairs do not fit the protocol: {error}.") from error
    faces = clean.detected
    impostors = histogram_between(
        clean.embeddings[faces],
        np.asarray(clean.identities)[faces].tolist(),
        changed.embeddings,
        changed.identities,
    )
    return {
        "accuracy": float(accuracies.mean()),
        "fnmr": {
            key: metrics.false_non_match_rate(scores[same], impostors.threshold(fmr))
            for key, fmr in FMRS.items()
        },
        "pairs": len(pairs),
        "impostors": impostors.total,
    }
