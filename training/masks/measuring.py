"""Measuring a teller of masks end to end: drawn in the picture, found by the detector, answers."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from models.pipelines.detection.results import FaceDetector
from models.pipelines.faces.mask_telling import MaskTeller
from models.pipelines.faces.mask_wearing import WEARINGS, Wearing
from models.pipelines.faces.pipeline import main_face
from training.augment import colour, quality
from training.augment.conditions import condition_rng
from training.augment.config import MaskStyle
from training.augment.covers import with_hand, with_scarf
from training.augment.geometry import Chip, Landmarks
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask
from training.data.sources import read_rgb
from training.measure.errors import EvaluationError
from training.measure.metrics import area_under_curve

_SIGMA, _LIGHT, _NOISE, _PIXELS = 0.03, 0.18, 3.0, 24
"""Blur as a share of a face's width, light that is left, noise, and pixels of a face's width."""
_MISPLACED = (0.42, 1.1)
_HAND = (0.25, 0.4)
_SURE = 0.9
_STYLES: tuple[MaskStyle, ...] = ("surgical", "cone", "cloth", "ffp2")
_Rng = np.random.Generator
Change = Callable[[Chip, Landmarks, _Rng], Chip]


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which faces are changed."""

    expected: Wearing | None
    """None where nobody can say: the answers are counted and not judged."""
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Answers:
    """Answers to one case."""

    shares: list[NDArray[np.float32]] = field(default_factory=list)
    undetected: int = 0


def _mask(*styles: MaskStyle) -> Change:
    return lambda picture, points, rng: with_mask(picture, points, rng, styles or _STYLES)


def _misplaced(picture: Chip, points: Landmarks, rng: _Rng) -> Chip:
    return with_mask(picture, points, rng, drop=_MISPLACED)


def _blurred(picture: Chip, points: Landmarks, rng: _Rng) -> Chip:
    return quality.blurred(picture, _SIGMA * _width(points))


def _dark(picture: Chip, points: Landmarks, rng: _Rng) -> Chip:
    return colour.darkened(picture, _LIGHT, _NOISE, rng)


def _coarse(picture: Chip, points: Landmarks, rng: _Rng) -> Chip:
    return quality.resampled(picture, max(8, round(len(picture) * _PIXELS / _width(points))))


def _hand(picture: Chip, points: Landmarks, rng: _Rng) -> Chip:
    return with_hand(picture, points, rng, _HAND)


def _width(points: Landmarks) -> float:
    """A face's width: about two and a half times the distance of its eyes."""
    return max(8.0, 2.5 * float(np.linalg.norm(points[1] - points[0])))


CASES: Mapping[str, Case] = {
    "bare": Case("bare"),
    "bare, sunglasses": Case("bare", (with_sunglasses,)),
    "bare, hand": Case("bare", (_hand,)),
    "bare, dark": Case("bare", (_dark,)),
    "bare, blurred": Case("bare", (_blurred,)),
    "bare, 24 pixels": Case("bare", (_coarse,)),
    **{f"masked, {style}": Case("masked", (_mask(style),)) for style in _STYLES},
    "masked, sunglasses": Case("masked", (with_sunglasses, _mask())),
    "masked, dark": Case("masked", (_mask(), _dark)),
    "masked, blurred": Case("masked", (_mask(), _blurred)),
    "masked, 24 pixels": Case("masked", (_mask(), _coarse)),
    "misplaced": Case("misplaced", (_misplaced,)),
    "misplaced, sunglasses": Case("misplaced", (with_sunglasses, _misplaced)),
    "scarf": Case(None, (with_scarf,)),
}


def masks_report(
    paths: Sequence[Path], pad: float, detector: FaceDetector, teller: MaskTeller
) -> dict[str, Any]:
    """Figures of the pictures under every case. Raises EvaluationError when they show no face."""
    answers: dict[str, Answers] = defaultdict(Answers)
    without = 0
    for path in track(paths, "Telling masks"):
        rgb = read_rgb(path, pad)
        points = _points(rgb, detector)
        if points is None:
            without += 1
            continue
        for name, case in CASES.items():
            picture, rng = rgb, condition_rng(name, path.name)
            for change in case.changes:
                picture = change(picture, points, rng)
            _tell(picture, detector, teller, answers[name])
    if not answers:
        raise EvaluationError("No picture shows a face.")
    return {"pictures": len(paths), "without_a_face": without, **_figures(answers)}


def _tell(picture: Chip, detector: FaceDetector, teller: MaskTeller, answers: Answers) -> None:
    """Answer for the face as it is found now: a mask moves the points that it is cut out by."""
    points = _points(picture, detector)
    if points is None:
        answers.undetected += 1
    else:
        answers.shares.append(teller.probabilities(teller.chip(picture, points)[None])[0])


def _points(rgb: NDArray[np.uint8], detector: FaceDetector) -> NDArray[np.float32] | None:
    """The points of the main face, found as the service finds faces."""
    found = detector.detect(rgb)
    main = main_face(found, *rgb.shape[:2])
    return None if main is None else found.landmarks[main]


def _figures(answers: Mapping[str, Answers]) -> dict[str, Any]:
    judged = {n: one for n, one in answers.items() if CASES[n].expected is not None and one.shares}
    shares = np.concatenate([np.stack(one.shares) for one in judged.values()])
    expected = np.concatenate(
        [
            np.full(len(one.shares), WEARINGS.index(CASES[name].expected or "bare"))
            for name, one in judged.items()
        ]
    )
    chosen, sure = shares.argmax(axis=1), shares.max(axis=1) >= _SURE
    worn = expected != WEARINGS.index("bare")
    return {
        "faces": len(shares),
        "told_right": float((chosen == expected).mean()),
        "mask_or_none_told_right": float(((chosen != 0) == worn).mean()),
        "area_mask_or_none": area_under_curve(1 - shares[:, 0], worn),
        "mask_told_of_bare": float((chosen[~worn] != 0).mean()),
        "none_told_of_masked": float((chosen[worn] == 0).mean()),
        "sure": float(sure.mean()),
        "sure_told_right": float((chosen == expected)[sure].mean()) if sure.any() else 0.0,
        "cases": {name: _case(name, one) for name, one in answers.items()},
    }


def _case(name: str, one: Answers) -> dict[str, Any]:
    chosen = np.array([int(share.argmax()) for share in one.shares])
    values: dict[str, float] = {
        wearing: float((chosen == i).mean()) if len(chosen) else 0.0
        for i, wearing in enumerate(WEARINGS)
    }
    return {"expected": CASES[name].expected or "", "undetected": one.undetected, **values}
