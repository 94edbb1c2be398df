"""Searching some of a collection's subjects, chosen by metadata, finds the best of those."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from app.domain.gallery import Scalar
from app.index.exact.index import ExactIndex
from app.index.faiss_flat.index import FaissFlatIndex
from app.protection.collection_keys import CollectionKeys
from app.protection.master_key import MasterKey
from app.services.deciding.candidates import CandidateSearch, chosen_subjects
from app.services.indexing.following import IndexFollower
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples
from tests.contracts.engines import ClusteredIndex, EmptyIndex

VALUES: list[Any] = [
    "sales", "Sales", "3", 3, 3.0, 3.5, 0, 1, True, False, None, "true", "null", "", "ü☃😀",
    'a"b', "it's", "%", 2**53, -1, 0.1, ["sales"], {"department": "sales"}, "a\\u0062",
]  # fmt: skip
KEYS = ["department", 'k"e.y', "$.department", "", "0", "ünï", "it's"]
_POWER = 0.7
"""Power by which templates of several faces are lengthened."""


def equal(stored: Any, wanted: Scalar) -> bool:
    """The definition: the same value; numbers by value, and no number is a truth value."""
    if isinstance(stored, list | dict) or isinstance(stored, bool) != isinstance(wanted, bool):
        return False
    return bool(stored == wanted)


def has_all(metadata: Mapping[str, Any], where: Mapping[str, Scalar]) -> bool:
    return all(key in metadata and equal(metadata[key], value) for key, value in where.items())


@pytest.fixture(params=[False, True], ids=["open", "sealed"])
def sealed(request: pytest.FixtureRequest) -> bool:
    """Whether metadata are looked up by keyed hashes."""
    return bool(request.param)


@pytest.fixture
def people(
    storage: SqlStorage, samples: Samples, request: pytest.FixtureRequest
) -> dict[str, dict[str, Any]]:
    """Metadata by subject: every value, under some key and beside others."""
    sealed = "sealed" in request.fixturenames and request.getfixturevalue("sealed")
    key = MasterKey([bytes(32)])
    storage.seal_with(key, None, CollectionKeys(key))
    people: dict[str, dict[str, Any]] = {}
    keys = itertools.cycle(KEYS)
    with storage.write() as work:
        for collection in ("staff", "other"):
            work.collections.add(samples.collection(collection, sealed=sealed))
        for number, value in enumerate(VALUES * len(KEYS)):
            metadata = {next(keys): value, "floor": number % 3}
            subject = samples.subject(str(number), metadata=metadata)
            work.subjects.add(subject)
            people[subject.id] = metadata
        elsewhere = {"collection_id": "col-other", "metadata": {"floor": 1}}
        work.subjects.add(samples.subject("elsewhere", **elsewhere))
        for seed, subject_id in enumerate(people):
            if seed % 7:
                work.faces.add(samples.face(subject_id, seed=seed))
                work.faces.add(samples.face(subject_id, seed=1000 + seed))
    return people


def test_what_sql_finds_is_what_the_definition_says(
    storage: SqlStorage, sealed: bool, people: dict[str, dict[str, Any]]
) -> None:
    scalars = [value for value in VALUES if not isinstance(value, list | dict)]
    wanted: list[dict[str, Scalar]] = [{k: v} for k in KEYS for v in scalars]
    wanted += [{"floor": n, "department": v} for n in range(4) for v in scalars]
    wanted += [{"floor": 1}, {"nowhere": None}, {}]
    found_any = 0
    with storage.read() as work:
        for where in wanted:
            expected = sorted(s for s, metadata in people.items() if has_all(metadata, where))
            assert work.subjects.having("col-staff", where) == expected, json.dumps(where)
            found_any += bool(expected)
    assert found_any > 100


@pytest.mark.parametrize("make", [ExactIndex, FaissFlatIndex, ClusteredIndex])
@pytest.mark.parametrize("where", [{"floor": 1}, {"department": "sales"}, {"floor": 9}])
def test_the_best_is_the_best_of_those(
    storage: SqlStorage,
    samples: Samples,
    people: dict[str, dict[str, Any]],
    make: EmptyIndex,
    where: dict[str, Scalar],
) -> None:
    index = make()
    search = CandidateSearch(index, IndexFollower(storage, index), lambda encoder: _POWER)
    probes = [samples.template(seed) for seed in (5, 77, 2000, 2001)]
    with storage.read() as work:
        chosen = chosen_subjects(work, samples.collection(), (), where)
        assert chosen is not None
        ranking = search.rank(work, samples.collection(), probes, 5, chosen)
        faces = [f for f in work.faces.list("col-staff", limit=9999) if f.subject_id in chosen]
        ids, templates = work.faces.templates([face.id for face in faces])
        among = search.subjects_among(work, samples.collection(), chosen)
        assert among == len({face.subject_id for face in faces})
    subject_of = {face.id: face.subject_id for face in faces}
    assert set(subject_of.values()) <= {s for s, m in people.items() if has_all(m, where)}
    for probe, candidates in zip(probes, ranking.per_probe, strict=True):
        nearest: dict[str, float] = {}
        best: dict[str, float] = {}
        for subject in set(subject_of.values()):
            own = templates[[subject_of[one] == subject for one in ids.tolist()]]
            mean = np.mean(own, axis=0)
            nearest[subject] = max(float(probe @ one) for one in own)
            best[subject] = float(probe @ mean / np.linalg.norm(mean) ** _POWER)
        # The eight with the nearest faces are ranked by all of their faces.
        first = sorted(nearest, key=lambda subject: -nearest[subject])[:8]
        expected = sorted(first, key=lambda subject: -best[subject])[:5]
        assert [c.subject_id for c in candidates] == expected
        np.testing.assert_allclose(
            [c.similarity for c in candidates], [best[s] for s in expected], atol=1e-5
        )


def test_names_and_metadata_together(
    storage: SqlStorage, samples: Samples, people: dict[str, dict[str, Any]]
) -> None:
    named = list(people)[:9]
    with storage.read() as work:
        both = chosen_subjects(work, samples.collection(), named, {"floor": 2})
    assert both == sorted(s for s in named if people[s]["floor"] == 2)
