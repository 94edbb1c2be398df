"""Health checks of galleries, at once or as a job."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pydantic.dataclasses import dataclass as parameters

from app.domain.deadlines import check_deadline
from app.domain.deciding.policy import operating_fpir, operating_threshold, permitted_comparison
from app.domain.deciding.terms import ComparisonTerms
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.people import TooManyFacesError
from app.domain.gallery import Collection, Subject
from app.domain.jobs import JobKind
from app.domain.people.findings import Findings, HealthReport
from app.domain.people.health import Judgement, weak_subjects
from app.domain.people.leaving_out import Faces, Nearest, Vectors, chosen_probes
from app.platform.progress import Report
from app.services.deciding.curves import GalleryCurves
from app.services.jobs.parameters import KIND
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork

AT_ONCE = 10_000
"""Faces that a request may check; more are a job."""
LISTED = 100
"""Findings of a kind that are listed unless more are asked for."""
MOST_LISTED = 1_000
_COMPARISONS = 2 * 10**9
"""Comparisons of a check: half a minute of one core. More faces are a sample."""
_BATCH = 4096

HEALTH = JobKind("health-check", timeout=3600, attempts=2, exclusive=True)


@parameters(frozen=True, config=KIND)
class HealthParameters:
    """The gallery to check."""

    collection_id: str
    listed: int = LISTED


@dataclass(frozen=True, slots=True)
class CheckedHealth:
    """A report, and the subjects that it names by id."""

    report: HealthReport
    subjects: dict[str, Subject]


class Health:
    """Checks galleries against themselves. It changes nothing."""

    def __init__(
        self, storage: Storage, encoders: EncoderCatalogue, *, comparisons: int = _COMPARISONS
    ) -> None:
        self._storage = storage
        self._encoders = encoders
        self._curves = GalleryCurves(encoders)
        self._comparisons = comparisons

    def check(self, collection: str, *, listed: int = LISTED) -> CheckedHealth:
        """Check a gallery of up to `AT_ONCE` faces. Raises TooManyFacesError for a larger one."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            faces = uow.faces.count(gallery.id)
        if faces > AT_ONCE:
            raise TooManyFacesError(
                f"The collection has {faces} faces; {AT_ONCE} at most are checked at once.",
                hint="Order the check as a job, with POST to the same address.",
                faces=faces,
                limit=AT_ONCE,
            )
        return self._check(gallery, listed, lambda done, total: check_deadline())

    def check_all(
        self, collection: str, *, listed: int = LISTED, report: Report = lambda done, total: None
    ) -> CheckedHealth:
        """Check a gallery of any size."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        return self._check(gallery, listed, report)

    def check_by_id(self, collection_id: str, listed: int, report: Report) -> CheckedHealth:
        """Check the gallery that a job names. Raises UnknownCollectionError."""
        with self._storage.read() as uow:
            gallery = uow.collections.by_ids([collection_id]).get(collection_id)
        if gallery is None:
            raise UnknownCollectionError("The collection was erased.")
        return self._check(gallery, listed, report)

    def _check(self, gallery: Collection, listed: int, report: Report) -> CheckedHealth:
        listed = min(listed, MOST_LISTED)
        curve = self._curves.of(gallery)
        partition = gallery.partition
        with self._storage.read() as uow:
            everybody = uow.surveys.faces(partition)
            faces = everybody.without(uow.rights.barred(everybody.names, datetime.now(UTC)))
            without = uow.surveys.subjects_without_faces(gallery.id)
            other_encoder = uow.surveys.count_of_other_encoders(partition)
            nearest, sampled = self._compared(
                uow, gallery, faces, lambda done: report(done, len(everybody))
            )
        search = operating_threshold(gallery.policy, curve, len(everybody.names))
        claim = permitted_comparison(gallery.policy, ComparisonTerms()).threshold(curve)
        judged = Judgement(nearest, curve, claim, search, listed)
        few, poor = weak_subjects(faces, without, listed)
        found = HealthReport(
            collection=gallery.name,
            encoder=gallery.encoder,
            at=datetime.now(UTC),
            subjects=len(everybody.names) + len(without),
            faces=len(everybody) + other_encoder,
            compared=len(nearest.rows),
            sampled=sampled,
            other_encoder=other_encoder,
            barred=len(everybody) - len(faces),
            threshold=search,
            fpir=operating_fpir(gallery.policy),
            few_faces=few,
            poor_faces=poor,
            unlike=judged.unlike(),
            could_be_another=judged.could_be_another(),
            near_duplicates=judged.near_duplicates(),
            self_test=judged.self_test(),
        )
        with self._storage.read() as uow:
            return CheckedHealth(found, dict(uow.subjects.by_ids(sorted(_named(found)))))

    def _compared(
        self, uow: UnitOfWork, gallery: Collection, faces: Faces, report: Callable[[int], None]
    ) -> tuple[Nearest, bool]:
        rows, sampled = chosen_probes(faces, self._comparisons)
        nearest = Nearest(faces, rows, _templates(uow, faces, rows.tolist()))
        done = 0
        for ids, templates in uow.faces.scan(gallery.partition, batch=_BATCH):
            nearest.compare(ids, templates)
            done += len(ids)
            report(done)
        nearest.compare_templates(self._encoders.template_power(gallery.encoder))
        return nearest, sampled


def _templates(uow: UnitOfWork, faces: Faces, rows: list[int]) -> Vectors:
    parts = [
        uow.faces.stored(faces.ids[rows[start : start + _BATCH]].tolist())[1]
        for start in range(0, len(rows), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def _named(report: HealthReport) -> set[str]:
    """Ids of all subjects that a report names."""
    kinds: Iterable[Findings[object]] = (
        report.few_faces,
        report.poor_faces,
        report.unlike,
        report.could_be_another,
        report.near_duplicates,
        report.self_test.subjects,
    )
    return {
        subject
        for kind in kinds
        for one in kind.listed
        for subject in (getattr(one, "subject", None), getattr(one, "other_subject", None))
        if subject is not None
    }
