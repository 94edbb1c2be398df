"""Ranked subjects for probes: index search, rows by id, fusion of each subject's faces."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from app.domain.curves.fusing import MOST_FACES, fused_similarity
from app.domain.deciding.identification import Candidate, fuse_per_subject
from app.domain.faces import Embedding
from app.domain.gallery import Collection, Partition, Scalar, Subject
from app.platform.telemetry import STALE_INDEX_HITS, stage
from app.services.deciding.comparing import heeded
from app.services.deciding.counts import SubjectCounts
from app.services.deciding.cutover import overtaken
from app.services.indexing.following import IndexFollower
from app.services.ports import UnitOfWork, VectorIndex
from app.services.ports.repositories import Ids, Templates

_FIRST_LOOK = 64
_RANKED_AGAIN = 8
"""Subjects with the nearest faces that are ranked anew by all of their faces, at least."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates of every probe, best first, and the subjects they name by id."""

    per_probe: tuple[tuple[Candidate, ...], ...]
    subjects: dict[str, Subject]


class CandidateSearch:
    """Looks probes up in a collection, never behind what the unit of work can see."""

    def __init__(
        self, index: VectorIndex, follower: IndexFollower, template_power: Callable[[str], float]
    ) -> None:
        """`template_power` is that of `EncoderCatalogue`."""
        self._index = index
        self._follower = follower
        self._template_power = template_power
        self._counts = SubjectCounts()

    def subjects_among(
        self, uow: UnitOfWork, collection: Collection, subjects: Sequence[str] | None
    ) -> int:
        """Count the subjects that a probe is compared with: of the named ones, or of all."""
        return self._counts.of(uow, collection, subjects)

    def rank(
        self,
        uow: UnitOfWork,
        collection: Collection,
        probes: Sequence[Embedding],
        limit: int,
        subjects: Sequence[str] | None = None,
        *,
        without: Sequence[int] = (),
    ) -> Ranking:
        """Rank up to `limit` subjects for each probe, of all or of the named ones alone.

        Those with the nearest faces are ranked by all of their faces, see `fused_similarity`.

        Faces `without` are passed over, and subjects to whose negatives a probe is nearer.

        Raises EncoderChangedError when the collection has changed its encoder since.
        """
        if not probes:
            return Ranking((), {})
        self._follower.catch_up(uow)
        partition = collection.partition
        matrix = uow.faces.as_stored(partition, np.stack(probes))
        k = max(_FIRST_LOOK, 8 * limit) + len(without)
        among = None
        if subjects is not None:
            among = np.array(uow.faces.ids_of_subjects(subjects), np.int64)
        while True:
            with stage("search"):
                similarities, ids = self._index.search(partition, matrix, k, among=among)
            if not ids.shape[1] and _expected(uow, collection, among):
                # The index is ahead of what this transaction sees, and the partition is gone.
                raise overtaken(collection)
            fused = self._fuse(uow, similarities, ids, without)
            ranked = heeded(uow, collection, np.stack(probes), fused)
            exhausted = ids.shape[1] < k
            # A subject with many faces can fill the first look alone: then look deeper.
            if exhausted or all(len(candidates) >= limit for candidates in ranked):
                break
            k *= 4
        power = self._template_power(collection.encoder)
        kept = tuple(
            tuple(candidates[:limit])
            for candidates in _again(uow, partition, matrix, ranked, limit, without, power)
        )
        named = sorted({c.subject_id for candidates in kept for c in candidates})
        return Ranking(kept, dict(uow.subjects.by_ids(named)))

    def _fuse(
        self, uow: UnitOfWork, similarities: Templates, ids: Ids, without: Sequence[int]
    ) -> list[list[Candidate]]:
        subject_of = dict(uow.faces.subjects_of(np.unique(ids).tolist()))
        strange = sum(int(i) not in subject_of for i in ids.ravel())
        # Others may have moved the index beyond what this transaction sees: no harm in that.
        if strange and self._index.watermark() <= uow.changes.head():
            STALE_INDEX_HITS.inc(strange)
        for face_id in without:
            subject_of.pop(face_id, None)
        # Whoever is not to be matched is nobody's candidate, whatever asks.
        barred = uow.rights.barred(sorted(set(subject_of.values())), datetime.now(UTC))
        if barred:
            subject_of = {f: one for f, one in subject_of.items() if one not in barred}
        return [
            fuse_per_subject([float(s) for s in row], [int(i) for i in hits], subject_of)
            for row, hits in zip(similarities, ids, strict=True)
        ]


def _again(
    uow: UnitOfWork,
    partition: Partition,
    probes: Templates,
    ranked: Sequence[Sequence[Candidate]],
    limit: int,
    without: Sequence[int],
    power: float,
) -> list[list[Candidate]]:
    """Rank the first candidates of each probe anew, by all faces that these subjects have.

    The probes are turned as the partition's templates are.
    """
    first = [candidates[: max(limit, _RANKED_AGAIN)] for candidates in ranked]
    named = sorted({one.subject_id for candidates in first for one in candidates})
    faces: dict[str, Templates] = {}
    found = uow.faces.first_of_subjects(partition, named, MOST_FACES)
    for subject_id, (ids, templates) in found.items():
        faces[subject_id] = templates[~np.isin(ids, without)] if without else templates
    return [
        sorted(
            (
                replace(one, similarity=fused_similarity(one.similarity, probe, own, power))
                if (own := faces.get(one.subject_id)) is not None
                else one
                for one in candidates
            ),
            key=lambda one: -one.similarity,
        )
        for probe, candidates in zip(probes, first, strict=True)
    ]


def _expected(uow: UnitOfWork, collection: Collection, among: Ids | None) -> bool:
    """Whether SQL knows faces that the index should have found."""
    return bool(uow.faces.count(collection.id) if among is None else len(among))


def chosen_subjects(
    uow: UnitOfWork, gallery: Collection, named: Sequence[str], where: Mapping[str, Scalar]
) -> Sequence[str] | None:
    """Ids of the subjects that are both among the named and as `where` says; None is everybody.

    No names and no conditions leave out nobody. Raises UnknownSubjectError for a named one that
    the collection does not have.
    """
    for subject_id in named:
        uow.subjects.get(gallery.id, subject_id)
    if not where:
        return sorted(set(named)) if named else None
    having = uow.subjects.having(gallery.id, where)
    return sorted(set(named).intersection(having)) if named else having
