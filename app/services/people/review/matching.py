"""Matching old sightings again, once somebody has been given faces: beside the requests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import structlog
from numpy.typing import NDArray

from app.domain.deciding.policy import operating_threshold
from app.domain.errors import FacetError
from app.domain.gallery import Collection
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.curves import GalleryCurves
from app.services.people.review.finding import Suggestions
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
from app.services.ports.repositories import Ids, Templates

_PAGE = 5_000
_AT_ONCE = 64
_CANDIDATES = 2
_log = structlog.get_logger("app.sightings")


class Matcher:
    """Gives sightings that are nobody's to whom they turn out to be.

    They are decided as a search decides, at the collection's operating rate: the nearest subject
    of all, negatives heeded. Any number of processes may do it.
    """

    def __init__(
        self,
        storage: Storage,
        encoders: EncoderCatalogue,
        candidates: CandidateSearch,
        suggestions: Suggestions,
    ) -> None:
        self._storage = storage
        self._curves = GalleryCurves(encoders)
        self._candidates = candidates
        self._suggestions = suggestions

    def run(self) -> int:
        """Match for all who were given faces since; how many sightings have become known."""
        with self._storage.read() as uow:
            waiting = uow.namings.collections()
            galleries = uow.collections.by_ids(sorted(waiting)) if waiting else {}
        done = 0
        for gallery in galleries.values():
            with self._storage.index_lock(f"groups:{gallery.id}"):
                done += self._match(gallery)
            self._suggest(gallery)
        return done

    def _suggest(self, gallery: Collection) -> None:
        try:
            self._suggestions.find_of_groups(gallery)
        except FacetError as error:  # they are found again later
            _log.warning("suggestions-wait", code=error.slug)

    def _match(self, gallery: Collection) -> int:
        with self._storage.read() as uow:
            named = uow.namings.waiting(gallery.id)
            faces = uow.faces.ids_of_subjects(sorted(named))
            _, own = uow.faces.templates(faces)
            subjects = self._candidates.subjects_among(uow, gallery, None)
        done, after = 0, 0
        curve = self._curves.of(gallery)
        least = operating_threshold(gallery.policy, curve, subjects).similarity
        while len(own):
            with self._storage.read() as uow:
                partition = gallery.partition
                ids, templates = uow.namings.unknown(partition, after=after, limit=_PAGE)
                if not len(ids):
                    break
                found = self._found(uow, gallery, ids, templates, own, least)
            done += self._keep(found)
            after = int(ids[-1])
        self._settle(gallery, named)
        return done

    def _found(
        self,
        uow: UnitOfWork,
        gallery: Collection,
        ids: Ids,
        templates: Templates,
        own: Templates,
        least: float,
    ) -> Mapping[str, Sequence[int]]:
        """Sightings by whom they show, of those that are like one of the new faces."""
        alike = np.flatnonzero(_like_any(templates, own, least)).tolist()
        found: dict[str, list[int]] = {}
        for start in range(0, len(alike), _AT_ONCE):
            rows = alike[start : start + _AT_ONCE]
            ranking = self._candidates.rank(
                uow, gallery, [templates[row] for row in rows], _CANDIDATES
            )
            for row, candidates in zip(rows, ranking.per_probe, strict=True):
                if candidates and candidates[0].similarity >= least:
                    found.setdefault(candidates[0].subject_id, []).append(int(ids[row]))
        return found

    def _keep(self, found: Mapping[str, Sequence[int]]) -> int:
        if not found:
            return 0
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            there = uow.subjects.by_ids(sorted(found))
            for subject_id in there:
                uow.namings.make_known(found[subject_id], subject_id, matched_at=now)
        return sum(len(found[subject_id]) for subject_id in there)

    def _settle(self, gallery: Collection, named: dict[str, datetime]) -> None:
        with self._storage.write() as uow:
            uow.namings.done(gallery.id, named)


def _like_any(templates: Templates, own: Templates, least: float) -> NDArray[np.bool_]:
    """(N,) whether each is as similar to one of the faces; never more than a block at once."""
    best = np.full(len(templates), -2.0, np.float32)
    for start in range(0, len(own), _PAGE):
        np.maximum(best, (templates @ own[start : start + _PAGE].T).max(axis=1), out=best)
    return best >= least - 1e-6
