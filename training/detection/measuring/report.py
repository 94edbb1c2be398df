"""Measure face detectors side by side: what they find, how exactly, how fast."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pipelines.detection.results import Detections, FaceDetector, default_min_face
from training.detection.measuring.figures import average_precision, landmark_errors, matches
from training.detection.measuring.truth import KnownPicture

SMALLEST = 24
"""Pixels: smaller faces (shorter side) may be found or not."""
BUCKETS = (SMALLEST, 48, 96, 192)
"""Where one size ends and the next begins."""


@dataclass(slots=True)
class _Tally:
    """Sums over the pictures."""

    scores: list[NDArray[np.floating]] = field(default_factory=list)
    right: list[NDArray[np.bool_]] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    """Of the true faces that count, pixels."""
    met: list[bool] = field(default_factory=list)
    """Of the same: found at the default threshold."""
    wrong: int = 0
    errors: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def detection_report(
    detectors: Mapping[str, FaceDetector],
    pictures: Iterable[KnownPicture],
    *,
    min_face: int | None,
    min_probability: float,
    repeats: int,
) -> dict[str, dict[str, Any]]:
    """Figures by detector. Without `min_face` the service's rule decides, picture by picture.

    Times are the processor's, the fastest of `repeats` runs per picture, the detectors taking
    turns.
    """
    tallies = {key: _Tally() for key in detectors}
    for picture in pictures:
        smallest = min_face or default_min_face(*picture.rgb.shape[1::-1])
        times: dict[str, list[float]] = {key: [] for key in detectors}
        for _ in range(repeats):
            for key, detector in detectors.items():
                start = time.process_time()
                found = detector.detect(picture.rgb, smallest, min_probability)
                times[key].append((time.process_time() - start) * 1000)
                if len(times[key]) == 1:
                    everything = detector.detect(picture.rgb, smallest, 0.0)
                    _count(tallies[key], picture, found, everything)
        for key in detectors:
            tallies[key].milliseconds.append(min(times[key]))
    return {key: _figures(tally) for key, tally in tallies.items()}


def speed_by_size(
    detectors: Mapping[str, FaceDetector],
    pictures: Sequence[KnownPicture],
    megapixels: Sequence[float],
    repeats: int,
) -> dict[str, dict[str, float]]:
    """Mean milliseconds of processor time per picture, brought to each size, by detector."""
    times: dict[str, dict[str, float]] = {key: {} for key in detectors}
    for size in megapixels:
        sums = dict.fromkeys(detectors, 0.0)
        for picture in pictures:
            factor = (size * 1e6 / picture.rgb[..., 0].size) ** 0.5
            way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
            scaled = cv2.resize(picture.rgb, None, fx=factor, fy=factor, interpolation=way)
            rgb = np.asarray(scaled, dtype=np.uint8)
            smallest = default_min_face(*rgb.shape[1::-1])
            fastest = dict.fromkeys(detectors, float("inf"))
            for _ in range(repeats):
                for key, detector in detectors.items():
                    start = time.process_time()
                    detector.detect(rgb, smallest)
                    fastest[key] = min(fastest[key], time.process_time() - start)
            for key in detectors:
                sums[key] += fastest[key] * 1000
        for key in detectors:
            times[key][f"{size:g}"] = sums[key] / max(1, len(pictures))
    return times


def _count(tally: _Tally, picture: KnownPicture, found: Detections, everything: Detections) -> None:
    sides = (picture.boxes[:, 2:] - picture.boxes[:, :2]).min(axis=1)
    ignored = picture.ignored | (sides < SMALLEST)
    outcome = matches(_corners(found), picture.boxes, ignored).truth
    tally.wrong += int((outcome == -1).sum())
    met = np.isin(np.arange(len(sides)), outcome[outcome >= 0])
    tally.sizes += sides[~ignored].tolist()
    tally.met += met[~ignored].tolist()
    pairs = np.flatnonzero(outcome >= 0)
    errors = landmark_errors(found.landmarks[pairs], picture.landmarks[outcome[pairs]])
    tally.errors += errors[np.isfinite(errors)].tolist()
    ranked = matches(_corners(everything), picture.boxes, ignored).truth
    tally.scores.append(everything.probabilities[ranked != -2])
    tally.right.append(ranked[ranked != -2] >= 0)


def _figures(tally: _Tally) -> dict[str, Any]:
    met, sizes = np.array(tally.met, dtype=bool), np.array(tally.sizes)
    hits = int(met.sum())
    report: dict[str, Any] = {
        "faces": len(met),
        "found": hits,
        "false_positives": tally.wrong,
        "recall": hits / len(met) if len(met) else None,
        "precision": hits / (hits + tally.wrong) if hits + tally.wrong else None,
        "average_precision": average_precision(
            np.concatenate(tally.scores or [np.zeros(0)]),
            np.concatenate(tally.right or [np.zeros(0, dtype=bool)]),
            len(met),
        ),
        "recall_by_size": {},
        "milliseconds": {
            "median": float(np.median(tally.milliseconds)) if tally.milliseconds else None,
            "mean": float(np.mean(tally.milliseconds)) if tally.milliseconds else None,
        },
    }
    if tally.errors:
        report["landmark_error"] = {
            "mean": float(np.mean(tally.errors)),
            "median": float(np.median(tally.errors)),
        }
    for low, high in zip(BUCKETS, (*BUCKETS[1:], np.inf), strict=True):
        inside = (sizes >= low) & (sizes < high)
        if inside.any():
            name = f"{low}-{high}" if np.isfinite(high) else f"{low}-"
            report["recall_by_size"][name] = {
                "faces": int(inside.sum()),
                "recall": float(met[inside].mean()),
            }
    return report


def _corners(found: Detections) -> NDArray[np.float32]:
    return np.concatenate([found.boxes[:, :2], found.boxes[:, :2] + found.boxes[:, 2:]], axis=1)
