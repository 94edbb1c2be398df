"""Templates of several faces are lengthened no further than strangers are named as promised."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.registry.curve import ThresholdCurve
from training.measure.calibration import calibrate
from training.measure.impostors import cross_identity_histogram
from training.measure.templates import FPIR, POWERS, StrangersNamed, power_for, strangers_named

Vectors = NDArray[np.float32]
PEOPLE, EACH, DIMENSION = 200, 5, 48


def faces(common: float) -> Vectors:
    """(1000, 48) faces of 200 people who have so much of one direction in common."""
    rng = np.random.default_rng(4)
    centers = np.repeat(rng.standard_normal((PEOPLE, DIMENSION)), EACH, axis=0)
    rows = centers + 0.8 * rng.standard_normal(centers.shape)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[:, 0] += common
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def named(rows: Vectors, people: list[str]) -> list[StrangersNamed]:
    curve = ThresholdCurve.of(calibrate(cross_identity_histogram(rows, people)).points)
    return strangers_named(rows, people, curve)


PERSON = [f"{row // EACH:03}" for row in range(PEOPLE * EACH)]


def test_where_strangers_have_nothing_in_common_templates_are_unit_vectors() -> None:
    found = named(faces(0.0), PERSON)
    assert [one.faces for one in found] == [1, 2, 3, 5]
    assert [(one.people, one.strangers) for one in found] == [(100, 500)] * 4
    assert power_for(found) == 1.0
    assert 0.002 < found[0].shares[0] < 0.03
    assert len(set(found[0].shares)) == 1  # one face is its own template, whatever the power


def test_where_they_are_alike_templates_are_lengthened_less() -> None:
    found = named(faces(1.5), PERSON)
    power = power_for(found)
    assert power is not None and power < 1
    means = np.mean([one.shares for one in found if one.faces > 1], axis=0)
    allowed = 1.25 * max(FPIR, found[0].shares[0])
    assert means[0] > allowed >= means[POWERS.index(power)]
    assert means[POWERS.index(power) - 1] > allowed
    assert (np.diff(means) <= 0).all()


def test_shares_are_those_of_a_naive_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.measure.templates._DRAWS", 1)
    rows = faces(0.7)
    curve = ThresholdCurve.of([(0.2, 0.5), (0.5, 1e-3), (0.9, 1e-6)])
    (pairs,) = [one for one in strangers_named(rows, PERSON, curve) if one.faces == 2]
    rng = np.random.default_rng(0)
    able = sorted(set(PERSON))
    chosen = rng.choice(able, 100, replace=False).tolist()
    own = {name: [row for row in range(len(PERSON)) if PERSON[row] == name] for name in able}
    enrolled = [rng.choice(own[name], 2, replace=False) for name in chosen]
    threshold = curve.similarity(1 - 0.99 ** (1 / 100))
    for power in (1.0, 0.5, 0.0):
        place, count = POWERS.index(power), 0
        for row in range(len(PERSON)):
            if PERSON[row] in chosen:
                continue
            levels = []
            for first, second in enrolled:
                mean = (rows[first] + rows[second]) / 2
                levels.append(float(rows[row] @ mean) / float(np.linalg.norm(mean)) ** power)
            count += max(levels) >= threshold
        assert pairs.shares[place] == pytest.approx(count / 500)


def test_of_many_some_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.measure.templates._MOST_PEOPLE", 40)
    monkeypatch.setattr("training.measure.templates._MOST_STRANGERS", 300)
    found = named(faces(0.0), PERSON)
    assert [(one.people, one.strangers) for one in found] == [(40, 300)] * 4
    assert power_for(found) == 1.0


def test_too_few_people_say_nothing() -> None:
    rows = faces(0.0)
    assert named(rows[:250], PERSON[:250]) == []
    single = list(range(0, len(PERSON), EACH))
    found = named(rows[single], [PERSON[row] for row in single])
    assert [one.faces for one in found] == [1] and power_for(found) is None


def test_powers_fall_no_lower_than_a_plain_mean() -> None:
    assert power_for([StrangersNamed(2, 50, 200, tuple([0.5] * len(POWERS)))]) == POWERS[-1]
