"""Suggestions about groups: whom they may show, and who is a stranger seen often."""

from collections.abc import Sequence
from statistics import median

from app.domain.deadlines import check_deadline
from app.domain.deciding.identification import Candidate
from app.domain.gallery import Collection
from app.domain.people.review import (
    LEAST,
    OFTEN,
    Suggestion,
    likelihood_of_one,
    likelihood_of_stranger,
)
from app.domain.people.sightings import SightingGroup
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.curves import GalleryCurves
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
from app.services.ports.repositories import Templates
from models.registry.curve import ThresholdCurve

_LOOKED_AT = 500
"""Groups, the largest."""
_AT_ONCE = 50
_NEWEST = 12
_PROBES = 4
"""Faces that stand for a group, of the newest ones those of the best quality."""
_CANDIDATES = 3
_NOBODY = -1.0


class GroupSuggestions:
    """Looks for each group's subject among all enrolled."""

    def __init__(
        self, storage: Storage, encoders: EncoderCatalogue, candidates: CandidateSearch
    ) -> None:
        self._storage = storage
        self._curves = GalleryCurves(encoders)
        self._candidates = candidates

    def find(self, gallery: Collection) -> tuple[int, Sequence[Suggestion]]:
        """Look at the groups; how many there were, and what is suggested of them."""
        curve = self._curves.of(gallery)
        found: list[Suggestion] = []
        looked_at, after = 0, None
        while looked_at < _LOOKED_AT:
            check_deadline()
            with self._storage.read() as uow:
                groups = uow.groups.list(gallery.id, ignored=False, after=after, limit=_AT_ONCE)
                found += self._of(uow, gallery, groups, curve)
            looked_at += len(groups)
            if len(groups) < _AT_ONCE:
                break
            after = groups[-1].size, groups[-1].id
        return looked_at, found

    def _of(
        self,
        uow: UnitOfWork,
        gallery: Collection,
        groups: Sequence[SightingGroup],
        curve: ThresholdCurve,
    ) -> list[Suggestion]:
        owners: list[str] = []
        probes: list[Templates] = []
        for group in groups:
            for template in _standing_for(uow, gallery, group):
                owners.append(group.id)
                probes.append(template)
        subjects = self._candidates.subjects_among(uow, gallery, None)
        ranking = self._candidates.rank(uow, gallery, probes, _CANDIDATES)
        of_group: dict[str, list[Sequence[Candidate]]] = {}
        for owner, candidates in zip(owners, ranking.per_probe, strict=True):
            of_group.setdefault(owner, []).append(candidates)
        made = [
            _suggested(group, of_group[group.id], curve, subjects)
            for group in groups
            if group.id in of_group
        ]
        return [one for one in made if one is not None]


def _suggested(
    group: SightingGroup,
    ranked: Sequence[Sequence[Candidate]],
    curve: ThresholdCurve,
    subjects: int,
) -> Suggestion | None:
    by_subject: dict[str, list[float]] = {}
    for candidates in ranked:
        for one in candidates:
            by_subject.setdefault(one.subject_id, []).append(one.similarity)
    middle = {
        subject: median([*found, *[_NOBODY] * (len(ranked) - len(found))])
        for subject, found in by_subject.items()
    }
    best = max(middle, key=lambda subject: (middle[subject], subject), default=None)
    fmr = 1.0 if best is None else curve.fmr(middle[best])
    likelihood = likelihood_of_one(fmr, subjects) if best else 0.0
    if best is not None and likelihood >= LEAST:
        return Suggestion("group-is-subject", likelihood, group.id, best)
    if group.size >= OFTEN:
        return Suggestion("group-often-seen", likelihood_of_stranger(group.size), group.id)
    return None


def _standing_for(
    uow: UnitOfWork, gallery: Collection, group: SightingGroup
) -> Templates | list[Templates]:
    newest = uow.sightings.newest_of_group(group.id, _NEWEST)
    good = sorted(
        (one for one in newest if one.encoder == gallery.encoder),
        key=lambda one: -one.quality.score,
    )
    if not good:
        return []
    return uow.sightings.templates([one.id for one in good[:_PROBES]])[1]
