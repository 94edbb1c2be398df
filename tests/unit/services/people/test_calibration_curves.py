"""Curves of galleries: shrunk towards the encoder's, right about people who are alike."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.curves.calibration import Impostors, impostors, refined
from app.domain.curves.fusing import fused_similarity
from app.domain.deciding.identification import rate_of_one
from app.domain.people.shares import share
from models.registry.curve import ThresholdCurve

_DIMENSION = 24
Vectors = NDArray[np.float32]


def people(count: int, rng: np.random.Generator, *, alike: float = 0.0) -> Vectors:
    """(count, dimension) faces, one of each person; of people who are alike all are near one."""
    vectors = rng.standard_normal((count, _DIMENSION))
    vectors[:, 0] += alike
    normalised: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(
        np.float32
    )
    return normalised


@pytest.fixture(scope="module")
def general() -> ThresholdCurve:
    """The curve of people of every kind, counted over four million pairs."""
    faces = people(2_900, np.random.default_rng(7))
    scores = np.sort((faces @ faces.T)[np.triu_indices(len(faces), 1)])[::-1]
    rates = [0.99, 0.9, 0.5, 0.2, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5]
    return ThresholdCurve.of([(float(scores[int(r * len(scores))]), r) for r in rates])


def measured_fpir(enrolled: Vectors, strangers: Vectors, threshold: float) -> tuple[float, float]:
    """The interval of the share of strangers that are given a name."""
    named = (strangers @ enrolled.T).max(axis=1) >= threshold
    found = share(named, np.arange(len(strangers)))
    return found.low, found.high


def own_curve(general: ThresholdCurve, enrolled: Vectors) -> ThresholdCurve:
    found = impostors(enrolled, np.arange(len(enrolled)), 1.0)
    points = refined(general, found, len(enrolled)).points
    return ThresholdCurve.of([(one.similarity, one.fmr) for one in points])


@pytest.mark.parametrize("alike", [0.0, 2.0, 3.5])
def test_the_promised_rate_holds_among_people_of_one_kind(
    general: ThresholdCurve, alike: float
) -> None:
    rng = np.random.default_rng(3)
    enrolled, strangers = people(300, rng, alike=alike), people(6_000, rng, alike=alike)
    fmr = rate_of_one(0.02, len(enrolled))
    low, high = measured_fpir(enrolled, strangers, own_curve(general, enrolled).similarity(fmr))
    assert low <= 0.03 and high >= 0.01
    missed, _ = measured_fpir(enrolled, strangers, general.similarity(fmr))
    assert (missed > 0.05) == bool(alike)


def test_few_people_leave_the_encoders_curve_as_it_is(general: ThresholdCurve) -> None:
    enrolled = people(10, np.random.default_rng(5))
    own = own_curve(general, enrolled)
    for rate in (1e-2, 1e-3, 1e-4):
        assert own.fmr(general.similarity(rate)) == pytest.approx(rate, rel=1.5)


def test_more_people_make_the_interval_narrower(general: ThresholdCurve) -> None:
    wide = []
    for count in (20, 100, 500):
        enrolled = people(count, np.random.default_rng(5), alike=2.0)
        found = impostors(enrolled, np.arange(count), 1.0)
        point = refined(general, found, count).points[-1]
        wide.append(point.high / point.low)
        assert point.low < point.fmr < point.high
    assert wide[0] > wide[1] > wide[2]


@pytest.mark.parametrize("power", [1.0, 0.5])
def test_a_subject_counts_by_all_of_its_faces(power: float) -> None:
    rng = np.random.default_rng(1)
    faces, subjects = people(90, rng), np.repeat(np.arange(30), 3)
    order = rng.permutation(90)
    found = impostors(faces[order], subjects[order], power)
    assert found.total == 90 * 29
    every = np.array(
        [
            [
                fused_similarity(float((own @ face).max()), face, own, power)
                for own in faces.reshape(30, 3, -1)
            ]
            for face in faces
        ]
    )
    other = np.arange(30)[None, :] != subjects[:, None]
    for threshold in (0.0, 0.3, 0.5):
        beyond = int(found.beyond().sum(axis=0)[round((threshold + 1) * 10_000)])
        assert abs(beyond - int((every[other] >= threshold).sum())) <= 1


def test_dependent_comparisons_say_less() -> None:
    curve = ThresholdCurve.of([(0.0, 0.5), (0.5, 1e-2), (0.9, 1e-5)])
    even, uneven = np.zeros((20, 20_000), np.int64), np.zeros((20, 20_000), np.int64)
    even[:, 10_000], uneven[:, 10_000] = 1_000, 1_000
    even[:, 16_000], uneven[0, 16_000] = 10, 200
    alone, together = (refined(curve, Impostors(counts), 200) for counts in (even, uneven))
    assert alone.dependence == 2 and together.dependence > 50
    widths = [fit.points[-1].high / fit.points[-1].low for fit in (alone, together)]
    assert widths[1] > 2 * widths[0]


def test_curves_of_other_probes_change_alike(general: ThresholdCurve) -> None:
    enrolled = people(300, np.random.default_rng(2), alike=2.0)
    found = impostors(enrolled, np.arange(300), 1.0)
    fitted = refined(general, found, 300)
    assert all(
        a.fmr > b.fmr and a.similarity < b.similarity
        for a, b in zip(fitted.points, fitted.points[1:], strict=False)
    )
