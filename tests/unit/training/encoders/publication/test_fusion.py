"""What is learnt of parts: who is told apart better weighs more, and few numbers do."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.registry.errors import InvalidManifestError
from training.encoders.publication.fusion import learn, misses_of, side_by_side

PEOPLE = 60
NAMES = [f"p{n // 3}" for n in range(3 * PEOPLE)]
Vectors = NDArray[np.float32]


def space(noise: float, seed: int, offset: float = 0.0) -> Vectors:
    """(180, 24) embeddings of length one, three of each person."""
    rng = np.random.default_rng(seed)
    person = rng.standard_normal((PEOPLE, 24)).repeat(3, axis=0)
    found = person + noise * rng.standard_normal(person.shape)
    found[:, 0] += offset
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def test_the_part_that_tells_people_apart_weighs_more() -> None:
    good, bad = space(0.7, 1), space(2.5, 2)
    found = learn([good, bad], NAMES)
    assert found.weights[0] > 0.6 and sum(found.weights) == pytest.approx(1)
    assert len(found.tried) == 19
    mirrored = learn([bad, good], NAMES)
    assert mirrored.weights[1] == pytest.approx(found.weights[0])


def test_together_they_miss_fewer() -> None:
    one, two = space(1.3, 1), space(1.3, 2)
    found = learn([one, two], NAMES)
    together = misses_of(found.embed([one, two]), NAMES)
    assert sum(together) < min(sum(misses_of(one, NAMES)), sum(misses_of(two, NAMES)))


def test_what_all_people_have_in_common_is_the_centre() -> None:
    found = learn([space(0.7, 1, offset=30.0), space(0.7, 2)], NAMES, weights=(0.5, 0.5))
    assert np.linalg.norm(found.centres[0]) > 0.9 and np.linalg.norm(found.centres[1]) < 0.3
    assert found.tried == ()


def test_nothing_is_subtracted_where_centers_are_not_asked_for() -> None:
    parts = [space(0.7, 1, offset=3.0), space(0.7, 2)]
    found = learn(parts, NAMES, weights=(0.2, 0.8), centered=False)
    together = found.embed(parts)
    expected = 0.2 * parts[0] @ parts[0].T + 0.8 * parts[1] @ parts[1].T
    np.testing.assert_allclose(together @ together.T, expected, atol=1e-5)


def test_a_projection_keeps_cosines_as_well_as_it_can() -> None:
    parts = [space(0.7, 1), space(0.7, 2)]
    whole = learn(parts, NAMES, weights=(0.6, 0.4)).embed(parts)
    fewer = learn(parts, NAMES, weights=(0.6, 0.4), dimension=40)
    projected = fewer.embed(parts)
    assert projected.shape == (180, 40)
    np.testing.assert_allclose(np.linalg.norm(projected, axis=1), 1, atol=1e-5)
    assert np.abs(projected @ projected.T - whole @ whole.T).max() < 0.1


def test_all_parts_lie_side_by_side() -> None:
    parts = [space(0.7, 1), space(0.7, 2), space(0.7, 3)]
    zero = [np.zeros(24, np.float32)] * 3
    together = side_by_side(parts, (0.5, 0.3, 0.2), zero)
    expected = sum(w * (p @ p.T) for w, p in zip((0.5, 0.3, 0.2), parts, strict=True))
    np.testing.assert_allclose(together @ together.T, expected, atol=1e-5)


def test_what_cannot_be_learnt_is_said() -> None:
    parts = [space(0.7, 1), space(0.7, 2), space(0.7, 3)]
    with pytest.raises(InvalidManifestError, match="weight of each part"):
        learn(parts, NAMES)
    with pytest.raises(InvalidManifestError, match="two pictures"):
        learn(parts[:2], [str(n) for n in range(180)])
    with pytest.raises(InvalidManifestError, match="no 60 components"):
        learn(parts[:2], NAMES, weights=(0.5, 0.5), dimension=60)
