"""Does a stranger get a name as seldom as promised, however big the gallery?"""

from typing import Any

import numpy as np

from app.domain.deciding.identification import DEFAULT_FPIR, identification_threshold
from benchmarks.galleries.big_gallery import PARTITION, Faces
from benchmarks.galleries.drawn.synthetic import Population
from models.registry.curve import ThresholdCurve
from training.measure.calibration import calibrate
from training.measure.impostors import cross_identity_histogram

_CALIBRATED_ON = 6_000
_RATES = (DEFAULT_FPIR, 0.1)


def false_positives(index: Any, faces: Faces, size: int) -> dict[str, Any]:
    """FPIR of the strangers at the threshold for `size` subjects, and how many are recognised.

    The curve is made as for a real encoder: from the comparisons of a few thousand people, with
    a tail fitted beyond what can be counted. None of them is in the gallery.
    """
    curve = _curve()
    strangers = index.search(PARTITION, faces.strangers, 1)[0][:, 0]
    own, _ = index.search(PARTITION, faces.mated, 1)
    figures: dict[str, Any] = {"strangers": len(strangers), "mated": len(own)}
    for rate in _RATES:
        threshold = identification_threshold(curve, size, fpir=rate)
        figures[f"fpir_{rate:g}"] = {
            "similarity": threshold.similarity,
            "measured": float(np.mean(strangers >= threshold.similarity)),
            "mated_known": float(np.mean(own[:, 0] >= threshold.similarity)),
        }
    return figures


def _curve() -> ThresholdCurve:
    population, rng = Population.load(), np.random.default_rng(99)
    people = population.identities(_CALIBRATED_ON, rng)
    made = population.images(people, rng)
    histogram = cross_identity_histogram(made, [str(number) for number in range(len(made))])
    return ThresholdCurve.of(calibrate(histogram).points)
