"""Calibration of galleries on their own people: proposed, looked at, accepted, dropped."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pydantic.dataclasses import dataclass as parameters

from app.domain.curves.calibration import (
    FEWEST_SUBJECTS,
    Calibration,
    impostors,
    refined,
)
from app.domain.deciding.identification import rate_of_one
from app.domain.deciding.policy import operating_fpir
from app.domain.errors.gallery import EncoderMismatchError, UnknownCollectionError
from app.domain.errors.people import TooFewSubjectsError, UnknownCalibrationError
from app.domain.gallery import Collection
from app.domain.jobs import JobKind
from app.domain.people.leaving_out import Faces, Ids, Vectors
from app.platform.progress import Report
from app.services.gallery.identifiers import new_id
from app.services.jobs.parameters import KIND
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
from models.registry.curve import ThresholdCurve

MOST_FACES = 20_000
"""Faces that are compared with each other; of more, those of some subjects."""
_BATCH = 4096

CALIBRATION = JobKind("calibration", timeout=3600, attempts=2, exclusive=True)


@parameters(frozen=True, config=KIND)
class CalibrationParameters:
    """The gallery to calibrate."""

    collection_id: str


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The similarities that the promised rate needs, by one curve and the other."""

    fpir: float
    subjects: int
    general: float
    own: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The calibrations of a gallery: the one in force, and one that waits for acceptance."""

    collection: Collection
    subjects: int
    """Subjects with faces that there are now."""
    in_force: Calibration | None
    proposed: Calibration | None
    general: ThresholdCurve
    stale: bool
    """Whether the gallery has changed too much since the one in force was made."""

    def operating(self, calibration: Calibration) -> OperatingPoint:
        """The thresholds of a search whose caller names none."""
        fpir = operating_fpir(self.collection.policy)
        fmr = rate_of_one(fpir, self.subjects)
        own = calibration.curve.similarity(fmr)
        return OperatingPoint(fpir, self.subjects, self.general.similarity(fmr), own)


class Calibrations:
    """Refines the curves of encoders by comparisons of a gallery's own people."""

    def __init__(self, storage: Storage, encoders: EncoderCatalogue) -> None:
        self._storage = storage
        self._encoders = encoders

    def show(self, collection: str) -> Calibrated:
        """The calibrations of a gallery, beside its encoder's curve."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            proposed = uow.calibrations.proposed(gallery.id)
            subjects = uow.subjects.count(gallery.id, with_faces=True)
        own = gallery.calibration
        return Calibrated(
            gallery,
            subjects,
            own if own and own.encoder == gallery.encoder else None,
            proposed if proposed and proposed.encoder == gallery.encoder else None,
            self._encoders.curve(gallery.encoder),
            bool(own and own.is_stale(subjects)),
        )

    def propose(self, collection: str, report: Report = lambda done, total: None) -> Calibrated:
        """Make a calibration and keep it until it is accepted; nothing is decided by it yet.

        Raises TooFewSubjectsError.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        self._propose(gallery, report)
        return self.show(collection)

    def propose_by_id(self, collection_id: str, report: Report) -> Calibrated:
        """Propose for the gallery that a job names; raises UnknownCollectionError, too."""
        with self._storage.read() as uow:
            gallery = uow.collections.by_ids([collection_id]).get(collection_id)
        if gallery is None:
            raise UnknownCollectionError("The collection was erased.")
        return self.propose(gallery.name, report)

    def accept(self, collection: str, calibration_id: str) -> Calibrated:
        """Decide by a proposed calibration from now on.

        Raises UnknownCalibrationError, or EncoderMismatchError after a change of encoder.
        """
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            proposed = uow.calibrations.proposed(gallery.id)
            if proposed is None or proposed.id != calibration_id:
                raise UnknownCalibrationError(
                    "No calibration of that id is proposed.",
                    hint="Look at the proposed one; a later one replaces an earlier.",
                    calibration=calibration_id,
                )
            if proposed.encoder != gallery.encoder:
                raise EncoderMismatchError(
                    f"The calibration is of {proposed.encoder}; the collection is on "
                    f"{gallery.encoder} now.",
                    hint="Calibrate anew.",
                )
            uow.calibrations.put(gallery.id, proposed)
            uow.calibrations.propose(gallery.id, None)
        return self.show(collection)

    def drop(self, collection: str) -> Calibrated:
        """Decide by the encoder's curve again, and forget what was proposed."""
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            uow.calibrations.put(gallery.id, None)
            uow.calibrations.propose(gallery.id, None)
        return self.show(collection)

    def _propose(self, gallery: Collection, report: Report) -> None:
        general = self._encoders.curve(gallery.encoder)
        partition = gallery.partition
        with self._storage.read() as uow:
            everybody = uow.surveys.faces(partition)
            faces = everybody.without(uow.rights.barred(everybody.names, datetime.now(UTC)))
            if len(faces.names) < FEWEST_SUBJECTS:
                raise TooFewSubjectsError(
                    f"The collection has {len(faces.names)} subjects with faces that may be "
                    f"compared; a calibration takes {FEWEST_SUBJECTS}.",
                    hint="Enroll more people; the encoder's own curve decides until then.",
                    subjects=len(faces.names),
                )
            rows = _chosen(faces)
            vectors = _templates(uow, faces, rows)
        subjects = faces.subjects[rows]
        power = self._encoders.template_power(gallery.encoder)
        found = impostors(vectors, subjects, power, report)
        fitted = refined(general, found, len(rows))
        made = Calibration(
            id=new_id(),
            encoder=gallery.encoder,
            made_at=datetime.now(UTC),
            subjects=len(everybody.names),
            compared_subjects=len(np.unique(subjects)),
            comparisons=found.total,
            dependence=fitted.dependence,
            tail_from=fitted.tail_from,
            power=fitted.power,
            points=fitted.points,
        )
        with self._storage.write() as uow:
            uow.calibrations.propose(gallery.id, made)


def _chosen(faces: Faces) -> Ids:
    """Rows of all faces, or of those of some subjects, drawn at random."""
    if len(faces) <= MOST_FACES:
        return np.arange(len(faces), dtype=np.int64)
    order = np.random.default_rng(0).permutation(len(faces.names))
    wanted = np.zeros(len(faces.names), bool)
    wanted[order[np.cumsum(faces.sizes()[order]) <= MOST_FACES]] = True
    return np.flatnonzero(wanted[faces.subjects]).astype(np.int64)


def _templates(uow: UnitOfWork, faces: Faces, rows: Ids) -> Vectors:
    return np.concatenate(
        [
            uow.faces.stored(faces.ids[rows[start : start + _BATCH]].tolist())[1]
            for start in range(0, len(rows), _BATCH)
        ]
    )
