"""Statistics of difficult pictures, against what they were made with and a naive loop."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.galleries.drawn.difficult import Difficult, fit_difficult
from benchmarks.galleries.drawn.synthetic import Population

PEOPLE, SHARE, NOISE = 600, 0.6, 0.3
SIZES = np.linspace(0.2, 1.0, 8)


@pytest.fixture(scope="module")
def pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clear ones, the same changed, and whom they show: one to four of a person."""
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(PEOPLE), 1 + np.arange(PEOPLE) % 4)
    identities = (rng.normal(size=(PEOPLE, len(SIZES))) * SIZES)[people]
    clear = identities + 0.2 * rng.normal(size=identities.shape)
    changed = 0.1 + SHARE * identities + NOISE * rng.normal(size=identities.shape)
    return clear.astype(np.float32), changed.astype(np.float32), people


def test_what_they_were_made_with_is_found(
    pictures: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    found = fit_difficult(*pictures)
    assert found.share == pytest.approx(SHARE, abs=0.05)
    np.testing.assert_allclose(found.centre, 0.1, atol=0.1)
    spread = np.sqrt(np.diag(found.within @ found.within.T))
    np.testing.assert_allclose(spread, NOISE, atol=0.1)


def test_the_share_is_that_of_a_naive_loop(
    pictures: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    clear, changed, people = (one[:400] for one in pictures)

    def in_common(some: np.ndarray) -> float:
        rows = [i for i in range(400) if (people == people[i]).sum() > 1]
        weights = np.array([1 / (people == people[i]).sum() for i in rows])
        weights /= weights.sum()
        others = np.array(
            [
                np.mean([clear[j] for j in range(400) if people[j] == people[i] and j != i], axis=0)
                for i in rows
            ]
        )
        own = some[rows] - weights @ some[rows]
        return float(sum(weights * ((others - weights @ others) * own).sum(axis=1)))

    expected = in_common(changed) / in_common(clear)
    assert fit_difficult(clear, changed, people).share == pytest.approx(expected, rel=1e-4)


def test_kept_and_drawn_again(
    pictures: tuple[np.ndarray, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    found = fit_difficult(*pictures)
    np.savez(tmp_path / "kept.npz", **found.arrays("masked"))
    kept = Difficult.load(tmp_path / "kept.npz")
    assert list(kept) == ["masked"]
    assert kept["masked"].share == pytest.approx(found.share, rel=1e-3)
    np.testing.assert_allclose(kept["masked"].within, found.within, atol=1e-3)
    root = np.diag(SIZES).astype(np.float32)
    people = Population(np.zeros((1, 8), np.float32), np.ones(1), root, 0.2 * root, 0.25)
    rng = np.random.default_rng(1)
    drawn = people.identities(500, rng)
    clear, masked = people.images(drawn, rng), kept["masked"].images(drawn, people, rng)
    np.testing.assert_allclose(np.linalg.norm(masked, axis=1), 1, atol=1e-5)
    own, others = (clear * masked).sum(axis=1), (clear * masked[::-1]).sum(axis=1)
    assert own.mean() > others.mean() + 0.3
    assert own.mean() < (clear * people.images(drawn, rng)).sum(axis=1).mean()


def test_older_statistics_have_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "older.npz", means=np.zeros(3))
    assert Difficult.load(tmp_path / "older.npz") == {}
