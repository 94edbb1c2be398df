"""Suggestions about who is who: found, and put in the place of those before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pydantic.dataclasses import dataclass as parameters

from app.domain.deciding.policy import operating_threshold, permitted_comparison
from app.domain.deciding.terms import ComparisonTerms
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.gallery import Collection
from app.domain.jobs import JobKind
from app.domain.people.health import UNLIKE_FMR
from app.domain.people.leaving_out import Faces, Nearest, Vectors, chosen_probes
from app.domain.people.review import (
    MOST_SUGGESTED,
    OF_GROUPS,
    OF_SUBJECTS,
    Suggestion,
)
from app.platform.progress import Report
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.curves import GalleryCurves
from app.services.jobs.parameters import KIND
from app.services.people.review.among_groups import GroupSuggestions
from app.services.people.review.among_subjects import SubjectSuggestions
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork

_COMPARISONS = 3 * 10**8
"""Comparisons of enrolled faces: some seconds of one core. More faces are a sample."""
_BATCH = 4096

SUGGESTING = JobKind("find-suggestions", timeout=3600, attempts=2, exclusive=True)


@parameters(frozen=True, config=KIND)
class SuggestingParameters:
    """The collection to look through."""

    collection_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of what was looked through, and of what is suggested now."""

    groups: int
    """Groups that were looked at, the largest."""
    faces: int
    """Enrolled faces that were compared with all others."""
    sampled: bool
    """Whether those are a sample of the faces."""
    suggestions: int
    left_out: int
    """Less likely ones, of more than `MOST_SUGGESTED`."""


class Suggestions:
    """Finds suggestions. Those that were refused are not suggested again."""

    def __init__(
        self,
        storage: Storage,
        encoders: EncoderCatalogue,
        candidates: CandidateSearch,
        *,
        comparisons: int = _COMPARISONS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage = storage
        self._curves = GalleryCurves(encoders)
        self._groups = GroupSuggestions(storage, encoders, candidates)
        self._comparisons = comparisons
        self._now = clock

    def find(self, collection: str, report: Report = lambda done, total: None) -> Found:
        """Look through groups and subjects. Raises UnknownCollectionError."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        return self._find(gallery, report)

    def find_by_id(self, collection_id: str, report: Report) -> Found:
        """Look through the collection that a job names. Raises UnknownCollectionError."""
        with self._storage.read() as uow:
            gallery = uow.collections.by_ids([collection_id]).get(collection_id)
        if gallery is None:
            raise UnknownCollectionError("The collection was erased.")
        return self._find(gallery, report)

    def plan(self, collection: str) -> SuggestingParameters:
        """Raises UnknownCollectionError."""
        with self._storage.read() as uow:
            return SuggestingParameters(uow.collections.get(collection).id)

    def find_of_groups(self, gallery: Collection) -> int:
        """Look through the groups alone, which is soon done; how many suggestions there are."""
        _, found = self._groups.find(gallery)
        with self._storage.write() as uow:
            kept = _likeliest(found)
            return uow.suggestions.replace(gallery.id, OF_GROUPS, kept, self._now())

    def _find(self, gallery: Collection, report: Report) -> Found:
        groups, found = self._groups.find(gallery)
        with self._storage.read() as uow:
            nearest, sampled, subjects = self._compared(uow, gallery, report)
            denied = uow.negatives.faces(gallery.id)
        curve = self._curves.of(gallery)
        claim = permitted_comparison(gallery.policy, ComparisonTerms()).threshold(curve)
        search = operating_threshold(gallery.policy, curve, subjects)
        judged = SubjectSuggestions(
            nearest, curve, claim.similarity, search.similarity, curve.similarity(UNLIKE_FMR)
        )
        every = [*found, *judged.find(denied)]
        kept = _likeliest(every)
        with self._storage.write() as uow:
            kinds = OF_GROUPS | OF_SUBJECTS
            stored = uow.suggestions.replace(gallery.id, kinds, kept, self._now())
        left_out = len(every) - len(kept)
        return Found(groups, len(nearest.rows), sampled, stored, left_out)

    def _compared(
        self, uow: UnitOfWork, gallery: Collection, report: Report
    ) -> tuple[Nearest, bool, int]:
        partition = gallery.partition
        everybody = uow.surveys.faces(partition)
        faces = everybody.without(uow.rights.barred(everybody.names, self._now()))
        rows, sampled = chosen_probes(faces, self._comparisons)
        nearest = Nearest(faces, rows, _templates(uow, faces, rows.tolist()))
        done = 0
        for ids, templates in uow.faces.scan(partition, batch=_BATCH):
            nearest.compare(ids, templates)
            done += len(ids)
            report(done, len(everybody))
        return nearest, sampled, len(everybody.names)


def _likeliest(found: Sequence[Suggestion]) -> Sequence[Suggestion]:
    return sorted(found, key=lambda one: (-one.likelihood, one.id))[:MOST_SUGGESTED]


def _templates(uow: UnitOfWork, faces: Faces, rows: list[int]) -> Vectors:
    parts = [
        uow.faces.stored(faces.ids[rows[start : start + _BATCH]].tolist())[1]
        for start in range(0, len(rows), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
