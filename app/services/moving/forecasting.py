"""A forecast of a re-encoding: what it would lose, before it is ordered."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import ImagesUnavailableError
from app.domain.gallery import Subject
from app.domain.jobs import Visibility
from app.services.gallery.image_files import KeptPictures
from app.services.moving.reencoding import ReencodingPlan, planned
from app.services.moving.reencoding_jobs import REENCODING
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
from models.registry.errors import EncoderNotReadyError

Basis = Literal["last-job", "typical"]

_PIECE = 100
"""Pictures looked for between two looks at the clock."""
_MOST = 2_000
"""Pictures looked for in all."""
_SECONDS = 2.0
"""Seconds for which pictures are looked for."""
_NAMED = 50
"""Subjects that are named."""
_TYPICAL = 0.3
"""Seconds a face: a guess that holds until a re-encoding was done here."""


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Kept pictures that were looked for, by whether their files are there."""

    pictures: int
    missing: tuple[int, ...]
    """Ids of faces whose pictures are lost."""
    left: int
    """Pictures that were not looked for: too many, or their place is away."""


@dataclass(frozen=True, slots=True)
class ReencodingForecast:
    """A re-encoding as it would go. A picture that cannot be read is found by the work alone."""

    plan: ReencodingPlan
    obstacle: EncoderNotReadyError | None
    """Why the encoder could not serve the collection."""
    subjects: int
    """Subjects with faces."""
    lost_faces: int
    """Faces that are not ready, and that no picture is kept of."""
    lost_subjects: int
    """Subjects all of whose faces are among them."""
    named: tuple[Subject, ...]
    """The first of these subjects, by id."""
    looked_for: LookedFor
    seconds: float
    seconds_from: Basis


class ReencodingForecaster:
    """Tells what a re-encoding would lose, and changes nothing."""

    def __init__(
        self, storage: Storage, pictures: KeptPictures, encoders: EncoderCatalogue
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._encoders = encoders

    def forecast(self, collection: str, encoder: str) -> ReencodingForecast:
        """Count what can be encoded anew and what would be lost; no network runs.

        Raises UnknownCollectionError, UnknownModelError, WrongTaskError, and InvalidRequestError
        when the collection has that encoder already.
        """
        key = self._encoders.resolve(encoder)
        with self._storage.read() as uow:
            plan = planned(uow, uow.collections.get(collection), key)
        if plan.collection.encoder == key:
            raise InvalidRequestError(f"Collection {collection!r} is bound to {key} already.")
        looked_for = self._look(plan)
        with self._storage.read() as uow:
            lost = uow.staged.left_out(
                plan.collection.id, plan.stored_as, looked_for.missing, named=_NAMED
            )
            subjects = uow.subjects.by_ids(lost.named)
            pace, basis = _pace(uow)
        return ReencodingForecast(
            plan=plan,
            obstacle=self._obstacle(key),
            subjects=lost.of_subjects,
            lost_faces=lost.faces,
            lost_subjects=lost.subjects,
            named=tuple(subjects[one] for one in lost.named if one in subjects),
            looked_for=looked_for,
            seconds=max(0, plan.faces - plan.ready - lost.faces) * pace,
            seconds_from=basis,
        )

    def _obstacle(self, encoder: str) -> EncoderNotReadyError | None:
        try:
            self._encoders.require_ready(encoder)
        except EncoderNotReadyError as error:
            return error
        return None

    def _look(self, plan: ReencodingPlan) -> LookedFor:
        """Look for the files of pictures, the oldest first, as far as that is cheap."""
        with self._storage.read() as uow:
            wanted = uow.staged.count_pictured(plan.collection.id, plan.stored_as)
        deadline = time.monotonic() + _SECONDS
        looked, missing = 0, list[int]()
        try:
            for piece in self._pictured(plan):
                missing += [face for face, digest in piece if not self._pictures.is_there(digest)]
                looked += len(piece)
                if looked >= _MOST or time.monotonic() >= deadline:
                    break
        except ImagesUnavailableError:
            pass  # told as not looked for
        return LookedFor(looked, tuple(missing), max(0, wanted - looked))

    def _pictured(self, plan: ReencodingPlan) -> Iterator[list[tuple[int, str]]]:
        after = 0
        while True:
            with self._storage.read() as uow:
                piece = uow.staged.pictured(
                    plan.collection.id, plan.stored_as, after=after, limit=_PIECE
                )
            if not piece:
                return
            yield list(piece)
            after = piece[-1][0]


def _pace(uow: UnitOfWork) -> tuple[float, Basis]:
    """Seconds a face took in the last re-encoding that this server has done, or usually does."""
    done = uow.jobs.list(
        Visibility("", everything=True),
        before=None,
        limit=1,
        state="succeeded",
        kind=REENCODING.name,
    )
    for job in done:
        faces = job.progress.data.get("faces")
        if faces and job.started_at and job.finished_at and job.attempts == 1:
            return (job.finished_at - job.started_at).total_seconds() / faces, "last-job"
    return _TYPICAL, "typical"
