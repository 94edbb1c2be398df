"""Computing an enrolled template out of answers, with a reading key and a copy of the network.

The embeddings are made up, with the shape of a real space: a common direction that makes raw
cosines large, and a few directions in which people differ much. What was stolen is measured by
the cosine after the population's mean is taken away: the mean alone has a raw cosine of .9.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain.deciding.disclosure import disclosed
from app.domain.deciding.identification import Threshold, verification_threshold
from app.domain.gallery import Collection, Subject
from app.services.deciding.allowances import Allowance, Allowances
from app.services.deciding.disclosure import Disclosure
from app.services.keys import LOCAL, Keys, Principal, ask_as
from app.storage.unit_of_work import SqlStorage
from models.registry.curve import ThresholdCurve

SUBJECTS = 10
QUERIES = 2_000
DIMENSION = 128
NOW = datetime.now(UTC)
Vectors = NDArray[np.float32]


class Population:
    """Faces of strangers, and pictures made by changing one of them."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        directions = np.linalg.qr(self._random.normal(size=(DIMENSION, DIMENSION)))[0]
        self.mean = 0.906 * directions[0]
        spread = 1 / (np.arange(1, DIMENSION) + 6.0)
        self._axes = directions[1:] * (spread / np.linalg.norm(spread))[:, None]
        self.covariance = self._axes.T @ self._axes

    def people(self, number: int) -> Vectors:
        return self._unit(self._random.normal(size=(number, DIMENSION - 1)) @ self._axes)

    def variants(self, picture: Vectors, number: int) -> Vectors:
        """Pictures as alike to one as pictures of one person are."""
        rest = picture / np.linalg.norm(picture) - self.mean
        changes = self._random.normal(size=(number, DIMENSION - 1)) @ self._axes
        return self._unit((rest / 0.423 + 0.6 * changes) / np.hypot(1, 0.6))

    def _unit(self, rest: NDArray[np.float64]) -> Vectors:
        rows = self.mean + 0.423 * rest
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def curve(self) -> ThresholdCurve:
        scores = np.sort((self.people(3000) @ self.people(3000).T).ravel())[::-1]
        points = [(float(scores[int(f * len(scores))]), f) for f in (0.5, 0.1, 1e-2, 1e-3, 1e-4)]
        return ThresholdCurve.of(points)


@dataclass
class Loot:
    """Equations for a template: probes, similarities, and how exact those are."""

    probes: list[Vectors] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)

    def add(self, probe: Vectors, level: float, error: float) -> None:
        self.probes.append(probe)
        self.levels.append(level)
        self.errors.append(error)

    def template(self, population: Population) -> NDArray[np.float64]:
        """The likeliest one, by least squares with what is known of the population."""
        if not self.probes:
            return np.asarray(population.mean, np.float64)
        rows = np.asarray(self.probes, np.float64)
        prior = 0.423**2 * population.covariance
        noise = np.diag(np.square(self.errors))
        gain = prior @ rows.T @ np.linalg.inv(rows @ prior @ rows.T + noise)
        stolen: NDArray[np.float64] = population.mean + gain @ (
            np.asarray(self.levels) - rows @ population.mean
        )
        return stolen


Attack = Callable[["Victim", Population], Loot]


@dataclass
class Victim:
    """A subject, and what the thief may ask about it."""

    disclosure: Disclosure
    curve: ThresholdCurve
    subject: str
    template: Vectors
    asked: int = 0

    def ask(
        self, probe: Vectors, threshold: float | None = None
    ) -> tuple[bool, Threshold, float | None]:
        """Match, the threshold that it was decided at, and the similarity when it is told."""
        self.asked += 1
        similarity = float(self.template @ probe)
        wished = verification_threshold(self.curve, similarity=threshold) if threshold else None
        wished = wished or verification_threshold(self.curve)
        used, withheld = self.disclosure.claim(self.subject, similarity, wished, self.curve)
        reported = disclosed(similarity, self.curve.fmr(similarity))[0]
        return similarity >= used.similarity, used, None if withheld.subjects else reported

    def lookalike(self, population: Population) -> Vectors:
        """A stranger who is alike, as a search's order of candidates tells without a number."""
        crowd = population.people(1_000)
        found: Vectors = crowd[np.argmax(crowd @ self.template)]
        return found

    @property
    def left(self) -> int:
        return QUERIES - self.asked


def by_numbers(victim: Victim, population: Population) -> Loot:
    """Ask with changes of a picture that is alike."""
    loot = Loot()
    for probe in population.variants(victim.lookalike(population), QUERIES):
        level = victim.ask(probe)[2]
        if level is not None:
            loot.add(probe, level, 0.0005)
    return loot


def by_thresholds(victim: Victim, population: Population) -> Loot:
    """Find the similarity of each probe by moving the threshold."""
    loot = Loot()
    base = victim.lookalike(population)
    while victim.left >= 10:
        probe = population.variants(base, 1)[0]
        low, high = 0.75, 1.0
        for _ in range(10):
            match, threshold, _ = victim.ask(probe, (low + high) / 2)
            before = low, high
            low = max(low, threshold.similarity) if match else low
            high = high if match else min(high, threshold.similarity)
            if (low, high) == before or high - low < 0.004:
                break
        loot.add(probe, (low + high) / 2, (high - low) / np.sqrt(12))
    return loot


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(7)


@pytest.fixture
def victims(
    sqlite_database: str, population: Population
) -> Iterator[Callable[[int], list[Victim]]]:
    """Enrolled people, asked about by a key that may be given so many numbers of each."""
    storage = SqlStorage.open(sqlite_database)
    templates = population.people(SUBJECTS)
    with storage.write() as uow:
        uow.collections.add(Collection("c", "staff", "e@1", False, {}, NOW))
        for number in range(SUBJECTS):
            uow.subjects.add(Subject(f"s{number}", "c", f"S{number}", None, {}, NOW, NOW))
    key = Keys(storage).create("thief", scopes=["read"])[0]
    curve = population.curve()

    def made(numbers: int) -> list[Victim]:
        disclosure = Disclosure(Allowances(storage, Allowance(numbers, timedelta(days=30))))
        return [Victim(disclosure, curve, f"s{n}", t) for n, t in enumerate(templates)]

    ask_as(Principal(key.id, ("read",)))
    yield made
    ask_as(LOCAL)
    storage.close()


def stolen(victims: list[Victim], attack: Attack, population: Population) -> tuple[float, float]:
    """Mean cosine of what was computed with the templates: centered, and raw."""
    centered, raw = [], []
    for victim in victims:
        found = attack(victim, population).template(population)
        raw.append(cosine(found, victim.template))
        rest = found - population.mean
        centered.append(cosine(rest, victim.template - population.mean) if rest.any() else 0.0)
    return float(np.mean(centered)), float(np.mean(raw))


def cosine(a: NDArray[np.floating[Any]], b: NDArray[np.floating[Any]]) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.parametrize("attack", [by_numbers, by_thresholds])
def test_templates_stay_secret_within_the_allowance(
    victims: Callable[[int], list[Victim]], population: Population, attack: Attack
) -> None:
    centered, raw = stolen(victims(20), attack, population)
    print(f"{attack.__name__}: centered {centered:.3f}, raw {raw:.3f}")
    assert centered < 0.9


@pytest.mark.parametrize("attack", [by_numbers, by_thresholds])
def test_the_attacks_work_where_nothing_is_withheld(
    victims: Callable[[int], list[Victim]], population: Population, attack: Attack
) -> None:
    centered, raw = stolen(victims(10**6)[:1], attack, population)
    print(f"{attack.__name__}: centered {centered:.3f}, raw {raw:.3f}")
    assert centered > 0.93
