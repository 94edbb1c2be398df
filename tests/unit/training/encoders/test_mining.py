"""Miners and samplers against loops written from their definitions."""

import itertools
from collections import Counter

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from training.encoders.mining.bank import EmbeddingBank
from training.encoders.mining.samplers import PictureSampler, sampler
from training.encoders.mining.stream import TripletStream
from training.encoders.mining.triplets import mine
from training.encoders.recipe import BatchConfig

LABELS = torch.tensor([0, 0, 0, 1, 1, 2, 2, 3])


@pytest.fixture
def z() -> Tensor:
    return F.normalize(torch.randn(8, 6, generator=torch.Generator().manual_seed(3)))


def found_by(z: Tensor, how: str, margin: float = 0.2) -> set[tuple[int, int, int]]:
    torch.manual_seed(0)
    found = mine(z, LABELS, how, "squared", margin)  # type: ignore[arg-type]
    return set(
        zip(found.anchor.tolist(), found.positive.tolist(), found.negative.tolist(), strict=True)
    )


def every_triplet() -> set[tuple[int, int, int]]:
    return {
        (a, p, n)
        for a, p, n in itertools.permutations(range(8), 3)
        if LABELS[a] == LABELS[p] != LABELS[n]
    }


def d(z: Tensor, i: int, j: int) -> float:
    return float(((z[i] - z[j]) ** 2).sum())


def test_batch_all_is_every_triplet(z: Tensor) -> None:
    assert found_by(z, "all") == every_triplet()


def test_batch_hard_is_farthest_positive_and_nearest_negative(z: Tensor) -> None:
    expected = set()
    for a in range(7):  # the last person has one picture, which cannot be an anchor
        same = [i for i in range(8) if i != a and LABELS[i] == LABELS[a]]
        others = [i for i in range(8) if LABELS[i] != LABELS[a]]
        hardest = max(same, key=lambda i: d(z, a, i)), min(others, key=lambda i: d(z, a, i))
        expected.add((a, *hardest))
    assert found_by(z, "hard") == expected


def test_semi_hard_lies_between_the_positive_and_the_margin(z: Tensor) -> None:
    expected = {(a, p, n) for a, p, n in every_triplet() if 0 < d(z, a, n) - d(z, a, p) <= 0.8}
    assert expected
    assert found_by(z, "semi-hard", 0.8) == expected


@pytest.mark.parametrize("how", ["random", "distance-weighted"])
def test_chance_draws_valid_triplets(z: Tensor, how: str) -> None:
    found = found_by(z, how)
    assert found
    assert found <= every_triplet()


def test_distance_weighted_prefers_rare_distances() -> None:
    """In many dimensions nearly everything is √2 away; a near negative must come up often."""
    torch.manual_seed(0)
    z = F.normalize(torch.randn(40, 64))
    z[2] = F.normalize(z[0] + 0.6 * F.normalize(torch.randn(64), dim=0), dim=0)
    labels = torch.tensor([0, 0, *range(1, 39)])
    negatives = [
        int(mine(z, labels, "distance-weighted", "squared", 0.2).negative[0]) for _ in range(20)
    ]
    assert Counter(negatives)[2] > 10


def test_bank_finds_the_hardest_other_people() -> None:
    rng = np.random.default_rng(0)
    stored = rng.standard_normal((50, 8)).astype(np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    people = rng.integers(0, 6, 50)
    people = np.unique(people, return_inverse=True)[1]
    bank = EmbeddingBank(stored, people)
    probes, owners = torch.from_numpy(stored[:9]), torch.from_numpy(people[:9])
    for row, probe, owner in zip(bank.hardest(probes, owners, 7), probes, owners, strict=True):
        others = [i for i in range(50) if people[i] != owner]
        expected = sorted(others, key=lambda i: -float(stored[i] @ probe.numpy()))[:7]
        assert row.tolist() == expected


def test_bank_draws_positives_of_the_same_person() -> None:
    people = np.array([0, 1, 0, 1, 0])
    bank = EmbeddingBank(np.eye(5, dtype=np.float32), people)
    rows = torch.arange(5)
    same = bank.positives(rows, 0.0, np.random.default_rng(0))
    assert same.tolist() == rows.tolist()
    drawn = torch.stack([bank.positives(rows, 1.0, np.random.default_rng(s)) for s in range(20)])
    assert (people[drawn.numpy()] == people[None, :]).all()
    assert set(drawn[:, 0].tolist()) == {0, 2, 4}


def test_pictures_come_once_per_epoch_in_changing_order() -> None:
    pictures = PictureSampler(10, 4, seed=1)
    drawn = np.concatenate([pictures.rows(step) for step in range(5)])
    assert sorted(drawn[:10]) == sorted(drawn[10:]) == list(range(10))
    assert drawn[:10].tolist() != drawn[10:].tolist()
    assert PictureSampler(10, 4, seed=1).rows(3).tolist() == drawn[12:16].tolist()


def test_people_come_with_so_many_pictures() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1, 2, 3, 3, 3])
    chosen = sampler(labels, BatchConfig(size=6, pictures=3), seed=0)
    for step in range(10):
        rows = chosen.rows(step)
        assert set(Counter(labels[rows]).values()) == {3}
        assert 2 not in labels[rows], "a single picture has no positive"
        for person in (0, 3):
            mine_ = rows[labels[rows] == person]
            assert len(set(mine_)) == len(mine_)


def test_stream_keeps_what_is_not_satisfied() -> None:
    labels = np.array([0, 0, 1, 1, 2, 2])
    stream = TripletStream(labels, 12, seed=0)
    first = stream.rows(0)
    for a, p, n in first.reshape(-1, 3):
        assert labels[a] == labels[p] != labels[n]
        assert a != p
    stream.settle(first, np.array([True, False, True, False]))
    assert stream.waiting == 2
    again = stream.rows(1).reshape(-1, 3)
    assert again[:2].tolist() == first.reshape(-1, 3)[[1, 3]].tolist()
    stream.settle(again.ravel(), np.ones(4, bool))
    assert stream.waiting == 0


def test_stream_goes_on_where_it_was() -> None:
    labels = np.array([0, 0, 1, 1, 2, 2])
    one, other = TripletStream(labels, 12, seed=0), TripletStream(labels, 12, seed=9)
    one.settle(one.rows(0), np.zeros(4, bool))
    other.load_state_dict(one.state_dict())
    assert [one.rows(s).tolist() for s in (1, 2)] == [other.rows(s).tolist() for s in (1, 2)]
